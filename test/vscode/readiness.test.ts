import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { registryOf } from '../../scripts/playground/playground';
import { passphrase, session, type Session } from './session';

describe('VS Code: Check Node Readiness over ssh', () => {
  let vscode: Session;
  let rows: readonly string[];

  before(async () => {
    vscode = await session();
    const { workbench, playground, sshd } = vscode;
    await workbench.tidy();
    await workbench.openPanel();
    await workbench.runCommand('Check Node Readiness');
    await workbench.pick(sshd.name);
    await workbench.answer('Interfaces that must be up', `${firstInterface()}, missing0`);
    const registry = (name: 'good' | 'unavailable'): string => `http://127.0.0.1:${registryOf(playground, name).port}`;
    await workbench.answer('Registries that must answer', `${registry('good')}, ${registry('unavailable')}`);
    // ssh asks for the key's passphrase; the extension brings the question here.
    await workbench.answer('passphrase', passphrase);
    await workbench.row('Diagnoses', `Readiness, ${sshd.name}, failed`).waitFor();
    rows = await workbench.everyRow('Diagnoses');
  });

  it('lists what passed and what failed in the Diagnoses view', () => {
    const all = rows.join('\n');
    assert.match(all, /^failed, .*missing0/m);
    assert.match(all, new RegExp(`^passed, .*${firstInterface()}`, 'm'));
    assert.match(all, /^failed, .*503/m);
    const [, first = '', next = ''] = rows;
    assert.match(first, /^failed, .*missing0/, 'what is wrong stands first');
    assert.match(next, /Attach it, or name one of those above/, 'what to do stands below it');
  });

  it('opens the run as a report, whole sentences and all', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Open Diagnosis as Report');
    assert.match(await workbench.preview('Readiness'), /There is no interface missing0/);
    assert.match(await workbench.preview('Readiness'), /http:\/\/127\.0\.0\.1:\d+/);
    const links = await workbench.linksOf('Readiness');
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((link) => !link.startsWith('command:containerdRunbooks.')),
      [],
      'what a node said is no link',
    );
    await workbench.screenshot('readiness');
  });

  it('says on the node what came out', async () => {
    const { workbench, sshd } = vscode;
    await workbench.viewRows('Nodes').filter({ hasText: sshd.name }).filter({ hasText: 'not ready' }).waitFor();
  });

  it('copies the run as a report', async () => {
    const { workbench, sshd } = vscode;
    await workbench.runCommand('Copy Diagnosis as Report');
    const report = await workbench.clipboard((text) => text.startsWith('###'));
    assert.match(report, new RegExp(`^### ✘ Readiness: ${sshd.name}`));
    assert.match(report, /^- ✘ .*missing0/m);
  });

  it('says nothing of it once the runs are cleared', async () => {
    const { workbench, sshd } = vscode;
    await workbench.runCommand('Clear Diagnoses');
    await workbench.row('Nodes', `node ${sshd.name}`).waitFor();
  });
});

function firstInterface(): string {
  const found = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ internal }) => !internal));
  return found?.[0] ?? 'lo';
}
