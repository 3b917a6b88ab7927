import * as vscode from 'vscode';

/** The only commands that a link of a page may call. */
const linked = ['openPage', 'replayResolve', 'checkReadiness', 'diagnoseNode', 'explainJournal', 'follow'].map(
  (name) => `containerdRunbooks.${name}`,
);

/** One tab for Markdown of ours with links to commands, which VS Code's own Markdown preview does not follow. It runs no script. */
export class MarkdownPanel implements vscode.Disposable {
  #panel: vscode.WebviewPanel | undefined;

  constructor(private readonly viewType: string) {}

  dispose(): void {
    this.#panel?.dispose();
  }

  /** In the tab that is open, else in a new one in `column`. */
  async show(title: string, markdown: string, column: vscode.ViewColumn): Promise<void> {
    this.#panel ??= this.open(title, column);
    await this.update(title, markdown);
    this.#panel.reveal(undefined, column === vscode.ViewColumn.Beside);
  }

  /** Without bringing the tab to the front; nothing when it was closed. */
  async update(title: string, markdown: string): Promise<void> {
    const body = await vscode.commands.executeCommand<string>('markdown.api.render', markdown);
    if (!this.#panel) return;
    this.#panel.title = title;
    this.#panel.webview.html = document(title, body);
  }

  private open(title: string, column: vscode.ViewColumn): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      this.viewType,
      title,
      { viewColumn: column, preserveFocus: column === vscode.ViewColumn.Beside },
      { enableScripts: false, enableCommandUris: linked, localResourceRoots: [], enableFindWidget: true },
    );
    panel.onDidDispose(() => (this.#panel = undefined));
    return panel;
  }
}

function document(title: string, body: string): string {
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)}</title>
<style>${style}</style>
</head>
<body>${body}</body>
</html>`;
}

const style = `
body { font: var(--vscode-font-size)/1.5 var(--vscode-font-family); max-width: 60em; padding: 0 1.5em 2em; overflow-wrap: anywhere; }
h1, h2 { font-weight: 500; padding-bottom: .2em; border-bottom: 1px solid var(--vscode-widget-border, #8884); }
code, pre { font-family: var(--vscode-editor-font-family); }
code { color: inherit; background: var(--vscode-textCodeBlock-background); padding: 0 .2em; }
pre { background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); padding: .8em; white-space: pre-wrap; }
pre code { background: none; padding: 0; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--vscode-widget-border, #8884); padding: .3em .7em; text-align: left; vertical-align: top; }
hr { border: 0; border-top: 1px solid var(--vscode-widget-border, #8884); margin: 2em 0; }
`;
