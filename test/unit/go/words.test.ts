import assert from 'node:assert/strict';
import fc from 'fast-check';
import { base64, decodeBase64, fromUtf8, utf8 } from '../../../core/go/bytes';
import { decode, field, unmarshal } from '../../../core/go/json';
import { failureText, isDeadline, isTimeout } from '../../../core/go/netErrors';
import type { NetFailure } from '../../../core/ports';
import { goOf } from '../../../core/versions/goBuilds';
import { parseVersion } from '../../../core/versions/versions';

describe('encoding/json', () => {
  const errors: Readonly<Record<string, string>> = {
    '<html>': "invalid character '<' looking for beginning of value",
    '': 'unexpected end of JSON input',
    '{': 'unexpected end of JSON input',
    '{"a"': 'unexpected end of JSON input',
    '{"a" 1}': "invalid character '1' after object key",
    '{"a":1 "b"}': `invalid character '"' after object key:value pair`,
    '{a:1}': "invalid character 'a' looking for beginning of object key string",
    '[1 2]': "invalid character '2' after array element",
    nope: "invalid character 'o' in literal null (expecting 'u')",
    '01': "invalid character '1' after top-level value",
    '1.': 'unexpected end of JSON input',
    '-x': "invalid character 'x' in numeric literal",
    '"a\\x"': "invalid character 'x' in string escape code",
    '"a\nb"': "invalid character '\\n' in string literal",
    '{} x': "invalid character 'x' after top-level value",
    '{"a":1,}': "invalid character '}' looking for beginning of object key string",
  };
  for (const [text, error] of Object.entries(errors))
    it(`words ${JSON.stringify(text)}`, () => assert.deepEqual(unmarshal(text), { ok: false, error }));

  it('names whole characters from Go 1.27 on (jsonwire.QuoteRune)', () => {
    const where = 'looking for beginning of value';
    for (const [text, before, since] of [
      ['\ufeff{}', "'ï'", "'\\ufeff'"],
      ['übel', "'Ã'", "'ü'"],
      ['\u{1f600}', "'ð'", "'\u{1f600}'"],
      ["'", "'\\''", "'\\''"],
      ['\\', "'\\\\'", "'\\\\'"],
      ['\u0007', "'\\a'", "'\\a'"],
    ] as const) {
      assert.deepEqual(unmarshal(text, '1.26'), { ok: false, error: `invalid character ${before} ${where}` });
      assert.deepEqual(unmarshal(text, '1.27'), { ok: false, error: `invalid character ${since} ${where}` });
    }
  });

  it('takes what JSON.parse takes, and always has a word for the rest', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', 'e', '-', '.', 't', ' ', '\\') })),
        (text) => {
          const result = unmarshal(text);
          if (result.ok) assert.deepEqual(result.value, JSON.parse(text));
          else assert.match(result.error, /^(?:unexpected end of JSON input|invalid character '.+' .+)$/);
        },
      ),
      { seed: 11, numRuns: 500 },
    );
  });

  it('a decoder stops after the first value', () => {
    assert.deepEqual(decode('{"token":"é"} <html>'), { ok: true, value: { token: 'é' } });
    assert.deepEqual(decode('  '), { ok: false, error: 'EOF' });
    assert.deepEqual(decode('{"a'), { ok: false, error: 'unexpected EOF' });
  });

  it('survives nesting that would exhaust the stack', () => {
    assert.equal(unmarshal('['.repeat(1_000_000)).ok, false);
    assert.equal(unmarshal(`${'{"a":'.repeat(200_000)}x`).ok, false);
  });

  it('finds fields as Go does, and none on prototypes', () => {
    assert.equal(field({ Token: 'a', token: 'b' }, 'token'), 'b');
    assert.equal(field({ TOKEN: 'a' }, 'token'), 'a');
    assert.equal(field({}, 'constructor'), undefined);
    assert.equal(field(JSON.parse('{"__proto__":{"token":"x"}}'), 'token'), undefined);
  });
});

describe('bytes', () => {
  it('encodes as Node.js does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(base64(utf8(text)), Buffer.from(text).toString('base64'));
        assert.equal(fromUtf8(utf8(text)), text);
        assert.deepEqual(decodeBase64(base64(utf8(text))), { ok: true, bytes: [...Buffer.from(text)] });
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  const errors: Readonly<Record<string, number>> = { '!!!': 0, 'dTpw!': 4, dTp: 0, dT: 0, 'dTpw=': 4, 'dQ=x': 3 };
  for (const [text, at] of Object.entries(errors)) {
    it(`names the byte in ${text}`, () =>
      assert.deepEqual(decodeBase64(text), { ok: false, error: `illegal base64 data at input byte ${at}` }));
  }
});

describe('net and crypto/tls', () => {
  const address = '192.0.2.7:443';
  const texts: readonly (readonly [NetFailure, string])[] = [
    [
      { kind: 'lookup', host: 'a.example', server: '10.0.0.2:53', reason: 'no such host' },
      'dial tcp: lookup a.example on 10.0.0.2:53: no such host',
    ],
    [{ kind: 'dial', address, reason: 'i/o timeout' }, 'dial tcp 192.0.2.7:443: i/o timeout'],
    [{ kind: 'dial', address, reason: 'connection refused' }, 'dial tcp 192.0.2.7:443: connect: connection refused'],
    [
      { kind: 'read', local: '192.0.2.1:40000', address, reason: 'connection reset by peer' },
      'read tcp 192.0.2.1:40000->192.0.2.7:443: read: connection reset by peer',
    ],
    [{ kind: 'http-response-to-https' }, 'http: server gave HTTP response to HTTPS client'],
    [{ kind: 'tls-handshake-timeout' }, 'net/http: TLS handshake timeout'],
    [{ kind: 'proxy-status', statusText: 'Forbidden' }, 'Forbidden'],
    [
      { kind: 'proxyconnect', cause: { kind: 'dial', address, reason: 'connection refused' } },
      'proxyconnect tcp: dial tcp 192.0.2.7:443: connect: connection refused',
    ],
    [{ kind: 'tls', reason: { kind: 'record-header' } }, 'tls: first record does not look like a TLS handshake'],
    [{ kind: 'tls', reason: { kind: 'alert', name: 'bad certificate' } }, 'remote error: tls: bad certificate'],
    [
      { kind: 'tls', reason: { kind: 'hostname', host: 'a.example', dnsNames: ['b.example', 'c.example'], ipAddresses: [] } },
      'tls: failed to verify certificate: x509: certificate is valid for b.example, c.example, not a.example',
    ],
    [
      { kind: 'tls', reason: { kind: 'hostname', host: '192.0.2.7', dnsNames: ['b.example'], ipAddresses: [] } },
      "tls: failed to verify certificate: x509: cannot validate certificate for 192.0.2.7 because it doesn't contain any IP SANs",
    ],
    [
      { kind: 'tls', reason: { kind: 'expired', nowMs: Date.UTC(2026, 0, 2), notAfterMs: Date.UTC(2026, 0, 1) } },
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is after 2026-01-01T00:00:00Z',
    ],
  ];
  for (const [failure, text] of texts) it(text, () => assert.equal(failureText(failure, '1.25'), text));

  it('has no prefix before Go 1.20', () => {
    const failure: NetFailure = { kind: 'tls', reason: { kind: 'unknown-authority' } };
    assert.equal(failureText(failure, '1.19'), 'x509: certificate signed by unknown authority');
    assert.equal(failureText(failure, '1.20'), 'tls: failed to verify certificate: x509: certificate signed by unknown authority');
  });

  it('tells a deadline from a timeout', () => {
    const lookup: NetFailure = { kind: 'lookup', host: 'a', reason: 'read udp: i/o timeout' };
    assert.deepEqual([isTimeout(lookup), isDeadline(lookup)], [true, false]);
    assert.ok(isDeadline({ kind: 'dial', address, reason: 'i/o timeout' }));
    assert.ok(!isDeadline({ kind: 'tls-handshake-timeout' }));
  });

  it('knows the Go of a release', () => {
    const of = (text: string): string => {
      const version = parseVersion(text);
      assert.ok(version);
      return goOf(version);
    };
    assert.deepEqual(['1.5.18', '1.6.20', '1.6.24', '1.7.0', '2.0.10', '2.3.4', '2.9.0'].map(of), [
      '1.19',
      '1.19',
      '1.20',
      '1.20',
      '1.24',
      '1.26',
      '1.26',
    ]);
  });
});
