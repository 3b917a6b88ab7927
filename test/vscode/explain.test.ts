import assert from 'node:assert/strict';
import { session, type Session } from './session';
import { labels } from './workbench';

describe('VS Code: Explain Pull Error from a selection', function () {
  this.timeout(120_000);
  let vscode: Session;

  before(async () => {
    vscode = await session();
    await vscode.workbench.openPanel();
  });

  it('names cause and next step of the selected text', async () => {
    const { workbench } = vscode;
    await workbench.openFile('errors/http-on-https.txt');
    await workbench.page.keyboard.press('Control+A');
    await workbench.runCommand('Explain Pull Error');
    const rows = workbench.viewRows('Diagnoses');
    await rows.filter({ hasText: 'tls.scheme-mismatch' }).first().waitFor();
    const all = (await labels(rows)).join('\n');
    assert.match(all, /^Pull error, errors\/http-on-https\.txt:1, passed$/m);
    assert.match(all, /^Next: /m);
    await workbench.screenshot('explain');
  });

  it('opens the page of the class beside it', async () => {
    const { workbench } = vscode;
    await workbench.viewRows('Diagnoses').filter({ hasText: 'Open the page errors/tls.scheme-mismatch' }).first().click();
    const heading = workbench.webview().locator('h1').first();
    await heading.waitFor();
    assert.notEqual(await heading.innerText(), '');
  });
});
