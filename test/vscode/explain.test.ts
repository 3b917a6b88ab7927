import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
    const report = await workbench.preview('Pull error');
    assert.match(report, /tls\.scheme-mismatch/);
    await workbench.screenshot('explain');
  });

  it('opens the page of the class', async () => {
    const { workbench } = vscode;
    await workbench.viewRows('Diagnoses').filter({ hasText: 'Page errors/tls.scheme-mismatch' }).first().click();
    const page = readFileSync('docs/errors/tls.scheme-mismatch.md', 'utf8');
    const title = /^# (.+)$/m.exec(page)?.[1] ?? '';
    assert.notEqual(title, '');
    assert.match(await workbench.preview(title.replaceAll('`', '')), /http/);
  });
});
