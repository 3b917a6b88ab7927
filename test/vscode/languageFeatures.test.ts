import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { session, type Session } from './session';
import { fileBecomes, writeFiles } from './files';

const hosts = 'judged/etc/containerd/certs.d/registry.example/hosts.toml';
const config = 'judged/etc/containerd/config.toml';

const files = {
  [hosts]: `[host."https://mirror.example"]
  capabilities = ["pull", "resolve"]
  dial_timeout = "5s"

[host."http://10.0.0.5:5000"]
  capabilities = ["pull"]
`,
  'judged/etc/containerd/certs.d/quay.example/hosts.toml': `server = "https://quay.example"

[host]
`,
  [config]: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
};

describe('VS Code: what the language server says of a file', () => {
  let vscode: Session;

  before(async () => {
    vscode = await session();
    writeFiles(vscode.playground.folder, files);
    await vscode.workbench.tidy();
    await vscode.workbench.openFile(hosts);
  });

  it('hints where requests go, in which order, and that the upstream comes last', async () => {
    const { workbench } = vscode;
    await workbench.line('1 of 3: https://mirror.example/v2/…').waitFor();
    await workbench.line('2 of 3: http://10.0.0.5:5000/v2/…, not asked for tags, then').waitFor();
    await workbench.line('registry.example/v2/…').waitFor();
  });

  it('has lenses that say what containerd does with the whole file', async () => {
    const { workbench } = vscode;
    await workbench.lens('containerd 2.1.').waitFor();
    await workbench.lens('Replay a resolve through it…').waitFor();
  });

  it('explains a key on hover: its meaning, its releases, an example', async () => {
    const { workbench } = vscode;
    const said = await workbench.hover('dial_timeout', 'dial_timeout');
    assert.match(said, /How long connecting may take/);
    assert.match(said, /2\.0\.7/);
    assert.match(said, /dial_timeout = "3s"/);
  });

  it('completes keys, with what they do', async () => {
    const { workbench } = vscode;
    await workbench.clickWord('dial_timeout', 'dial_timeout');
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.press('Enter');
    const keys = await workbench.suggestions();
    assert.ok(keys.includes('skip_verify') && keys.includes('override_path'), keys.join());
    assert.ok(!keys.includes('dial_timeout'), 'what stands there already is not offered again');
    await workbench.suggestion('skip_verify', 'Takes any certificate');
    await workbench.screenshot('completion');
    await workbench.page.keyboard.press('Enter');
    await workbench.line('skip_verify = true').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('completes values of the judged release only', async () => {
    const { workbench } = vscode;
    await workbench.clickWord('capabilities = ["pull"]', 'capabilities');
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.press('ArrowLeft');
    await workbench.page.keyboard.type(', ');
    const values = await workbench.suggestions();
    assert.deepEqual(values, ['"pull"', '"resolve"', '"push"'], 'referrers came with 2.2');
    await workbench.suggestion('"resolve"', 'Turning a tag into a digest');
    await workbench.page.keyboard.press('Enter');
    await workbench.save();
    const saved = await fileBecomes(join(vscode.playground.folder, hosts), (text) => text !== files[hosts]);
    const completed = files[hosts].replace('"5s"', '"5s"\n  skip_verify = true').replace('["pull"]', '["pull", "resolve"]');
    assert.equal(saved, completed);
  });

  it('is judged for an exact release that is chosen in the status item', async () => {
    const { workbench } = vscode;
    await workbench.page.locator('[id="status.languageStatus"]').hover();
    await workbench.page.locator('.hover-language-status a').filter({ hasText: 'Choose Release' }).click();
    await workbench.pick('Exact release…');
    await workbench.answer('As containerd --version prints it', '1.7.24');
    await workbench.lens('containerd 1.7.24').waitFor();
    assert.match(await workbench.hover('dial_timeout', 'dial_timeout'), /known from containerd 2\.0\.7 on\. This release ignores it/);
    await workbench.runCommand('Choose containerd Release');
    await workbench.pick('2.1');
    await workbench.lens('containerd 2.1.').waitFor();
  });

  it('leads from config_path to the hosts.toml files of that folder', async () => {
    const { workbench } = vscode;
    await workbench.openFile(config);
    await workbench.clickWord('config_path', 'certs.d');
    await workbench.page.keyboard.press('F12');
    const peek = workbench.page.locator('.zone-widget .reference-zone-widget, .reference-zone-widget');
    await peek.first().waitFor();
    const found = await peek.locator('.monaco-list-row').allInnerTexts();
    assert.match(found.join('\n'), /quay\.example/);
    assert.match(found.join('\n'), /registry\.example/);
    await workbench.page.keyboard.press('Escape');
  });

  it('keeps quiet about a rule where it is told to', async () => {
    const { workbench } = vscode;
    const path = 'etc/containerd/certs.d/harbor.example:5000/hosts.toml';
    const unchanged = readFileSync(join(vscode.playground.folder, path), 'utf8');
    await workbench.openFile(path);
    await workbench.clickWord('"resolv"', 'resolv');
    await workbench.quickFix('Ignore hosts-unknown-capability here');
    await workbench.line('# containerd-runbooks: ignore hosts-unknown-capability').waitFor();
    await workbench.save();
    const file = join(vscode.playground.folder, path);
    assert.match(await fileBecomes(file, (text) => text !== unchanged), /ignore hosts-unknown-capability\n {2}capabilities/);
    assert.doesNotMatch((await workbench.problems()).join('\n'), /"resolv"/);
  });
});
