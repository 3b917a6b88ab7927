import * as vscode from 'vscode';
import type { Pages } from '../pages';
import type { Diagnoses } from '../views/diagnoses';
import type { Diagnosis } from '../views/diagnosis';
import { MarkdownPanel } from './markdownPanel';
import { linkedReportOf } from './report';

/** The report of one run beside the editor: the tree cuts long sentences off, a page does not. It follows its run. */
export class Reports implements vscode.Disposable {
  private readonly panel = new MarkdownPanel('containerdRunbooks.report');
  private readonly subscription: vscode.Disposable;
  private shown: Diagnosis | undefined;

  constructor(
    diagnoses: Diagnoses,
    private readonly pages: Pages,
  ) {
    this.subscription = diagnoses.onDidChange((diagnosis) => {
      if (diagnosis && diagnosis === this.shown) void this.text(diagnosis).then((text) => this.panel.update(diagnosis.subject.title, text));
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.panel.dispose();
  }

  async open(diagnosis: Diagnosis): Promise<void> {
    this.shown = diagnosis;
    await this.panel.show(diagnosis.subject.title, await this.text(diagnosis), vscode.ViewColumn.Beside);
  }

  /** An explanation goes on with the page of its class, whose links know what the error text names. */
  private async text(diagnosis: Diagnosis): Promise<string> {
    const { outcome } = diagnosis;
    const report = linkedReportOf(diagnosis);
    const docs = outcome?.kind === 'explain' ? outcome.document.docs : null;
    if (outcome?.kind !== 'explain' || docs === null) return report;
    const page = await this.pages.text(docs, outcome.document.captures);
    return page === undefined ? report : `${report}\n---\n\n${page}`;
  }
}
