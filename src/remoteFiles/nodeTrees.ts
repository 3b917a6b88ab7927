import * as vscode from 'vscode';
import type { NodeTreeDocument } from '../../core/protocol/nodeTree';
import type { CliProcess, Observer } from '../cliProcess';
import { sshConfig } from '../commands/inputs';
import { answerPrompt } from '../prompts';

/** The configuration of each node as it was read last. Nothing is read before somebody asks, and never in an untrusted workspace. */
export class NodeTrees implements vscode.Disposable {
  private readonly read = new Map<string, Promise<NodeTreeDocument>>();
  private readonly changed = new vscode.EventEmitter<string>();
  /** The node whose configuration is to be looked at again. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly cli: CliProcess) {}

  dispose(): void {
    this.changed.dispose();
  }

  /** As it was read last, else as it is. A failure is not kept. */
  of(node: string): Promise<NodeTreeDocument> {
    const known = this.read.get(node);
    if (known) return known;
    const reading = this.readTree(node);
    this.read.set(node, reading);
    reading.catch(() => this.read.get(node) === reading && this.read.delete(node));
    return reading;
  }

  /** As it is: containerd may have been started otherwise since it was read last. */
  again(node: string): Promise<NodeTreeDocument> {
    this.refresh(node);
    return this.of(node);
  }

  refresh(node: string): void {
    this.forget(node);
    this.changed.fire(node);
  }

  /** Whoever asks next has it as it is. */
  forget(node: string): void {
    this.read.delete(node);
  }

  private readTree(node: string): Promise<NodeTreeDocument> {
    const title = vscode.l10n.t('Reading the configuration of {0}', node);
    return onNode(title, (observer, token) => this.cli.run('tree', { node, ...sshConfig() }, observer, token));
  }
}

/** Work on a node with a notification that shows each step and cancels. */
export async function onNode<T>(title: string, work: (observer: Observer, token: vscode.CancellationToken) => Promise<T>): Promise<T> {
  if (!vscode.workspace.isTrusted) throw new Error(vscode.l10n.t('Nodes are reached only from a trusted workspace.'));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) =>
    work({ prompt: answerPrompt, step: ({ label, status }) => status === 'running' && progress.report({ message: label }) }, token),
  );
}
