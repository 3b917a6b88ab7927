// npm run bench: figures beside peers, measured in the same run. `npm run bench -- servers` runs one of them.
import { spawnSync } from 'node:child_process';
import { ensurePackages, run } from './setup/packages.mjs';

ensurePackages();
run(process.execPath, ['scripts/build.mjs']);
const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'test/bench/index.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
