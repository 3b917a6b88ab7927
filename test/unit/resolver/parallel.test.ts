import assert from 'node:assert/strict';
import type { Cancellation, HttpOutcome, HttpRequest } from '../../../core/ports';
import { runLive, runRecorded, type Driven } from '../../../core/resolver/drive';
import type { PullContext } from '../../../core/resolver/machine';
import { type Attempt, observe } from '../../../core/resolver/observations';
import { pull, type PullResult } from '../../../core/resolver/pull';
import { sha256 } from '../../registry/scenarioRegistry';
import { context, host, reportedOf, response } from './harness';

const layerType = 'application/vnd.oci.image.layer.v1.tar';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const layers = ['a', 'b', 'c', 'd', 'e'];
const digestOf = (layer: string): string => sha256(Buffer.from(layer));

function image(of: readonly string[], diffIds: readonly string[] = of.map(digestOf)): { config: string; manifest: string } {
  const config = JSON.stringify({ rootfs: { type: 'layers', diff_ids: diffIds } });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha256(Buffer.from(config)), size: config.length },
    layers: of.map((layer) => ({ mediaType: layerType, digest: digestOf(layer), size: 1 })),
  });
  return { config, manifest };
}

/** Answers manifest and config; layers wait until the test answers them. */
class World {
  readonly asked: string[] = [];
  most = 0;
  readonly #waiting = new Map<string, (outcome: HttpOutcome) => void>();

  constructor(private readonly served: { readonly config: string; readonly manifest: string }) {}

  readonly send = (request: HttpRequest): Promise<HttpOutcome> => {
    const { manifest, config } = this.served;
    const last = request.url.split('/').at(-1) ?? '';
    if (request.method === 'HEAD') {
      const head = { 'content-type': manifestType, 'content-length': String(manifest.length) };
      return Promise.resolve(response(200, { ...head, 'docker-content-digest': sha256(Buffer.from(manifest)) }));
    }
    if (request.url.includes('/manifests/')) return Promise.resolve(response(200, {}, manifest));
    if (last === sha256(Buffer.from(config))) return Promise.resolve(response(200, {}, config));
    const layer = layers.find((one) => digestOf(one) === last) ?? assert.fail(request.url);
    this.asked.push(layer);
    return new Promise((resolve) => {
      this.#waiting.set(layer, resolve);
      this.most = Math.max(this.most, this.#waiting.size);
    });
  };

  async answer(layer: string, outcome: HttpOutcome): Promise<void> {
    await settled();
    (this.#waiting.get(layer) ?? assert.fail(`${layer} was not asked for`))(outcome);
    this.#waiting.delete(layer);
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const good = (layer: string, diffId = digestOf(layer)): HttpOutcome => ({ ...response(200, {}, layer), diffId });

function start(
  world: World,
  over: Partial<PullContext> = {},
  cancellation?: Cancellation,
): { of: PullContext; end: Promise<Driven<PullResult>> } {
  const of = context('2.2.7', { until: 'layers', download: true, ...over });
  return { of, end: runLive(pull(of), world.send, { monotonicMs: () => 0, nowMs: () => 0 }, () => undefined, cancellation) };
}

function told(driven: Driven<PullResult>): string | null {
  assert.equal(driven.status, 'done');
  return reportedOf(driven.value);
}

const layersOf = (attempts: readonly Attempt[]): string =>
  attempts
    .filter(({ phase }) => phase === 'layer')
    .map(({ request, outcome }) => {
      const layer = layers.find((one) => request.url.endsWith(digestOf(one))) ?? '?';
      return `${layer} ${outcome.ok ? outcome.status : outcome.failure.kind}`;
    })
    .join(', ');

describe('the manifests of an index are fetched side by side', () => {
  it('each is unpacked by its own config, whichever comes last', async () => {
    const [own, other] = [image(['a']), image(['b'])];
    const descriptor = (text: string) => ({ mediaType: manifestType, digest: sha256(Buffer.from(text)), size: text.length });
    const index = JSON.stringify({
      schemaVersion: 2,
      manifests: [
        { ...descriptor(own.manifest), platform: { os: 'linux', architecture: 'amd64' } },
        { ...descriptor(other.manifest), platform: { os: 'linux', architecture: 'arm64' } },
      ],
    });
    const type = 'application/vnd.oci.image.index.v1+json';
    const head = { 'content-type': type, 'content-length': String(index.length), 'docker-content-digest': sha256(Buffer.from(index)) };
    const texts = [index, own.manifest, other.manifest, own.config, other.config];
    const send = async ({ method, url }: HttpRequest): Promise<HttpOutcome> => {
      if (method === 'HEAD') return response(200, head);
      const last = url.split('/').at(-1) ?? '';
      const text = texts.find((one) => sha256(Buffer.from(one)) === last);
      // The other platform's config is answered after that of the image, and before its layer.
      for (let turns = text === other.config ? 12 : text === undefined ? 30 : 0; turns > 0; turns--) await settled();
      return text === undefined ? good('a') : response(200, {}, text);
    };
    const of = context('2.1.9', { way: 'ctr', until: 'layers', download: true });
    const driven = await runLive(pull(of), send, { monotonicMs: () => 0, nowMs: () => 0 }, () => undefined);
    assert.equal(told(driven), null);
    assert.deepEqual(
      driven.attempts.map(({ phase }) => phase).filter((phase) => phase === 'config'),
      ['config', 'config'],
    );
  });
});

describe('layers are fetched side by side', () => {
  it('three at a time, the next one when one of them is done, told in the order of the manifest', async () => {
    const world = new World(image(layers));
    const { end } = start(world);
    await settled();
    assert.deepEqual(world.asked, ['a', 'b', 'c']);
    await world.answer('c', good('c'));
    assert.deepEqual(world.asked, ['a', 'b', 'c', 'd']);
    for (const layer of ['d', 'b', 'a', 'e']) await world.answer(layer, good(layer));
    const driven = await end;
    assert.equal(told(driven), null);
    assert.equal(layersOf(driven.attempts), 'a 200, b 200, c 200, d 200, e 200');
    assert.equal(world.most, 3);
  });

  it('all of them with the config by ctr itself, as many as max_concurrent_downloads says by CRI', async () => {
    for (const [over, count] of [
      [{ way: 'ctr-local', downloads: 16 }, 5],
      [{ way: 'cri', downloads: 1 }, 1],
    ] as const) {
      const world = new World(image(layers));
      const { end } = start(world, over);
      for (const layer of layers) await world.answer(layer, good(layer));
      assert.equal(told(await end), null);
      assert.equal(world.most, count, over.way);
    }
  });

  it('a layer that stands there twice is asked for once', async () => {
    const world = new World(image(['a', 'b', 'a']));
    const { end } = start(world);
    for (const layer of ['b', 'a']) await world.answer(layer, good(layer));
    assert.equal(told(await end), null);
    assert.deepEqual(world.asked, ['a', 'b']);
  });

  it('the first error in time is reported; what is under way then is given up, and the rest never asked', async () => {
    const world = new World(image(layers));
    const { of, end } = start(world);
    await world.answer('b', response(403));
    const driven = await end;
    assert.match(told(driven) ?? '', new RegExp(`blobs/${digestOf('b')}: 403 Forbidden$`));
    assert.equal(layersOf(driven.attempts), 'a cancelled, b 403, c cancelled');
    assert.deepEqual(world.asked, ['a', 'b', 'c']);
    // What nobody answered then is not needed now, by any release that asks the same.
    for (const release of ['1.7.34', '2.1.9', '2.3.4']) {
      const again = runRecorded(pull({ ...context(release, of), version: context(release).version }), observe(driven.attempts));
      assert.equal(again.status, 'done', release);
      assert.match(reportedOf(again.value) ?? '', /403 Forbidden$/);
    }
  });

  it('a recorded pull ends as the live one did, whatever the order of the layers', async () => {
    for (const order of ['cba', 'bca', 'acb']) {
      const world = new World(image(['a', 'b', 'c']));
      const { of, end } = start(world);
      const [first = '', second = ''] = order;
      await world.answer(first, good(first));
      await world.answer(second, response(404));
      const driven = await end;
      const again = runRecorded(pull(of), observe(driven.attempts));
      assert.equal(again.status, 'done');
      assert.deepEqual(again.value, told(driven) === null ? undefined : driven.status === 'done' && driven.value);
      assert.match(reportedOf(again.value) ?? '', new RegExp(digestOf(second)));
    }
  });

  it('layers are extracted in their order: a wrong one waits for those before it', async () => {
    const world = new World(image(['a', 'b', 'c']));
    const { end } = start(world);
    const wrong = digestOf('e');
    await world.answer('c', good('c', wrong));
    await world.answer('b', good('b', wrong));
    await world.answer('a', good('a'));
    const driven = await end;
    assert.match(told(driven) ?? '', new RegExp(`wrong diff id "${wrong}" calculated on extraction "${digestOf('b')}"`));
    assert.equal(driven.status === 'done' && !driven.value.ok && driven.value.content?.url.endsWith(digestOf('b')), true);
  });

  it('one token for all that need one at the same moment', async () => {
    const served = image(['a', 'b', 'c']);
    const tokens: string[] = [];
    const world = new World(served);
    const send = async (request: HttpRequest): Promise<HttpOutcome> => {
      if (request.url.startsWith('https://auth.example')) {
        tokens.push(request.url);
        await settled();
        return response(200, {}, '{"token":"t"}');
      }
      if (request.url.startsWith('https://one.example')) return request.url.includes('/blobs/') ? response(404) : world.send(request);
      if (!request.headers.some(([name]) => name === 'Authorization'))
        return response(401, { 'www-authenticate': 'Bearer realm="https://auth.example/token",service="s"' });
      const layer = layers.find((one) => request.url.includes(digestOf(one)));
      return layer === undefined ? response(200, {}, served.config) : good(layer);
    };
    const hosts = { ok: true, hosts: [host('https://one.example'), host('https://two.example')] } as const;
    // The config is not there: ctr itself asks for it and for the layers at once.
    const of = context('1.7.34', { way: 'ctr', until: 'layers', download: true, downloads: 16, hosts });
    const driven = await runLive(pull(of), send, { monotonicMs: () => 0, nowMs: () => 0 }, () => undefined);
    assert.equal(told(driven), null);
    assert.equal(tokens.length, 1);
  });

  it('a cancelled pull gives up all that is under way', async () => {
    const world = new World(image(layers));
    let cancel: () => void = () => assert.fail();
    const cancellation: Cancellation = { cancelled: false, onCancelled: (listener) => ((cancel = listener), () => undefined) };
    const { end } = start(world, {}, cancellation);
    await settled();
    cancel();
    const driven = await end;
    assert.equal(driven.status, 'cancelled');
    assert.equal(layersOf(driven.attempts), 'a cancelled, b cancelled, c cancelled');
  });
});
