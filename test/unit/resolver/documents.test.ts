import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { bodySink } from '../../../cli/registry/body';
import type { PullContext } from '../../../core/resolver/machine';
import { context, host, reportedOf, response, run } from './harness';

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

  it('a size below nothing is compared as any other (namespacedWriter.commit)', async () => {
    const text = config({});
    const manifest = manifestOf(text).replace(/"size":\d+/, '"size":-1');
    assert.match(
      (await pulled('2.1.9', '1.27', manifestType, manifest, [text])) ?? '',
      new RegExp(
        `: failed commit on ref "(config-\\S+)": "\\1" failed size validation: ${Buffer.byteLength(text)} != -1: failed precondition$`,
      ),
    );
  });

  it('of an index for 386 only, ctr on amd64 fetches nothing and unpacks the best there is (platforms.Only)', async () => {
    const text = config({ architecture: '386', rootfs: { type: 'layers', diff_ids: [digestOf('z')] } });
    const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf('layer'), size: 5 };
    const manifest = JSON.stringify({ ...(JSON.parse(manifestOf(text)) as object), layers: [layer] });
    const platform = { os: 'linux', architecture: '386' };
    const entry = { mediaType: manifestType, digest: digestOf(manifest), size: Buffer.byteLength(manifest), platform };
    const index = JSON.stringify({ schemaVersion: 2, manifests: [entry] });
    const said = (release: string, go: string, way: PullContext['way']) => pulled(release, go, indexType, index, [manifest, text], way);
    assert.equal(await said('1.7.24', '1.24', 'ctr'), `content digest ${digestOf(manifest)}: not found`);
    // From 2.0 on manifest and config are there, for they are fetched for every platform.
    assert.equal(
      await said('2.1.9', '1.27', 'ctr-local'),
      `apply layer error for "reg.example/a/b:t": failed to extract layer ${digestOf('z')}: failed to get reader from content store: content digest ${digestOf('layer')}: not found`,
    );
  });
});

describe('which manifest of an index counts (images.Manifest)', () => {
  const text = config({ architecture: 'arm64', os: 'linux' });
  const own = config({ architecture: 'amd64', os: 'linux' });
  const entryOf = (manifest: string, platform?: object) => ({
    mediaType: manifestType,
    digest: digestOf(manifest),
    size: Buffer.byteLength(manifest),
    ...(platform && { platform }),
  });
  const said = (release: string, way: PullContext['way'], manifests: readonly object[], texts: readonly string[]): Promise<string | null> =>
    pulled(release, '1.24', indexType, JSON.stringify({ schemaVersion: 2, manifests }), texts, way);
  const none = /^get image config descriptor: no match for platform in manifest sha256:\w+: not found$/;
  // There is no layer to begin with, so the client unpacks late.
  const late = /: failed to unpack image on snapshotter overlayfs: no match for platform in manifest sha256:\w+: not found$/;

  for (const [release, way, wanted] of [
    ['1.6.39', 'cri', late],
    ['1.7.34', 'cri', late],
    ['2.1.9', 'cri', none],
    ['2.1.9', 'cri-local', late],
  ] as const)
    it(`is one without a platform by its config's alone: ${release} ${way}`, async () => {
      const [foreign, good] = [manifestOf(text), manifestOf(own)];
      assert.match((await said(release, way, [entryOf(foreign)], [foreign, text])) ?? '', wanted);
      assert.equal(await said(release, way, [entryOf(good)], [good, own]), null);
      const nameless = { os: '', architecture: 'amd64' };
      assert.equal(await said(release, way, [entryOf(foreign), entryOf(good, nameless)], [foreign, text, good, own]), null);
    });

  it('is the best that runs here, which the transfer service may not have fetched', async () => {
    const [old, good] = [manifestOf(text), manifestOf(own)];
    const manifests = [entryOf(good), entryOf(old, { os: 'linux', architecture: '386' })];
    const content = `get image config descriptor: content digest ${digestOf(old)}: not found`;
    assert.equal(await said('2.1.9', 'cri', manifests, [old, text, good, own]), content);
  });

  it('is none of an index in an index that names none', async () => {
    const inner = JSON.stringify({ schemaVersion: 2, manifests: [] });
    const entry = { ...entryOf(inner, { os: 'linux', architecture: 'amd64' }), mediaType: indexType };
    assert.match((await said('2.1.9', 'cri', [entry], [inner])) ?? '', none);
  });
});

describe('an index in an index for another machine', () => {
  it('is fetched with all that it names where ctr fetches all metadata (FilterManifestByPlatformHandler)', async () => {
    const own = config({});
    const [good, missing] = [manifestOf(own), manifestOf(config({ os: 'windows' }))];
    const windows = { os: 'windows', architecture: 'amd64' };
    const entry = (text: string, mediaType: string, platform: object) => ({
      mediaType,
      digest: digestOf(text),
      size: Buffer.byteLength(text),
      platform,
    });
    const inner = JSON.stringify({ schemaVersion: 2, manifests: [entry(missing, manifestType, windows)] });
    const manifests = [entry(inner, indexType, windows), entry(good, manifestType, { os: 'linux', architecture: 'amd64' })];
    const top = JSON.stringify({ schemaVersion: 2, manifests });
    const said = (release: string): Promise<string | null> => pulled(release, '1.24', indexType, top, [inner, good, own], 'ctr');
    assert.equal(await said('1.7.34'), null);
    const url = `https://reg.example/v2/a/b/manifests/${digestOf(missing)}`;
    assert.equal(await said('2.1.9'), `failed to copy: httpReadSeeker: failed open: content at ${url} not found: not found`);
  });
});

describe('what becomes of a layer by its media type (diff.GetProcessor, images.DiffCompression)', () => {
  const tar = Buffer.alloc(1024);
  const packed = gzipSync(tar);
  const oci = 'application/vnd.oci.image.layer.v1.tar';
  const docker = 'application/vnd.docker.image.rootfs.diff.tar';
  const noDecoder = 'exec: "ctd-decoder": executable file not found in $PATH';

  /** What a pull says of a layer of this type that holds a packed archive. */
  async function said(release: string, mediaType: string): Promise<string | null> {
    const text = config({ rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(tar).digest('hex')}`] } });
    const digest = `sha256:${createHash('sha256').update(packed).digest('hex')}`;
    const layers = [{ mediaType, digest, size: packed.length }];
    const manifest = JSON.stringify({ ...(JSON.parse(manifestOf(text)) as object), layers });
    const { result } = await run(context(release, { until: 'layers', download: true }), async (request) => {
      const name = request.url.split('/').at(-1) ?? '';
      if (name === digest) {
        const sink = bodySink(request.want);
        sink.push(packed);
        return { ...response(200), ...(await sink.end(true)) };
      }
      const body = name === digestOf(text) ? text : manifest;
      const length = String(Buffer.byteLength(body));
      const headers = { 'content-type': manifestType, 'docker-content-digest': digestOf(body), 'content-length': length };
      return response(200, headers, request.method === 'HEAD' ? undefined : body);
    });
    return reportedOf(result);
  }

  for (const type of [`${oci}+gzip`, `${oci}+zstd`, docker, `${docker}.gzip`])
    it(`${type}: unpacked by what it looks like`, async () => assert.equal(await said('2.1.9', type), null));
  for (const type of [oci, `${oci}+bzip2`, `${docker}+gzip`])
    it(`${type}: taken for a tar`, async () =>
      assert.match((await said('1.7.24', type)) ?? '', /containerd-mount1: unexpected EOF: unknown$/));
  it('an encrypted one goes to a decoder, which is nowhere', async () => {
    const type = `${oci}+gzip+encrypted`;
    const wanted = `failed to get stream processor for ${type}: `;
    assert.ok((await said('2.1.9', type))?.endsWith(`${wanted}${noDecoder}`));
    assert.ok((await said('1.7.24', type))?.endsWith(`${wanted}${noDecoder}: unknown`));
    assert.ok((await said('1.6.20', type))?.endsWith('ctd-decoder resolves to executable in current directory (./ctd-decoder): unknown'));
  });
  it('a layer of a kind that nobody knows has no processor', async () =>
    assert.match((await said('2.1.9', 'application/vnd.oci.image.layer.v9')) ?? '', /v9: no processor for media-type$/));
});

describe('answers that are not sent as they stand', () => {
  it('a token that is no header ends before anything is sent (httpguts.ValidHeaderFieldValue)', async () => {
    const { result, attempts } = await run(context('1.7.24'), ({ url }) =>
      url.includes('/token')
        ? response(200, {}, '{"token":"t\\n"}')
        : response(401, { 'www-authenticate': 'Bearer realm="https://auth.example/token"' }),
    );
    assert.match(reportedOf(result) ?? '', /: Head "\S+": net\/http: invalid header field value for "Authorization"$/);
    assert.equal(attempts.length, 2);
  });

  const refused =
    (body: string, headers = {}) =>
    async (release: string): Promise<string> => {
      const { result } = await run(context(release, { until: 'manifest' }), ({ method }) =>
        method === 'HEAD'
          ? response(200, { 'content-length': '9', 'content-type': manifestType, 'docker-content-digest': digestOf('x') })
          : response(403, headers, body),
      );
      return reportedOf(result) ?? '';
    };
  const denied = (words: string): string => JSON.stringify({ errors: [{ code: 'DENIED', message: words }] });

  it('of an error 64000 bytes are read, which cuts its JSON; before 2.1.3 all of it (NewUnexpectedStatusErr, json.Decoder)', async () => {
    const long = refused(denied('x'.repeat(64_000)));
    assert.match(await long('1.7.24'), /403 Forbidden - Server message: denied: x{64000}$/);
    assert.match(await long('2.1.9'), /403 Forbidden$/);
    assert.match(await refused(denied('x'.repeat(60_000)))('2.1.9'), /403 Forbidden\ndenied: x{60000}$/);
  });

  it('an error that is packed is unpacked by the transport, not where the fetcher names what it takes (2.0 on)', async () => {
    const packed = refused(denied('no'), { 'content-encoding': 'gzip' });
    assert.match(await packed('1.7.24'), /Server message: denied: no$/);
    assert.match(await packed('2.1.9'), /403 Forbidden$/);
  });

  it('an empty answer that is said to be packed ends before its header from 2.0 on (gzip.NewReader)', async () => {
    const head = { 'content-type': manifestType, 'docker-content-digest': digestOf('x'), 'content-encoding': 'gzip' };
    const { result } = await run(context('2.1.9', { until: 'manifest' }), ({ method }) =>
      response(200, { ...head, 'content-length': method === 'HEAD' ? '9' : '0' }, method === 'HEAD' ? undefined : ''),
    );
    assert.match(reportedOf(result) ?? '', /: failed to copy: httpReadSeeker: failed open: EOF$/);
  });

  it('content that cannot be unpacked fails to open from 2.0 on, and to be copied before (dockerFetcher.open)', async () => {
    const bodyFailure = { kind: 'words', text: 'gzip: invalid header' } as const;
    for (const [release, words] of [
      ['1.7.24', /: failed to copy: gzip: invalid header$/],
      ['2.1.9', /: failed to copy: httpReadSeeker: failed open: gzip: invalid header$/],
    ] as const) {
      const head = {
        'content-length': '9',
        'content-type': manifestType,
        'docker-content-digest': digestOf('x'),
        'content-encoding': 'gzip',
      };
      const { result } = await run(context(release, { until: 'manifest' }), ({ method }) =>
        method === 'HEAD' ? response(200, head) : { ...response(200, head, ''), bodyFailure },
      );
      assert.match(reportedOf(result) ?? '', words);
    }
  });

  it('a broken checksum shows while content is copied', async () => {
    const bodyFailure = { kind: 'words', text: 'gzip: invalid checksum' } as const;
    const head = {
      'content-length': '9',
      'content-type': manifestType,
      'docker-content-digest': digestOf('x'),
      'content-encoding': 'gzip',
    };
    const { result } = await run(context('2.1.9', { until: 'manifest' }), ({ method }) =>
      method === 'HEAD' ? response(200, head) : { ...response(200, head, ''), bodyFailure },
    );
    assert.match(reportedOf(result) ?? '', /: failed to copy: gzip: invalid checksum$/);
  });

  it('a token answer that cannot be unpacked cannot be decoded either', async () => {
    const { result } = await run(context('1.7.24'), ({ url }) =>
      url.includes('/token')
        ? { ...response(200, {}, ''), bodyFailure: { kind: 'words', text: 'gzip: invalid header' } }
        : response(401, { 'www-authenticate': 'Bearer realm="https://auth.example/token"' }),
    );
    assert.match(reportedOf(result) ?? '', /: unable to decode token response: gzip: invalid header$/);
  });

  it('headers of hosts.toml that are none are named as they are written', async () => {
    for (const [headers, words] of [
      [{ 'x-a': ['a\nb'] }, 'value for "x-a"'],
      [{ 'x y': ['a'] }, 'name "x y"'],
    ] as const) {
      const { result, attempts } = await run(
        context('2.1.9', { hosts: { ok: true, hosts: [host('https://reg.example', { headers })] } }),
        () => response(404),
      );
      assert.ok(reportedOf(result)?.endsWith(`net/http: invalid header field ${words}`));
      assert.equal(attempts.length, 0);
    }
  });
});
