import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { PullContext } from '../../../core/resolver/machine';
import { context, reportedOf, response, run } from './harness';

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

/** A pull of a document over a registry that has these pieces, by digest. */
async function pulled(
  release: string,
  go: string,
  mediaType: string,
  top: string,
  pieces: readonly string[] = [],
  way: PullContext['way'] = 'cri',
): Promise<string | null> {
  const all = new Map([top, ...pieces].map((text) => [digestOf(text), text]));
  const over: Partial<PullContext> = { until: 'layers', download: true, go, way };
  const { result } = await run(context(release, over), ({ method, url }) => {
    const text = all.get(url.split('/').at(-1) ?? '') ?? (url.endsWith('/t') ? top : undefined);
    if (text === undefined) return response(404);
    const headers = { 'content-type': text === top ? mediaType : manifestType, 'docker-content-digest': digestOf(text) };
    return response(200, { ...headers, 'content-length': String(Buffer.byteLength(text)) }, method === 'HEAD' ? undefined : text);
  });
  return reportedOf(result) ?? null;
}

const config = (over: object): string =>
  JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] }, ...over });
const manifestOf = (text: string): string =>
  JSON.stringify({
    schemaVersion: 2,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(text), size: Buffer.byteLength(text) },
    layers: [],
  });

describe('documents of the wrong shape', () => {
  it('a manifest with values of wrong types (images.Children)', async () => {
    const said = (await pulled('2.1.9', '1.27', manifestType, '{"schemaVersion":"2","config":{},"layers":[]}')) ?? '';
    assert.match(said, /: json: cannot unmarshal string into Go struct field Manifest\.schemaVersion of type int$/);
    const typed = (await pulled('1.7.24', '1.24', manifestType, '{"mediaType":5}')) ?? '';
    assert.match(
      typed,
      /: children: invalid desc \S+: json: cannot unmarshal number into Go struct field unknownDocument\.mediaType of type string$/,
    );
  });

  it('a key of the other kind counts even when it is empty (validateMediaType: len of a json.RawMessage)', async () => {
    assert.match((await pulled('1.7.24', '1.24', manifestType, '{"manifests":[]}')) ?? '', /expected manifest but found index/);
    assert.match((await pulled('1.7.24', '1.24', indexType, '{"manifests":[],"layers":null}')) ?? '', /expected index but found manifest/);
  });

  it('a config is read as v1.Image to unpack it; from 2.1 on only its rootfs, and by CRI afterwards (unpackConfig, getImage)', async () => {
    const text = config({ config: { Env: 'A=1' }, layers: 1 });
    // A layer is what starts the unpacker's check of the config.
    const old = (await pulled('1.7.24', '1.24', manifestType, manifestOf(text), [text])) ?? '';
    assert.match(
      old,
      /: unmarshal image config: json: cannot unmarshal string into Go struct field ImageConfig\.config\.Env of type \[\]string$/,
    );
    assert.equal(
      await pulled('2.1.9', '1.27', manifestType, manifestOf(text), [text]),
      `failed to update image store "${digestOf(text)}": get image info from containerd: get image diffIDs: json: cannot unmarshal string into Go struct field Image.config.Env of type []string`,
    );
  });

  it("ctr's own pull reads the config when everything is there (getLayers)", async () => {
    for (const [text, problem] of [
      [config({ author: 5 }), 'json: cannot unmarshal number into Go struct field Image.author of type string'],
      ['nope', "invalid character 'o' in literal null (expecting 'u')"],
    ] as const)
      assert.equal(await pulled('1.7.24', '1.24', manifestType, manifestOf(text), [text], 'ctr'), `failed to resolve rootfs: ${problem}`);
  });

  it('CRI sums up sizes by the manifest that names a platform, although another was pulled (LimitManifests)', async () => {
    const text = config({});
    const manifest = manifestOf(text);
    const arm = { mediaType: manifestType, digest: digestOf('arm'), size: 3, platform: { os: 'linux', architecture: 'arm64' } };
    const own = { mediaType: manifestType, digest: digestOf(manifest), size: Buffer.byteLength(manifest) };
    const index = (manifests: readonly object[]): string => JSON.stringify({ schemaVersion: 2, manifests });
    for (const [release, go] of [
      ['1.6.20', '1.19'],
      ['2.1.9', '1.27'],
    ] as const) {
      assert.equal(
        await pulled(release, go, indexType, index([own, arm]), [manifest, text]),
        `failed to update image store "${digestOf(text)}": get image info from containerd: get image compressed resource size: content digest ${digestOf('arm')}: not found`,
      );
      assert.equal(await pulled(release, go, indexType, index([own, own]), [manifest, text]), null);
    }
  });

  it('a token answer with values of wrong types (auth.FetchTokenResponse)', async () => {
    const { result } = await run(context('2.1.9', { go: '1.27' }), ({ url }) =>
      url.includes('/token')
        ? response(200, {}, '{"token":"t","expires_in":"300"}')
        : response(401, { 'www-authenticate': 'Bearer realm="https://auth.example/token",service="s"' }),
    );
    assert.match(
      reportedOf(result) ?? '',
      /failed to fetch anonymous token: unable to decode token response: json: cannot unmarshal string into Go struct field FetchTokenResponse\.expires_in of type int$/,
    );
  });
});
