// Bundles the programs into dist/. `--watch` rebuilds on change, `--production` minifies for the package.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { context, transform } from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const sourcemap = production ? false : 'linked';
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap,
  minify: production,
  logLevel: 'warning',
  external: ['vscode'],
  mainFields: ['module', 'main'],
  outdir: 'dist',
};
const banner = { js: '#!/usr/bin/env node' };
const programs = [
  { entryPoints: { extension: 'src/extension.ts' } },
  { entryPoints: { server: 'server/main.ts' } },
  // A command loads its own part of the program: half of a short call's time would go into reading the rest of it.
  {
    entryPoints: { cli: 'cli/index.ts' },
    splitting: true,
    format: 'esm',
    chunkNames: 'cli-[name]-[hash]',
    write: false,
    plugins: [commonJs()],
  },
  { entryPoints: { askpass: 'cli/transport/askpass.ts' }, banner },
];

for (const program of programs) {
  const build = await context({ ...common, ...program, sourcemap: program.splitting && sourcemap ? 'inline' : sourcemap });
  if (watch) await build.watch();
  else {
    await build.rebuild();
    await build.dispose();
  }
}

/** esbuild splits ES modules only; what it has split is turned into CommonJS, which node loads faster and VS Code's node everywhere. */
function commonJs() {
  return {
    name: 'common-js',
    setup(build) {
      build.onEnd(async ({ outputFiles = [] }) => {
        mkdirSync('dist', { recursive: true });
        for (const { path, text } of outputFiles) {
          const name = basename(path);
          const file = await transform(text, {
            format: 'cjs',
            platform: 'node',
            target: 'node20',
            minify: production,
            supported: { 'dynamic-import': false },
            sourcefile: name,
            sourcemap: production ? false : 'external',
            ...(name === 'cli.js' && { banner: banner.js }),
          });
          writeFileSync(join('dist', name), file.code + (production ? '' : `//# sourceMappingURL=${name}.map\n`));
          if (!production) writeFileSync(join('dist', `${name}.map`), file.map);
        }
        // Parts of an earlier build stay for a program that still runs, but never get into a package.
        const parts = new Set(outputFiles.map(({ path }) => basename(path)));
        const stale = readdirSync('dist').filter((name) => /^cli-.*\.js$/.test(name) && !parts.has(name));
        if (production) for (const name of stale) rmSync(join('dist', name));
      });
    },
  };
}
