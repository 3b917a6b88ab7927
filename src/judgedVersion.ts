import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { nodeTextScheme } from '../core/nodeFiles';
import { judgedVersionMethod, type JudgedVersionParams } from '../core/protocol/judgedVersion';

/** The language status of hosts.toml and config.toml: which containerd release the findings of this file are about. */
export class JudgedVersion implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem('containerdRunbooks.version', [
    { language: 'containerd-hosts' },
    { language: 'containerd-config' },
  ]);
  readonly #told = new Map<string, JudgedVersionParams>();
  readonly #subscriptions: vscode.Disposable;

  constructor(client: LanguageClient) {
    this.#item.name = vscode.l10n.t('containerd release');
    this.#subscriptions = vscode.Disposable.from(
      this.#item,
      client.onNotification(judgedVersionMethod, (params: JudgedVersionParams) => {
        this.#told.set(client.protocol2CodeConverter.asUri(params.uri).toString(), params);
        this.#show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.#show();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#told.delete(uri.toString())),
    );
    this.#show();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #show(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const judged = uri && this.#told.get(uri.toString());
    this.#item.text = judged ? `containerd ${judged.containerd}` : 'containerd';
    this.#item.detail = judged ? reason(judged) : '';
    this.#item.busy = judged === undefined && uri?.scheme !== nodeTextScheme;
    this.#item.command = {
      title: vscode.l10n.t('Choose Release'),
      command: 'containerdRunbooks.chooseVersion',
      arguments: uri ? [uri] : [],
    };
  }
}

function reason({ chosen, node }: JudgedVersionParams): string {
  if (chosen) return '';
  return node === undefined ? vscode.l10n.t('The newest known release') : vscode.l10n.t('The release that runs on {0}', node);
}
