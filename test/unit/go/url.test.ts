import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeQuery, formatUrl, parseQuery, parseUrl, queryEscape, redacted, resolveUrl, stripPassword } from '../../../core/go/url';

describe('net/url', () => {
  const errors: Readonly<Record<string, string>> = {
    '10.0.0.1:5000': 'parse "10.0.0.1:5000": first path segment in URL cannot contain colon',
    ':5000': 'parse ":5000": missing protocol scheme',
    'http://a:port/': 'parse "http://a:port/": invalid port ":port" after host',
    'http://a/%zz': 'parse "http://a/%zz": invalid URL escape "%zz"',
    'http://a b/': 'parse "http://a b/": invalid character " " in host name',
    'http://[::1/': `parse "http://[::1/": missing ']' in host`,
    'https://a/#%g': 'parse "https://a/#%g": invalid URL escape "%g"',
    'https://a%41/': 'parse "https://a%41/": invalid URL escape "%41"',
    'https://<me>@a/': 'parse "https://<me>@a/": net/url: invalid userinfo',
    'http://a/\n': 'parse "http://a/\\n": net/url: invalid control character in URL',
  };
  for (const [text, error] of Object.entries(errors)) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.deepEqual(parseUrl(text), { ok: false, error }));
  }

  it('keeps a path that is well escaped, and escapes any other anew', () => {
    assert.deepEqual([parsed('https://a/b%2Fc!').path, parsed('https://a/b%2Fc!').plainPath], ['/b%2Fc!', '/b/c!']);
    assert.deepEqual([parsed('https://a/b%2Fc d!').path, parsed('https://a/b%2Fc d!').plainPath], ['/b/c%20d%21', '/b/c d!']);
    assert.equal(parsed('https://a/%ff').plainPath, '/%ff');
  });

  it('knows user, host and what follows a scheme alone', () => {
    const { user, host, query, fragment } = parsed('HTTPS://u:p@A.example:5000?ns=x#y');
    assert.deepEqual([user, host, query, fragment], ['u:p', 'A.example:5000', 'ns=x', 'y']);
    assert.equal(formatUrl(parsed('mailto:me@example.com')), 'mailto:me@example.com');
    assert.equal(parsed('///a').host, '');
  });

  it('shows a user as Go does: escaped anew, and a password as stars or not at all', () => {
    const forms = (text: string): readonly string[] => [formatUrl, redacted, stripPassword].map((form) => form(parsed(text)));
    assert.deepEqual(forms('http://u%20x:p!%2F@a/b'), ['http://u%20x:p%21%2F@a/b', 'http://u%20x:xxxxx@a/b', 'http://u x:***@a/b']);
    assert.deepEqual(forms("http://o'x@a/b"), ['http://o%27x@a/b', 'http://o%27x@a/b', 'http://o%27x@a/b']);
    assert.deepEqual(forms('http://:@a/b'), ['http://:@a/b', 'http://:xxxxx@a/b', 'http://:***@a/b']);
    assert.deepEqual(forms('http://@a/b'), ['http://@a/b', 'http://@a/b', 'http://@a/b']);
  });

  it('resolves a Location as a browser would', () => {
    const base = 'https://reg.example:5000/v2/a/manifests/t?ns=x';
    const cases: readonly (readonly [string, string])[] = [
      ['/v2/b', 'https://reg.example:5000/v2/b'],
      ['//cdn.example/b?sig=1', 'https://cdn.example/b?sig=1'],
      ['http://other.example/../c', 'http://other.example/c'],
      ['../blobs/d', 'https://reg.example:5000/v2/a/blobs/d'],
      ['?x=y', 'https://reg.example:5000/v2/a/manifests/t?x=y'],
    ];
    for (const [location, target] of cases) assert.equal(formatUrl(resolveUrl(parsed(base), parsed(location))), target);
  });

  it('agrees with the URL class on where a path leads', () => {
    const segment = fc.constantFrom('a', 'b.c', '..', '.', 'manifests', 'sha256:00');
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), fc.boolean(), (segments, isRooted) => {
        const location = `${isRooted ? '/' : './'}${segments.join('/')}`;
        const base = 'https://reg.example/v2/a/b';
        assert.equal(formatUrl(resolveUrl(parsed(base), parsed(location))), new URL(location, base).href);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('escapes a query so that it reads back, sorted by key', () => {
    assert.equal(queryEscape('repository:a/b:pull é*'), 'repository%3Aa%2Fb%3Apull+%C3%A9%2A');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })), { maxLength: 5 }),
        (values) => {
          const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
          assert.deepEqual(parseQuery(encodeQuery(values)), sorted);
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });

  it('takes any text without a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const url = parseUrl(text);
        if (url.ok) assert.equal(typeof formatUrl(url.url), 'string');
        else assert.match(url.error, /^parse "/);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

function parsed(text: string): Extract<ReturnType<typeof parseUrl>, { ok: true }>['url'] {
  const url = parseUrl(text);
  assert.ok(url.ok, text);
  return url.url;
}
