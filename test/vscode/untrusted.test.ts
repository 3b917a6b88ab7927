import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { session } from './session';
import { writeFiles } from './files';
import { labels, type Workbench } from './workbench';

describe('VS Code: a folder that nobody trusts', () => {
  let folder: string;
  let mark: string;
  let window: Workbench;
  let close: () => Promise<void>;

  before(async () => {
    const { another } = await session();
    folder = mkdtempSync(join(tmpdir(), 'crb-untrusted-'));
    mark = join(folder, 'ran');
    writeFiles(folder, {
      'certs.d/registry.example.com/hosts.toml':
        'server = "https://registry.example.com"\n[host."https://m.example.com"]\n  skip_verfy = true\n',
      '.vscode/settings.json': JSON.stringify({ 'containerdRunbooks.nodes': [`exec:touch ${mark}`] }),
    });
    ({ workbench: window, close } = await another(folder, { trust: 'asked' }));
  });
  after(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has its files checked', async () => {
    await window.openFile('certs.d/registry.example.com/hosts.toml');
    await window.squiggles('warning').first().waitFor({ state: 'attached' });
    assert.match(await window.hover('skip_verfy', 'skip_verfy'), /skip_verify/);
  });

  it('says in both views why no node is reached, and takes none from the folder', async () => {
    await window.openPanel();
    const sidebar = window.page.locator('.part.sidebar');
    await sidebar.getByText('nodes are reached only from a trusted workspace', { exact: false }).first().waitFor();
    await sidebar.getByText('This workspace is not trusted').first().waitFor();
    assert.ok(!(await labels(window.viewRows('Nodes'))).some((label) => label.includes('exec:')));
  });

  it('runs nothing on a node, and offers no command that would', async () => {
    await window.page.keyboard.press('F1');
    await window.page.keyboard.type('containerd Runbooks: ');
    const offered = window.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
    await offered.filter({ hasText: 'Explain Pull Error' }).first().waitFor();
    const shown = (await offered.allInnerTexts()).join('\n');
    for (const command of ['Diagnose Node', 'Check Node Readiness', 'Guided Step on Node', 'New hosts.toml on Node'])
      assert.ok(!shown.includes(command), shown);
    await window.page.keyboard.press('Escape');
    assert.equal(existsSync(mark), false);
  });
});
