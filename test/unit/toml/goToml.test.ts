import assert from 'node:assert/strict';
import { decoderProblem } from '../../../core/toml/goToml';
import { parse } from '../../../core/toml/parse';
import { parseVersion } from '../../../core/versions/versions';
import { goTomlCases } from './goTomlCases';

function problem(text: string, version: string, decodes?: (path: readonly string[]) => boolean): string | null {
  const parsedVersion = parseVersion(version);
  assert.ok(parsedVersion);
  const found = decoderProblem(parse(text), parsedVersion, decodes);
  return found ? (found.text ?? found.code) : null;
}

describe('go-toml', () => {
  for (const [what, text, v1, v2] of goTomlCases) {
    it(`reads or refuses: ${what}`, () => {
      assert.deepEqual([problem(text, '1.7.34'), problem(text, '2.1.9')], [v1, v2]);
    });
  }

  it('changed between releases of containerd', () => {
    const unsigned = 'a = 18446744073709551615\n';
    assert.deepEqual(
      ['1.5.18', '1.6.15', '1.6.16', '1.7.0'].map((version) => problem(unsigned, version)),
      ['integer-out-of-range', 'integer-out-of-range', null, null],
    );
    const leap = 'a = 2024-06-30T23:59:60Z\n';
    assert.deepEqual(
      ['2.0.0', '2.2.7', '2.3.0'].map((version) => problem(leap, version)),
      [null, null, 'bad-date'],
    );
    const underscore = 'a = 1_.5\n';
    assert.deepEqual(
      ['1.5.18', '1.6.0'].map((version) => problem(underscore, version)),
      ['(1, 5): invalid use of _ in number', null],
    );
  });

  it('reads dates of v1.8.1 by one expression', () => {
    for (const date of ['1979-05-27T07:32:00Z', '1979-05-27 07:32:00', '1979-05-27', '07:32:00'])
      assert.equal(problem(`a = ${date}`, '1.5.18'), null);
    for (const date of ['1979-05-2707:32:00', '07:32:00Z', '1979-05-27T25:00:00']) {
      assert.equal(problem(`a = ${date}`, '1.5.18'), 'bad-date', date);
    }
  });

  it('does not look at what the struct of v2 has no place for', () => {
    const text = '[unknown]\na = 1\na = 2\n[known]\nx = 1.2.3\ny = 2\n';
    const all = (): boolean => true;
    assert.equal(problem(text, '2.1.9', all), 'toml: key a is already defined');
    assert.equal(
      problem(text, '2.1.9', ([first]) => first === 'known'),
      'bad-number',
    );
    assert.equal(
      problem(text, '2.1.9', (path) => path[0] === 'known' && path[1] !== 'x'),
      null,
    );
    assert.equal(
      problem(text, '1.7.34', () => false),
      '(3, 1): The following key was defined twice: unknown.a',
    );
  });

  it('stops at the first thing, in the order the library reads', () => {
    const both = '[a]\n[a]\nb = "open\n';
    assert.equal(problem(both, '2.1.9'), 'toml: table a already exists');
    assert.equal(problem('[a]\n[a] x\n', '2.1.9'), 'toml: table a already exists');
    assert.equal(problem('a = 1\na = 2 # \u0001\n', '2.1.9'), 'toml: invalid character in comment');
    assert.equal(problem(both, '1.7.34'), '(2, 2): duplicated tables');
  });

  it('refuses bytes that are not UTF-8 from 2.0 on', () => {
    const parsed = parse('# caf\ufffd\na = 1\n', { notUtf8: true });
    assert.deepEqual(
      parsed.errors.map(({ code, range }) => [code, range]),
      [['not-utf8', { start: 5, end: 6 }]],
    );
    assert.equal(decoderProblem(parsed, { major: 1, minor: 7, patch: 34 }), undefined);
    assert.equal(decoderProblem(parsed, { major: 2, minor: 1, patch: 9 })?.code, 'not-utf8');
  });

  it('marks the place in the file', () => {
    const text = 'server = "x"\n[host."https://[::1]:5000"]\n';
    const found = decoderProblem(parse(text), { major: 1, minor: 7, patch: 34 });
    assert.equal(found && text.slice(found.range.start, found.range.end), 'host."https://[::1]:5000"]');
    const missing = 'a = 1\nb = [1, 2\n';
    const open = decoderProblem(parse(missing), { major: 2, minor: 1, patch: 9 });
    assert.deepEqual([open?.code, open && missing.slice(open.range.start)], ['unterminated-array', '[1, 2\n']);
  });

  it('survives nesting and endless headers', () => {
    const deep = 20_000;
    const versions = [
      { major: 1, minor: 7, patch: 34 },
      { major: 2, minor: 1, patch: 9 },
    ];
    for (const text of [`a = ${'['.repeat(deep)}`, `a = ${'{a='.repeat(deep)}`, `${'a.'.repeat(deep)}a = 1`, `[${'a.'.repeat(deep)}a]`]) {
      const parsed = parse(text);
      for (const version of versions) assert.equal(decoderProblem(parsed, version)?.code, 'too-deep');
    }
    const many = parse('[[a]]\n'.repeat(5000) + Array.from({ length: 5000 }, (_, i) => `[a.b${i}]\nc = 1\n`).join(''));
    for (const version of versions) assert.equal(decoderProblem(many, version), undefined);
  });
});
