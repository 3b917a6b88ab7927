import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { startDockerRegistry, type DockerRegistry } from '../fixtures/dockerRegistry';
import { startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { session, type Session } from './session';
import { fileBecomes } from './files';

describe('VS Code: a hosts.toml that a failed check of readiness asks for', () => {
  let vscode: Session;
  let place: NodeConfig;
  let pki: Pki;
  let ca: Issued;
  let registry: DockerRegistry;
  let host: string;
  let made: string;

  before(async () => {
    vscode = await session();
    place = await startNodeConfig(vscode.worker.root);
    pki = createPki();
    ca = pki.authority('Own CA');
    registry = await startDockerRegistry({ tls: pki.leaf('own', ca, { names: 'IP:0.0.0.0' }) });
    // An address that leads to this machine, and that containerd does not take for a loopback: of those it believes any certificate.
    host = registry.host.replace('127.0.0.1', '0.0.0.0');
    made = join(place.etc, 'certs.d', host, 'hosts.toml');
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
    await vscode.workbench.runCommand('Clear Diagnoses');
  });
  after(async () => {
    await registry.stop();
    rmSync(dirname(made), { recursive: true, force: true });
    pki.remove();
    await place.stop();
  });

  it('is one click away, where the node knows no authority of the registry', async () => {
    const { workbench } = vscode;
    await workbench.contextMenu(workbench.node('worker-1'), 'Check Node Readiness');
    await workbench.answer('Interfaces that must be up', '');
    await workbench.answer('Registries that must answer', host);
    await workbench.row('Diagnoses', 'Readiness, worker-1, failed').waitFor({ timeout: 60_000 });
    await (await rowWith(`Make a hosts.toml for ${host}`)).click();
    await workbench.difference('modified', `server = "https://${host}"`).waitFor();
    assert.equal(existsSync(made), false, 'nothing is written before it is confirmed');
  });

  it('is written with the file of the authority named in it, and the check runs again with it', async () => {
    const { workbench } = vscode;
    mkdirSync(dirname(made), { recursive: true });
    copyFileSync(ca.certFile, join(dirname(made), 'ca.crt'));
    // The question names the file: nothing is written anywhere else on this machine.
    await workbench.confirm(made, 'Write');
    assert.match(await fileBecomes(made, (text) => text !== ''), /^ca = "ca\.crt"$/m);
    await rowWith('The certificate of 0.0.0.0 is good for this node');
  });

  /** Of the Diagnoses view, scrolled to: a list draws only what it has room for. */
  async function rowWith(text: string): Promise<Locator> {
    const { page } = vscode.workbench;
    const rows = vscode.workbench.viewRows('Diagnoses');
    const row = rows.filter({ hasText: text }).first();
    await rows.first().hover({ force: true });
    for (let tries = 0; tries < 400 && !(await row.isVisible()); tries++) {
      // A run that goes on has more rows each time.
      await page.mouse.wheel(0, tries % 40 === 0 ? -10_000 : 120);
      await page.waitForTimeout(100);
    }
    await row.waitFor();
    return row;
  }
});
