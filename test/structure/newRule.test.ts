import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const rule = `import type { HostsRule } from './rule';

export const hostsTestOnly: HostsRule = {
  id: 'hosts-test-only',
  kind: 'hosts',
  doc: {
    title: 'The file has a key named test_only',
    why: 'A rule that only the test of new rules has.',
    bad: 'test_only = 1\\n',
    good: 'server = "https://example.com"\\n',
    sources: ['test/structure/newRule.test.ts'],
  },
  messages: { found: 'There is "{key}".' },
  *check({ parsed }) {
    for (const { path, range } of parsed.document.assignments) {
      if (path[0]?.name === 'test_only') yield { range, severity: 'hint', key: 'found', args: { key: 'test_only' } };
    }
  },
};
`;
const testCase = `A key that only the rule of this case knows.

-- /etc/containerd/certs.d/docker.io/hosts.toml --
test_only = 1
`;

describe('one more rule', () => {
  let copy: string;
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'new-rule-'));
    const left = new Set(['node_modules', 'dist', 'out', '.git'].map((name) => resolve(name)));
    cpSync('.', copy, { recursive: true, filter: (path) => !left.has(resolve(path)) });
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  function run(...args: readonly string[]): string {
    const env = { ...process.env, UPDATE: args.includes('update') ? '1' : '' };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      args.filter((arg) => arg !== 'update'),
      { cwd: copy, encoding: 'utf8', env },
    );
    assert.equal(status, 0, `${stdout}${stderr}`);
    return stdout;
  }

  it('is its own file, its case, and what npm run generate writes', () => {
    writeFileSync(join(copy, 'core/rules/hosts-test-only.ts'), rule);
    writeFileSync(join(copy, 'test/cases/hosts-test-only.txt'), testCase);
    const wrote = run('--import', 'tsx', 'scripts/generate.ts');
    assert.match(wrote, /core\/rules\/index\.ts/);
    assert.match(readFileSync(join(copy, 'docs/rules/hosts-test-only.md'), 'utf8'), /There is "test_only"\./);
    assert.match(readFileSync(join(copy, 'README.md'), 'utf8'), /hosts-test-only/);
    run('node_modules/mocha/bin/mocha.js', 'test/cases.test.ts', 'update');
    assert.match(readFileSync(join(copy, 'test/cases/hosts-test-only.txt'), 'utf8'), /There is "test_only"\. \[hosts-test-only\]/);
    run('node_modules/mocha/bin/mocha.js', 'test/rules.test.ts', 'test/generated.test.ts');
  });
});
