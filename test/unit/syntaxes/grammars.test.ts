import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readManifest } from '../../fixtures/manifest';

interface Rule {
  readonly include?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly name?: string;
  readonly contentName?: string;
  readonly patterns?: readonly Rule[];
  readonly captures?: Readonly<Record<string, Rule>>;
  readonly beginCaptures?: Readonly<Record<string, Rule>>;
  readonly endCaptures?: Readonly<Record<string, Rule>>;
}

interface Grammar {
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

const { languages, grammars } = readManifest().contributes;
const byScope = new Map(grammars.map(({ scopeName, path }) => [scopeName, JSON.parse(readFileSync(path, 'utf8')) as Grammar]));

/** A rule and every rule inside it. */
function* within(rule: Rule): Generator<Rule> {
  yield rule;
  const captures = [rule.captures, rule.beginCaptures, rule.endCaptures].flatMap((group) => Object.values(group ?? {}));
  for (const inner of [...(rule.patterns ?? []), ...captures]) yield* within(inner);
}

function rulesOf(grammar: Grammar): readonly Rule[] {
  return [...grammar.patterns, ...Object.values(grammar.repository)].flatMap((rule) => [...within(rule)]);
}

function resolves(include: string, grammar: Grammar): boolean {
  if (include === '$self') return true;
  const [scope = '', name] = include.split('#');
  const target = scope === '' ? grammar : byScope.get(scope);
  return target !== undefined && (name === undefined || Object.hasOwn(target.repository, name));
}

describe('grammars', () => {
  it('stand under the scope name that package.json gives them', () => {
    for (const [scope, grammar] of byScope) assert.equal(grammar.scopeName, scope);
  });

  it('colour every language', () => {
    assert.deepEqual(
      grammars.map(({ language }) => language).filter((language) => language !== undefined),
      languages.map(({ id }) => id),
    );
  });

  for (const [scope, grammar] of byScope) {
    it(`${scope}: every include resolves and every part of its repository is used`, () => {
      const includes = rulesOf(grammar).flatMap(({ include }) => include ?? []);
      assert.deepEqual(
        includes.filter((include) => !resolves(include, grammar)),
        [],
      );
      const used = [...byScope.values()].flatMap(rulesOf).flatMap(({ include }) => include?.split('#')[1] ?? []);
      assert.deepEqual(
        Object.keys(grammar.repository).filter((name) => !used.includes(name)),
        [],
      );
    });

    it(`${scope}: every pattern is a regular expression and every begin has an end`, () => {
      for (const rule of rulesOf(grammar)) {
        for (const pattern of [rule.match, rule.begin, rule.end]) {
          if (pattern !== undefined) assert.doesNotThrow(() => new RegExp(pattern.replace(/^\(\?i\)/, '')), pattern);
        }
        assert.equal(rule.begin === undefined, rule.end === undefined, JSON.stringify(rule));
      }
    });
  }

  it('the key pattern of hosts.toml knows the keys of hosts.go and no other', () => {
    const key = byScope.get('source.containerd-hosts')?.repository['key']?.begin ?? '';
    const known = (line: string): boolean => new RegExp(key).test(line);
    for (const name of ['server', 'ca', 'client', 'skip_verify', 'override_path', 'dial_timeout']) assert.ok(known(`  ${name} = 1`), name);
    for (const name of ['credential_helper', 'username', 'servers', 'overridepath']) assert.ok(!known(`${name} = 1`), name);
  });
});
