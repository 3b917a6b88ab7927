import { join } from 'node:path';
import { tinyImage, type TinyImage } from '../fixtures/image';
import { scriptedRegistry, type Answer, type SeenRequest } from '../fixtures/scriptedRegistry';
import { assertSame, besideContainerd, writeHosts, type Place } from './beside';

interface Scenario {
  /** The answers of the mirror (asked first) and of the upstream; without a mirror the upstream stands alone. */
  readonly mirror?: (request: SeenRequest, image: TinyImage) => Answer;
  readonly upstream?: (request: SeenRequest, image: TinyImage, host: string) => Answer;
  readonly byDigest?: boolean;
  readonly user?: string;
}

const missing: Answer = { status: 404 };
const basic: Answer = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
const bearer = (host: string, error = ''): Answer => ({
  status: 401,
  headers: { 'www-authenticate': `Bearer realm="http://${host}/token",service="s",scope="repository:rig/tiny:pull"${error}` },
});

const scenarios: Readonly<Record<string, Scenario>> = {
  'a good image': {},
  'a good image by digest': { byDigest: true },
  'a mirror that has nothing': { mirror: () => missing },
  'a mirror that is cut off, and an upstream that has nothing': { mirror: () => 'destroy', upstream: () => missing },
  'a digest that neither manifests nor blobs has': { byDigest: true, upstream: () => missing },
  'a digest whose manifest is refused and whose blob is unauthorized': {
    byDigest: true,
    upstream: ({ url }) => (url.includes('/manifests/') ? { status: 503 } : { status: 401 }),
  },
  'a registry without HEAD': { upstream: ({ method }) => (method === 'HEAD' ? { status: 405 } : undefined) },
  'a token for the asking': {
    upstream: ({ url, authorization }, _image, host) => {
      if (url.startsWith('/token')) return { status: 200, body: '{"token":"t0"}', headers: { 'content-type': 'application/json' } };
      return authorization === 'Bearer t0' ? undefined : bearer(host);
    },
  },
  'a token that is not enough': {
    upstream: ({ url }, _image, host) =>
      url.startsWith('/token') ? { status: 200, body: '{"token":"t0"}' } : bearer(host, ',error="insufficient_scope"'),
  },
  'Basic with the right password': {
    user: 'alice:secret',
    upstream: ({ authorization }) => (authorization === `Basic ${Buffer.from('alice:secret').toString('base64')}` ? undefined : basic),
  },
  'Basic with a wrong password': { user: 'alice:wrong', upstream: () => basic },
  'a refusal': { upstream: () => ({ status: 403 }) },
  'too many requests': { upstream: () => ({ status: 429 }) },
};

describe('resolve beside the real ctr', () => {
  besideContainerd(scenarios, run);

  async function run(title: string, scenario: Scenario, { containerd, scratch }: Place): Promise<void> {
    const image = tinyImage(title);
    const upstream = await scriptedRegistry(image, (request, host) => scenario.upstream?.(request, image, host));
    const mirror =
      scenario.mirror === undefined ? undefined : await scriptedRegistry(image, (request) => scenario.mirror?.(request, image));
    try {
      const entries = [mirror, upstream].flatMap((registry) => (registry ? [`[host."http://${registry.host}"]\n`] : []));
      const hostsDir = writeHosts(join(scratch, upstream.host), upstream.host, `server = "http://${upstream.host}"\n${entries.join('')}`);
      const reference = `${upstream.host}/rig/tiny${scenario.byDigest ? `@${image.manifest.digest}` : ':v1'}`;
      await assertSame(containerd, { reference, hostsDir, user: scenario.user, registries: mirror ? [upstream, mirror] : [upstream] });
    } finally {
      await upstream.close();
      await mirror?.close();
    }
  }
});
