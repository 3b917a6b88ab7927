import assert from 'node:assert/strict';
import { classify } from '../../../core/errors/classify';

/** The ways in which clients write a status; `C` is the code, `R` its reason. */
const forms = [
  'unexpected status: C',
  'unexpected status code C',
  'unexpected status code https://r.lab/v2/a/manifests/1: C',
  'unexpected status from HEAD request to https://r.lab/v2/a/manifests/1: C',
  'pulling from host r.lab failed with status code [manifests 1]: C',
  'received unexpected HTTP status: C R',
  'unexpected http code: C',
  'http status code: C, body: ',
  'Status: C',
  'status=C',
  'HTTP C',
  'server answered HTTP/1.1 C R',
  '(HTTP C)',
  'C R',
  'C: R',
  'C (R)',
  'remote response: C: R',
  'server returned C',
  'responded with C',
  'error code C',
  'the remote server returned an error: (C) R.',
];

const frames = [
  'failed to resolve reference "r.lab/a:1": X',
  'Error response from daemon: X',
  'Failed to pull image "r.lab/a:1": X',
  'ERROR: failed to solve: r.lab/a:1: X',
  'Error: initializing source docker://r.lab/a:1: X',
];

const answers: readonly (readonly [code: string, reason: string, ids: readonly string[]])[] = [
  ['401', 'Unauthorized', ['auth.no-credentials', 'auth.bad-or-expired-credentials']],
  ['403', 'Forbidden', ['authz.denied-403']],
  ['404', 'Not Found', ['notfound.manifest']],
  ['429', 'Too Many Requests', ['rate.too-many-requests']],
  ['500', 'Internal Server Error', ['registry.5xx']],
  ['502', 'Bad Gateway', ['registry.5xx']],
  ['503', 'Service Unavailable', ['registry.5xx']],
  ['504', 'Gateway Timeout', ['registry.5xx']],
];

describe('classify: a status in whatever form', () => {
  for (const [code, reason, ids] of answers)
    it(`finds ${code} with and without its reason`, () => {
      const missed = frames
        .flatMap((frame) => forms.map((form) => frame.replace('X', form.replace('C', code).replace('R', reason))))
        .filter((text) => !ids.includes(classify(text).class?.id ?? ''));
      assert.deepEqual(missed, []);
    });

  it('takes no size, time or port for a status', () => {
    const sizes = ['401', '403', '404', '429', '500', '503'].flatMap((size) => [
      `time="2026-01-01T00:00:00Z" level=debug msg="do request" digest="sha256:2b56" mediatype=application/vnd.oci.image.manifest.v1+json request.method=GET size=${size} url="https://r.lab/v2/a/manifests/sha256:2b56"`,
      `time="2026-01-01T00:00:00Z" level=debug msg="fetch response received" host="r.lab:5000" response.header.content-length=${size} response.status="200 OK" url="https://r.lab:5000/v2/a/manifests/1"`,
    ]);
    assert.deepEqual(
      sizes.filter((text) => classify(text).class !== null),
      [],
    );
    const texts = ['Pulling image "r.lab/a:1": got 500 bytes', 'pulled image r.lab/a:503 in 429 ms', 'pull r.lab:500/a: done, code 4030'];
    assert.deepEqual(
      texts.map((text) => classify(text).class),
      [null, null, null],
    );
  });
});
