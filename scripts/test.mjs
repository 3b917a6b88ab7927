// npm test: installs what is missing, builds, runs every test. `npm test -- PATTERN…` runs the files whose path contains a pattern.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { ensurePackages, fail, run } from './setup/packages.mjs';
import { ensureSystemPrograms } from './setup/system.mjs';

ensurePackages();
ensureSystemPrograms();
run(process.execPath, ['scripts/build.mjs']);

const patterns = process.argv.slice(2);
const files = readdirSync('test', { recursive: true })
  .filter((file) => file.endsWith('.test.ts') && !file.startsWith('fixtures/'))
  .map((file) => `test/${file}`)
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  .sort();
if (files.length === 0) fail(`No test file matches ${patterns.join(' or ')}.`);
const mocha = [process.execPath, 'node_modules/mocha/bin/mocha.js', '--reporter', 'test/reporter.cjs', ...files];
// With process numbers of its own a run sees no containerd but its own, and nothing that it has started outlives it. The shell stays, as
// process 1, to bury what has lost its parent.
const apart = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', '"$@"; exit $?', 'sh'];
const [program, ...words] = process.getuid?.() === 0 ? [...apart, ...mocha] : mocha;
const { status } = spawnSync(program, words, { stdio: 'inherit' });
process.exitCode = status ?? 1;
