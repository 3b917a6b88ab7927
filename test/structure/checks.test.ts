import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { text } from 'node:stream/consumers';

/** Lint, format and types are tests: there is no other place where they are checked. */
const checks = {
  'the types are right (tsc -b)': ['node_modules/typescript/bin/tsc', '-b'],
  'the linter has nothing to say (eslint .)': ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  'the format is Prettier’s (prettier --check .)': ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
};

interface Outcome {
  readonly status: unknown;
  readonly said: string;
}

/** At the lowest priority: it takes only what the tests leave. */
async function outcomeOf(args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) setPriority(child.pid, 19);
  const [stdout, stderr, closed] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<unknown[]>]);
  return { status: closed[0], said: `${stdout}${stderr}` };
}

describe('checks', () => {
  // They begin when this file is read, beside the tests before them, most of which wait for networks: two minutes less for the whole run.
  let last: Promise<unknown> = Promise.resolve();
  for (const [title, args] of Object.entries(checks)) {
    const outcome = last.then(() => outcomeOf(args));
    last = outcome;
    it(title, async () => {
      const { status, said } = await outcome;
      assert.equal(status, 0, said);
    });
  }
});
