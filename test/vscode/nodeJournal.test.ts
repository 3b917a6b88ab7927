import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeRoot } from '../fixtures/nodeRoot';
import { standIns } from '../fixtures/standIns';
import { session, type Session } from './session';

describe('VS Code: Explain Node Journal', () => {
  let vscode: Session;
  const failed = `time="2026-11-21T10:00:00Z" level=error msg="PullImage \\"r.example/a:1\\" failed" error="failed to resolve reference \\"r.example/a:1\\": r.example/a:1: not found"\n`;

  before(async () => {
    vscode = await session();
    const { root } = vscode.worker;
    standIns(root, { journalctl: `cat '${root}/journal'` });
    writeFileSync(join(root, 'journal'), failed + failed);
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
  });
  after(() => rmSync(join(vscode.worker.root, 'stand-ins/journalctl'), { force: true }));

  it('lists which pulls failed on a node in the last day, each with its cause, its next step and its page', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Explain Node Journal');
    await workbench.pick('worker-1');
    await workbench.row('Diagnoses', 'Journal, worker-1, warning').waitFor({ timeout: 60_000 });
    const rows = (await workbench.everyRow('Diagnoses')).join('\n');
    assert.match(rows, /journalctl, the last day: 2 pull errors/);
    assert.match(rows, /^warning, notfound\.manifest, 2 times, r\.example$/m);
    assert.match(rows, /^r\.example does not have this tag or digest\.$/m);
    assert.match(rows, /Next: Ask each host for the manifest/);
    assert.match(rows, /Page errors\/notfound\.manifest/);
  });

  it('says what of it is closed to this user, and then does not call it good', async () => {
    const { workbench } = vscode;
    const folder = '/var/lib/rancher/rke2/agent';
    const root = nodeRoot({ journal: 'nothing of pulls\n', files: { [`${folder}/containerd/containerd.log`]: failed } });
    chmodSync(join(root.folder, folder), 0o700);
    const node = process.getuid?.() === 0 ? root.userNode : root.node;
    await workbench.runCommand('Add Node');
    await workbench.answer('An ssh destination', node);
    await workbench.node(node).waitFor();
    await workbench.runCommand('Explain Node Journal');
    await workbench.findAndPick(node);
    await workbench.row('Diagnoses', `Journal, ${node}, warning`).waitFor({ timeout: 60_000 });
    const rows = (await workbench.everyRow('Diagnoses')).join('\n');
    root.remove();
    assert.match(rows, /^journalctl, the last day: 0 pull errors$/m);
    assert.match(
      rows,
      /^warning, Part of it is closed to this user \(\S+containerd\.log: permission denied\): its errors are missing here\.$/m,
    );
    await workbench.contextMenu(workbench.node(node), 'Remove Node');
    await workbench.node(node).waitFor({ state: 'detached' });
  });
});
