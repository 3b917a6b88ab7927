import assert from 'node:assert/strict';
import { errorClasses } from '../../../core/errors';
import { classify } from '../../../core/errors/classify';

/** Wordings of no program in particular, one for each class that has words of everyday use. */
const vague: readonly (readonly [id: string, text: string])[] = [
  ['notfound.manifest', 'warn: could not pull image reg.example/app:9: tag missing'],
  ['authz.denied-403', 'ERROR: pull of image reg.example/team/app:9 is not permitted'],
  ['rate.too-many-requests', 'error: image reg.example/app:9: your pull quota is used up'],
  ['net.timeout', 'Unable to pull image reg.example/app:9: the registry took too long'],
  ['net.refused-or-no-route', 'error: cannot pull reg.example/app:9, registry is not reachable'],
  ['tls.unknown-ca', 'error: cannot pull image reg.example/app:9: untrusted issuer'],
  ['dns.server-failure', 'error: cannot pull image reg.example/app:9: DNS trouble'],
  ['unpack.disk-full', 'error: cannot pull image reg.example/app:9: inodes used up'],
  ['platform.mismatch', 'error: cannot pull image reg.example/app:9 for this architecture'],
  ['registry.5xx', 'error: cannot pull image reg.example/app:9: registry is under maintenance'],
  ['auth.bad-or-expired-credentials', 'error: cannot pull image reg.example/app:9: check your password'],
  ['net.timeout', '$ docker pull reg.example/app:9\nError response from daemon: timeout'],
];

describe('classify: words of everyday use', () => {
  for (const [id, text] of vague) {
    it(`${id}: ${text.split('\n').join(' / ')}`, () => {
      const { class: found, confidence, evidence } = classify(text);
      assert.equal(found?.id, id);
      assert.ok(confidence >= 0.25 && confidence <= 0.75, String(confidence));
      assert.ok(evidence.every(({ start, end }) => start < end && end <= text.length));
    });
  }

  it('need no name of an image where a command or an attempt stands around them', () => {
    const texts: readonly (readonly [string, string])[] = [
      ['platform.mismatch', 'ERROR: cannot download image with operating system "linux" when requesting "windows"'],
      ['notfound.manifest', 'Pulling image nginx:1...\nError: notFound: "content with digest sha256:1a2b"'],
      ['auth.no-credentials', 'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve ecr registry auth'],
    ];
    for (const [id, text] of texts) assert.equal(classify(text).class?.id, id, text);
    assert.equal(classify('ctr: task web not found: not found').class, null);
  });

  it('are no evidence where a name or an address has them', () => {
    const text = 'error: cannot pull image reg.example/kube-proxy/timeout:denied, 3 of 5 done';
    assert.equal(classify(text).class, null);
  });

  it('say nothing in lines that report no failed pull', () => {
    const others = [
      'error: cannot mount /var/lib/app: permission denied',
      'level=info msg="image reg.example/app:9 is missing here, pulling"',
      'error: helm pull reg.example/charts/app is not permitted',
      'E0101 10:00:00.1 1 pod.go:1] "start failed" err="container &Container{Image:reg.example/app:9} secret is missing"',
      'allowed = ["ErrImagePull", "InvalidImageName", "not found"]',
      'The pull of an image may fail with a timeout when the registry is not reachable.',
    ];
    for (const text of others) assert.equal(classify(text).class, null, text);
  });

  it('give way to every other signal', () => {
    const text = 'error: cannot pull image reg.example/app:9, quota and timeout: dial tcp: lookup reg.example: no such host';
    const { class: found, alternatives } = classify(text);
    assert.equal(found?.id, 'dns.nxdomain');
    assert.ok(alternatives.every((one) => one.class.id !== 'rate.too-many-requests'));
  });

  it('weigh less than the words of programs', () => {
    const all = errorClasses.flatMap(({ signals }) => signals).filter(({ scope }) => scope === 'failedPull');
    assert.ok(all.length >= 30);
    for (const { weight, pattern } of all) assert.ok(weight >= 30 && weight <= 45, String(pattern));
  });
});

describe('classify: lines of a log', () => {
  it('of a registry, and of other requests, are no failed pull', () => {
    const others = [
      'E0615 20:52:58.303660    5277 kubelet.go:2936] Error getting image list: API error (500): layer does not exist',
      'registry::server[WARN] Request for unknown blob: "./data/blobs/sha256/1a2b"',
      '2026-04-02T17:33:05Z [DEBUG] [/lib/http/error.go:61]: {"errors":[{"code":"NOT_FOUND","message":"blob sha256:1a2b not found"}]}',
    ];
    for (const text of others) assert.equal(classify(text).class, null, text);
  });

  it('stand for themselves: the pull of one is no frame for the refusal of another', () => {
    const pull = '10.0.0.9 - - [21/Nov/2026:10:00:00 +0000] "GET /v2/ HTTP/1.1" 503 217';
    const other = 'level=info ts=2026-11-21T10:00:00Z caller=http.go:92 status=429 msg="ingestion rate limit exceeded"';
    assert.equal(classify(`${pull}\n${other}`).class, null);
  });

  it('a unit that systemd restarts is no failed pull, whatever its name is', () => {
    assert.equal(classify("Nov 21 09:05:19 n1 systemd[1]: nydus-snapshotter.service: Failed with result 'exit-code'.").class, null);
  });

  it('a heading or comment begins a message of its own', () => {
    assert.equal(classify('- `--health-timeout`: time before the check failed\n# Optional: Configure nydus').class, null);
    const noted =
      'crictl pull reg.example:5000/app:1\n# -> tls: failed to verify certificate: x509: certificate signed by unknown authority';
    assert.equal(classify(noted).class?.id, 'tls.unknown-ca');
  });
});
