import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { session, type Session } from './session';

describe('VS Code: a bundle of a node', () => {
  let vscode: Session;
  let place: NodeConfig;
  let bundle: string;

  before(async () => {
    vscode = await session();
    place = await startNodeConfig(vscode.worker.root);
    bundle = join(vscode.playground.folder, 'worker.bundle.gz');
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
  });
  after(() => place.stop());

  it('is collected into a file that a person names', async () => {
    const { workbench } = vscode;
    await workbench.contextMenu(workbench.node('worker-1'), 'Collect a Bundle');
    await workbench.answer('Image that cannot be pulled', '127.0.0.1:9/bundled:1');
    await workbench.giveFile('Collect a Bundle: worker-1', bundle);
    const collected = workbench.row('Diagnoses', 'Bundle worker.bundle.gz, worker-1, passed');
    const shown = async (): Promise<never> => assert.fail((await workbench.everyRow('Diagnoses')).join('\n'));
    await collected.waitFor({ timeout: 60_000 }).catch(shown);
    assert.ok(existsSync(bundle));
  });

  it('is diagnosed from the file alone', async () => {
    const { workbench } = vscode;
    await place.stop();
    await workbench.runCommand('Open Bundle');
    await workbench.giveFile('Open Bundle', bundle);
    await workbench.row('Diagnoses', 'Diagnosis of a bundle, worker.bundle.gz, failed').waitFor({ timeout: 60_000 });
    const rows = (await workbench.everyRow('Diagnoses')).join('\n');
    assert.match(rows, /^failed, .*127\.0\.0\.1:9.*, net\.refused-or-no-route$/m);
  });
});
