import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { session, type Session } from './session';
import { fileBecomes } from './files';

describe('VS Code: a node, from diagnosis to guided step', () => {
  let vscode: Session;
  let place: NodeConfig;
  let level: string;
  const original = 'version = 3\n[debug]\n  level = "info"\n';

  before(async () => {
    vscode = await session();
    place = await startNodeConfig(vscode.worker.root);
    level = join(place.etc, 'conf.d/10-log.toml');
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
  });
  after(() => place.stop());

  it('is diagnosed from the panel: every stage, the verdict first', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Diagnose Node');
    await workbench.pick('worker-1');
    await workbench.answer('Image that cannot be pulled', '127.0.0.1:9/app:1');
    await workbench.row('Diagnoses', 'Diagnosis of 127.0.0.1:9/app:1, worker-1, failed').waitFor({ timeout: 60_000 });
    const rows = await workbench.everyRow('Diagnoses');
    assert.ok(
      rows.some((label) => /^failed, .*127\.0\.0\.1:9.*, net\.refused-or-no-route$/.test(label)),
      rows.join('\n'),
    );
    assert.ok(rows.some((label) => /^failed, 1 of 1 images cannot be pulled/.test(label)));
  });

  it('gets its debug log turned on in the file that decides, after the difference was confirmed', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Guided Step on Node');
    await workbench.pick('worker-1');
    await workbench.pick("containerd's debug log: on");
    await workbench.page.locator('.monaco-diff-editor .view-line').filter({ hasText: 'debug log on since' }).first().waitFor();
    assert.equal(readFileSync(level, 'utf8'), original);
    await workbench.confirm('Write 10-log.toml on worker-1?', 'Write');
    assert.match(await fileBecomes(level, (text) => text !== original), /level = "debug" {2}# .*since 20/);
  });

  it('is restarted only when a person asks for it', async () => {
    const { workbench } = vscode;
    const log = join(vscode.worker.root, 'systemctl.log');
    const calls = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
    assert.ok(!calls().includes('restart'));
    await workbench.takeOffer('It takes effect after', 'Restart', 'Run systemctl restart containerd on worker-1?', 'Restart');
    assert.match(await fileBecomes(log, (text) => text.includes('restart')), /^restart containerd$/m);
  });

  it('says in every diagnosis that the debug log is on, and takes it back byte for byte', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Diagnose Node');
    await workbench.pick('worker-1');
    await workbench.answer('Image that cannot be pulled', '127.0.0.1:9/app:2');
    await workbench.row('Diagnoses', 'Diagnosis of 127.0.0.1:9/app:2, worker-1, failed').waitFor({ timeout: 60_000 });
    const rows = await workbench.everyRow('Diagnoses');
    assert.ok(
      rows.some((label) => label.includes("containerd's debug log is on since 20")),
      rows.join('\n'),
    );
    await workbench.runCommand('Guided Step on Node');
    await workbench.pick('worker-1');
    await workbench.pick("containerd's debug log: off");
    await workbench.confirm('Write 10-log.toml on worker-1?', 'Write');
    assert.equal(await fileBecomes(level, (text) => text === original), original);
  });
});
