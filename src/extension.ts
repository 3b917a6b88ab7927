import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { CliProcess } from './cliProcess';
import { registerCommands } from './commands/register';
import { createLanguageClient } from './languageClient';
import { NodesView } from './nodes/nodesView';
import { Pages } from './pages';
import { Diagnoses } from './views/diagnoses';
import { DiagnosesView } from './views/diagnosesView';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('containerd Runbooks', { log: true });
  const cli = new CliProcess(context.asAbsolutePath('dist/cli.js'), log);
  const diagnoses = new Diagnoses(cli);
  const view = new DiagnosesView(diagnoses);
  const pages = new Pages(vscode.Uri.joinPath(context.extensionUri, 'docs'));
  context.subscriptions.push(
    log,
    cli,
    diagnoses,
    view,
    new NodesView(diagnoses),
    vscode.window.registerUriHandler(pages),
    diagnoses.onDidStart((diagnosis) => void view.reveal(diagnosis)),
    registerCommands(diagnoses, pages, context.workspaceState),
  );
  client = createLanguageClient(context.asAbsolutePath('dist/server.js'), log);
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
