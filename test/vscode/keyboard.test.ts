import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { registryOf } from '../../scripts/playground/playground';
import { session, type Session } from './session';
import type { Workbench } from './workbench';

describe('VS Code: the panel by keyboard alone', () => {
  let vscode: Session;
  let workbench: Workbench;

  before(async () => {
    vscode = await session();
    workbench = vscode.workbench;
    await workbench.tidy();
    await workbench.page.mouse.move(0, 0);
  });

  it('starts a readiness check from the menu of a node', async () => {
    // VS Code gives a view the keyboard once it has rows: the first time it has none yet.
    await command('Focus on Nodes View');
    await workbench.viewRows('Nodes').first().waitFor();
    await command('Focus on Nodes View');
    await walkTo('Nodes', /^node worker-1/);
    await menu('Check Node Readiness');
    await typed('Interfaces that must be up', 'missing0');
    await typed('Registries that must answer', `http://127.0.0.1:${registryOf(vscode.playground, 'unavailable').port}`);
    await workbench.row('Diagnoses', 'Readiness, worker-1, failed').first().waitFor();
  });

  it('opens the report, which is left as it came', async () => {
    await command('Focus on Diagnoses View');
    await walkTo('Diagnoses', /^Readiness, worker-1, failed/);
    await menu('Open Diagnosis as Report');
    assert.match(await workbench.preview('Readiness'), /There is no interface missing0/);
    await command('Focus on Diagnoses View');
    assert.match(await focusedLabel('Diagnoses'), /^Readiness, worker-1, failed/);
  });

  it('opens the page of what it found, and comes back to it', async () => {
    await walkTo('Diagnoses', /^failed, .*answered 503/);
    await workbench.page.keyboard.press('ArrowRight');
    await walkTo('Diagnoses', /^Page errors\/registry\.5xx$/);
    const label = await focusedLabel('Diagnoses');
    await workbench.page.keyboard.press('Enter');
    assert.match(await workbench.preview(label.slice('Page errors/'.length)), /^Impact$/m);
    await command('Focus on Diagnoses View');
    assert.equal(await focusedLabel('Diagnoses'), label);
  });

  /** From the palette. What is just being drawn may take the keyboard from it: then it is opened again. */
  async function command(title: string): Promise<void> {
    const { page } = workbench;
    const list = page.locator('.quick-input-widget:visible');
    const found = list.locator('.monaco-list-row.focused').filter({ hasText: title });
    for (let tries = 0; tries < 4 && !(await found.isVisible()); tries++) {
      // Not the first time: in a list Escape would forget the row.
      if (tries > 0) await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await list.locator('input.input:focus').waitFor();
      await page.keyboard.type(title, { delay: 10 });
      await found.waitFor({ timeout: 4000 }).catch(() => undefined);
    }
    await page.keyboard.press('Enter');
    await list.waitFor({ state: 'hidden' });
  }

  async function typed(prompt: string, text: string): Promise<void> {
    const { page } = workbench;
    await page.locator('.quick-input-widget:visible').filter({ hasText: prompt }).waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  }

  function focused(view: 'Nodes' | 'Diagnoses'): Locator {
    return workbench.viewRows(view).and(workbench.page.locator('.monaco-list:focus-within .monaco-list-row.focused'));
  }

  async function focusedLabel(view: 'Nodes' | 'Diagnoses'): Promise<string> {
    await focused(view).waitFor();
    return (await focused(view).getAttribute('aria-label')) ?? '';
  }

  /** Down from the first row, else from the row that has the keyboard. */
  async function walkTo(view: 'Nodes' | 'Diagnoses', label: RegExp): Promise<void> {
    await workbench.page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list:focus`).waitFor();
    if ((await focused(view).count()) === 0) await workbench.page.keyboard.press('Home');
    for (let steps = 0; steps < 60 && !label.test(await focusedLabel(view)); steps++) await workbench.page.keyboard.press('ArrowDown');
    assert.match(await focusedLabel(view), label);
  }

  async function menu(entry: string): Promise<void> {
    const { page } = workbench;
    await page.keyboard.press('Shift+F10');
    const chosen = page.locator('.monaco-menu .action-item.focused').filter({ hasText: entry });
    await page.locator('.monaco-menu .action-item').filter({ hasText: entry }).waitFor();
    for (let steps = 0; steps < 30 && (await chosen.count()) === 0; steps++) await page.keyboard.press('ArrowDown');
    await chosen.waitFor();
    await page.keyboard.press('Enter');
  }
});
