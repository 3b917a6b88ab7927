import * as vscode from 'vscode';
import type { Prompt } from './cliProcess';

/** ssh's questions as native boxes: a host key to trust as a dialog, everything else as an input box. Null means declined. */
export async function answerPrompt(prompt: Prompt, token: vscode.CancellationToken): Promise<string | null> {
  return isYesNo(prompt) ? confirm(prompt) : ask(prompt, token);
}

/** ssh's own words (readconf, sshconnect.c: confirm): it takes `yes`, `no` or the fingerprint. */
function isYesNo({ text, secret }: Prompt): boolean {
  return !secret && text.includes('(yes/no');
}

async function confirm({ text }: Prompt): Promise<string> {
  const trust = vscode.l10n.t('Connect');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('ssh does not know this host key'),
    { modal: true, detail: text.trim() },
    trust,
  );
  return chosen === trust ? 'yes' : 'no';
}

async function ask({ node, text, secret }: Prompt, token: vscode.CancellationToken): Promise<string | null> {
  const answer = await vscode.window.showInputBox(
    {
      title: node === undefined ? vscode.l10n.t('ssh asks') : vscode.l10n.t('{0}: ssh asks', node),
      prompt: text.trim(),
      password: secret,
      ignoreFocusOut: true,
    },
    token,
  );
  return answer ?? null;
}
