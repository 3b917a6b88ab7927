import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Playground } from '../playground/playground';
import { installExtension, startCodeServer } from '../vscode/codeServer';
import { ensureCodeServer } from '../vscode/install';

/** The desktop VS Code, with the extension from this checkout; without one, how to get there. */
export async function openInCode({ folder }: Playground): Promise<void> {
  const code = onPath('code');
  if (code === undefined) {
    console.log(`
== In the editor
VS Code's \`code\` is not on your PATH. Either
  npm start -- --browser            opens the playground in a VS Code in the browser, or
  npm run package -- --out containerd-runbooks.vsix
                                    makes a package: install it with “Extensions: Install from VSIX…” and open
                                    ${folder}`);
    return;
  }
  spawn(code, ['--new-window', `--extensionDevelopmentPath=${process.cwd()}`, folder], { stdio: 'inherit' });
  console.log(`\n== In the editor\nVS Code opens ${folder}. The registries run until Ctrl-C.`);
  await interrupted();
}

/** The same in code-server, until Ctrl-C. */
export async function openInBrowser({ folder }: Playground): Promise<void> {
  console.log('\n== In the browser');
  const installation = ensureCodeServer((line) => console.log(line));
  const data = join('out', 'browser');
  const vsix = join('out', 'playground.vsix');
  const { status } = spawnSync(process.execPath, ['scripts/package.mjs', '--no-build', '--out', vsix], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the extension could not be packed');
  installExtension(installation, data, vsix);
  const server = await startCodeServer(installation, data, {});
  console.log(`VS Code runs at ${server.url}/?folder=${encodeURIComponent(folder)}\nThe registries and the editor run until Ctrl-C.`);
  await interrupted();
  await server.stop();
}

function onPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = process.platform === 'win32' ? [`${program}.cmd`] : [program];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}
