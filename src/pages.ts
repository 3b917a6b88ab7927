import * as vscode from 'vscode';
import { nodePathIn } from './remoteFiles/nodeUri';
import { editorLinks, type Named, type Place } from './report/editorLinks';
import { MarkdownPanel } from './report/markdownPanel';
import type { Target } from './views/row';

const pagePath = /^(?:(?:rules|errors|steps)\/[a-z0-9][a-z0-9.-]*|errors\/README)$/;

/** The pages of rules and error classes: they come with the extension and open without a network. */
export class Pages implements vscode.UriHandler, vscode.Disposable {
  private readonly panel = new MarkdownPanel('containerdRunbooks.page');

  constructor(private readonly docs: vscode.Uri) {}

  dispose(): void {
    this.panel.dispose();
  }

  /** `<scheme>://containerd-runbooks.containerd-runbooks/rules/<id>`: where a diagnostic's code leads. */
  async handleUri(uri: vscode.Uri): Promise<void> {
    await this.open(uri.path.replace(/^\//, ''));
  }

  async open(page: string): Promise<void> {
    const text = await this.text(page, { reference: null, host: null });
    if (text !== undefined) await this.panel.show(page, text, vscode.ViewColumn.Active);
    else await vscode.window.showWarningMessage(vscode.l10n.t('There is no page {0}.', page));
  }

  /** `page` is `rules/<id>`, `errors/<id>` or `steps/<id>`; anything else, as from a foreign link, is undefined. */
  async text(page: string, named: Named): Promise<string | undefined> {
    if (!pagePath.test(page)) return undefined;
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.docs, `${page}.md`));
      return editorLinks(new TextDecoder().decode(bytes), page, named, (rule) => placesOf(rule, named));
    } catch {
      return undefined;
    }
  }

  /** Asks which page, from all there are. */
  async pick(): Promise<string | undefined> {
    const [rules, errors, steps] = await Promise.all(['rules', 'errors', 'steps'].map((folder) => this.list(folder)));
    const picked = await vscode.window.showQuickPick([...(errors ?? []), ...(rules ?? []), ...(steps ?? [])], {
      placeHolder: vscode.l10n.t('Page of an error class, a rule or a guided step: type a word of it'),
      matchOnDescription: true,
    });
    return picked?.label;
  }

  private async list(folder: string): Promise<vscode.QuickPickItem[]> {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(this.docs, folder));
    const pages = entries.map(([name]) => `${folder}/${name.replace(/\.md$/, '')}`);
    const wanted = pages.filter((page) => pagePath.test(page) && !page.endsWith('README')).sort();
    return Promise.all(wanted.map(async (label) => ({ label, description: await this.subject(label) })));
  }

  /** The sentence that a page begins with. */
  private async subject(page: string): Promise<string> {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.docs, `${page}.md`));
    const [, first = ''] = /^# .+\n+(.+)$/m.exec(new TextDecoder().decode(bytes)) ?? [];
    return first.replaceAll('`', '');
  }
}

const shownPlaces = 3;

/** Where Problems has the rule, files of the registry in question first: a click there offers the fix. */
function placesOf(rule: string, { host }: Named): readonly Place[] {
  const found = vscode.languages.getDiagnostics().flatMap(([uri, diagnostics]) =>
    diagnostics.flatMap(({ code, range: { start } }) => {
      const id = typeof code === 'object' ? code.value : code;
      const place = uri.scheme === 'file' ? { node: 'local', path: uri.fsPath } : nodePathIn(uri);
      if (id !== rule || !place) return [];
      const target: Target = { kind: 'fix', ...place, line: start.line, character: start.character };
      return [{ label: `${vscode.workspace.asRelativePath(uri)}:${start.line + 1}`, target }];
    }),
  );
  const isOfHost = ({ label }: Place): boolean => host !== null && label.includes(host);
  return [...found.filter(isOfHost), ...found.filter((place) => !isOfHost(place))].slice(0, shownPlaces);
}
