import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { nodeRoot, type NodeRoot } from '../fixtures/nodeRoot';
import { session, type Session } from './session';
import { fileBecomes } from './files';

describe('VS Code: a node beside another one and the workspace', () => {
  let vscode: Session;
  let place: NodeConfig;
  let other: NodeRoot;
  let made: string;

  before(async () => {
    vscode = await session();
    place = await startNodeConfig(vscode.worker.root);
    made = join(place.etc, 'certs.d/new.example.com:5000/hosts.toml');
    other = nodeRoot({
      files: { [place.hosts]: 'server = "https://other.example.com"\n' },
      containerd: 'v1.7.27',
      dump: 'version = 2\n[debug]\n  level = "warn"\n',
    });
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
    // The list draws only the rows that there is room for.
    await vscode.workbench.toggleView('Diagnoses');
  });
  after(async () => {
    const { workbench } = vscode;
    await workbench.contextMenu(workbench.node(other.node), 'Remove Node');
    await place.stop();
    other.remove();
    await workbench.toggleView('Diagnoses');
  });

  it('compares a file with the same one of a node that was added', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Add Node');
    await workbench.answer('An ssh destination, or exec:', other.node);
    await workbench.node(other.node).waitFor();
    const hosts = workbench.row('Nodes', 'hosts.toml, partly ignored · 1 finding');
    await workbench.readNode('worker-1');
    await workbench.contextMenu(hosts, 'Compare Node File with…');
    await workbench.findAndPick(other.node);
    await workbench.difference('original', 'other.example.com').waitFor();
    await workbench.difference('modified', 'registry.example.com').waitFor();
  });

  it('compares it with a file of the workspace', async () => {
    const { workbench } = vscode;
    await workbench.contextMenu(workbench.row('Nodes', 'hosts.toml, partly ignored · 1 finding'), 'Compare Node File with…');
    await workbench.findAndPick('certs.d/good.playground/hosts.toml');
    await workbench.difference('original', 'This registry').waitFor();
    await workbench.difference('modified', 'registry.example.com').waitFor();
  });

  it('opens the settings in effect, and compares them', async () => {
    const { workbench } = vscode;
    // containerd was given another file since the node was read.
    appendFileSync(place.config, '\n[ttrpc]\n  address = "/run/given-later.sock"\n');
    await workbench.contextMenu(workbench.node('worker-1'), 'Open Settings in Effect');
    await workbench.page.locator('.tabs-container .tab.active[data-resource-name="containerd config dump.toml"]').waitFor();
    await workbench.line('given-later').waitFor();
    await workbench.contextMenu(workbench.node('worker-1'), 'Compare Settings in Effect with…');
    await workbench.pick(other.node);
    await workbench.difference('original', 'level = "warn"').waitFor();
    await workbench.difference('modified', 'config_path').waitFor();
  });

  it('makes a hosts.toml where containerd there looks for it, once the text was shown and confirmed', async () => {
    const { workbench } = vscode;
    await workbench.contextMenu(workbench.node('worker-1'), 'New hosts.toml on Node');
    await workbench.answer('Registry as image references name it', 'new.example.com:5000');
    await workbench.difference('modified', 'server = "https://new.example.com:5000"').waitFor();
    assert.equal(existsSync(made), false);
    await workbench.confirm('Write hosts.toml on worker-1?', 'Write');
    assert.match(await fileBecomes(made, (text) => text !== ''), /^server = "https:\/\/new\.example\.com:5000"$/m);
    await workbench.row('Nodes', 'new.example.com:5000').waitFor();
    await workbench.line('new.example.com:5000').waitFor();
    assert.match(readFileSync(place.hosts, 'utf8'), /skip_verfy/);
  });
});
