import * as vscode from 'vscode';
import type { NodePath } from '../../core/nodeFiles';
import { CliFailure, type CliProcess } from '../cliProcess';
import { sshConfig } from '../commands/inputs';
import type { ConsentedWrites } from './consentedWrites';
import { nodePathIn } from './nodeUri';
import { onNode, type NodeTrees } from './nodeTrees';

interface Content {
  readonly text: string;
  readonly mtime: number;
  readonly readAt: number;
  /** It is not on the node yet: saving it with a text makes it. */
  readonly begun?: true;
}

/** VS Code asks for the size and then for the text: one question to the node answers both. */
const freshMs = 3000;

/**
 * `containerd-node:/<node>/path`: a node's files as documents. Reading asks the node each time; saving goes through ConsentedWrites, and
 * only what a person saves is written at all. A new file is only begun here, and no file is removed.
 */
export class NodeFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly contents = new Map<string, Content>();
  /** Files that a node is being asked for: an edit that makes a file asks three times at once whether it is there. */
  private readonly asking = new Map<string, Promise<Content>>();
  /** Documents whose next write comes from a timer or a lost focus. */
  private readonly automatic = new Set<string>();
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly cli: CliProcess,
    private readonly trees: NodeTrees,
    private readonly writes: ConsentedWrites,
  ) {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      writes.onDidWrite(({ uri, text, base }) => this.hasBecome(uri, text, base === null)),
      vscode.workspace.onWillSaveTextDocument(({ document: { uri }, reason }) => {
        if (reason === vscode.TextDocumentSaveReason.Manual) this.automatic.delete(uri.toString());
        else this.automatic.add(uri.toString());
      }),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** A node tells nothing by itself. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (await this.isFolder(uri)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const { text, mtime } = this.contents.get(uri.toString()) ?? (await this.ask(uri));
    return { type: vscode.FileType.File, ctime: 0, mtime, size: Buffer.byteLength(text) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const known = this.contents.get(uri.toString());
    const { text } = known && (known.begun || Date.now() - known.readAt < freshMs) ? known : await this.ask(uri);
    return Buffer.from(text);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { node, path } = place(uri);
    const { snapshot } = await this.trees.of(node);
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const below = snapshot.places.filter((one) => one.path.startsWith(prefix) && !one.path.slice(prefix.length).includes('/'));
    return below
      .filter(({ kind }) => kind !== 'missing')
      .map((one) => [one.path.slice(prefix.length), one.kind === 'directory' ? vscode.FileType.Directory : vscode.FileType.File]);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array, { create }: { readonly create: boolean }): Promise<void> {
    if (this.automatic.delete(uri.toString()))
      throw vscode.FileSystemError.NoPermissions(vscode.l10n.t('A file on a node is written only when you save it yourself.'));
    const known = this.contents.get(uri.toString()) ?? this.begin(uri, create);
    const text = Buffer.from(content).toString('utf8');
    if (text === known.text) return;
    if (known.begun) return this.writes.write({ ...place(uri), uri, base: null, text });
    await this.writes.write({ ...place(uri), uri, base: known.text, text, without: await this.writeBegun(uri) });
  }

  /**
   * An edit of several files saves them at once, in no order. Those that it makes are written before one that is changed, which may point
   * to them, and a config.toml that leads nowhere breaks pulls. The paths of those that were not written.
   */
  private async writeBegun(uri: vscode.Uri): Promise<readonly string[]> {
    const { node } = place(uri);
    const isBegun = (document: vscode.TextDocument): boolean =>
      document.isDirty && nodePathIn(document.uri)?.node === node && this.contents.get(document.uri.toString())?.begun === true;
    const begun = vscode.workspace.textDocuments.filter(isBegun);
    await Promise.all(begun.map((document) => document.save()));
    return begun.filter(isBegun).map((document) => place(document.uri).path);
  }

  /** The folders of a file are made with it. */
  createDirectory(): void {
    // Nothing is on the node before a file in it is saved.
  }

  delete(uri: vscode.Uri): void {
    if (this.contents.get(uri.toString())?.begun !== true) throw onlyTexts();
    this.hasBecome(uri, null, false);
  }

  rename(): void {
    throw onlyTexts();
  }

  private async isFolder(uri: vscode.Uri): Promise<boolean> {
    const { node, path } = place(uri);
    if (this.contents.has(uri.toString())) return false;
    const { snapshot } = await this.trees.of(node);
    return snapshot.places.some((one) => one.path === path && one.kind === 'directory');
  }

  private ask(uri: vscode.Uri): Promise<Content> {
    const key = uri.toString();
    const asked = this.asking.get(key) ?? this.read(uri).finally(() => this.asking.delete(key));
    this.asking.set(key, asked);
    return asked;
  }

  private async read(uri: vscode.Uri): Promise<Content> {
    const { node, path } = place(uri);
    const reading = onNode(vscode.l10n.t('Reading {0} on {1}', path, node), (observer, token) =>
      this.cli.run('readFile', { node, path, ...sshConfig() }, observer, token),
    );
    const { text } = await reading.catch((error: unknown) => {
      throw error instanceof CliFailure && error.kind === 'missing' ? vscode.FileSystemError.FileNotFound(error.message) : error;
    });
    return this.keep(uri, text);
  }

  /** What an edit of several files creates is empty at first; nobody wants that written. */
  private begin(uri: vscode.Uri, create: boolean): Content {
    if (!create) throw vscode.FileSystemError.FileNotFound(uri);
    const now = Date.now();
    const content: Content = { text: '', readAt: now, mtime: now, begun: true };
    this.contents.set(uri.toString(), content);
    return content;
  }

  /** The time moves only when the text does: VS Code takes a later time for a change by somebody else. */
  private keep(uri: vscode.Uri, text: string): Content {
    const before = this.contents.get(uri.toString());
    const now = Date.now();
    const content = { text, readAt: now, mtime: before?.text === text ? before.mtime : now };
    this.contents.set(uri.toString(), content);
    return content;
  }

  private hasBecome(uri: vscode.Uri, text: string | null, isNew: boolean): void {
    if (text === null) this.contents.delete(uri.toString());
    else this.keep(uri, text);
    const { Changed, Created, Deleted } = vscode.FileChangeType;
    this.changed.fire([{ type: text === null ? Deleted : isNew ? Created : Changed, uri }]);
  }
}

function place(uri: vscode.Uri): NodePath {
  const found = nodePathIn(uri);
  if (!found) throw vscode.FileSystemError.FileNotFound(uri);
  return found;
}

function onlyTexts(): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions(vscode.l10n.t('On a node only the text of files that are there is changed.'));
}
