import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { predictionDocuments, replayDocument } from '../../core/diagnosis/replayDocument';
import type { ResolveDocument } from '../../core/protocol/resolve';
import type { HttpOutcome, HttpRequest } from '../../core/ports';
import type { PullContext } from '../../core/resolver/machine';
import { CallError } from '../../cli/command';
import { sayIn } from '../../cli/format/phrases';
import { CancellationSource } from '../../cli/serve/session';
import { catalogsFor } from '../../files/language';
import { releasesText, verdictText } from '../../cli/format/resolveText';
import { repeatDocument, repeated, repeatText, runText } from '../../cli/replay/repeat';
import { ociIndex, ociManifest } from '../../core/resolver/mediaTypes';
import { parsePlatform } from '../../core/resolver/platform';
import { tinyImage } from '../fixtures/image';
import { sha256 } from '../registry/scenarioRegistry';
import { byDigest, context, response, run, timeout } from '../unit/resolver/harness';

async function documentOf(of: PullContext, answer: (request: HttpRequest) => HttpOutcome): Promise<ResolveDocument> {
  const { attempts, result } = await run(of, answer);
  const tree = { rooted: true, stat: () => 'missing' as const, read: () => undefined, list: () => undefined, pem: () => undefined };
  const { version, way, platform, until, download, reference } = of;
  return replayDocument(
    { input: { reference: reference.name, version, way, platform, until, download, tree }, attempts, result, faults: [] },
    undefined,
  );
}

function answersOf(image: ReturnType<typeof tinyImage>): (request: HttpRequest) => HttpOutcome {
  return ({ method, url }) => {
    const blob = [image.manifest, image.config, image.layer].find(({ digest }) => url.endsWith(digest)) ?? image.manifest;
    const headers = {
      'content-type': image.manifestType,
      'docker-content-digest': blob.digest,
      'content-length': String(blob.bytes.length),
    };
    return response(200, headers, method === 'HEAD' ? undefined : blob.bytes);
  };
}

const plain = (document: ResolveDocument): string => verdictText(document, { color: false, catalogs: [] }, true);
const whole = (release: string): PullContext => context(release, { until: 'layers', download: true });

describe('the words of a replay', () => {
  it('name ranges of releases', () => {
    const ranges = ['*', '>=2.0.0', '<2.0.0', '>=1.6.0 <2.0.0', '<1.6.0 || >=2.1.0'].map((range) => releasesText(range, sayIn([])));
    assert.deepEqual(ranges, [
      'every release of containerd hides',
      'containerd 2.0 and newer hide',
      'containerd before 2.0 hides',
      'containerd from 1.6 until before 2.0 hide',
      'containerd before 1.6, and 2.1 and newer hide',
    ]);
  });

  it('show what an image is made of', async () => {
    const image = tinyImage('pieces');
    const document = await documentOf(whole('2.1.9'), answersOf(image));
    assert.deepEqual(
      document.image?.pieces.map(({ kind, size, fetched }) => [kind, size, fetched]),
      [
        ['manifest', image.manifest.bytes.length, true],
        ['config', image.config.bytes.length, true],
        ['layer', image.layer.bytes.length, true],
      ],
    );
    assert.match(plain(document), /Pulled: .*\nImage:\n {2}manifest .* B {2}sha256:\w{12}…\n {2}config .*\n {2}layer /);
    assert.deepEqual(document.findings, []);
  });

  it('warn of an image that is pulled and has no layers', async () => {
    const image = tinyImage('octets', 'application/octet-stream');
    const document = await documentOf(whole('2.1.9'), answersOf(image));
    assert.equal(document.ok, true);
    assert.deepEqual(
      document.findings.map(({ id, severity, docs }) => [id, severity, docs]),
      [['manifest.legacy-config', 'warning', 'errors/manifest.legacy-config']],
    );
    assert.match(plain(document), /layer .*not fetched\nWarning:\n .*1\.4 to 2\.0 fail to unpack it.*no container starts/);
    const old = await documentOf(whole('1.7.34'), answersOf(image));
    assert.equal(old.rootCause?.class, 'manifest.legacy-config');
    assert.deepEqual(old.findings, []);
    const chart = await documentOf(whole('2.3.4'), answersOf(tinyImage('chart', 'application/vnd.cncf.helm.config.v1+json')));
    assert.deepEqual(
      chart.findings.map(({ id }) => id),
      ['manifest.not-an-image'],
    );
  });

  it('warn of an image that ctr calls pulled although its index has nothing for this platform', async () => {
    const image = tinyImage('foreign', undefined, { architecture: 's390x' });
    const { digest } = image.manifest;
    const named = { mediaType: ociManifest, digest, size: image.manifest.bytes.length };
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: ociIndex,
      manifests: [
        { ...named, platform: { os: 'linux', architecture: 's390x' } },
        { ...named, platform: { os: 'linux', architecture: 'arm', variant: 'v6' } },
      ],
    });
    const answer = (request: HttpRequest): HttpOutcome => {
      if (request.url.includes(digest) || request.url.includes('/blobs/')) return answersOf(image)(request);
      return response(
        200,
        { 'content-type': ociIndex, 'docker-content-digest': sha256(Buffer.from(index)), 'content-length': String(index.length) },
        index,
      );
    };
    const said = async (release: string, way: PullContext['way'], platform = 'linux/amd64') => {
      const document = await documentOf(
        context(release, { until: 'layers', download: true, way, platform: parsePlatform(platform) ?? assert.fail() }),
        answer,
      );
      const [finding] = document.findings;
      return { document, said: `${document.ok ? 'ok' : (document.rootCause?.class ?? '')} ${finding?.id ?? ''}`.trim() };
    };
    const silent = await said('2.1.9', 'ctr');
    assert.equal(silent.said, 'ok platform.mismatch');
    assert.equal(silent.document.findings[0]?.docs, 'errors/platform.mismatch');
    assert.match(
      plain(silent.document),
      /Warning:\n .*names no manifest for linux\/amd64, only for: linux\/s390x, linux\/arm\/v6\. .* Push the image for linux\/amd64 too, or pull with --platform .*\[platform\.mismatch\]/,
    );
    assert.deepEqual(
      [(await said('1.7.34', 'ctr')).said, (await said('2.1.9', 'ctr-local')).said, (await said('2.1.9', 'cri')).said],
      Array(3).fill('platform.mismatch'),
    );
    assert.equal((await said('2.1.9', 'ctr', 'linux/s390x')).said, 'ok');
  });

  it('warn of an image that is pulled and whose config is for another machine', async () => {
    const said = async (release: string, way: PullContext['way'], config: Readonly<Record<string, unknown>>) => {
      const document = await documentOf(
        context(release, { until: 'layers', download: true, way }),
        answersOf(tinyImage(`for ${JSON.stringify(config)}`, undefined, config)),
      );
      return { document, ids: document.ok ? document.findings.map(({ messageId }) => messageId) : document.reported };
    };
    const ways = [
      ['1.6.39', 'cri'],
      ['1.7.34', 'ctr'],
      ['1.7.34', 'ctr-transfer'],
      ['2.0.11', 'ctr'],
      ['2.1.9', 'cri'],
      ['2.1.9', 'cri-local'],
      ['2.3.4', 'cri'],
    ] as const;
    for (const [release, way] of ways) {
      assert.deepEqual((await said(release, way, { architecture: 'arm64' })).ids, ['platform.mismatch/foreign'], `${release} ${way}`);
      for (const own of [{ architecture: '386' }, { architecture: 'x86_64', os: '' }, { architecture: '' }])
        assert.deepEqual((await said(release, way, own)).ids, [], `${release} ${way} ${JSON.stringify(own)}`);
    }
    const { document } = await said('2.1.9', 'cri', { architecture: 'arm', variant: 'v7' });
    assert.match(
      plain(document),
      /Pulled: .*\n[\s\S]*Warning:\n .* is for linux\/arm\/v7, and it is pulled for linux\/amd64\. .*exec format error.* \[platform\.mismatch\]\n/,
    );
  });

  it('say of what a release fetches and does not unpack nothing that only an unpack finds out', async () => {
    const reported = async (
      release: string,
      way: PullContext['way'],
      config: Readonly<Record<string, unknown>>,
    ): Promise<string | null> => {
      const rootfs = { type: config['type'] ?? 'layers', diff_ids: [`sha256:${'0'.repeat(64)}`] };
      const image = tinyImage('never unpacked', undefined, { ...config, rootfs });
      const diffId = sha256(gunzipSync(image.layer.bytes));
      const answer = (request: HttpRequest): HttpOutcome => {
        const outcome = answersOf(image)(request);
        return outcome.ok && request.url.endsWith(image.layer.digest) ? { ...outcome, diffId } : outcome;
      };
      return (await documentOf(context(release, { until: 'layers', download: true, way }), answer)).reported;
    };
    const arm = { architecture: 'arm64' };
    for (const [release, way, config] of [
      ['1.7.34', 'ctr-transfer', arm],
      ['1.7.34', 'ctr-transfer', { architecture: '386' }],
      ['2.0.11', 'ctr', arm],
      ['2.3.4', 'cri', { os: 'windows' }],
      ['2.1.9', 'cri', { type: 'erofs' }],
    ] as const)
      assert.equal(await reported(release, way, config), null, `${release} ${way} ${JSON.stringify(config)}`);
    for (const [release, way, config] of [
      ['1.7.34', 'ctr-transfer', {}],
      ['1.7.34', 'cri', arm],
      ['1.7.34', 'cri', { type: 'erofs' }],
      ['2.0.11', 'ctr', { architecture: '386' }],
      ['2.1.9', 'cri', arm],
      ['2.1.9', 'cri', { os: 'windows' }],
      ['2.1.9', 'cri-local', { type: 'erofs' }],
      ['2.3.4', 'cri', arm],
    ] as const)
      assert.match((await reported(release, way, config)) ?? '', /wrong diff id/, `${release} ${way} ${JSON.stringify(config)}`);
  });

  it('name the mount of the first layer alone, and none where gzip complains behind the archive', async () => {
    const image = tinyImage('layered');
    const second = sha256(Buffer.from('second'));
    const rootfs = { type: 'layers', diff_ids: [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`] };
    const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs }));
    const written = JSON.parse(image.manifest.bytes.toString()) as { layers: { digest: string; size: number }[] };
    const [layer = assert.fail()] = written.layers;
    const manifest = Buffer.from(
      JSON.stringify({
        ...written,
        config: { mediaType: 'application/vnd.docker.container.image.v1+json', digest: sha256(config), size: config.length },
        layers: [layer, { ...layer, digest: second }],
      }),
    );
    const mounts = async (broken: string, archiveError: string, snapshotter = 'overlayfs'): Promise<boolean> => {
      const { result } = await run({ ...whole('2.1.9'), snapshotter }, ({ method, url }) => {
        if (url.includes('/manifests/')) {
          const headers = { 'docker-content-digest': sha256(manifest), 'content-length': String(manifest.length) };
          return response(200, { 'content-type': image.manifestType, ...headers }, method === 'HEAD' ? undefined : manifest);
        }
        if (url.endsWith(sha256(config))) return response(200, {}, config);
        const digest = url.slice(url.indexOf('sha256:'));
        const diffId = rootfs.diff_ids[digest === second ? 1 : 0] ?? '';
        return { ...response(200), size: layer.size, digest, diffId, ...(digest === broken && { archiveError }) };
      });
      const reported = result.ok ? '' : result.reported;
      assert.ok(reported.endsWith(`: ${archiveError}`), reported);
      return reported.includes(': mount callback failed on ');
    };
    assert.equal(await mounts(layer.digest, 'archive/tar: invalid tar header'), true);
    assert.equal(await mounts(second, 'archive/tar: invalid tar header'), false);
    assert.equal(await mounts(second, 'archive/tar: invalid tar header', 'native'), true);
    assert.equal(await mounts(layer.digest, 'gzip: invalid checksum'), false);
  });

  it('do not call a prediction a pull when nothing is unpacked', async () => {
    const { result } = await run(whole('2.3.4'), answersOf(tinyImage('predicted', 'application/octet-stream')));
    assert.deepEqual(predictionDocuments(new Map([['2.3', result]])), { '2.3': { ok: true, reported: null, notUnpacked: true } });
  });

  it('end early where --until says so', async () => {
    const image = tinyImage('until');
    assert.match(plain(await documentOf(context('2.1.9'), answersOf(image))), /^\nResolved: /);
    assert.match(plain(await documentOf(context('2.1.9', { until: 'manifest' }), answersOf(image))), /^\nManifest read: /);
  });

  it('send to the interface when the network swallowed the first request, else to the cause', async () => {
    const answer = (blobs: number, manifests: HttpOutcome) => (request: HttpRequest) =>
      request.url.includes('/manifests/') ? manifests : response(blobs);
    const swallowed = await documentOf(context('2.1.9', { reference: byDigest }), answer(401, timeout));
    assert.equal(swallowed.masked?.by, 'auth.no-credentials');
    assert.match(swallowed.rootCause?.nextStep ?? '', /network interface is ready/);
    assert.match(plain(swallowed), /Hidden:\n.* auth\.no-credentials instead; containerd 2\.0 and newer hide the cause this way\./);
    const refused = await documentOf(context('2.1.9', { reference: byDigest }), answer(404, response(403)));
    assert.doesNotMatch(refused.rootCause?.nextStep ?? '', /interface/);
  });

  it('tell how repeated runs are spread, and the first that came out otherwise', async () => {
    const of = context('2.1.9', { reference: byDigest });
    const [lost, denied] = await Promise.all([documentOf(of, () => timeout), documentOf(of, () => response(403))]);
    const runs = Array.from({ length: 20 }, (_, index) => (index % 7 === 6 ? lost : denied));
    const repeat = repeatDocument(runs, 20);
    assert.deepEqual([repeat.runs, repeat.outcomes.map(({ count }) => count), repeat.firstDifferent, repeat.shown], [20, [18, 2], 7, 1]);
    assert.deepEqual(repeat.outcomes[1]?.in, [7, 14]);
    assert.match(
      repeatText(repeat, []),
      /^20 runs:\n {2}18 of 20 \(90\.0 %\): authz\.denied-403: .*\n {2}2 of 20 \(10\.0 %\), in runs 7, 14: net\.timeout: .*\n {2}The first .* run 7\. Above is run 1\.\nSlowest of all requests:\n {2}whole request 30000 ms in run 7 \(median 1 ms\)\n$/,
    );
    assert.match(repeatText(repeatDocument([lost, lost], 2), []), /^2 runs:\n {2}2 of 2 \(100\.0 %\): net\.timeout: .*\nSlowest/);
    assert.equal(runText(7, lost, []), '  run 7  net.timeout  60000 ms\n');
    const said = repeatText(repeat, catalogsFor('zh-cn')) + runText(7, lost, catalogsFor('zh-cn'));
    assert.match(said, /^20 次运行：\n {2}20 次中有 18 次（90\.0 %）：/);
    assert.doesNotMatch(said, /\b(?:run|runs|median|first|whole)\b/);
  });

  it('count the runs that came to an end when repeating is cancelled', async () => {
    const cancellation = new CancellationSource();
    const ran = await repeated(10, 0, cancellation, (count) => {
      if (count < 3) return Promise.resolve({ document: {} as ResolveDocument, attempts: [] });
      cancellation.cancel();
      throw new CallError('the replay was cancelled', 'cancelled');
    });
    assert.equal(ran.length, 2);
  });
});
