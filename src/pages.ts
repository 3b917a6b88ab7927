import * as vscode from 'vscode';

const pagePath = /^(?:rules|errors|steps)\/[a-z0-9][a-z0-9.-]*$/;

/** The pages of rules and error classes: they come with the extension and open without a network. */
export class Pages implements vscode.UriHandler {
  constructor(private readonly docs: vscode.Uri) {}

  /** `<scheme>://containerd-runbooks.containerd-runbooks/rules/<id>`: where a diagnostic's code leads. */
  async handleUri(uri: vscode.Uri): Promise<void> {
    await this.open(uri.path.replace(/^\//, ''));
  }

  /** `page` is `rules/<id>`, `errors/<id>` or `steps/<id>`; anything else, as from a foreign link, is refused. */
  async open(page: string): Promise<void> {
    const uri = pagePath.test(page) ? vscode.Uri.joinPath(this.docs, `${page}.md`) : undefined;
    if (uri && (await exists(uri))) await vscode.commands.executeCommand('markdown.showPreview', uri);
    else await vscode.window.showWarningMessage(vscode.l10n.t('There is no page {0}.', page));
  }

  /** Asks which page, from all there are. */
  async pick(): Promise<string | undefined> {
    const [rules, errors, steps] = await Promise.all(['rules', 'errors', 'steps'].map((folder) => this.list(folder)));
    return vscode.window.showQuickPick([...(errors ?? []), ...(rules ?? []), ...(steps ?? [])], {
      placeHolder: vscode.l10n.t('Page of an error class or a rule'),
    });
  }

  private async list(folder: string): Promise<string[]> {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(this.docs, folder));
    const pages = entries.map(([name]) => `${folder}/${name.replace(/\.md$/, '')}`);
    return pages.filter((page) => pagePath.test(page)).sort();
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
