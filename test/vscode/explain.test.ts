import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { session, type Session } from './session';
import { labels } from './workbench';

describe('VS Code: Explain Pull Error from a selection', () => {
  let vscode: Session;

  before(async () => {
    vscode = await session();
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
  });

  it('names cause and next step of the selected text', async () => {
    const { workbench } = vscode;
    await workbench.openFile('errors/masked-401.txt');
    await workbench.page.keyboard.press('Control+A');
    await workbench.runCommand('Explain Pull Error');
    const rows = workbench.viewRows('Diagnoses');
    await rows.filter({ hasText: 'masked.blob-fallback' }).first().waitFor();
    await workbench.page.locator('[aria-label="Pull error, errors/masked-401.txt:1"]').waitFor();
    const all = (await labels(rows)).join('\n');
    assert.match(all, /^Pull error, errors\/masked-401\.txt:1$/m);
    assert.match(all, /^Next: /m);
    const report = await workbench.preview('Pull error');
    assert.match(report, /masked\.blob-fallback/);
    await workbench.screenshot('explain');
  });

  it('leads in one step to what settles it: the readiness check of the registry that the text names', async () => {
    const { workbench, worker } = vscode;
    await workbench.viewRows('Diagnoses').filter({ hasText: 'Check the readiness of the node' }).first().click();
    await workbench.pick(worker.name);
    await workbench.answer('Interfaces that must be up', '');
    const box = workbench.page.locator('.quick-input-widget').filter({ hasText: 'Registries that must answer' });
    assert.match(await box.locator('input').first().inputValue(), /\w/);
    await workbench.page.keyboard.press('Escape');
    await box.waitFor({ state: 'hidden' });
  });

  it('opens the page of the class', async () => {
    const { workbench } = vscode;
    await workbench.viewRows('Diagnoses').filter({ hasText: 'Page errors/masked.blob-fallback' }).first().click();
    const page = readFileSync('docs/errors/masked.blob-fallback.md', 'utf8');
    const title = /^# (.+)$/m.exec(page)?.[1] ?? '';
    assert.notEqual(title, '');
    assert.match(await workbench.preview(title.replaceAll('`', '')), /blobs/);
  });
});
