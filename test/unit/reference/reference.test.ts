import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDockerRef, parseEitherWay, parseReference, parseSpec } from '../../../core/reference/reference';
import { parseVersion, type Version } from '../../../core/versions/versions';
import { growsFasterThanItsSize } from '../../fixtures/growth';

const hex = 'a'.repeat(64);

function release(text: string): Version {
  const version = parseVersion(text);
  assert(version);
  return version;
}

function normalized(text: string, version = '2.1'): string {
  const result = parseDockerRef(text, release(version));
  return result.ok ? result.reference : `error: ${result.error}`;
}

describe('parseDockerRef', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['grafana/grafana', 'docker.io/grafana/grafana:latest'],
    ['docker.io/nginx', 'docker.io/library/nginx:latest'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx:latest'],
    ['registry-1.docker.io/library/nginx', 'registry-1.docker.io/library/nginx:latest'],
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000/app:v1', 'localhost:5000/app:v1'],
    ['myregistry/app', 'docker.io/myregistry/app:latest'],
    ['reg.example.com/a/b__c/d-e.f', 'reg.example.com/a/b__c/d-e.f:latest'],
    ['my_registry.local/app', 'my_registry.local/app:latest'],
    [`nginx:1.27@sha256:${hex}`, `docker.io/library/nginx@sha256:${hex}`],
    ['[::1]:5000/app:v1', '[::1]:5000/app:v1'],
    ['Registry/app', 'Registry/app:latest'],
    ['', 'error: invalid reference format'],
    ['nginx:', 'error: invalid reference format'],
    ['nginx:.tag', 'error: invalid reference format'],
    ['a//b', 'error: invalid reference format'],
    ['reg.example.com/', 'error: invalid reference format'],
    ['reg.example.com:port/app', 'error: invalid reference format'],
    ['-reg.example.com/app', 'error: invalid reference format'],
    ['a___b', 'error: invalid reference format'],
    ['https://reg.example.com/app', 'error: invalid reference format'],
    ['nginx@sha256:abc', 'error: invalid reference format'],
    [`nginx@sha256:${'a'.repeat(40)}`, 'error: invalid checksum digest length'],
    [`nginx@sha256:${'A'.repeat(64)}`, 'error: invalid checksum digest format'],
    [`nginx@sha1:${'a'.repeat(40)}`, 'error: unsupported digest algorithm'],
    ['Nginx', 'error: invalid reference format: repository name (library/Nginx) must be lowercase'],
    ['reg.example.com/App:v1', 'error: invalid reference format: repository name (App) must be lowercase'],
    [hex, `error: invalid repository name (${hex}), cannot specify 64-byte hexadecimal strings`],
    [`reg.example.com/${'a'.repeat(256)}`, 'error: repository name must not be more than 255 characters'],
    [`nginx:${'t'.repeat(129)}`, 'error: invalid reference format'],
  ];
  for (const [text, expected] of cases)
    it(`${text.slice(0, 60)} is ${expected.slice(0, 60)}`, () => assert.equal(normalized(text), expected));

  it('says less in 1.6, which has its own copy of the code', () => {
    assert.equal(normalized('reg.example.com/App', '1.6'), 'error: invalid reference format: repository name must be lowercase');
    assert.equal(normalized('[::1]:5000/app', '1.6'), 'error: invalid reference format');
    assert.equal(normalized('Registry/app', '1.6'), 'error: invalid reference format: repository name must be lowercase');
  });

  it('measures the whole name up to 1.7 and the path since 2.0', () => {
    const text = `registry.example.com/${'a'.repeat(240)}`;
    assert.equal(normalized(text, '1.7'), 'error: repository name must not be more than 255 characters');
    assert.equal(normalized(text, '2.0'), `${text}:latest`);
  });

  it('gives what it takes back unchanged', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,4})?$/);
    const reference = fc
      .tuple(fc.constantFrom('', 'docker.io/', 'localhost:5000/', 'reg.example.com/'), fc.array(word, { minLength: 1, maxLength: 3 }), word)
      .map(([host, path, tag]) => `${host}${path.join('/')}:${tag}`);
    fc.assert(
      fc.property(reference, (text) => {
        const once = normalized(text);
        assert(!once.startsWith('error'), once);
        assert.equal(normalized(once), once);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('takes any text without a throw', () => {
    const text = fc.array(fc.constantFrom('a', 'B', '.', '_', '-', '/', ':', '@', '[', ']', '%', '\0', 'é', 'sha256:', hex), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, (parts) => {
        const joined = parts.join('');
        for (const version of ['1.6', '1.7', '2.3']) assert.equal(typeof parseReference(joined, release(version)).ok, 'boolean');
        const spec = parseSpec(joined);
        if (spec.ok) assert.equal(spec.reference.locator.startsWith(spec.reference.hostname), true);
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('takes time in proportion to the text', () => {
    const parse = (text: string): void => {
      parseReference(text);
      parseSpec(text);
    };
    const units = ['a-', 'a.', '_', 'a:', '@a', 'a/', '[::', '%4', '-'];
    assert.deepEqual(
      units.filter((unit) => growsFasterThanItsSize(50_000, (size) => parse(unit.repeat(size)))),
      [],
    );
  });
});

describe('parseReference', () => {
  it('quotes the text in its error as CRI does', () => {
    assert.deepEqual(parseReference('a b'), { ok: false, error: 'failed to parse image reference "a b": invalid reference format' });
  });

  it('splits what the resolver needs', () => {
    assert.deepEqual(parseReference(`reg.example.com:5000/a/b:v1@sha256:${hex}`), {
      ok: true,
      reference: {
        locator: 'reg.example.com:5000/a/b',
        object: `@sha256:${hex}`,
        hostname: 'reg.example.com:5000',
        path: 'a/b',
        digest: `sha256:${hex}`,
      },
    });
  });
});

describe('parseSpec', () => {
  const errors: readonly (readonly [string, string])[] = [
    ['nginx', 'object required'],
    ['docker.io/library/nginx', 'object required'],
    ['nginx:latest', 'parse "dummy://nginx:latest": invalid port ":latest" after host'],
    ['https://docker.io/library/nginx:latest', 'invalid reference'],
    ['/library/nginx:latest', 'hostname required'],
    ['reg ex/app:v1', 'parse "dummy://reg ex/app:v1": invalid character " " in host name'],
    ['reg.example.com/a%zz:v1', 'parse "dummy://reg.example.com/a%zz:v1": invalid URL escape "%zz"'],
  ];
  for (const [text, error] of errors) it(`${text} fails with ${error}`, () => assert.deepEqual(parseSpec(text), { ok: false, error }));

  it('keeps a tag beside a digest', () => {
    const parsed = parseSpec(`docker.io/library/nginx:1@sha256:${hex}`);
    assert(parsed.ok);
    assert.equal(parsed.reference.object, `1@sha256:${hex}`);
    assert.equal(parsed.reference.tag, '1');
    assert.equal(parsed.reference.digest, `sha256:${hex}`);
  });

  it('is asked where CRI refuses the text', () => {
    const parsed = parseEitherWay('[::1]:5000/rig/tiny:v1', release('1.6'));
    assert(parsed.ok);
    assert.equal(parsed.reference.hostname, '[::1]:5000');
  });
});
