import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlayground, type Playground } from '../../scripts/playground/playground';
import { installExtension, startCodeServer, type CodeServer, type Windows } from '../../scripts/vscode/codeServer';
import { ensureCodeServer } from '../../scripts/vscode/install';
import { startSshd, type Sshd } from '../fixtures/sshd';
import { Workbench } from './workbench';

/** One VS Code for all of test/vscode: the packaged extension, the playground as its folder, a real sshd as a node. */
export interface Session {
  readonly workbench: Workbench;
  readonly playground: Playground;
  readonly sshd: Sshd;
  /** A node that only the ssh configuration names. Its programs come from `root`/stand-ins first. */
  readonly worker: Sshd & { readonly root: string };
  /** A second window with the same settings, of a folder that nobody trusts or in another language. `close` ends it. */
  readonly another: (folder: string, windows: Windows) => Promise<{ readonly workbench: Workbench; readonly close: () => Promise<void> }>;
}

interface Started extends Session {
  readonly server: CodeServer;
  readonly folder: string;
}

/** The passphrase of the node's key: ssh has to ask for it, and the answer comes from an input box. */
export const passphrase = 'open sesame';

let started: Promise<Started> | undefined;

export function session(): Promise<Session> {
  started ??= start();
  return started;
}

async function start(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'crb-vscode-'));
  const data = join(folder, 'data');
  const vsix = join(folder, 'extension.vsix');
  const { status, stderr } = spawnSync(process.execPath, ['scripts/package.mjs', '--no-build', '--out', vsix], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the extension could not be packed: ${stderr}`);
  const installation = ensureCodeServer((line) => console.log(line));
  installExtension(installation, data, vsix);
  const sshd = await startSshd({ passphrase });
  const root = join(folder, 'worker');
  const worker = await startSshd({ name: 'worker-1', settings: [`SetEnv PATH=${join(root, 'stand-ins')}:${process.env['PATH'] ?? ''}`] });
  writeFileSync(sshd.config, `Include ${worker.config}\n${readFileSync(sshd.config, 'utf8')}`);
  const playground = await openPlayground(join(folder, 'playground'), new Map());
  const settings = {
    'containerdRunbooks.nodes': [sshd.name],
    'containerdRunbooks.sshConfig': sshd.config,
    // Not whatever containerd this machine has.
    'containerdRunbooks.containerdVersion': '2.1',
  };
  const server = await startCodeServer(installation, data, settings);
  const workbench = await Workbench.open(join(folder, 'profile'), windowOf(server, playground.folder));
  const another: Session['another'] = async (path, windows) => {
    const other = await startCodeServer(installation, data, settings, windows);
    // In a browser of its own: where two windows share one and the second is closed, the first shows no webview any more.
    const second = await Workbench.open(mkdtempSync(join(folder, 'profile-')), windowOf(other, path));
    return { workbench: second, close: () => second.close().then(() => other.stop()) };
  };
  return { workbench, playground, sshd, worker: { ...worker, root }, another, server, folder };
}

function windowOf({ url }: CodeServer, folder: string): string {
  return `${url}/?folder=${encodeURIComponent(folder)}`;
}

// A hook of the root suite: whichever file of test/vscode began the session, it ends when all tests are done.
after(async () => {
  if (!started) return;
  const { workbench, playground, sshd, worker, server, folder } = await started;
  await workbench.close();
  await Promise.all([server.stop(), playground.close(), sshd.stop(), worker.stop()]);
  rmSync(folder, { recursive: true, force: true });
});
