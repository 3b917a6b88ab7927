import * as vscode from 'vscode';
import { nodeTextScheme } from '../../core/nodeFiles';

/** Texts that are only shown: the side of a comparison that is no file any more, or never was one. The last few are kept. */
export class NodeTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private nextId = 1;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(nodeTextScheme, this);

  dispose(): void {
    this.registration.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.query) ?? '';
  }

  /** `path` is what the tab shows, and what the language is told by. */
  add(path: string, text: string): vscode.Uri {
    const query = String(this.nextId++);
    this.texts.set(query, text);
    for (const oldest of [...this.texts.keys()].slice(0, -50)) this.texts.delete(oldest);
    return vscode.Uri.from({ scheme: nodeTextScheme, path, query });
  }
}
