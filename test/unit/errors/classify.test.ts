import assert from 'node:assert/strict';
import fc from 'fast-check';
import { errorClasses } from '../../../core/errors';
import { classify } from '../../../core/errors/classify';
import { parseVersion } from '../../../core/versions/versions';
import { growsFasterThanItsSize } from '../../fixtures/growth';

const digest = `sha256:${'1db8db35'.repeat(8)}`;
const classOf = (text: string, version?: string): string | null => classify(text, parseVersion(version ?? '')).class?.id ?? null;

describe('classify', () => {
  const framed: readonly (readonly [string, string])[] = [
    ['bare', 'dial tcp 10.0.0.5:5000: connect: connection refused'],
    [
      'kubelet event',
      '  Warning  Failed     12s (x3 over 40s)  kubelet, node-1  Failed to pull image "r.example/a:1": failed to pull and unpack image "r.example/a:1": failed to resolve image: failed to do request: Head "https://r.example/v2/a/manifests/1": dial tcp 10.0.0.5:5000: connect: connection refused',
    ],
    [
      'logfmt in a journal',
      'Mar 03 10:10:10 node-1 containerd[812]: time="2026-03-03T10:10:10Z" level=error msg="PullImage \\"r.example/a:1\\" failed" error="rpc error: code = Unknown desc = failed to do request: Head \\"https://r.example/v2/a/manifests/1\\": dial tcp 10.0.0.5:5000: connect: connection refused"',
    ],
    [
      'JSON',
      '{"level":"error","msg":"PullImage failed","error":"failed to do request: Head \\"https://r.example/v2/a/manifests/1\\": dial tcp 10.0.0.5:5000: connect: connection refused"}',
    ],
    [
      'klog',
      'E0303 10:10:10.123456    1234 remote_image.go:180] "PullImage from image service failed" err="rpc error: code = Unknown desc = dial tcp 10.0.0.5:5000: connect: connection refused" image="r.example/a:1"',
    ],
    [
      'nerdctl',
      'FATA[0000] failed to resolve reference "r.example/a:1": failed to do request: Head "https://r.example/v2/a/manifests/1": dial tcp 10.0.0.5:5000: connect: connection refused',
    ],
    ['Docker', 'Error response from daemon: Get "https://r.example/v2/": dial tcp 10.0.0.5:5000: connect: connection refused'],
    ['CRI-O', 'pinging container registry r.example: Get "https://r.example/v2/": dial tcp 10.0.0.5:5000: connect: connection refused'],
    [
      'wrapped',
      'Failed to pull image "r.example/a:1": rpc error: code = Unknown\ndesc = failed to do request: Head "https://r.example/v2/a/manifests/1":\ndial tcp 10.0.0.5:5000: connect: connection\nrefused',
    ],
  ];
  for (const [frame, text] of framed)
    it(`reads the same failure in this frame: ${frame}`, () => assert.equal(classOf(text), 'net.refused-or-no-route'));

  it('takes the same words about another subject for what they are', () => {
    assert.equal(
      classOf(
        'E0303 10:10:10.123456 1 node.go:1] "Unable to register node" err="Post \\"https://10.0.0.1:6443/api/v1/nodes\\": dial tcp 10.0.0.1:6443: connect: connection refused"',
      ),
      null,
    );
    assert.equal(classOf('When a pull fails with "connection refused", you should look at the registry.'), null);
    assert.equal(classOf('Error: failed to pull chart: failed to fetch https://charts.example/app-1.0.3.tgz : 404 Not Found'), null);
    assert.equal(classOf('Error: failed to fetch https://charts.example/app-1.0.3.tgz : 404 Not Found'), null);
    assert.equal(classOf('The requested URL returned error: 404 Not Found'), null);
    assert.equal(classOf('return fmt.Errorf("failed to resolve reference %q: %w: connection refused", ref, err)'), null);
  });

  it('tells the token service, the storage host and the proxy from the registry', () => {
    const refused = 'dial tcp 198.51.100.4:443: connect: connection refused';
    assert.equal(
      classOf(
        `failed to resolve image: failed to authorize: failed to fetch anonymous token: Get "https://auth.example/token?service=x": ${refused}`,
      ),
      'auth.token-endpoint',
    );
    assert.equal(
      classOf(
        `failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://example.s3.amazonaws.com/docker/a?X-Amz-Signature=x": ${refused}`,
      ),
      'net.blob-host-blocked',
    );
    assert.equal(
      classOf(`failed to resolve image: failed to do request: Head "https://r.example/v2/a/manifests/1": proxyconnect tcp: ${refused}`),
      'net.proxy',
    );
  });

  it('tells the image’s own registry from a mirror by the host and by ns', () => {
    const status = (url: string): string =>
      `failed to pull and unpack image "docker.io/library/a:1": failed to resolve image: unexpected status from HEAD request to ${url}: 502 Bad Gateway`;
    assert.equal(classOf(status('https://registry-1.docker.io/v2/library/a/manifests/1')), 'registry.5xx');
    assert.equal(classOf(status('https://mirror.example/v2/library/a/manifests/1')), 'registry.mirror-error');
    assert.equal(classOf(status('https://mirror.example/v2/library/a/manifests/1?ns=docker.io')), 'registry.mirror-error');
  });

  describe('masked errors', () => {
    const head = `failed to resolve reference "r.example/a@${digest}": unexpected status from HEAD request to https://r.example/v2/a/blobs/${digest}: 401 Unauthorized`;
    const missing = `failed to resolve reference "r.example/a@${digest}": r.example/a@${digest}: not found`;

    it('a HEAD on /blobs/ is masked from 2.0 on, and what it says before', () => {
      assert.equal(classOf(head, '2.0.5'), 'masked.blob-fallback');
      assert.equal(classOf(head, '1.7.24'), 'auth.no-credentials');
    });

    it('a missing digest is masked after half a minute, and only perhaps at once', () => {
      assert.equal(classOf(`FATA[0031] ${missing}`, '2.0.5'), 'masked.blob-fallback');
      const atOnce = classify(`FATA[0000] ${missing}`, parseVersion('2.0.5'));
      assert.equal(atOnce.class?.id, 'notfound.manifest');
      assert.equal(atOnce.masked?.id, 'masked.blob-fallback');
      assert.equal(atOnce.retriable, true);
      assert.equal(classify(`FATA[0000] ${missing}`, parseVersion('1.7.24')).masked, null);
    });

    it('names the octet-stream config where a pull unpacked nothing, and the content store otherwise', () => {
      const lost = 'failed to extract layer sha256:1a2b: failed to get reader from content store: content digest sha256:3c4d: not found';
      assert.equal(
        classOf(`failed to pull and unpack image "r.example/a:1": failed to unpack image on snapshotter overlayfs: ${lost}`, '1.7'),
        'manifest.legacy-config',
      );
      assert.equal(classOf(`failed to create containerd container: error unpacking image: ${lost}`, '1.7'), 'content.store-state');
    });

    it('another host that failed first is the cause', () => {
      const lines = [
        'level=info msg="trying next host" error="failed to do request: Head \\"https://m.example/v2/a/manifests/1?ns=r.example\\": dial tcp 10.0.0.9:443: i/o timeout" host=m.example',
        'level=error msg="PullImage \\"r.example/a:1\\" failed" error="unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 403 Forbidden"',
      ];
      assert.equal(classOf(lines.join('\n')), 'masked.other-hosts-error');
      assert.equal(classOf(lines[0] ?? ''), 'net.timeout');
    });
  });

  it('points at the words that decided, in the text as given', () => {
    const text =
      'level=error error="failed to do request: Head \\"https://r.example/v2/a/manifests/1\\": x509: certificate signed by unknown authority"';
    const shown = classify(text).evidence.map(({ start, end }) => text.slice(start, end));
    assert.equal(shown[0], 'x509: certificate signed by unknown authority');
  });

  it('has an answer for every text, with evidence inside it and chances that add up', () => {
    const words = errorClasses.flatMap(({ examples }) => examples.map(({ text }) => text));
    const part = fc.oneof(
      fc.constantFrom(...words),
      fc.string(),
      fc.constantFrom('\n', '\\"', '"', '\\', ': ', '\u001b[31m', '{"error":"', '](', '[['),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const text = parts.join('');
        const { confidence, alternatives, evidence } = classify(text);
        const total = alternatives.reduce((sum, one) => sum + one.confidence, confidence);
        return total <= 1.02 && evidence.every(({ start, end }) => 0 <= start && start <= end && end <= text.length);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('takes twice as long for twice the text, whatever the text', () => {
    const hostile = [
      'failed to ',
      'Head "https://a/v2/',
      '"',
      '\\"',
      '(',
      ': ',
      'dial tcp ',
      'https://',
      'sha256:',
      'a:b@',
      '/v2/',
      'x509: ',
      '{"error":"',
      ' ',
      '\n',
      'HEAD request to https://h/blobs/sha256:',
      'lookup a on ',
      'failed to extract layer a link /',
      ': Pulling from a/',
      'Get "https://h": Aa Aa ',
      'net/http: request canceled',
      '"HEAD /v2/',
      'Ping https://a',
      'image pull failed for ',
      'Post "https://a',
      'denied: ',
      'connectex: A connection attempt failed ',
      'short-name "',
      'x509: "',
      '` ',
    ];
    const slow = hostile.filter((unit) => growsFasterThanItsSize(16_000, (size) => classify(unit.repeat(Math.ceil(size / unit.length)))));
    assert.deepEqual(slow, []);
  });
});
