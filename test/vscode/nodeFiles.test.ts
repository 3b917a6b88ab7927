import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hostsWithTypo, startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { session, type Session } from './session';
import { fileBecomes } from './files';
import { labels } from './workbench';

describe("VS Code: a node's hosts.toml", () => {
  let vscode: Session;
  let place: NodeConfig;
  const fixed = hostsWithTypo.replace('skip_verfy', 'skip_verify');
  const backups = (): readonly string[] => readdirSync(dirname(place.hosts)).filter((name) => name.endsWith('.bak'));

  before(async () => {
    vscode = await session();
    place = await startNodeConfig(vscode.worker.root);
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
    // The list draws only the rows that there is room for.
    await vscode.workbench.toggleView('Diagnoses');
  });
  after(async () => {
    await place.stop();
    await vscode.workbench.toggleView('Diagnoses');
  });

  it('stands in the Nodes view, with what containerd there makes of it', async () => {
    const { workbench } = vscode;
    await workbench.readNode('worker-1');
    await workbench.row('Nodes', 'hosts.toml, partly ignored · 1 finding').waitFor();
    const all = (await labels(workbench.viewRows('Nodes'))).join('\n');
    assert.match(all, /^hosts\.toml, dropped · 1 finding$/m);
    assert.match(all, /^config\.toml, used$/m);
  });

  it('is read again where the node is folded and unfolded', async () => {
    const { workbench } = vscode;
    writeFileSync(place.hosts, fixed);
    await workbench.node('worker-1').click();
    await workbench.unfold(workbench.node('worker-1'));
    await workbench.row('Nodes', 'hosts.toml, used').waitFor();
    writeFileSync(place.hosts, hostsWithTypo);
    await workbench.node('worker-1').click();
    await workbench.unfold(workbench.node('worker-1'));
    await workbench.row('Nodes', 'hosts.toml, partly ignored · 1 finding').waitFor();
  });

  it('opens with its squiggle', async () => {
    const { workbench } = vscode;
    await workbench.row('Nodes', 'hosts.toml, partly ignored · 1 finding').click();
    await workbench.line('skip_verfy').waitFor();
    await workbench.squiggles('warning').first().waitFor({ state: 'attached' });
  });

  it('is fixed, and written only after the difference was shown and confirmed', async () => {
    const { workbench } = vscode;
    await workbench.line('skip_verfy').click();
    await workbench.page.keyboard.press('Home');
    await workbench.quickFix('Change to "skip_verify"');
    await workbench.page.keyboard.press('Control+S');
    await workbench.page.locator('.monaco-dialog-box').filter({ hasText: 'Write hosts.toml on worker-1?' }).waitFor();
    await workbench.page.locator('.monaco-diff-editor .view-line').filter({ hasText: 'skip_verify' }).first().waitFor();
    assert.equal(readFileSync(place.hosts, 'utf8'), hostsWithTypo);
    await workbench.screenshot('node-file');
    await workbench.confirm('Write hosts.toml on worker-1?', 'Write');
    assert.equal(await fileBecomes(place.hosts, (text) => text !== hostsWithTypo), fixed);
    assert.equal(backups().length, 1);
  });

  it('is green after that', async () => {
    const { workbench } = vscode;
    await workbench.row('Nodes', 'hosts.toml, used').waitFor();
    await workbench.squiggles('warning').first().waitFor({ state: 'detached' });
    await workbench.page.locator('.tabs-container .tab.active[data-resource-name="hosts.toml"]:not(.dirty)').waitFor();
  });

  it('is rolled back in one step', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Roll Back Node File');
    await workbench.confirm('Write hosts.toml on worker-1?', 'Write');
    assert.equal(await fileBecomes(place.hosts, (text) => text !== fixed), hostsWithTypo);
    await workbench.row('Nodes', 'hosts.toml, partly ignored · 1 finding').waitFor();
    await workbench.line('skip_verfy').waitFor();
    await workbench.squiggles('warning').first().waitFor({ state: 'attached' });
  });

  it('stays as it is when the question is declined', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Roll Back Node File');
    await workbench.confirm('Write hosts.toml on worker-1?', 'Cancel');
    await workbench.page.locator('.notifications-toasts').filter({ hasText: 'Nothing was written on worker-1.' }).waitFor();
    assert.equal(readFileSync(place.hosts, 'utf8'), hostsWithTypo);
    assert.equal(backups().length, 2);
  });
});
