import assert from 'node:assert/strict';
import { registryOf } from '../../scripts/playground/playground';
import { session, type Session } from './session';
import { writeFiles } from './files';
import { labels } from './workbench';

describe('VS Code: a pull error of a log', () => {
  let vscode: Session;
  let reference: string;
  let message: string;

  before(async () => {
    vscode = await session();
    const { port, reference: named } = registryOf(vscode.playground, 'masked');
    const digest = named.slice(named.indexOf('@') + 1);
    reference = `127.0.0.1:${port}/app@${digest}`;
    message = `failed to pull and unpack image "${reference}": failed to resolve image: unexpected status from HEAD request to http://127.0.0.1:${port}/v2/app/blobs/${digest}: 401 Unauthorized`;
    const line = `time="2026-11-21T03:15:32.645984005Z" level=error msg="PullImage ${JSON.stringify(reference).replaceAll('"', '\\"')} failed" error="${message.replaceAll('"', '\\"')}"`;
    const started = 'time="2026-11-21T03:15:02.000000000Z" level=info msg="starting containerd" version=v2.1.5';
    writeFiles(vscode.playground.folder, { 'logs/containerd.log': `${started}\n${line}\n` });
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
    await vscode.workbench.runCommand('Clear Diagnoses');
  });

  it('is explained from the context menu of its selection', async () => {
    const { workbench } = vscode;
    await workbench.openFile('logs/containerd.log');
    // A lens that appears between two clicks moves the lines.
    await workbench.lens('Page of this error').waitFor();
    await workbench.line('level=error').click({ clickCount: 3 });
    await workbench.page.locator('.statusbar-item').filter({ hasText: 'selected)' }).waitFor();
    await workbench.contextMenu(workbench.line('level=error'), 'Explain Pull Error');
    const page = await workbench.preview('masked.blob-fallback');
    assert.match(page, /The answer for \/blobs\/ hides the first failure/);
    assert.match(page, /for the manifest probably failed first \(time-out, reset, DNS\)/);
  });

  it('leads from its page to the replay, which asks the registry', async () => {
    const { workbench } = vscode;
    await workbench.followLink('masked.blob-fallback', 'Replay the pull');
    await workbench.pick('local');
    await workbench.row('Diagnoses', `Resolve ${reference}, local, failed`).waitFor();
    const all = (await labels(workbench.viewRows('Diagnoses'))).join('\n');
    assert.match(all, /HEAD http:\/\/127\.0\.0\.1:\d+\/v2\/app\/manifests\//);
  });

  it('leads from its page to the readiness check of the registry', async () => {
    const { workbench } = vscode;
    await workbench.followLink('masked.blob-fallback', 'Check the node’s readiness');
    await workbench.pick('local');
    await workbench.answer('Interfaces that must be up', '');
    await workbench.page.locator('.quick-input-widget:visible').filter({ hasText: 'Registries that must answer' }).waitFor();
    assert.match(await workbench.page.locator('.quick-input-widget:visible input.input').inputValue(), /^127\.0\.0\.1/);
    await workbench.page.keyboard.press('Escape');
  });

  it('is explained from the clipboard when nothing is selected', async () => {
    const { workbench } = vscode;
    await workbench.tidy();
    await workbench.copy(message);
    await workbench.runCommand('Explain Pull Error');
    await workbench.page.locator('[aria-label="Pull error, clipboard"]').waitFor();
    assert.match(await workbench.preview('masked.blob-fallback'), /clipboard/);
  });

  it('is explained from what is typed when the clipboard holds something else', async () => {
    const { workbench } = vscode;
    await workbench.tidy();
    await workbench.copy('hunter2');
    await workbench.runCommand('Explain Pull Error');
    await workbench.answer('Paste the error', message);
    await workbench.page.locator('[aria-label="Pull error, typed text"]').waitFor();
  });

  it('is explained from the selection of a terminal', async () => {
    const { workbench } = vscode;
    await workbench.tidy();
    await workbench.runCommand('Terminal: Create New Terminal');
    await workbench.page.locator('.terminal-wrapper.active .xterm-screen').waitFor();
    // A terminal's text is drawn, not written into the page: the time for the shell's prompt and its output has to be given.
    await workbench.page.waitForTimeout(1500);
    await workbench.page.keyboard.type('clear; cat logs/containerd.log\n');
    await workbench.page.waitForTimeout(1000);
    await workbench.runCommand('Terminal: Select All');
    await workbench.runCommand('Explain Pull Error Selected in Terminal');
    await workbench.page.locator('[aria-label="Pull error, terminal"]').waitFor();
    assert.match(await workbench.preview('Pull error: terminal'), /masked\.blob-fallback/);
  });
});
