import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { session, type Session } from './session';
import { fileBecomes, writeFiles } from './files';

describe('VS Code: a hosts.toml', () => {
  let vscode: Session;

  before(async () => {
    vscode = await session();
    await vscode.workbench.tidy();
    writeFiles(vscode.playground.folder, { 'unopened/etc/containerd/config.toml': 'version = 2\n[grcp]\n' });
    await vscode.workbench.openFile('certs.d/docker.io/hosts.toml');
  });

  it('is recognised by its place', async () => {
    await vscode.workbench.page.locator('.statusbar-item').filter({ hasText: 'containerd hosts.toml' }).waitFor();
  });

  it('shows a credential_helper and a misspelt key as squiggles and in Problems', async () => {
    const { workbench } = vscode;
    await workbench.squiggles('warning').first().waitFor({ state: 'attached' });
    const problems = (await workbench.problems()).join('\n');
    assert.match(problems, /credential_helper/);
    assert.match(problems, /Did you mean "override_path"\?/);
    assert.match(problems, /config\.toml of folder unopened\/etc\/containerd/, 'files that are not open are checked, too');
  });

  it('is fixed with Ctrl+. and saved', async () => {
    const { workbench, playground } = vscode;
    const file = join(playground.certsD, 'docker.io', 'hosts.toml');
    const before = readFileSync(file, 'utf8');
    await workbench.line('overide_path').click();
    await workbench.page.keyboard.press('Home');
    await workbench.quickFix('Change to "override_path"', 'hosts-toml');
    await workbench.line('override_path').waitFor();
    await workbench.save();
    assert.equal(await fileBecomes(file, (text) => text !== before), before.replace('overide_path', 'override_path'));
    await workbench.line('credential_helper').waitFor();
    assert.doesNotMatch((await workbench.problems()).join('\n'), /overide_path/);
  });

  it('shows the release it is judged for as language status, and changes it', async () => {
    const { workbench } = vscode;
    const judgedFor = async (release: string) => {
      await workbench.page.locator('[id="status.languageStatus"]').hover();
      await workbench.page
        .locator('.hover-language-status')
        .filter({ hasText: `containerd ${release}` })
        .waitFor();
      await workbench.line('server').hover();
    };
    await workbench.openFile('certs.d/docker.io/hosts.toml');
    await judgedFor('2.1.');
    for (const release of ['1.6', '2.1']) {
      await workbench.runCommand('Choose containerd Release');
      await workbench.pick(release);
      await judgedFor(`${release}.`);
    }
  });
});
