import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { session, type Session } from './session';
import { fileBecomes } from './files';

describe("VS Code: mirrors of a node's config.toml", () => {
  let vscode: Session;
  let place: NodeConfig;
  let made: string;
  const original = (): string => `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "${place.etc}/certs.d"

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."mirrored.example.com"]
  endpoint = ["https://mirror.example.com"]

[plugins."io.containerd.grpc.v1.cri".registry.configs."mirror.example.com".auth]
  username = "somebody"
`;

  before(async () => {
    vscode = await session();
    place = await startNodeConfig(vscode.worker.root);
    writeFileSync(place.config, original());
    made = join(place.etc, 'certs.d/mirrored.example.com/hosts.toml');
    const { workbench } = vscode;
    await workbench.tidy();
    await workbench.openPanel();
    await workbench.toggleView('Diagnoses');
    await workbench.readNode('worker-1');
    const file = workbench.viewRows('Nodes').filter({ hasText: 'config.toml' }).filter({ hasText: 'finding' }).first();
    await file.click();
    await workbench.line('mirrors."mirrored.example.com"').waitFor();
  });
  after(async () => {
    rmSync(dirname(made), { recursive: true, force: true });
    await place.stop();
    await vscode.workbench.toggleView('Diagnoses');
  });

  it('say what stays behind before anything is applied', async () => {
    const { workbench } = vscode;
    await workbench.clickWord('registry.mirrors."mirrored.example.com"', 'mirrors');
    await workbench.quickFix('Move registry.mirrors and configs.tls to hosts.toml files (1)');
    await workbench.refactorPreview().filter({ hasText: 'certs.d/mirrored.example.com' }).first().waitFor();
    const message = workbench.page.locator('.notifications-toasts').filter({ hasText: 'The credentials of mirror.example.com stay' });
    await message.waitFor();
    assert.equal(readFileSync(place.config, 'utf8'), original());
    assert.equal(existsSync(made), false);
  });

  it('ask for config.toml last, and say there which hosts.toml was not written', async () => {
    const { workbench } = vscode;
    await workbench.applyRefactoring(['certs.d/mirrored.example.com', 'config.toml']);
    await asked('hosts.toml', 'capabilities');
    await workbench.confirm('Write hosts.toml on worker-1?', 'Cancel');
    await asked('config.toml', 'version = 2');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    assert.ok((await dialog.innerText()).includes(`Not written: ${made}. ${place.config} was changed together with it`));
    await dialog.locator('.monaco-button').filter({ hasText: 'Write Anyway' }).waitFor();
    await workbench.confirm('Write config.toml on worker-1?', 'Cancel');
    assert.equal(readFileSync(place.config, 'utf8'), original());
    assert.equal(existsSync(made), false);
  });

  it('become a hosts.toml there, each file shown and confirmed, also where only config.toml is saved', async () => {
    const { workbench } = vscode;
    await workbench.page.getByRole('tab', { name: 'config.toml', exact: true }).click();
    await workbench.page.keyboard.press('Control+S');
    await asked('hosts.toml', 'capabilities');
    await workbench.confirm('Write hosts.toml on worker-1?', 'Write');
    await asked('config.toml', 'version = 2');
    assert.doesNotMatch(await workbench.page.locator('.monaco-dialog-box').innerText(), /Not written/);
    await workbench.confirm('Write config.toml on worker-1?', 'Write');
    const hosts = `[host."https://mirror.example.com"]\n  capabilities = ["pull", "resolve"]\n`;
    assert.equal(await fileBecomes(made, (text) => text !== ''), `server = "https://mirrored.example.com"\n\n${hosts}`);
    const left = original().replace(/\n\[plugins\.[^\n]*\.mirrors\.[^[]*\[[^\n]*\n/, '');
    assert.equal(await fileBecomes(place.config, (text) => text !== original()), left);
  });

  /** The question that stands now is about that file, before its own difference. */
  async function asked(name: string, line: string): Promise<void> {
    const [, wanted] = await vscode.workbench.question(/Write (\S+) on worker-1\?/);
    assert.equal(wanted, name);
    await vscode.workbench.difference('modified', line).waitFor();
  }
});
