// Packs the extension: `npm run package -- --out FILE`. The bundles are built first, minified, unless --no-build says they are there.
import { createVSIX } from '@vscode/vsce';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'containerd-runbooks.vsix' }, build: { type: 'boolean', default: true } },
  allowNegative: true,
});

if (values.build) {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', '--production'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
// Everything that runs is in the bundles, so no package of node_modules goes in.
await createVSIX({ packagePath: values.out, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
console.log(`wrote ${values.out}`);
