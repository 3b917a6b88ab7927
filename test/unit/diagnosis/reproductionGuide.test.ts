import assert from 'node:assert/strict';
import { reproductionGuide } from '../../../core/diagnosis/reproductionGuide';
import type { AttemptDocument, ResolveDocument } from '../../../core/protocol';

const attempt: AttemptDocument = {
  method: 'HEAD',
  url: 'https://reg.example:5443/v2/a/b/manifests/sha256:aa',
  host: 'reg.example:5443',
  phase: 'resolve',
  status: null,
  error: 'dial tcp 192.0.2.1:5443: i/o timeout',
  startedMs: 0,
  timings: { total: 30_004 },
};

function masked(
  over: { readonly id?: string; readonly reference?: string; readonly masked?: null; readonly totalMs?: number } = {},
): ResolveDocument {
  return {
    schema: 1,
    reference: over.reference ?? 'reg.example:5443/a/b@sha256:aa',
    containerd: '2.1.9',
    via: 'ctr',
    ok: false,
    digest: null,
    mediaType: null,
    attempts: [{ ...attempt, timings: { total: over.totalMs ?? 30_004 } }],
    reported: 'a: not found',
    grpcCode: 'NotFound',
    rootCause: {
      attempt: 0,
      class: over.id ?? 'net.timeout',
      message: 'm',
      messageId: 'verdict/net.timeout',
      args: {},
      nextStep: '',
      nextStepMessage: null,
    },
    masked: over.masked === null ? null : { by: 'notfound.manifest', versions: '>=2.0.0' },
    predictions: { '1.7': { ok: false, reported: 'i/o timeout' }, '2.3': { needs: 'GET x' } },
    findings: [],
  };
}

describe('the page that makes a hidden error happen again', () => {
  it('takes away each rule that it sets, for the address and port of that registry', () => {
    const page = reproductionGuide(masked()) ?? '';
    const rules = [...page.matchAll(/\$tables -([ID]) OUTPUT -d "\$address" -p tcp --dport (\d+) -j DROP/g)].map(([, action, port]) => [
      action,
      port,
    ]);
    assert.deepEqual(rules, [
      ['I', '5443'],
      ['D', '5443'],
    ]);
    assert.match(page, /getent ahosts 'reg\.example' /);
    assert.match(page, /sleep 32\n/);
    assert.match(page, /containerd 1\.7: i\/o timeout/);
    assert.doesNotMatch(page, /containerd 2\.3:/);
  });

  it('waits as long as the request did, and 30 s where a fault of our own took no time', () => {
    assert.match(reproductionGuide(masked({ totalMs: 10_020 })) ?? '', /sleep 12\n/);
    assert.match(reproductionGuide(masked({ totalMs: 0 })) ?? '', /sleep 32\n/);
  });

  it('leaves the firewall out where the failure passes at once', () =>
    assert.doesNotMatch(reproductionGuide(masked({ id: 'net.reset-or-eof' })) ?? '', /iptables/));

  it('is not there where nothing is hidden', () => assert.equal(reproductionGuide(masked({ masked: null })), undefined));

  it('quotes what a reference says', () => {
    const page = reproductionGuide(masked({ reference: "x/y:a'; reboot; '```\n" })) ?? '';
    assert.match(page, /crictl pull 'x\/y:a'\\''; reboot; '\\''```/);
    assert.match(page, /````sh\ncontainerd-runbooks/);
  });
});
