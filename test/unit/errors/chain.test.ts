import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseChain } from '../../../core/errors/chain';
import { safeUrl } from '../../../core/errors/captures';
import { normalize } from '../../../core/errors/normalize';
import { withoutSecrets } from '../../../core/errors/redact';

const clausesOf = (text: string): readonly string[] => parseChain(text).clauses.map((clause) => clause.text);

describe('parseChain', () => {
  it('splits containerd’s wrapping, outermost first, and not inside quotes and URLs', () => {
    assert.deepEqual(
      clausesOf(
        'failed to pull and unpack image "r.example:5000/a:1": failed to resolve image: failed to do request: Head "https://r.example:5000/v2/a/manifests/1": EOF',
      ),
      [
        'failed to pull and unpack image "r.example:5000/a:1"',
        'failed to resolve image',
        'failed to do request',
        'Head "https://r.example:5000/v2/a/manifests/1"',
        'EOF',
      ],
    );
  });

  const prefixes = [
    'ctr: ',
    'FATA[0001] ',
    'rpc error: code = Unknown desc = ',
    'Mar 03 10:10:10 node-1 containerd[812]: time="2026-03-03T10:10:10Z" level=error msg="',
    'E0303 10:10:10.123456    1234 remote_image.go:180] "PullImage failed" err="',
    '2026-03-03T10:10:10.123Z stderr F ',
  ];
  for (const prefix of prefixes)
    it(`strips ${JSON.stringify(prefix)}`, () => assert.equal(clausesOf(`${prefix}no signatures`)[0]?.replace(/"$/, ''), 'no signatures'));

  it('captures what the text names', () => {
    const digest = `sha256:${'0a'.repeat(32)}`;
    const { captures } = parseChain(
      `FATA[0031] rpc error: code = NotFound desc = failed to pull and unpack image "r.example:5000/a/b:1": failed to copy: httpReadSeeker: failed open: unexpected status from GET request to https://cdn.example/v2/a/b/blobs/${digest}?sig=abc: 403 Forbidden`,
    );
    assert.deepEqual(
      { ...captures },
      {
        reference: 'r.example:5000/a/b:1',
        host: 'cdn.example',
        url: `https://cdn.example/v2/a/b/blobs/${digest}?sig=…`,
        status: 403,
        digest,
        mediaType: null,
        address: null,
        duration: null,
        elapsedSeconds: 31,
        grpcCode: 'NotFound',
      },
    );
    assert.equal(
      parseChain('dial tcp: lookup r.example on 10.0.0.1:53: read udp 10.0.0.2:4->10.0.0.1:53: i/o timeout').captures.address,
      '10.0.0.1:53',
    );
    assert.equal(parseChain('cancel pulling image r.example/a:1 because of no progress in 5m0s').captures.duration, '5m0s');
  });

  it('gives no secret out', () => {
    assert.equal(safeUrl('https://user:hunter2@r.example/v2/?ns=docker.io&token=hunter2'), 'https://r.example/v2/?ns=docker.io&token=…');
    const shown = withoutSecrets(
      'Get "https://u:hunter2@r.example/t?sig=hunter2": Authorization: Basic aHVudGVyMjpodW50ZXIy password=hunter2 "token":"hunter2" --creds me:hunter2 eyJhbGciOi.hunter2.x',
    );
    assert.doesNotMatch(shown, /hunter2|aHVudGVy/);
    const harmless =
      'failed to fetch anonymous token: unexpected status: require authorization: authorization failed: no basic auth credentials';
    assert.equal(withoutSecrets(harmless), harmless);
    const { captures } = parseChain('failed to do request: Head "https://u:hunter2@r.example/v2/a/manifests/1?token=hunter2": EOF');
    assert.doesNotMatch(JSON.stringify(captures), /hunter2/);
    assert.equal(captures.host, 'r.example');
  });

  it('undoes escapes and wrapping, and knows where each character stood', () => {
    assert.equal(normalize('a \\"b\\" c').text, 'a "b" c');
    assert.equal(normalize('failed open:\n  unexpected status').text, 'failed open: unexpected status');
    assert.equal(normalize('2one: \\\n3two').text, '2one: two');
    assert.equal(normalize('level=info msg=a\nlevel=info msg=b').text, 'level=info msg=a\nlevel=info msg=b');
    assert.equal(normalize('\u001b[31mred\u001b[0m &quot;x&quot; “y”').text, 'red "x" "y"');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', ' ', '&quot;', '\u001b[1m', ':', '{') }), (source) => {
        const { text, offsets } = normalize(source);
        return (
          offsets.length === text.length + 1 && offsets.every((offset, i) => offset >= (offsets[i - 1] ?? 0) && offset <= source.length)
        );
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});
