import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { session, type Session } from './session';
import { fileBecomes } from './workbench';

describe('VS Code: a hosts.toml', function () {
  this.timeout(120_000);
  let vscode: Session;

  before(async () => {
    vscode = await session();
    await vscode.workbench.openFile('certs.d/docker.io/hosts.toml');
  });

  it('is recognised by its place', async () => {
    await vscode.workbench.page.locator('.statusbar-item').filter({ hasText: 'containerd hosts.toml' }).waitFor();
  });

  it('shows a credential_helper as a squiggle and in Problems', async () => {
    const { workbench } = vscode;
    await workbench.squiggles('warning').or(workbench.squiggles('error')).first().waitFor({ state: 'attached' });
    const problems = await workbench.problems();
    assert.ok(
      problems.some((row) => row.includes('credential_helper')),
      problems.join('\n'),
    );
    await workbench.screenshot('hosts-toml');
  });

  it('is fixed with Ctrl+. and saved', async () => {
    const { workbench, playground } = vscode;
    const file = join(playground.certsD, 'docker.io', 'hosts.toml');
    await workbench.line('credential_helper').click();
    const titles = await workbench.quickFix('credential_helper');
    assert.ok(titles.length > 0);
    await workbench.line('credential_helper').waitFor({ state: 'detached' });
    await workbench.save();
    const saved = await fileBecomes(file, (text) => !text.includes('credential_helper ='));
    assert.doesNotMatch(saved, /^\s*credential_helper/m);
    assert.equal(saved, readFileSync(file, 'utf8'));
  });
});
