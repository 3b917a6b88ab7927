import assert from 'node:assert/strict';
import fc from 'fast-check';
import { emptyEvidence, type Evidence } from '../../../core/diagnosis/evidence';
import { readBundle } from '../../../core/diagnosis/readBundle';
import { redactEvidence } from '../../../core/diagnosis/redact';
import { redactText } from '../../../core/diagnosis/redactText';
import { growsFasterThanItsSize } from '../../fixtures/growth';
import { plantedTexts } from '../../fixtures/secrets';

const base = emptyEvidence('node', 0);

function withFile(path: string, text: string): Evidence {
  return { ...base, files: [{ path, kind: 'file', text }] };
}

function fileText(evidence: Evidence): string {
  return evidence.files[0]?.text ?? '';
}

const secret = fc
  .tuple(fc.stringMatching(/^[a-z]{3,8}$/), fc.stringMatching(/^[\w+]{9,20}$/), fc.integer({ min: 0, max: 9 }))
  .map(([a, b, c]) => `${a}${c}${b}Z`);

describe('redaction', () => {
  it('leaves no secret of any file, header, log or address, whatever it reads', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...plantedTexts), (value, [path, plant]) => {
        const text = plant(value);
        const evidence = path === 'journal' ? { ...base, journal: { source: 'journalctl', text } } : withFile(path, text);
        const shown = JSON.stringify(redactEvidence(evidence));
        assert.ok(!shown.includes(value), `${path}: ${text}\n→ ${shown}`);
      }),
      { numRuns: 600, seed: 7 },
    );
  });

  it('takes a secret that was found in a file out of every other text', () => {
    const evidence = {
      ...withFile('/etc/containerd/certs.d/m/hosts.toml', '[host."https://m"]\n[host."https://m".header]\n  X-Any = "Plain9Word8Here7"\n'),
      journal: { source: 'journalctl', text: 'the word Plain9Word8Here7 alone' },
      gaps: [{ stage: 'replay' as const, id: 'gap/failed', args: { reason: 'said Plain9Word8Here7' } }],
    };
    assert.ok(!JSON.stringify(redactEvidence(evidence)).includes('Plain9Word8Here7'));
  });

  it('finds the password in base64', () => {
    const auth = Buffer.from('robot:Tr0ub4dor&3').toString('base64');
    const evidence = {
      ...withFile('/etc/containerd/config.toml', `[plugins.cri.registry.configs."h".auth]\nauth = "${auth}"\n`),
      journal: { source: 'x', text: 'login with Tr0ub4dor&3 failed' },
    };
    assert.ok(!JSON.stringify(redactEvidence(evidence)).includes('Tr0ub4dor'));
  });

  it('keeps what is diagnosed: words of errors, addresses, references, digests, kinds of values', () => {
    const kept = [
      'failed to fetch anonymous token: unexpected status from GET request to https://auth.example/token?scope=repository%3Aa%3Apull&service=r: 403 Forbidden',
      'failed to authorize: failed to fetch oauth token: Post "https://gcr.io/v2/token": dial tcp: lookup gcr.io: no such host',
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      'failed to do request: Head "https://127.0.0.1:5000/v2/team/app/manifests/1?ns=docker.io": EOF',
      `nginx@sha256:${'0123456789abcdef'.repeat(4)}: not found`,
      'HTTPS_PROXY=http://proxy.example:3128',
      'no basic auth credentials: check the registry',
      'Bearer realm="https://auth.example/token",service="registry.example"',
      'response.header.www-authenticate="Basic realm=\\"team registry\\""',
      'request.header.accept="application/vnd.oci.image.index.v1+json, */*" request.header.user-agent=containerd/2.1 request.method=HEAD',
    ];
    for (const text of kept) assert.equal(redactText(text), text);
    const toml =
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.configs."h".auth]\n  username = "robot"\n  password = "hunter22"\n[plugins."io.containerd.grpc.v1.cri".registry.configs."h".tls]\n  key_file = "/etc/k.pem"\n';
    assert.equal(fileText(redactEvidence(withFile('/etc/containerd/config.toml', toml))), toml.replace('hunter22', 'REDACTED'));
    const headers = '[host."https://m".header]\n  Authorization = "Basic dXNlcjpwYXNz"\n';
    assert.equal(
      fileText(redactEvidence(withFile('/etc/containerd/certs.d/m/hosts.toml', headers))),
      headers.replace('dXNlcjpwYXNz', 'REDACTED'),
    );
  });

  it('takes padded base64 before a quotation mark for what it is, no challenge', () => {
    assert.equal(redactText('"X-Team":"Basic dTpwdzE="'), '"X-Team":"Basic REDACTED"');
  });

  it('changes nothing the second time', () => {
    for (const [path, plant] of plantedTexts) {
      const once = redactEvidence(withFile(path, plant('Abc123defGhi456')));
      assert.deepEqual(redactEvidence(once), once, path);
    }
  });

  it('takes time in proportion to hostile texts', () => {
    const hostile = ['-----BEGIN PRIVATE KEY-----', 'a://', 'password=', '"\\', 'token:'];
    const slow = hostile.filter((unit) =>
      growsFasterThanItsSize(100_000, (size) => redactText(`auth="${unit.repeat(Math.ceil(size / unit.length))}`)),
    );
    assert.deepEqual(slow, []);
  });
});

describe('a bundle', () => {
  it('that is anything but a bundle is refused with one line', () => {
    const good = JSON.stringify(base);
    assert.ok(readBundle(good).ok);
    fc.assert(
      fc.property(fc.nat(good.length - 1), (length) => {
        const read = readBundle(good.slice(0, length));
        assert.ok(!read.ok && !read.error.includes('\n'));
      }),
      { numRuns: 60, seed: 3 },
    );
    const wrong = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(...Object.keys(base)).chain((key) => fc.jsonValue().map((value) => ({ ...base, [key]: value }))),
    );
    fc.assert(
      fc.property(wrong, (value) => {
        const read = readBundle(JSON.stringify(value));
        if (read.ok) assert.equal(read.evidence.kind, base.kind);
        else assert.ok(read.error.length > 0 && !read.error.includes('\n'));
      }),
      { numRuns: 300, seed: 5 },
    );
    assert.match(JSON.stringify(readBundle(JSON.stringify({ ...base, schema: 9 }))), /its schema is 9; this version reads schema 1/);
  });
});
