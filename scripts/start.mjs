// npm start: installs what is missing, builds, then shows the playground in the terminal and opens it in an editor (scripts/start/main.ts).
import { spawn } from 'node:child_process';
import { ensurePackages, run } from './setup/packages.mjs';

ensurePackages();
run(process.execPath, ['scripts/build.mjs']);
const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start/main.ts', ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches both; the child closes its registries and says how it ended.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (status) => process.exit(status ?? 1));
