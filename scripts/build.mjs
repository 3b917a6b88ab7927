// Bundles the three programs into dist/. `--watch` rebuilds on change, `--production` minifies for the package.
import { context } from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'warning',
  external: ['vscode'],
  mainFields: ['module', 'main'],
};
const programs = [
  { entryPoints: { extension: 'src/extension.ts' } },
  { entryPoints: { server: 'server/main.ts' } },
  { entryPoints: { cli: 'cli/index.ts' }, banner: { js: '#!/usr/bin/env node' } },
  { entryPoints: { askpass: 'cli/transport/askpass.ts' }, banner: { js: '#!/usr/bin/env node' } },
];

for (const program of programs) {
  const build = await context({ ...common, ...program, outdir: 'dist' });
  if (watch) await build.watch();
  else {
    await build.rebuild();
    await build.dispose();
  }
}
