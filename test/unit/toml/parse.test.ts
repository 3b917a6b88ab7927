import assert from 'node:assert/strict';
import type { TomlValue } from '../../../core/toml/document';
import { toPlain } from '../../../core/toml/lookup';
import { parse } from '../../../core/toml/parse';

/** Values for comparison: objects with a prototype, dates as text. */
function read(text: string): unknown {
  const { document, errors } = parse(text);
  assert.deepEqual(errors, []);
  return plain(document.root);
}

function plain(value: TomlValue): unknown {
  if (value.kind === 'table') return Object.fromEntries([...value.entries].map(([name, entry]) => [name, plain(entry.value)]));
  if (value.kind === 'array') return value.items.map(plain);
  return value.kind === 'invalid' ? 'invalid' : value.value;
}

/** `code: text under the range` of every error. */
function complaints(text: string): string[] {
  return parse(text).errors.map(({ code, range }) => `${code}: ${text.slice(range.start, range.end)}`);
}

describe('toml parse', () => {
  it('reads a hosts.toml', () => {
    const text = [
      'server = "https://registry-1.docker.io" # upstream',
      '',
      '[host."https://mirror.example:5000"]',
      '  capabilities = ["pull", "resolve"]',
      '  ca = "/etc/certs/mirror.pem"',
      "  client = [['/a.cert', '/a.key'], '/b.pem']",
      '  skip_verify = true',
      '[host."https://mirror.example:5000".header]',
      '  x-custom = "a"',
    ].join('\n');
    assert.deepEqual(read(text), {
      server: 'https://registry-1.docker.io',
      host: {
        'https://mirror.example:5000': {
          capabilities: ['pull', 'resolve'],
          ca: '/etc/certs/mirror.pem',
          client: [['/a.cert', '/a.key'], '/b.pem'],
          skip_verify: true,
          header: { 'x-custom': 'a' },
        },
      },
    });
  });

  it('keeps headers, assignments and comments in file order with their ranges', () => {
    const text = 'a = 1\r\n[b] # note\r\n\r\nc.d = [1, 2]\r\n\r\n[[e]]\r\n';
    const { document } = parse(text);
    const cut = ({ range }: { range: { start: number; end: number } }): string => text.slice(range.start, range.end);
    assert.deepEqual(document.assignments.map(cut), ['a = 1', 'c.d = [1, 2]']);
    assert.deepEqual(document.headers.map(cut), ['[b]', '[[e]]']);
    assert.deepEqual(
      document.headers.map(({ section }) => text.slice(section.start, section.end)),
      ['[b] # note\r\n\r\nc.d = [1, 2]', '[[e]]'],
    );
    assert.deepEqual(
      document.comments.map((range) => cut({ range })),
      ['# note'],
    );
    assert.equal(document.assignments[1]?.header, document.headers[0]);
    assert.equal(document.assignments[1]?.table, document.headers[0]?.table);
  });

  it('reads every kind of string', () => {
    assert.deepEqual(read(String.raw`a = "tab\t quote\" slash\\ \u00e9 \U0001F40B"` + "\nb = 'C:\\dir'\n"), {
      a: 'tab\t quote" slash\\ é 🐋',
      b: 'C:\\dir',
    });
    assert.deepEqual(read('a = """\none\n  two \\  \n\n   three"""\nb = \'\'\'\r\nraw \\n\'\'\'\n'), {
      a: 'one\n  two three',
      b: 'raw \\n',
    });
    assert.deepEqual(read('a = """""two""quotes"""""\nb = \'\'\'\'\'\'\nc = """"one""""\n'), { a: '""two""quotes""', b: '', c: '"one"' });
  });

  it('reads numbers exactly', () => {
    assert.deepEqual(read('a = 9223372036854775807\nb = -9223372036854775808\nc = 0xDEAD_beef\nd = 0o755\ne = 0b1010\nf = +1_000'), {
      a: 9223372036854775807n,
      b: -9223372036854775808n,
      c: 0xdeadbeefn,
      d: 0o755n,
      e: 10n,
      f: 1000n,
    });
    assert.deepEqual(read('a = 6.02e+23\nb = -inf\nc = nan\nd = 1_0.0_1\ne = -0.0'), { a: 6.02e23, b: -Infinity, c: NaN, d: 10.01, e: -0 });
  });

  it('knows the four forms of dates', () => {
    const text = 'a = 2024-02-29T23:59:60Z\nb = 1979-05-27 07:32:00.5\nc = 1979-05-27 # day\nd = 07:32:00\ne = 1979-05-27t00:32:00+07:00';
    const forms = [...parse(text).document.root.entries.values()].map(
      ({ value }) => value.kind === 'datetime' && [value.form, value.value],
    );
    assert.deepEqual(forms, [
      ['offset', '2024-02-29T23:59:60Z'],
      ['local', '1979-05-27 07:32:00.5'],
      ['date', '1979-05-27'],
      ['time', '07:32:00'],
      ['offset', '1979-05-27t00:32:00+07:00'],
    ]);
  });

  it('refuses what only looks like a value', () => {
    assert.deepEqual(complaints('a = 01\nb = 1__0\nc = .5\nd = 1.\ne = 0x\nf = 9223372036854775808\ng = -0xff'), [
      'bad-number: 01',
      'bad-number: 1__0',
      'bad-number: .5',
      'bad-number: 1.',
      'bad-number: 0x',
      'integer-out-of-range: 9223372036854775808',
      'bad-number: -0xff',
    ]);
    assert.deepEqual(complaints('a = 2023-02-29\nb = 24:00:00\nc = 2024-01-01T10:00\nd = 12:30:00Z\ne = 2024-01-01T00:00:00+24:00'), [
      'bad-date: 2023-02-29',
      'bad-date: 24:00:00',
      'bad-date: 2024-01-01T10:00',
      'bad-date: 12:30:00Z',
      'bad-date: 2024-01-01T00:00:00+24:00',
    ]);
    assert.deepEqual(complaints('a = True\nb = https://x.example # c\nc = [pull, "push"]'), [
      'expected-value: True',
      'expected-value: https://x.example',
      'expected-value: pull',
    ]);
  });

  it('merges headers, dotted keys and arrays of tables', () => {
    assert.deepEqual(read('[a.b]\nx = 1\n[a]\ny = 2\n[[a.c]]\nz = 1\n[[a.c]]\nz = 2\n[a.c.d]\nw = 3\n'), {
      a: { b: { x: 1n }, y: 2n, c: [{ z: 1n }, { z: 2n, d: { w: 3n } }] },
    });
    assert.deepEqual(read('[a]\nb.c = 1\nb."d e" = 2\n[a.b.f]\ng = { h.i = 1, h.j = 2 }\n'), {
      a: { b: { c: 1n, 'd e': 2n, f: { g: { h: { i: 1n, j: 2n } } } } },
    });
  });

  it('keeps the first of duplicates in the tree and both among the lines', () => {
    const text = 'k = 1\nk = 2\n[t]\na = 1\n[t]\na = 2\nb = 3\n';
    const { document, errors } = parse(text);
    assert.deepEqual(plain(document.root), { k: 1n, t: { a: 1n } });
    assert.deepEqual(
      errors.map(({ code, range, args }) => [code, range.start, args['key']]),
      [
        ['duplicate-key', 6, 'k'],
        ['duplicate-table', 23, 't'],
      ],
    );
    assert.equal(document.headers.length, 2);
    assert.equal(document.assignments.length, 5);
    assert.deepEqual(plain(document.headers[1]?.table ?? document.root), { a: 2n, b: 3n });
    assert.equal(document.root.entries.get('t')?.keys.length, 2);
  });

  it('refuses to redefine and to extend what is closed', () => {
    assert.deepEqual(complaints('a = {}\n[a.b]\n'), ['extends-inline-table: a']);
    assert.deepEqual(complaints('a = {}\n[a]\n'), ['extends-inline-table: a']);
    assert.deepEqual(complaints('a = { b = 1 }\na.c = 2\n'), ['extends-inline-table: a']);
    assert.deepEqual(complaints('a = [{}]\n[[a]]\n'), ['extends-static-array: a']);
    assert.deepEqual(complaints('a = [1]\n[a.b]\n'), ['extends-static-array: a']);
    assert.deepEqual(complaints('[[a]]\n[a]\n'), ['duplicate-table: a']);
    assert.deepEqual(complaints('[a]\n[[a]]\n'), ['duplicate-table: a']);
    assert.deepEqual(complaints('a = 1\n[a.b]\n'), ['not-a-table: a']);
    assert.deepEqual(complaints('[a.b]\n[a]\nb.c = 1\n'), ['duplicate-table: b']);
    assert.deepEqual(complaints('[a]\nb.c = 1\n[a.b]\n'), ['duplicate-table: b']);
    assert.deepEqual(complaints('a = { b = 1, b = 2 }\n'), ['duplicate-key: b']);
    assert.deepEqual(complaints('a = 1\n"a" = 2\n'), ['duplicate-key: "a"']);
  });

  it('takes keys for keys, whatever objects call theirs', () => {
    const { document, errors } = parse('__proto__ = 1\nconstructor.prototype = 2\n[toString]\n');
    assert.deepEqual(errors, []);
    const values = toPlain(document.root);
    assert.deepEqual(Object.keys(values), ['__proto__', 'constructor', 'toString']);
    assert.equal(Object.getPrototypeOf(values), null);
  });
});
