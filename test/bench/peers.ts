import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Peer {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether it is asked for diagnostics, or sends them by itself. */
  readonly pull: boolean;
}

const packages = ['@tombi-toml/tombi@latest', '@taplo/lsp@0.8.0'];

/** The TOML language servers that people use, installed from npm into a cache outside the project. */
export function installPeers(): readonly Peer[] {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'containerd-runbooks', 'bench');
  const modules = join(cache, 'node_modules');
  if (!existsSync(join(modules, '@taplo/lsp'))) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'package.json'), '{"private":true}');
    spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages], {
      cwd: cache,
      stdio: 'inherit',
    });
  }
  const tombi = join(modules, `@tombi-toml/cli-${process.platform}-${process.arch}`);
  const binary = ['bin/tombi', 'tombi'].map((path) => join(tombi, path)).find((path) => existsSync(path));
  return [
    ...(binary === undefined ? [] : [{ name: 'tombi', command: [binary, 'lsp', '--offline'], pull: true }]),
    { name: 'Taplo', command: [process.execPath, join(__dirname, 'taplo.cjs'), join(modules, '@taplo/lsp')], pull: false },
  ];
}
