import assert from 'node:assert/strict';
import { startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { session, type Session } from './session';
import { labels, type Workbench } from './workbench';

/** What a registry or containerd said. */
const quotes = /^HEAD https:|报告：/;
/** Three words of English in a row. Names, paths and what programs print have none in these tests. */
const english = /[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}/;

describe('VS Code: in Chinese', () => {
  let vscode: Session;
  let place: NodeConfig;
  let workbench: Workbench;
  let close: () => Promise<void>;

  before(async () => {
    vscode = await session();
    place = await startNodeConfig(vscode.worker.root);
    ({ workbench, close } = await vscode.another(vscode.playground.folder, { language: 'zh-cn' }));
  });
  after(async () => {
    await close();
    await place.stop();
  });

  it('titles its views, and says how to begin', async () => {
    const { page } = workbench;
    await page.locator('.activitybar .action-label[aria-label^="containerd Runbooks"]').first().click();
    await workbench.row('节点', '节点 worker-1').waitFor();
    const headers = await labels(page.locator('.part.sidebar .pane-header'));
    assert.deepEqual(headers.map((label) => label.split(/\s/)[0]).slice(0, 2), ['节点', '诊断']);
    const welcome = await page.locator('.part.sidebar .welcome-view-content').innerText();
    assert.match(welcome, /还没有诊断/);
    assert.doesNotMatch(welcome, english);
  });

  it("shows a node's files, and what is wrong with one", async () => {
    await workbench.unfold(workbench.row('节点', '节点 worker-1'));
    const file = workbench.viewRows('节点').filter({ hasText: 'hosts.toml' }).filter({ hasText: '部分被忽略' }).first();
    await file.waitFor();
    const rows = (await workbench.everyRow('节点')).join('\n');
    assert.doesNotMatch(rows, english);
    await file.click();
    await workbench.line('skip_verfy').waitFor();
    await workbench.squiggles('warning').first().waitFor({ state: 'attached' });
    const said = await workbench.hover('skip_verfy', 'skip_verfy');
    assert.match(said, /\p{Script=Han}/u);
  });

  it('says in a notification that there is no backup', async () => {
    await workbench.runCommand('回滚节点文件');
    const message = workbench.page.locator('.notifications-toasts .notification-list-item-message');
    await message.filter({ hasText: '没有' }).filter({ hasText: 'hosts.toml' }).waitFor();
  });

  it('diagnoses a node: its questions, its verdict, and all that was looked at', async () => {
    const { page } = workbench;
    await workbench.contextMenu(workbench.row('节点', '节点 worker-1'), '诊断节点');
    const box = page.locator('.quick-input-widget:visible');
    await box.filter({ hasText: '诊断节点' }).waitFor();
    // VS Code's own words stand behind ours.
    assert.doesNotMatch((await box.innerText()).replace(/\(Press [^)]*\)/, ''), english);
    await workbench.answer('诊断节点', '127.0.0.1:9/app:1');
    await workbench.row('诊断', '127.0.0.1:9/app:1 的诊断, worker-1, 失败').waitFor({ timeout: 60_000 });
    await workbench.unfold(workbench.viewRows('诊断').filter({ hasText: '项检查' }).first());
    const rows = (await workbench.everyRow('诊断')).filter((label) => !quotes.test(label));
    assert.ok(rows.some((label) => label.includes('下一步：')));
    assert.ok(rows.some((label) => label.includes('默认路由')));
    for (const label of rows) assert.doesNotMatch(label, english);
  });

  it('asks before it writes, and says what was done', async () => {
    await workbench.tidy();
    await workbench.viewRows('节点').filter({ hasText: '部分被忽略' }).first().click();
    await workbench.line('skip_verfy').click();
    await workbench.page.keyboard.press('Home');
    await workbench.quickFix('skip_verify');
    await workbench.page.keyboard.press('Control+S');
    await workbench.question(/在 worker-1 上写入 hosts\.toml？/);
    assert.doesNotMatch(await workbench.page.locator('.monaco-dialog-box').innerText(), english);
    await workbench.confirm('hosts.toml', '写入');
    const done = workbench.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: '回滚' });
    assert.doesNotMatch(await done.locator('.notification-list-item-message').innerText(), english);
  });
});
