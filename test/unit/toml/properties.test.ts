import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TomlDocument } from '../../../core/toml/document';
import { decoderProblem } from '../../../core/toml/goToml';
import { nodeAtOffset, printKeyPath } from '../../../core/toml/lookup';
import { parse, parseCounted } from '../../../core/toml/parse';
import { tomlDocument } from './documents';

const whole = [
  'server = "https://registry.example"\n\n[host."https://mirror.example:5000"]\n  capabilities = ["pull", "resolve"]\n  ca = "/etc/ca.pem" # ours\n[host."https://mirror.example:5000".header]\n  x-a = ["1", "2"]\n',
  "version = 3\r\nimports = [\r\n  '/etc/a.toml', # first\r\n  '/etc/b.toml',\r\n]\r\n[plugins.'io.containerd.cri.v1.images']\r\n  snapshotter = \"overlayfs\"\r\n  [plugins.'io.containerd.cri.v1.images'.registry]\r\n    config_path = '/etc/containerd/certs.d'\r\n",
  'a.b.c = 1\na.d = { e = [1, { f = "g" }], h.i = 2 }\nj = """\nfirst\n[not.a.header]\nk = 1\n"""\nl = \'\'\'two\nlines\'\'\'\n[[m]]\nn = 1979-05-27 07:32:00\n[[m]]\nn = -inf\n[m.o]\np = [\n  [1, 2],\n  ["x"],\n]\n',
];

/** Each `key = value` and header as text, without those that touch the line at `offset` or come after it. */
function before({ text, assignments, headers }: TomlDocument, offset: number): string[] {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const done = [...assignments, ...headers].filter(({ range }) => range.end < lineStart);
  return done.map(
    ({ range, path }) => `${range.start} ${printKeyPath(path.map(({ name }) => name))} ${text.slice(range.start, range.end)}`,
  );
}

function names({ assignments, headers }: TomlDocument): string[] {
  const all = [...headers.map(({ path }) => path), ...assignments.map(({ header, path }) => [...(header?.path ?? []), ...path])];
  return all.map((path) => printKeyPath(path.map(({ name }) => name)));
}

describe('toml properties', () => {
  it('keeps all lines above the one being typed', () => {
    for (const text of whole) {
      const { document, errors } = parse(text);
      assert.deepEqual(errors, []);
      for (let end = 0; end <= text.length; end++) {
        const typed = parse(text.slice(0, end));
        const kept = new Set(before(typed.document, end));
        for (const line of before(document, end)) assert.ok(kept.has(line), `${line} is lost after ${JSON.stringify(text.slice(0, end))}`);
      }
    }
  });

  it('keeps all lines below an unfinished one', () => {
    const lines =
      'server = "x"\n[host."https://a"]\nca = "y"\nskip_verify = true\n[host."https://b"]\nclient = [["c", "k"]]\n"q" = 1\n'.split('\n');
    const unfinished = [
      'new',
      'new =',
      'new = "ht',
      "new = 'ht",
      'new = ["pull"',
      'new = ["pull",',
      'new = ["pu',
      'new = [[',
      'new = {',
      'new = { a = 1,',
    ];
    const more = [
      'new = """x',
      "new = '''",
      '[host."https://',
      '[host.',
      '[',
      '[[',
      '"new',
      'new.',
      '=',
      ']',
      'new = 2024-',
      'new = 1_',
      'new = \\',
      '\u0000',
    ];
    const expected = names(parse(lines.join('\n')).document);
    for (const broken of [...unfinished, ...more]) {
      for (let at = 0; at < lines.length; at++) {
        const text = [...lines.slice(0, at), broken, ...lines.slice(at)].join('\n');
        const found = names(parse(text).document).map((name) => name.split('.').at(-1));
        for (const name of expected) assert.ok(found.includes(name.split('.').at(-1)), `${name} is lost in ${JSON.stringify(text)}`);
      }
    }
  });

  it('takes any text, with errors in order and inside it', () => {
    const check = (text: string): void => {
      const parsed = parse(text);
      let last = 0;
      for (const { range } of parsed.errors) {
        assert.ok(range.start >= last && range.end >= range.start && range.end <= text.length, JSON.stringify(text));
        last = range.start;
      }
      for (const major of [1, 2]) decoderProblem(parsed, { major, minor: 7 - 5 * (major - 1), patch: 0 });
      for (let at = 0; at <= text.length; at++) nodeAtOffset(parsed.document, at);
    };
    const noise = fc
      .array(fc.constantFrom(...Array.from('[]{}="\'\\.,#\n\r\t ab1-:+_eTZ\u0000\ufeffé🐋')), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(fc.property(noise, check), { seed: 7, numRuns: 1500 });
    fc.assert(fc.property(tomlDocument, check), { seed: 8, numRuns: 300 });
  });

  it('does twice the work for twice the text', () => {
    const hostile: Readonly<Record<string, (n: number) => string>> = {
      'open arrays': (n) => 'a = [\n'.repeat(n),
      'open inline tables': (n) => 'a = {\n'.repeat(n),
      'open inline tables with entries': (n) => 'a = {b=1,\n'.repeat(n),
      'open mixtures': (n) => `a = ${'[{a='.repeat(50)}\n`.repeat(n / 50),
      'open multi-line strings': (n) => 'a = """\nb = \'\'\'\n'.repeat(n),
      'array of things like headers': (n) => `a = [\n${'["x"]\n'.repeat(n)}`,
      'array of things like keys': (n) => `a = [\n${'b c\n'.repeat(n)}`,
      'long key path in an array': (n) => `a = [\n[${'"x".'.repeat(n)}`,
      'one long string': (n) => `a = "${'x'.repeat(n)}`,
      'one long number': (n) => `a = ${'9'.repeat(n)}`,
      'same header': (n) => '[a]\n'.repeat(n),
      'wide table': (n) => Array.from({ length: n }, (_, i) => `k${i} = 1\n`).join(''),
      brackets: (n) => `a = ${'['.repeat(n)}`,
      controls: (n) => `# ${'\u0000a'.repeat(n)}`,
    };
    for (const [what, text] of Object.entries(hostile)) {
      const [once, twice] = [text(4000), text(8000)].map((doc) => parseCounted(doc).steps / doc.length);
      assert.ok(once !== undefined && twice !== undefined && twice <= 4, `${what}: ${twice ?? 0} steps per character`);
      assert.ok(twice <= once * 1.2 + 0.1, `${what}: from ${once} to ${twice} steps per character`);
    }
  });

  it('finishes on large files', () => {
    const size = 500_000;
    for (const piece of ['\u0000', 'a = [\n', '[[a]]\n', "'''", '{a=', 'a.', '\\u', '"\\', '1979-05-27 ']) {
      const parsed = parse(`a = ${piece.repeat(size / piece.length)}`);
      assert.ok(parsed.errors.length > 0 && parsed.errors.length <= 1000);
      for (const major of [1, 2]) assert.notEqual(decoderProblem(parsed, { major, minor: 2, patch: 0 }), undefined);
    }
  });
});
