import { basename, dirname } from 'node:path';
import { chromium, type BrowserContext, type Frame, type Locator, type Page } from 'playwright-core';

/**
 * VS Code's own window, driven as a person does: keys, clicks and what can be read on the screen. Selectors hold for the VS Code that
 * scripts/vscode/install.ts pins.
 */
export class Workbench {
  constructor(
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
    context.setDefaultTimeout(20_000);
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(url);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    return new Workbench(context, page);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Opens a file of the folder by its path in it. */
  async openFile(path: string): Promise<void> {
    const name = basename(path);
    const folders = dirname(path).split('/');
    const found = this.quickRows()
      .filter({ hasText: name })
      .filter({ hasText: dirname(path) });
    await again(async () => {
      await this.page.keyboard.press('Control+P');
      await this.typeIntoQuickInput(path);
      await found.first().click({ timeout: 7000 });
    });
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor();
    const where = folders.reduce((found, folder) => found.filter({ hasText: folder }), this.page.locator('.breadcrumbs-control'));
    await where.first().waitFor();
    await this.lines().first().waitFor();
  }

  /** By its whole title: what was run last comes first among those that begin in the same way. */
  async runCommand(title: string): Promise<void> {
    const label = this.page.locator('.label-name', { hasText: new RegExp(`(?:^|: )${title}$`) });
    await again(async () => {
      await this.page.keyboard.press('F1');
      await this.typeIntoQuickInput(`>${title}`);
      await this.quickRows().filter({ has: label }).first().click({ timeout: 7000 });
    });
  }

  /** Takes what a notification offers, and says yes to the question that follows. */
  async takeOffer(notification: string, offer: string, question: string, button: string): Promise<void> {
    await again(async () => {
      // Where several come within a second, VS Code shows some in its list only.
      await this.runCommand('Notifications: Show Notifications');
      const item = this.page.locator('.notification-list-item').filter({ hasText: notification });
      await item.locator('.monaco-button').filter({ hasText: offer }).click({ timeout: 7000 });
      await this.page.locator('.monaco-dialog-box').filter({ hasText: question }).waitFor({ timeout: 7000 });
    });
    await this.confirm(question, button);
  }

  /** Nothing open but the side bar: what one test opened is not in another's picture, and no three notifications hide the next. */
  async tidy(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.runCommand('View: Close All Editors');
    if (await this.page.locator('.part.panel').isVisible()) await this.runCommand('View: Hide Panel');
  }

  /** Presses a button of the dialog that asks. */
  async confirm(question: string, button: string): Promise<void> {
    const dialog = this.page.locator('.monaco-dialog-box').filter({ hasText: question });
    await dialog.locator('.monaco-button').filter({ hasText: button }).first().click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** What the dialog asks, once it is a question of that kind. */
  async question(kind: RegExp): Promise<readonly string[]> {
    const found = kind.exec(await this.page.locator('.monaco-dialog-box').filter({ hasText: kind }).innerText());
    if (!found) throw new Error(`no dialog asks ${String(kind)}`);
    return found;
  }

  /** One side of the difference that is open. */
  difference(side: 'original' | 'modified', text: string): Locator {
    return this.page.locator(`.monaco-diff-editor .editor.${side} .view-line`).filter({ hasText: text }).first();
  }

  /** Gives a path to the box of VS Code that asks for a file. A box that is just opened proposes a path itself, maybe over what was typed. */
  async giveFile(title: string, path: string): Promise<void> {
    const box = this.quickInput().filter({ hasText: title }).locator('input.input');
    for (let waited = 0; waited < 5000 && (await box.inputValue()) === ''; waited += 100) await this.page.waitForTimeout(100);
    await again(async () => {
      await this.typeIntoQuickInput(path);
      await this.page.waitForTimeout(300);
      if ((await box.inputValue()) !== path) throw new Error(`the box holds ${await box.inputValue()}, not ${path}`);
      await this.quickInput().locator('.monaco-button').filter({ hasText: 'OK' }).click({ timeout: 7000 });
      await this.quickInput().filter({ hasText: title }).waitFor({ state: 'detached', timeout: 7000 });
    });
  }

  /** Answers the input box whose prompt or title contains `words`. It is checked before it closes; opening another meanwhile would lose it. */
  async answer(words: string, value: string): Promise<void> {
    const box = this.quickInput().filter({ hasText: words });
    await box.waitFor();
    await this.typeIntoQuickInput(value);
    await this.page.keyboard.press('Enter');
    await box.waitFor({ state: 'hidden' });
  }

  async pick(label: string): Promise<void> {
    await this.quickRows().filter({ hasText: label }).first().click();
  }

  /** A long list draws only its first rows: typing narrows it. */
  async findAndPick(label: string): Promise<void> {
    await this.typeIntoQuickInput(label);
    await this.pick(label);
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
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    const wanted = rows.filter({ hasText: title }).first();
    // The list closes when what is said of the file changes meanwhile.
    for (let tries = 0; tries < 4 && !(await wanted.isVisible()); tries++) {
      await this.page.keyboard.press('Control+.');
      await wanted.waitFor({ timeout: 5000 }).catch(() => undefined);
    }
    await wanted.waitFor();
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

  /** What the hover over a word says. The pointer comes from outside the word: only then VS Code sees it arrive. */
  async hover(line: string, word: string): Promise<string> {
    // To an editor that had a context menu the button is pressed until the next click.
    await (await this.lines().all()).at(-1)?.click({ position: { x: 1, y: 5 } });
    const hover = this.page.locator('.monaco-hover:visible .monaco-hover-content').filter({ hasText: word });
    await again(async () => {
      await this.page.mouse.move(0, 0);
      await this.word(line, word).hover();
      await hover.first().waitFor({ timeout: 7000 });
    });
    return hover.first().innerText();
  }

  /** Opens the list of completions at the cursor and says what is in it, as far as it is drawn. */
  async suggestions(): Promise<readonly string[]> {
    await this.page.keyboard.press('Control+Space');
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.first().waitFor();
    return (await rows.locator('.label-name').allInnerTexts()).map((label) => label.trim());
  }

  /** Goes to a completion of the open list, until what stands beside it says `words`: for a moment that is still of the one before. */
  async suggestion(label: string, words: string): Promise<void> {
    const focused = this.page.locator('.suggest-widget.visible .monaco-list-row.focused').filter({ hasText: label });
    for (let tries = 0; tries < 20 && (await focused.count()) === 0; tries++) await this.page.keyboard.press('ArrowDown');
    const details = this.page.locator('.suggest-details');
    if (!(await details.isVisible())) await this.page.keyboard.press('Control+Space');
    await details.filter({ hasText: words }).waitFor();
  }

  lens(text: string): Locator {
    return this.page.locator('.codelens-decoration :is(a, span)').filter({ hasText: text }).first();
  }

  /** A click on a word of a line. */
  async clickWord(line: string, word: string): Promise<void> {
    await this.word(line, word).click();
  }

  /** Takes an entry of the context menu at a place. The menu ignores clicks in its first tenth of a second. */
  async contextMenu(place: Locator, entry: string): Promise<void> {
    await place.click({ button: 'right' });
    const item = this.page.locator('.monaco-menu .action-item').filter({ hasText: entry }).first();
    await item.waitFor();
    await this.page.waitForTimeout(200);
    await item.click();
  }

  /** Rows of the Refactor Preview. */
  refactorPreview(): Locator {
    return this.page.locator('.bulk-edit-panel .monaco-list-row');
  }

  /** Ticks files of the Refactor Preview by what stands in their rows, name and folder without a gap, and presses *Apply*. */
  async applyRefactoring(files: readonly string[], picture?: string): Promise<void> {
    for (const file of files) {
      const row = this.refactorPreview().filter({ hasText: file }).first();
      await row.locator('.edit-checkbox').click();
      await row.locator('.edit-checkbox[aria-checked="true"]').waitFor();
    }
    if (picture !== undefined) await this.screenshot(picture);
    await this.page.locator('.bulk-edit-panel .monaco-button').filter({ hasText: 'Apply' }).first().click();
    await this.refactorPreview().first().waitFor({ state: 'hidden' });
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
  viewRows(view: string): Locator {
    return this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`);
  }

  /** What all rows of a view say to a screen reader. */
  everyRow(view: string): Promise<readonly string[]> {
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
  async toggleView(view: string): Promise<void> {
    await this.page.locator(`.pane-header[aria-label^="${view}"] .title`).first().click();
  }

  /** The row that says exactly this to a screen reader. */
  row(view: string, label: string): Locator {
    return this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row[aria-label="${label}"]`);
  }

  /** A node of the *Nodes* view, whatever its last check of readiness said. */
  node(name: string): Locator {
    return this.viewRows('Nodes').and(this.page.locator(`[aria-label="node ${name}"], [aria-label^="node ${name}, "]`));
  }

  /** The files of a node as they are now: who was there before may have read them with another containerd. */
  async readNode(name: string): Promise<void> {
    await this.contextMenu(this.node(name), 'Read Node Configuration Again');
    await this.unfold(this.node(name));
  }

  /** Opens a row with others below it; a click on one that is open would fold it. */
  async unfold(row: Locator): Promise<void> {
    await again(async () => {
      if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
      await row.and(this.page.locator('[aria-expanded="true"]')).waitFor({ timeout: 7000 });
    });
  }

  /** A click on the icon of a panel that is open would close it. */
  async openPanel(): Promise<void> {
    if (await this.viewRows('Nodes').first().isVisible()) return;
    await this.page.locator('.activitybar .action-label[aria-label^="containerd Runbooks"]').first().click();
    await this.viewRows('Nodes').first().waitFor();
  }

  /** The text of the page whose heading contains `words`. */
  async preview(words: string): Promise<string> {
    return (await this.pageWith(words)).locator('body').innerText();
  }

  /** Clicks a link of that page. */
  async followLink(words: string, link: string): Promise<void> {
    await (await this.pageWith(words)).locator('a').filter({ hasText: link }).first().click();
  }

  /** Where the links of that page lead. */
  async linksOf(words: string): Promise<readonly string[]> {
    const links = (await this.pageWith(words)).locator('a');
    return Promise.all((await links.all()).map(async (link) => (await link.getAttribute('href')) ?? ''));
  }

  private async pageWith(words: string): Promise<Frame> {
    for (let waited = 0; waited < 15_000; waited += 100) {
      for (const frame of this.page.frames()) {
        const heading = frame.locator('h1, h2, h3').filter({ hasText: words });
        if (frame !== this.page.mainFrame() && (await heading.count().catch(() => 0)) > 0) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`no page has a heading with ${words}`);
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

  /** A page may write the clipboard only while it has the keyboard, which an editor in a frame may hold. */
  async copy(text: string): Promise<void> {
    await this.page.locator('.part.sidebar .title-label').first().click();
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  async screenshot(name: string): Promise<void> {
    if (process.env['UPDATE_SCREENSHOTS'] === '1') await this.page.screenshot({ path: `docs/images/${name}.png` });
  }

  /** The last word of a line that has this text. */
  private word(line: string, word: string): Locator {
    return this.line(line).locator('span[class^="mtk"]').filter({ hasText: word }).last();
  }

  private quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  private quickRows(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
  }

  private async typeIntoQuickInput(text: string): Promise<void> {
    const box = this.quickInput().locator('input.input');
    await box.waitFor();
    await box.fill(text);
  }
}

/** Does a person's action up to three times: what is just being drawn swallows a click, or takes the focus from the box that was opened. */
async function again(act: () => Promise<void>): Promise<void> {
  for (let triesLeft = 2; ; triesLeft--) {
    try {
      await act();
      return;
    } catch (error) {
      if (triesLeft === 0) throw error;
    }
  }
}

export async function labels(rows: Locator): Promise<readonly string[]> {
  return Promise.all((await rows.all()).map(async (row) => (await row.getAttribute('aria-label')) ?? ''));
}
