import assert from 'node:assert/strict';
import type { HttpOutcome } from '../../../core/ports';
import { verdict } from '../../../core/resolver/verdict';
import { byDigest, context, host, reportedOf, response, run, timeout } from './harness';

/** /manifests/ times out, then the network is there and /blobs/ answers. */
function blobsAnswer(blobs: HttpOutcome): Parameters<typeof run>[1] {
  return ({ url }) => (url.includes('/manifests/') ? timeout : blobs);
}

describe('errors that hide the cause', () => {
  const frame = `failed to pull and unpack image "${byDigest.name}": `;
  for (const release of ['1.6.39', '1.7.34']) {
    it(`containerd ${release} reports the timed out manifest`, async () => {
      const { result, attempts } = await run(context(release, { reference: byDigest }), blobsAnswer(response(401)));
      assert.match(reportedOf(result) ?? '', /\/manifests\/.*dial tcp 192\.0\.2\.1:443: i\/o timeout$/);
      assert.deepEqual(verdict(attempts, result), {
        attempt: 0,
        class: 'net.timeout',
        args: { host: 'reg.example', reason: 'i/o timeout' },
        maskedBy: undefined,
      });
    });
  }
  for (const [status, masking] of [
    [401, 'auth.no-credentials'],
    [404, 'notfound.manifest'],
    [403, 'authz.denied-403'],
  ] as const) {
    for (const release of ['2.0.5', '2.0.11', '2.1.9', '2.3.2']) {
      it(`containerd ${release} reports the ${status} of the blob instead`, async () => {
        const { result, attempts } = await run(context(release, { reference: byDigest }), blobsAnswer(response(status)));
        const said = reportedOf(result) ?? '';
        assert.ok(said.startsWith(frame));
        assert.match(
          said,
          status === 404
            ? /: not found$/
            : /unexpected status from HEAD request to https:\/\/reg\.example\/v2\/a\/b\/blobs\/sha256:\w+: \d{3} \w+$/,
        );
        const judged = verdict(attempts, result);
        assert.deepEqual([judged?.attempt, judged?.class, judged?.maskedBy], [0, 'net.timeout', masking]);
      });
    }
  }

  it('a mirror that cannot be reached hides what the upstream says, up to 1.7', async () => {
    const hosts = { ok: true as const, hosts: [host('https://mirror.example'), host('https://reg.example')] };
    const answer: Parameters<typeof run>[1] = ({ url }) => (url.startsWith('https://mirror') ? timeout : response(403));
    const old = await run(context('1.7.34', { hosts }), answer);
    assert.match(reportedOf(old.result) ?? '', /mirror\.example.*i\/o timeout$/);
    const judged = verdict(old.attempts, old.result);
    assert.deepEqual([judged?.attempt, judged?.class, judged?.maskedBy], [1, 'authz.denied-403', 'net.timeout']);
    const recent = await run(context('2.2.7', { hosts }), answer);
    assert.match(reportedOf(recent.result) ?? '', /reg\.example\/v2\/a\/b\/manifests\/t: 403 Forbidden$/);
    assert.equal(verdict(recent.attempts, recent.result)?.maskedBy, undefined);
  });

  it('names who answered what no request is blamed for', async () => {
    const { attempts, result } = await run(context('2.1.9', { until: 'layers' }), () => response(200));
    assert.match(reportedOf(result) ?? '', /content size of zero: invalid argument$/);
    assert.deepEqual(verdict(attempts, result), {
      attempt: 1,
      class: 'manifest.not-an-image',
      args: { host: 'reg.example', reason: '' },
      maskedBy: undefined,
    });
  });

  it('tells by the answer which of two entries for one URL is shown', async () => {
    const tls = { skipVerify: false, caFiles: ['/ca.crt'], clientCertificates: [] };
    const hosts = { ok: true as const, hosts: [host('https://reg.example', { tls }), host('https://reg.example')] };
    const unknown: HttpOutcome = { ok: false, failure: { kind: 'tls', reason: { kind: 'unknown-authority' } }, timings: { total: 1 } };
    const { result, attempts } = await run(context('2.1.9', { reference: byDigest, hosts }), ({ url, tls: used }) =>
      url.includes('/manifests/') ? timeout : used === tls ? response(401) : unknown,
    );
    assert.match(reportedOf(result) ?? '', /401 Unauthorized$/);
    assert.equal(verdict(attempts, result)?.maskedBy, 'auth.no-credentials');
  });

  it('of a server that speaks plain http is told what it says then, not that it was asked with TLS first', async () => {
    const tls = { skipVerify: true, caFiles: [], clientCertificates: [] };
    const hosts = { ok: true as const, hosts: [host('https://127.0.0.1:5000', { tls, tryHttpsFirst: true })] };
    const end: HttpOutcome = { ok: false, failure: { kind: 'eof' }, timings: { total: 1 } };
    const plain: HttpOutcome = { ok: false, failure: { kind: 'http-response-to-https' }, timings: { total: 1 } };
    const { result, attempts } = await run(context('2.1.9', { hosts }), ({ url }) => (url.startsWith('https:') ? plain : end));
    assert.ok(attempts.length > 1);
    const judged = verdict(attempts, result);
    assert.deepEqual([judged?.class, judged?.maskedBy], ['net.reset-or-eof', undefined]);
  });

  it('says nothing of a pull that worked', async () => {
    const { result, attempts } = await run(context('2.2.7', { reference: byDigest }), () =>
      response(200, { 'content-length': '10', 'content-type': 'application/vnd.oci.image.manifest.v1+json' }),
    );
    assert.equal(result.ok, true);
    assert.equal(verdict(attempts, result), undefined);
  });
});
