import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Lint, format and types are tests: there is no other place where they are checked. */
const checks = {
  'the types are right (tsc -b)': ['node_modules/typescript/bin/tsc', '-b'],
  'the linter has nothing to say (eslint .)': ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  'the format is Prettier’s (prettier --check .)': ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
};

describe('checks', function () {
  this.timeout(300_000);
  for (const [title, args] of Object.entries(checks)) {
    it(title, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.equal(status, 0, `${stdout}${stderr}`);
    });
  }
});
