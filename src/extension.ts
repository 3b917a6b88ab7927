import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { CliProcess } from './cliProcess';
import { sshConfig } from './commands/inputs';
import { registerNodeFileCommands } from './commands/nodeFiles';
import { registerCommands } from './commands/register';
import { JudgedVersion } from './judgedVersion';
import { createLanguageClient } from './languageClient';
import { nodeScheme } from '../core/nodeFiles';
import { setSshHosts } from './nodes/nodes';
import { NodesView } from './nodes/nodesView';
import { Pages } from './pages';
import { ConsentedWrites } from './remoteFiles/consentedWrites';
import { answerFilesAround } from './remoteFiles/filesAround';
import { NodeFileSystem } from './remoteFiles/nodeFileSystem';
import { NodeTexts } from './remoteFiles/nodeTexts';
import { NodeTrees } from './remoteFiles/nodeTrees';
import { Reports } from './report/reports';
import { Diagnoses } from './views/diagnoses';
import { DiagnosesView } from './views/diagnosesView';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('containerd Runbooks', { log: true });
  const cli = new CliProcess(context.asAbsolutePath('dist/cli.js'), log);
  const diagnoses = new Diagnoses(cli);
  const view = new DiagnosesView(diagnoses);
  const pages = new Pages(vscode.Uri.joinPath(context.extensionUri, 'docs'));
  const reports = new Reports(diagnoses, pages);
  const trees = new NodeTrees(cli);
  const files = nodeFiles(cli, trees, diagnoses, context.workspaceState);
  setSshHosts(() => sshHosts(cli));
  context.subscriptions.push(
    log,
    cli,
    diagnoses,
    view,
    pages,
    reports,
    trees,
    files,
    new NodesView(diagnoses, trees),
    vscode.window.registerUriHandler(pages),
    diagnoses.onDidStart((diagnosis) => void view.reveal(diagnosis)),
    registerCommands(diagnoses, pages, reports, context.workspaceState),
  );
  client = createLanguageClient(context.asAbsolutePath('dist/server.js'), log);
  context.subscriptions.push(new JudgedVersion(client), answerFilesAround(client, trees));
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** A node's files as documents, and all that is done with them. */
function nodeFiles(cli: CliProcess, trees: NodeTrees, diagnoses: Diagnoses, memory: vscode.Memento): vscode.Disposable {
  const texts = new NodeTexts();
  const writes = new ConsentedWrites(cli, trees, texts);
  const fileSystem = new NodeFileSystem(cli, trees, writes);
  const options = { isCaseSensitive: true };
  return vscode.Disposable.from(
    texts,
    writes,
    fileSystem,
    vscode.workspace.registerFileSystemProvider(nodeScheme, fileSystem, options),
    registerNodeFileCommands({ trees, texts, writes }, { cli, writes, diagnoses, memory }),
  );
}

/** Nobody waits for these: a configuration that cannot be read names no hosts. */
async function sshHosts(cli: CliProcess): Promise<readonly string[]> {
  const observer = { step: () => undefined, prompt: () => Promise.resolve(null) };
  const none = new vscode.CancellationTokenSource();
  try {
    return (await cli.run('nodes', sshConfig(), observer, none.token)).nodes.map(({ name }) => name);
  } catch {
    return [];
  } finally {
    none.dispose();
  }
}
