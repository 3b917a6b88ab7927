import assert from 'node:assert/strict';
import { join } from 'node:path';
import { digestOf, tinyImage, type TinyImage } from '../fixtures/image';
import { scriptedRegistry, type Answer, type SeenRequest } from '../fixtures/scriptedRegistry';
import { assertSame, besideContainerd, writeHosts, type Place } from './beside';

interface Scenario {
  readonly image?: (title: string) => TinyImage;
  readonly script?: (request: SeenRequest, image: TinyImage, host: string) => Answer;
  /** A second server that blobs are sent to. */
  readonly other?: (request: SeenRequest, image: TinyImage) => Answer;
  readonly hosts?: (host: string) => string;
  readonly byDigest?: boolean;
  /** The class of the root cause, `undefined` for a pull that works. */
  readonly class?: string;
}

const isManifest = ({ url }: SeenRequest): boolean => url.includes('/manifests/');
const isLayer = ({ url }: SeenRequest, image: TinyImage): boolean => url.includes(image.layer.digest);
const isConfig = ({ url }: SeenRequest, image: TinyImage): boolean => url.includes(image.config.digest);
const always =
  (status: number): NonNullable<Scenario['script']> =>
  () => ({ status });
const layerAnswers = (answer: (image: TinyImage, request: SeenRequest, host: string) => Answer): NonNullable<Scenario['script']> => {
  return (request, image, host) => (isLayer(request, image) ? answer(image, request, host) : undefined);
};
const flipped = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte, index) => (index === bytes.length - 5 ? byte ^ 1 : byte)));
const manifestAnswer = (image: TinyImage, over: Record<string, string>): Answer => ({
  status: 200,
  body: image.manifest.bytes,
  headers: { 'content-type': image.manifestType, 'docker-content-digest': image.manifest.digest, ...over },
});

/** The image's manifest put into another document, which takes its place. */
function within(
  image: TinyImage,
  mediaType: string,
  wrap: (manifest: TinyImage['manifest']) => unknown,
): Required<Pick<Scenario, 'script'>>['script'] {
  const bytes = Buffer.from(JSON.stringify(wrap(image.manifest)));
  const digest = digestOf(bytes);
  return (request) => {
    if (!isManifest(request) || (request.url.includes('sha256:') && !request.url.endsWith(digest))) return undefined;
    return { status: 200, body: bytes, headers: { 'content-type': mediaType, 'docker-content-digest': digest } };
  };
}

const indexType = 'application/vnd.docker.distribution.manifest.list.v2+json';
const own = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch };
const index = (platforms: readonly object[]): NonNullable<Scenario['script']> => {
  return (request, image) =>
    within(image, indexType, ({ digest, bytes }) => ({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: platforms.map((platform) => ({ mediaType: image.manifestType, digest, size: bytes.length, platform })),
    }))(request, image, '');
};
const rewritten = (change: (manifest: Record<string, unknown>, image: TinyImage) => unknown): NonNullable<Scenario['script']> => {
  return (request, image) =>
    within(image, image.manifestType, ({ bytes }) => change(JSON.parse(bytes.toString()) as Record<string, unknown>, image))(
      request,
      image,
      '',
    );
};

const junk = { bytes: Buffer.from('no archive'), digest: digestOf(Buffer.from('no archive')) };

const scenarios: Readonly<Record<string, Scenario>> = {
  'blobs on another server': {
    script: layerAnswers((image, _request, host) => ({
      status: 307,
      headers: { location: `http://${host}/else/blobs/${image.layer.digest}?sig=1` },
    })),
    other: () => undefined,
  },
  'blobs on a server that is gone': {
    script: layerAnswers(() => ({ status: 302, headers: { location: 'http://127.0.0.1:9/x?sig=1' } })),
    class: 'net.blob-host-blocked',
  },
  'a layer that leads round and round': { script: layerAnswers((_image, { url }) => ({ status: 302, headers: { location: url } })) },
  'a manifest that leads round and round': { script: (request) => ({ status: 302, headers: { location: request.url } }) },
  'a layer cut short, then the rest': {
    script: layerAnswers((image, { range }) =>
      range === undefined
        ? { status: 200, body: image.layer.bytes, cutAfter: 50 }
        : {
            status: 206,
            body: image.layer.bytes.subarray(50),
            headers: { 'content-range': `bytes 50-${image.layer.bytes.length - 1}/${image.layer.bytes.length}` },
          },
    ),
  },
  'a layer cut short, each time from its start': {
    script: layerAnswers((image, { range }) => ({ status: 200, body: image.layer.bytes, ...(range === undefined && { cutAfter: 50 }) })),
  },
  'a layer that is too short': {
    script: layerAnswers((image) => ({ status: 200, body: image.layer.bytes.subarray(0, 50) })),
    class: 'content.digest-mismatch',
  },
  'a layer that is too long': {
    script: layerAnswers((image) => ({ status: 200, body: Buffer.concat([image.layer.bytes, Buffer.from('more')]) })),
    class: 'content.digest-mismatch',
  },
  'a layer with a flipped bit': {
    script: layerAnswers((image) => ({ status: 200, body: flipped(image.layer.bytes) })),
    class: 'content.digest-mismatch',
  },
  'a manifest with other bytes': {
    script: (request, image) =>
      isManifest(request) && request.method === 'GET'
        ? { status: 200, body: Buffer.from(`${image.manifest.bytes.toString()} `.replace(' ', '\n')) }
        : undefined,
    class: 'content.digest-mismatch',
  },
  'a manifest without a media type': {
    script: (request, image) => (isManifest(request) ? manifestAnswer(image, { 'content-type': '' }) : undefined),
    class: 'manifest.not-an-image',
  },
  'a manifest of another media type': {
    script: (request, image) => (isManifest(request) ? manifestAnswer(image, { 'content-type': 'text/html' }) : undefined),
    class: 'manifest.not-an-image',
  },
  'a manifest without its digest': {
    script: (request, image) =>
      isManifest(request) ? { status: 200, body: image.manifest.bytes, headers: { 'content-type': image.manifestType } } : undefined,
  },
  'a digest that is none': {
    script: (request, image) => (isManifest(request) ? manifestAnswer(image, { 'docker-content-digest': 'sha256:short' }) : undefined),
    class: 'content.digest-mismatch',
  },
  'a page where a manifest should be': {
    script: (request) =>
      isManifest(request) ? { status: 200, body: '<html></html>', headers: { 'content-type': 'text/html' } } : undefined,
    class: 'manifest.not-an-image',
  },
  'an index with this platform': { script: index([{ os: 'linux', architecture: 's390x' }, own]) },
  'an index without this platform': { script: index([{ os: 'linux', architecture: 's390x' }]), class: 'platform.mismatch' },
  'an index with nothing': { script: index([]), class: 'platform.mismatch' },
  'a config of Docker before 1.11': { image: (title) => tinyImage(title, 'application/octet-stream') },
  'a layer of an unknown type': {
    script: rewritten((manifest, image) => ({
      ...manifest,
      layers: [{ mediaType: 'application/x-strange', digest: image.layer.digest, size: image.layer.bytes.length }],
    })),
    class: 'manifest.not-an-image',
  },
  'a layer that is no archive': {
    script: (request, image) =>
      rewritten((manifest) => ({
        ...manifest,
        layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', digest: junk.digest, size: junk.bytes.length }],
      }))(request, image, '') ?? (request.url.includes(junk.digest) ? { status: 200, body: junk.bytes } : undefined),
    class: 'unpack.bad-archive',
  },
  'a config that is missing': {
    script: (request, image) => (isConfig(request, image) ? { status: 404 } : undefined),
    class: 'notfound.manifest',
  },
  'a layer that is missing': { script: layerAnswers(() => ({ status: 404 })), class: 'notfound.manifest' },
  'a layer that is refused': {
    script: layerAnswers(() => ({ status: 403, body: '{"errors":[{"code":"DENIED","message":"no"}]}' })),
    class: 'authz.denied-403',
  },
  'a registry that fails': { script: always(500), class: 'registry.5xx' },
  'a registry that is away': { script: always(503), class: 'registry.5xx' },
  'a registry behind a slow gateway': { script: always(504), class: 'registry.5xx' },
  'a tag for mirrors that only pull': {
    hosts: (host) => `server = "http://${host}"\n[host."http://127.0.0.1:9"]\ncapabilities = ["pull"]\n`,
  },
  'a digest for mirrors that only resolve': {
    hosts: (host) => `server = "http://${host}"\n[host."http://127.0.0.1:9"]\ncapabilities = ["resolve"]\n`,
    byDigest: true,
  },
  'a mirror that is gone': { hosts: (host) => `server = "http://${host}"\n[host."http://127.0.0.1:9"]\n` },
  'no host that may resolve': {
    hosts: (host) => `server = "http://${host}"\ncapabilities = ["pull"]\n[host."http://${host}"]\ncapabilities = ["pull"]\n`,
  },
};

describe('content beside the real ctr', () => {
  besideContainerd(scenarios, run);

  async function run(title: string, scenario: Scenario, { containerd, scratch }: Place): Promise<void> {
    const image = (scenario.image ?? tinyImage)(`content ${title}`);
    const other = scenario.other && (await scriptedRegistry(image, (request) => scenario.other?.(request, image)));
    const registry = await scriptedRegistry(image, (request, host) => scenario.script?.(request, image, other?.host ?? host));
    try {
      const text = scenario.hosts?.(registry.host) ?? `server = "http://${registry.host}"\n[host."http://${registry.host}"]\n`;
      const hostsDir = writeHosts(join(scratch, registry.host), registry.host, text);
      const reference = `${registry.host}/rig/tiny${scenario.byDigest ? `@${image.manifest.digest}` : ':v1'}`;
      const document = await assertSame(containerd, { reference, hostsDir, registries: other ? [registry, other] : [registry] });
      if (scenario.class !== undefined) assert.equal(document.rootCause?.class, scenario.class);
    } finally {
      await registry.close();
      await other?.close();
    }
  }
});
