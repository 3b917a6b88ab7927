import assert from 'node:assert/strict';
import { printKeyPath } from '../../../core/toml/lookup';
import { parse } from '../../../core/toml/parse';

function codes(text: string): string[] {
  return parse(text).errors.map(({ code }) => code);
}

function lines(text: string): string[] {
  const { document } = parse(text);
  const names = (path: readonly { name: string }[]): string => printKeyPath(path.map(({ name }) => name));
  return [...document.headers.map((h) => `[${names(h.path)}]`), ...document.assignments.map((a) => `${names(a.path)}: ${a.value.kind}`)];
}

describe('toml recovery', () => {
  it('loses only the broken line', () => {
    const text = 'a = 1\nb\nc = \n= 4\ne = 5 6\n[f\ng = "open\nh = 8\n';
    assert.deepEqual(codes(text), [
      'expected-equals',
      'expected-value',
      'expected-key',
      'expected-newline',
      'expected-closing-bracket',
      'unterminated-string',
    ]);
    assert.deepEqual(lines(text), ['[f]', 'a: integer', 'c: invalid', 'e: integer', 'g: invalid', 'h: integer']);
  });

  it('ends an open array where a header or key starts', () => {
    for (const next of ['[host."https://m"]', 'ca = "x"', '[[a.b]]  # c', '"q" = 1', 'a . b=1']) {
      const text = `server = ["a",\n  "b",\n${next}\nlast = 1\n`;
      assert.deepEqual(codes(text), ['unterminated-array'], next);
      assert.equal(parse(text).document.assignments.at(-1)?.path[0]?.name, 'last');
      assert.equal(parse(text).document.headers.length + parse(text).document.assignments.length, 3);
    }
  });

  it('does not take nested arrays for headers', () => {
    for (const item of ['["a"]', '[1.5]', '[true]', '[[1], [2]]', "['a']", '[2024-01-01]', '[]', '["a", "b"]']) {
      assert.deepEqual(codes(`a = [\n${item}\n]\n`), [], item);
      assert.deepEqual(codes(`a = [\n 1,\n${item} # c\n]\n`), [], item);
    }
  });

  it('ends an open inline table with its line when nothing closes it', () => {
    const text = 'a = { b = 1,\nc = 2\n[d]\ne = 3\n';
    assert.deepEqual(codes(text), ['unterminated-inline-table']);
    assert.deepEqual(lines(text), ['[d]', 'a: table', 'c: integer', 'e: integer']);
  });

  it('reads an inline table over several lines, with an error for each break', () => {
    const text = 'a = {\n  b = 1,\n  c = [\n 2 ] }\nd = 4\n';
    assert.deepEqual(codes(text), ['newline-in-inline-table', 'newline-in-inline-table']);
    assert.deepEqual(lines(text), ['a: table', 'd: integer']);
    assert.deepEqual(codes('a = { b = 1, }'), ['trailing-comma-in-inline-table']);
  });

  it('ends an open multi-line string with its line', () => {
    assert.deepEqual(codes('a = """one\nb = 2\n[c]\n'), ['unterminated-string']);
    assert.deepEqual(lines('a = """one\nb = 2\n[c]\n'), ['[c]', 'a: invalid', 'b: integer']);
  });

  it('keeps what was read of a header', () => {
    assert.deepEqual(lines('[host."https://m\nca = "x"\n'), ['[host."https://m"]', 'ca: string']);
    assert.deepEqual(codes('[host.localhost:5000]\n'), ['expected-closing-bracket']);
    assert.deepEqual(codes('[host.]\n[]\n[[a]\n'), ['expected-key', 'expected-key', 'expected-closing-bracket']);
  });

  it('says where a line break, control character or mark does not belong', () => {
    assert.deepEqual(codes('a = 1\rb = 2\n'), ['bare-carriage-return']);
    assert.deepEqual(codes('# \u0000\u0001\na = "\u007f"\n'), ['control-character', 'control-character']);
    assert.deepEqual(codes('\ufeffa = 1\n'), []);
    assert.deepEqual(codes('a = """b""" = 1\n"""c""" = 1\n'), ['expected-newline', 'multiline-key']);
  });

  it('survives nesting, binary and empty text', () => {
    const deep = 100_000;
    assert.deepEqual(codes(`a = ${'['.repeat(deep)}`), ['too-deep']);
    assert.deepEqual(codes(`a = ${'['.repeat(deep)}${']'.repeat(deep)}\nb = 1\n`), ['too-deep']);
    assert.deepEqual(codes(`a = ${'{a='.repeat(deep)}`), ['unterminated-inline-table', 'too-deep']);
    assert.deepEqual(codes(`${'a.'.repeat(deep)}a = 1`), ['too-deep']);
    assert.deepEqual(codes(`[${'a.'.repeat(deep)}a]`), ['too-deep']);
    assert.deepEqual(codes(''), []);
    assert.ok(codes('\u0000'.repeat(deep)).length > 0);
  });
});
