import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { standIns } from '../fixtures/standIns';
import { session, type Session } from './session';

describe('VS Code: Explain Node Journal', function () {
  this.timeout(120_000);
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
});
