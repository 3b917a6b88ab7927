import * as vscode from 'vscode';
import type { Diagnoses } from '../views/diagnoses';
import type { Diagnosis } from '../views/diagnosis';
import { reportOf } from './report';

const scheme = 'containerd-runbooks-report';

/** Reports as read-only documents: the tree cuts long sentences off, a Markdown preview does not. They follow their run. */
export class ReportDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly diagnoses: Diagnoses) {
    this.subscription = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      diagnoses.onDidChange((diagnosis) => {
        if (diagnosis) this.changed.fire(uriOf(diagnosis));
      }),
    );
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const diagnosis = this.diagnoses.all.find(({ id }) => String(id) === uri.query);
    return diagnosis ? reportOf(diagnosis) : '';
  }

  async open(diagnosis: Diagnosis): Promise<void> {
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uriOf(diagnosis));
  }
}

/** The path is what the tab shows. */
function uriOf({ id, subject }: Diagnosis): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${subject.title.replaceAll('/', ' ')}.md`, query: String(id) });
}
