import assert from 'node:assert/strict';
import { hideSecrets } from '../../../core/diagnosis/hideSecrets';
import { predict, predictionDocuments, refusedReference, replayDocument } from '../../../core/diagnosis/replayDocument';
import { planReplay, type ReplayInput } from '../../../core/diagnosis/replayPlan';
import { hiddenKey, readTranscript, writeTranscript } from '../../../core/diagnosis/transcript';
import { verdictMessages } from '../../../core/diagnosis/verdictMessages';
import { classify } from '../../../core/errors/classify';
import { errorCatalog } from '../../../core/errors';
import type { ConfigTree, HttpOutcome, HttpRequest } from '../../../core/ports';
import { runLive, runRecorded } from '../../../core/resolver/drive';
import { type Attempt, observe } from '../../../core/resolver/observations';
import { pull } from '../../../core/resolver/pull';
import { render } from '../../../core/text/message';
import { parseVersion } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';
import { digest, response, timeout } from '../resolver/harness';

const clock = { monotonicMs: () => 0, nowMs: () => 0 };

function input(release: string, over: Partial<ReplayInput> = {}): ReplayInput {
  const version = parseVersion(release);
  assert.ok(version);
  return {
    reference: `reg.example/a/b@${digest}`,
    version,
    way: 'cri',
    tree: mapTree({}),
    platform: { os: 'linux', architecture: 'amd64' },
    until: 'layers',
    download: false,
    ...over,
  };
}

async function attemptsOf(
  of: ReplayInput,
  answer: (request: HttpRequest) => HttpOutcome,
): Promise<{ attempts: readonly Attempt[]; document: ReturnType<typeof replayDocument> }> {
  const plan = planReplay(of);
  assert.ok(plan.ok);
  const driven = await runLive(
    pull(plan.context),
    (request) => Promise.resolve(answer(request)),
    clock,
    () => undefined,
  );
  assert.equal(driven.status, 'done');
  const { attempts } = driven;
  const predictions = predictionDocuments(predict(of, observe(attempts)));
  return { attempts, document: replayDocument({ input: of, attempts, result: driven.value, faults: [] }, predictions) };
}

describe('the document of a replay', () => {
  it('tells the time-out that a 404 hides, and which releases hide it', async () => {
    const { document } = await attemptsOf(input('2.0.5'), ({ url }) => (url.includes('/manifests/') ? timeout : response(404)));
    assert.equal(document.grpcCode, 'NotFound');
    const { attempt, class: id, message, messageId, nextStep, nextStepMessage } = document.rootCause ?? assert.fail();
    assert.deepEqual([attempt, id, message, messageId], [0, 'net.timeout', 'reg.example did not answer in time.', 'verdict/net.timeout']);
    assert.equal(nextStep, render(nextStepMessage ?? assert.fail(), errorCatalog));
    assert.deepEqual(document.masked, { by: 'notfound.manifest', versions: '>=2.0.0' });
    const told = document.predictions?.['1.7'];
    assert.match(told && 'reported' in told ? (told.reported ?? '') : '', /dial tcp 192\.0\.2\.1:443: i\/o timeout$/);
    assert.equal(document.predictions?.['2.0'], undefined);
  });

  it('chooses the next step by the words of the failure, as explain does with a text of them', async () => {
    const steps = async (reference: string, answer: HttpOutcome): Promise<readonly string[]> => {
      const { rootCause } = (await attemptsOf(input('2.1.9', { reference }), () => answer)).document;
      return [rootCause?.nextStepMessage?.id ?? '', rootCause?.nextStep ?? ''];
    };
    const [id, ecr] = await steps('123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1', response(403));
    assert.equal(id, 'authz.denied-403/ecr/nextStep');
    assert.match(ecr ?? '', /--region eu-west-1/);
    const [dial, named] = await steps('reg.example/a:1', timeout);
    assert.equal(dial, 'net.timeout/dial/nextStep');
    assert.match(named ?? '', /compare 192\.0\.2\.1:443 with the answer of another resolver/);
    const words = `failed to resolve reference "docker.io/library/a:1": unexpected status from HEAD request to https://registry-1.docker.io/v2/library/a/manifests/1: 429 Too Many Requests`;
    assert.deepEqual((await steps('docker.io/library/a:1', response(429)))[0], classify(words).nextStep?.id);
  });

  it('names what another release would have asked', async () => {
    const { document } = await attemptsOf(input('2.2.7', { reference: 'reg.example/a/b:t' }), () => response(403));
    assert.deepEqual(document.predictions?.['2.3'], { needs: 'GET https://reg.example/v2/a/b/manifests/t' });
    assert.deepEqual(document.predictions['1.7'], {
      ok: false,
      reported:
        'failed to pull and unpack image "reg.example/a/b:t": failed to resolve reference "reg.example/a/b:t": unexpected status from HEAD request to https://reg.example/v2/a/b/manifests/t: 403 Forbidden',
    });
  });

  it('a reference that nobody can pull is a document with its class, in the words of who refuses it', () => {
    for (const [reference, way, reported] of [
      [
        'reg.example/A:t',
        'cri',
        'failed to parse image reference "reg.example/A:t": invalid reference format: repository name (A) must be lowercase',
      ],
      ['https://reg.example/a', 'ctr-local', 'failed to resolve reference "https://reg.example/a": invalid reference'],
      ['https://reg.example/a', 'ctr', 'failed to resolve image: invalid reference'],
    ] as const) {
      const of = input('2.2.7', { reference, way });
      const plan = planReplay(of);
      assert.ok(!plan.ok);
      const document = replayDocument({ input: of, attempts: [], result: refusedReference(plan.reported), faults: [] }, undefined);
      assert.equal(document.reported, reported);
      assert.deepEqual([document.ok, document.rootCause?.class, document.rootCause?.attempt], [false, 'ref.invalid', -1]);
    }
  });

  it('names the hosts.toml that is passed over behind a failing pull, with its line and its rule', () => {
    const path = '/etc/containerd/certs.d/reg.example/hosts.toml';
    const tree = mapTree({ [path]: '[host."https://mirror.example"]\n  capabilities = ["pull", "fetch"]\n' });
    const of = input('2.2.7', { tree, certsD: '/etc/containerd/certs.d' });
    const plan = planReplay(of);
    assert.ok(plan.ok);
    assert.equal(plan.droppedFile, path);
    const failed = { ok: false, digest: null, mediaType: null, reported: 'x: not found', grpcCode: 'NotFound' } as const;
    const replay = { input: of, attempts: [], faults: [], droppedFile: plan.droppedFile } as const;
    const { findings } = replayDocument({ ...replay, result: failed }, undefined);
    assert.deepEqual(
      findings.map(({ id, docs, path: where, range }) => [id, docs, where, range?.start.line]),
      [['hosts-unknown-capability', 'rules/hosts-unknown-capability', path, 1]],
    );
    const pulled = { ok: true, digest, mediaType: 'm' } as const;
    assert.deepEqual(replayDocument({ ...replay, result: pulled }, undefined).findings, []);
  });

  it('has words for every class it can name itself', async () => {
    for (const status of [300, 401, 403, 404, 410, 429, 500, 503]) {
      const { document } = await attemptsOf(input('2.2.7'), () => response(status));
      assert.ok(document.rootCause && Object.hasOwn(verdictMessages, `verdict/${document.rootCause.class}`), String(status));
    }
  });
});

describe('the plan of a replay', () => {
  const certs = { '/etc/containerd/certs.d/reg.example/hosts.toml': '[host."https://mirror.example"]\n' };
  const hostsOf = (of: ReplayInput): readonly string[] => {
    const plan = planReplay(of);
    assert.ok(plan.ok && plan.context.hosts.ok);
    return plan.context.hosts.hosts.map(({ host }) => host);
  };
  const config = (text: string): ConfigTree => mapTree({ ...certs, '/etc/containerd/config.toml': text });

  it('reads certs.d where --certs-d or config_path names it, and ctr only the first', () => {
    const set = 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/etc/containerd/certs.d"\n';
    assert.deepEqual(hostsOf(input('1.7', { tree: config(set) })), ['mirror.example', 'reg.example']);
    assert.deepEqual(hostsOf(input('1.7', { tree: config(set), way: 'ctr' })), ['reg.example']);
    assert.deepEqual(hostsOf(input('1.7', { tree: mapTree(certs), way: 'ctr', certsD: '/etc/containerd/certs.d' })), [
      'mirror.example',
      'reg.example',
    ]);
    assert.deepEqual(hostsOf(input('1.7', { tree: mapTree(certs), way: 'ctr-transfer', certsD: '/etc/containerd/certs.d' })), [
      'reg.example',
    ]);
  });

  it('takes legacy mirrors where there is no config_path, and then pulls without the transfer service', () => {
    const set =
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.mirrors."reg.example"]\nendpoint = ["https://legacy.example/proxy", "plain.example:5000"]\n';
    assert.deepEqual(hostsOf(input('1.7', { tree: config(set) })), ['legacy.example', 'plain.example:5000', 'reg.example']);
    const plan = planReplay(input('2.1', { tree: config(set) }));
    assert.equal(plan.ok && plan.context.way, 'cri-local');
  });

  it('reports a reference that containerd refuses in its words', () => {
    assert.deepEqual(planReplay(input('2.1', { reference: 'reg.example/A:t' })), {
      ok: false,
      reported: 'failed to parse image reference "reg.example/A:t": invalid reference format: repository name (A) must be lowercase',
    });
    assert.deepEqual(planReplay(input('1.7', { reference: 'reg.example/a', way: 'ctr' })), {
      ok: false,
      reported: 'failed to resolve reference "reg.example/a": object required',
    });
  });
});

describe('transcripts', () => {
  it('replay what was recorded, without tokens, signatures or credentials', async () => {
    const signed = 'https://cdn.example/blob?X-Amz-Signature=s3cret';
    const of = input('2.2.7', { reference: 'reg.example/a/b:t', auth: { username: 'u', password: 'hunter2' } });
    const answer = ({ url, headers }: HttpRequest): HttpOutcome => {
      if (url.startsWith('https://auth.example')) return response(200, {}, '{"access_token":"s3cret-token"}');
      if (!headers.some(([name]) => name === 'Authorization') && !url.startsWith('https://cdn'))
        return response(401, { 'www-authenticate': 'Bearer realm="https://auth.example/token"' });
      return url.startsWith('https://cdn') ? response(503) : response(307, { location: signed });
    };
    const { attempts, document } = await attemptsOf(of, answer);
    const text = writeTranscript(attempts);
    assert.doesNotMatch(text + JSON.stringify(document.attempts), /s3cret|hunter2/);
    const read = readTranscript(text);
    assert.ok(read.ok);
    const plan = planReplay(of);
    assert.ok(plan.ok);
    const again = runRecorded(pull(plan.context), read.observations, { keyOf: hiddenKey });
    assert.equal(again.status, 'done');
    assert.deepEqual([again.value.ok, document.ok], [false, false]);
    assert.match(JSON.stringify(again.value), /503 Service Unavailable/);
  });

  for (const text of [
    '',
    '{}',
    'not json',
    '{"kind":"containerd-runbooks transcript"}\nx',
    '{"kind":"containerd-runbooks transcript"}\n{"key":"k","outcome":{"ok":true}}',
    '{"kind":"containerd-runbooks transcript"}\n{"key":"k","outcome":{"ok":false,"failure":{},"timings":{}}}',
  ]) {
    it(`refuses ${JSON.stringify(text.slice(-30))}`, () => assert.equal(readTranscript(text).ok, false));
  }

  it('hides query values but those that registries need shown', () => {
    assert.equal(hideSecrets('https://r.example/v2/a?ns=docker.io'), 'https://r.example/v2/a?ns=docker.io');
    assert.equal(hideSecrets('https://u:p@r.example/a?sig=x&ns=y'), 'https://u:xxxxx@r.example/a?ns=y&sig=REDACTED');
    assert.equal(hideSecrets(hideSecrets('https://r.example/a?sig=x')), 'https://r.example/a?sig=REDACTED');
  });
});
