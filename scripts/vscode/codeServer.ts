import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from './install';

export interface CodeServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** No first-run pages, no network look-ups, no random toasts: the window shows the project and nothing else. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'git.enabled': false,
  'window.dialogStyle': 'custom',
  'files.simpleDialog.enable': true,
  'files.hotExit': 'off',
  // As on a desktop. In a browser VS Code would save a second after each change, and a file of a node is saved by a person only.
  'files.autoSave': 'off',
  'remote.autoForwardPorts': false,
  'editor.accessibilitySupport': 'off',
  'editor.minimap.enabled': false,
  'editor.wordWrap': 'on',
  'editor.occurrencesHighlight': 'off',
};

/** Installs a .vsix for the server that will run on the same data folder. */
export function installExtension({ node, codeServer }: Installation, data: string, vsix: string): void {
  const { status, stdout, stderr } = spawnSync(node, [entry(codeServer), ...folders(data), '--install-extension', vsix], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`code-server did not install ${vsix}: ${stdout}${stderr}`);
}

export interface Windows {
  /** `asked`: a folder opens in restricted mode until a person trusts it. */
  readonly trust?: 'asked' | 'given';
  /** The display language. VS Code's own texts stay English: no language pack is installed, only named. */
  readonly language?: string;
}

/** Starts on a free port of loopback. */
export async function startCodeServer(
  { node, codeServer }: Installation,
  data: string,
  settings: Readonly<Record<string, unknown>>,
  { trust = 'given', language }: Windows = {},
): Promise<CodeServer> {
  writeSettings(data, 'User', quietSettings);
  // Where VS Code keeps what belongs to the machine that the extension runs on: machine-scoped settings count only there.
  writeSettings(data, 'Machine', settings);
  if (language !== undefined) writeLanguagePack(data, language);
  const more = [
    ...flags,
    ...(trust === 'asked' ? [] : ['--disable-workspace-trust']),
    ...(language === undefined ? [] : ['--locale', language]),
  ];
  const child = spawn(node, [entry(codeServer), ...folders(data), '--bind-addr', '127.0.0.1:0', '--auth', 'none', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { url: await listening(child), stop: () => stopped(child) };
}

const flags = [
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-getting-started-override',
  // Extension hosts of closed pages would linger for hours.
  '--reconnection-grace-time',
  '1',
];

function writeSettings(data: string, whose: 'User' | 'Machine', settings: Readonly<Record<string, unknown>>): void {
  const folder = join(data, 'user-data', whose);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

/** VS Code speaks a language that this list has, and English for each text that the pack lacks. */
function writeLanguagePack(data: string, language: string): void {
  const vscode = join(data, 'language-pack.json');
  writeFileSync(vscode, JSON.stringify({ contents: {} }));
  const extensions = [{ extensionIdentifier: { id: 'none.language-pack' }, version: '1.0.0' }];
  const pack = { hash: language, extensions, label: language, translations: { vscode } };
  writeFileSync(join(data, 'user-data', 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

function entry(codeServer: string): string {
  return join(codeServer, 'out', 'node', 'entry.js');
}

function folders(data: string): readonly string[] {
  mkdirSync(data, { recursive: true });
  const config = join(data, 'config.yaml');
  writeFileSync(config, '');
  return ['--config', config, '--user-data-dir', join(data, 'user-data'), '--extensions-dir', join(data, 'extensions')];
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: string): void => {
      output += chunk;
      const url = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('exit', (code) => reject(new Error(`code-server ended with ${String(code)}: ${output}`)));
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
