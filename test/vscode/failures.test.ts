import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { standIns } from '../fixtures/standIns';
import { session, type Session } from './session';
import type { Workbench } from './workbench';

describe('VS Code: when something is not there', () => {
  let vscode: Session;
  let workbench: Workbench;
  const down = ['no-such-host.invalid', '127.0.0.1:1'];

  before(async () => {
    vscode = await session();
    workbench = vscode.workbench;
    await workbench.tidy();
    await workbench.openPanel();
  });

  it('says of a command that there is no diagnosis for it', async () => {
    await workbench.runCommand('Clear Diagnoses');
    for (const command of ['Open Diagnosis as Report', 'Copy Diagnosis as Report', 'Run Diagnosis Again']) {
      await workbench.runCommand(command);
      await notification('There is no diagnosis yet.').waitFor();
      await workbench.runCommand('Notifications: Clear All Notifications');
    }
    await workbench.runCommand('Cancel Diagnosis');
    await notification('No diagnosis is running.').waitFor();
  });

  it('keeps both of two nodes that are added in a row', async () => {
    for (const node of down) {
      await workbench.runCommand('Add Node');
      await workbench.answer('An ssh destination', node);
    }
    for (const node of down) await workbench.node(node).waitFor();
  });

  it('tells why a node is not reached, in its own words', async () => {
    await workbench.contextMenu(workbench.node('no-such-host.invalid'), 'Open Settings in Effect');
    const said = await notification('cannot reach').innerText();
    assert.match(said, /^cannot reach no-such-host\.invalid: /);
    for (const node of down) {
      await workbench.contextMenu(workbench.node(node), 'Remove Node');
      await workbench.node(node).waitFor({ state: 'detached' });
    }
  });

  it('says that the process behind it has ended, and starts another for the next run', async () => {
    standIns(vscode.worker.root, { journalctl: 'exec sleep 600' });
    const explain = (): Promise<void> => workbench.contextMenu(workbench.node('worker-1'), 'Explain Node Journal');
    await explain();
    await workbench.row('Diagnoses', 'running, Read the journal of worker-1').waitFor();
    process.kill(serveOf(dirname(vscode.worker.root)), 'SIGKILL');
    await workbench.row('Diagnoses', 'Journal, worker-1, failed').waitFor();
    const ended = 'failed, The containerd Runbooks process ended unexpectedly (SIGKILL). Run the command again to restart it.';
    await workbench.row('Diagnoses', ended).waitFor();
    standIns(vscode.worker.root, { journalctl: 'echo nothing of pulls' });
    await explain();
    await workbench.row('Diagnoses', 'Journal, worker-1, passed').waitFor({ timeout: 60_000 });
  });

  function notification(words: string): Locator {
    return workbench.page.locator('.notifications-toasts .notification-list-item-message').filter({ hasText: words });
  }
});

/** The process number of the one `serve` of the extension that is installed in that folder. */
function serveOf(folder: string): number {
  const isServe = (pid: string): boolean => {
    try {
      const [, program = '', command] = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
      return program.startsWith(folder) && program.endsWith('cli.js') && command === 'serve';
    } catch {
      return false;
    }
  };
  return Number(readdirSync('/proc').find((name) => /^\d+$/.test(name) && isServe(name)) ?? assert.fail('no serve runs'));
}
