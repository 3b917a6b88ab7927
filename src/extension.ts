import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { CliProcess } from './cliProcess';
import { registerCommands } from './commands/register';
import { JudgedVersion } from './judgedVersion';
import { createLanguageClient } from './languageClient';
import { NodesView } from './nodes/nodesView';
import { Pages } from './pages';
import { ReportDocuments } from './report/reportDocuments';
import { Diagnoses } from './views/diagnoses';
import { DiagnosesView } from './views/diagnosesView';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('containerd Runbooks', { log: true });
  const cli = new CliProcess(context.asAbsolutePath('dist/cli.js'), log);
  const diagnoses = new Diagnoses(cli);
  const view = new DiagnosesView(diagnoses);
  const pages = new Pages(vscode.Uri.joinPath(context.extensionUri, 'docs'));
  const reports = new ReportDocuments(diagnoses);
  context.subscriptions.push(
    log,
    cli,
    diagnoses,
    view,
    reports,
    new NodesView(diagnoses),
    vscode.window.registerUriHandler(pages),
    diagnoses.onDidStart((diagnosis) => void view.reveal(diagnosis)),
    registerCommands(diagnoses, pages, reports, context.workspaceState),
  );
  client = createLanguageClient(context.asAbsolutePath('dist/server.js'), log);
  context.subscriptions.push(new JudgedVersion(client));
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
