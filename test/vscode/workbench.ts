import { readFileSync } from 'node:fs';
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';

/**
 * VS Code's own window, driven as a person does: keys, clicks and what can be read on the screen. Selectors hold for the VS Code that
 * scripts/vscode/install.ts pins.
 */
export class Workbench {
  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(profile: string, url: string): Promise<Workbench> {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      headless: true,
      chromiumSandbox: false,
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(20_000);
    await page.goto(url);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    return new Workbench(context, page);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Opens a file of the folder by its path in it. */
  async openFile(path: string): Promise<void> {
    const [folder = '', name = ''] = path.split('/').slice(-2);
    await this.page.keyboard.press('Control+P');
    await this.typeIntoQuickInput(path);
    await this.quickRows().filter({ hasText: name }).filter({ hasText: folder }).first().click();
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.breadcrumbs-control').filter({ hasText: folder }).first().waitFor();
    await this.lines().first().waitFor();
  }

  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.typeIntoQuickInput(`>${title}`);
    await this.quickRows().filter({ hasText: title }).first().click();
  }

  /** Nothing open but the side bar: what one test opened is not in another's picture. */
  async tidy(): Promise<void> {
    await this.runCommand('View: Close All Editors');
    if (await this.page.locator('.part.panel').isVisible()) await this.runCommand('View: Hide Panel');
  }

  /** Presses a button of the dialog that asks. */
  async confirm(question: string, button: string): Promise<void> {
    const dialog = this.page.locator('.monaco-dialog-box').filter({ hasText: question });
    await dialog.locator('.monaco-button').filter({ hasText: button }).first().click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Answers the input box whose prompt or title contains `words`. */
  async answer(words: string, value: string): Promise<void> {
    await this.quickInput().filter({ hasText: words }).waitFor();
    await this.typeIntoQuickInput(value);
    await this.page.keyboard.press('Enter');
  }

  async pick(label: string): Promise<void> {
    await this.quickRows().filter({ hasText: label }).first().click();
  }

  /** What the rows of *Problems* say to a screen reader. */
  async problems(): Promise<readonly string[]> {
    await this.runCommand('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    await rows.first().waitFor();
    return this.everyLabel(rows);
  }

  /** Ctrl+. at the cursor, then `title` by keyboard. `picture` names a screenshot of the open list. */
  async quickFix(title: string, picture?: string): Promise<void> {
    await this.page.keyboard.press('Control+.');
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    await rows.filter({ hasText: title }).first().waitFor();
    if (picture !== undefined) await this.screenshot(picture);
    const focused = this.page.locator('.action-widget .monaco-list-row.action.focused').filter({ hasText: title });
    for (let tries = await rows.count(); tries > 0 && (await focused.count()) === 0; tries--) await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
    await rows.first().waitFor({ state: 'detached' });
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tabs-container .tab.active:not(.dirty)').waitFor();
  }

  lines(): Locator {
    return this.page.locator('.editor-group-container .view-lines .view-line');
  }

  line(text: string): Locator {
    return this.lines().filter({ hasText: text }).first();
  }

  squiggles(severity: 'error' | 'warning'): Locator {
    return this.page.locator(`.monaco-editor .cdr.squiggly-${severity}`);
  }

  /** Rows of a view of our side panel. */
  viewRows(view: 'Nodes' | 'Diagnoses'): Locator {
    return this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`);
  }

  /** What all rows of a view say to a screen reader. */
  everyRow(view: 'Nodes' | 'Diagnoses'): Promise<readonly string[]> {
    return this.everyLabel(this.viewRows(view));
  }

  /** Those rows too that a list has no room for: it draws only what is scrolled to. By wheel: a row reached by keyboard would be opened. */
  private async everyLabel(rows: Locator): Promise<readonly string[]> {
    const found = new Set<string>();
    await rows.first().hover({ force: true });
    await this.page.mouse.wheel(0, -10_000);
    for (let quiet = 0; quiet < 2;) {
      await this.page.waitForTimeout(150);
      const before = found.size;
      for (const label of await labels(rows)) found.add(label);
      quiet = found.size > before ? 0 : quiet + 1;
      await this.page.mouse.wheel(0, 120);
    }
    return [...found];
  }

  /** Opens or closes a view of our side panel. */
  async toggleView(view: 'Nodes' | 'Diagnoses'): Promise<void> {
    await this.page.locator(`.pane-header[aria-label^="${view}"] .title`).first().click();
  }

  /** The row that says exactly this to a screen reader. */
  row(view: 'Nodes' | 'Diagnoses', label: string): Locator {
    return this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row[aria-label="${label}"]`);
  }

  /** A click on the icon of a panel that is open would close it. */
  async openPanel(): Promise<void> {
    if (await this.viewRows('Nodes').first().isVisible()) return;
    await this.page.locator('.activitybar .action-label[aria-label^="containerd Runbooks"]').first().click();
    await this.viewRows('Nodes').first().waitFor();
  }

  /** The text of the Markdown preview whose heading contains `words`. */
  async preview(words: string): Promise<string> {
    for (let waited = 0; waited < 15_000; waited += 100) {
      for (const frame of this.page.frames()) {
        const heading = frame.locator('h1, h2, h3').filter({ hasText: words });
        if (frame !== this.page.mainFrame() && (await heading.count().catch(() => 0)) > 0) return frame.locator('body').innerText();
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`no Markdown preview has a heading with ${words}`);
  }

  /** What the clipboard holds once it is what the test waits for, or after two seconds. */
  async clipboard(expected: (text: string) => boolean): Promise<string> {
    let text = '';
    for (let waited = 0; waited < 2000 && !expected(text); waited += 50) {
      await this.page.waitForTimeout(50);
      text = await this.page.evaluate<string>('navigator.clipboard.readText()');
    }
    return text;
  }

  async screenshot(name: string): Promise<void> {
    if (process.env['UPDATE_SCREENSHOTS'] === '1') await this.page.screenshot({ path: `docs/images/${name}.png` });
  }

  private quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  private quickRows(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
  }

  private async typeIntoQuickInput(text: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget:visible input.input');
    await box.waitFor();
    await box.fill(text);
  }
}

export async function labels(rows: Locator): Promise<readonly string[]> {
  const all = await rows.all();
  return Promise.all(all.map(async (row) => (await row.getAttribute('aria-label')) ?? ''));
}

/** Waits until a file says what is expected of it; the editor writes it in its own time. */
export async function fileBecomes(file: string, expected: (text: string) => boolean): Promise<string> {
  for (let waited = 0; waited < 5000; waited += 50) {
    const text = readFileSync(file, 'utf8');
    if (expected(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return readFileSync(file, 'utf8');
}
