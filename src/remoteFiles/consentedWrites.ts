import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { NodePath, WriteFileDocument } from '../../core/nodeFiles';
import { settingsPrefix } from '../../core/settings';
import type { CliProcess } from '../cliProcess';
import { sshConfig } from '../commands/inputs';
import { offerRestart } from './restart';
import type { NodeTexts } from './nodeTexts';
import { onNode, type NodeTrees } from './nodeTrees';

export interface Change extends NodePath {
  readonly uri: vscode.Uri;
  /** As it was read from the node; null: it is to be made. */
  readonly base: string | null;
  /** Null: it is taken away. */
  readonly text: string | null;
  /** Paths of files that were to be written before it and were not. */
  readonly without?: readonly string[];
}

type Written = Extract<WriteFileDocument, { readonly status: 'written' }>;

/** The one way in which a file on a node changes: the difference is shown, a person confirms it, and what was there before stays beside it. */
export class ConsentedWrites implements vscode.Disposable {
  private readonly wrote = new vscode.EventEmitter<Change>();
  readonly onDidWrite = this.wrote.event;
  /** An edit of several files saves them at once: each question stands before the difference that it is about. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly cli: CliProcess,
    private readonly trees: NodeTrees,
    private readonly texts: NodeTexts,
  ) {}

  dispose(): void {
    this.wrote.dispose();
  }

  /** Rejects with what a person is told when nothing was written. */
  write(change: Change): Promise<void> {
    const written = this.last.then(() => this.writeConfirmed(change));
    this.last = written.catch(() => undefined);
    return written;
  }

  private async writeConfirmed(change: Change): Promise<void> {
    if (!(await this.isConfirmed(change))) throw failure(vscode.l10n.t('Nothing was written on {0}.', change.node));
    const outcome = await this.carryOut(change);
    if (outcome.status !== 'written') throw failure(refusal(change, outcome));
    this.wrote.fire(change);
    this.trees.refresh(change.node);
    void this.tell(change, outcome);
  }

  /** One step back: the newest backup beside the file, through the same question. */
  async rollBack(place: NodePath & { readonly uri: vscode.Uri }): Promise<void> {
    const { node, path } = place;
    const { snapshot } = await this.trees.again(node);
    const backup = newestBackup(
      path,
      snapshot.places.map((one) => one.path),
    );
    if (backup === undefined) {
      await vscode.window.showInformationMessage(vscode.l10n.t('There is no backup of {0} on {1}.', path, node));
      return;
    }
    const [base, text] = [await this.read({ node, path }), await this.read({ node, path: backup })];
    await this.write({ ...place, base, text }).catch((error: unknown) => vscode.window.showWarningMessage((error as Error).message));
  }

  /** The other way round: what was made is taken away, what was taken away is made again. */
  private async undo(change: Change): Promise<void> {
    if (change.base !== null && change.text !== null) return this.rollBack(change);
    const undone = this.write({ ...change, base: change.text, text: change.base });
    await undone.catch((error: unknown) => vscode.window.showWarningMessage((error as Error).message));
  }

  private async read({ node, path }: NodePath): Promise<string> {
    const read = onNode(vscode.l10n.t('Reading {0} on {1}', path, node), (observer, token) =>
      this.cli.run('readFile', { node, path, ...sshConfig() }, observer, token),
    );
    return (await read).text;
  }

  private async isConfirmed({ node, path, base, text, without = [] }: Change): Promise<boolean> {
    const name = posix.basename(path);
    const [before, after] = [this.texts.add(path, base ?? ''), this.texts.add(path, text ?? '')];
    await vscode.commands.executeCommand('vscode.diff', before, after, vscode.l10n.t('{0} on {1}: now ↔ to be written', name, node));
    const write = text === null ? vscode.l10n.t('Remove') : without.length > 0 ? vscode.l10n.t('Write Anyway') : vscode.l10n.t('Write');
    const chosen = await vscode.window.showWarningMessage(
      text === null ? vscode.l10n.t('Remove {0} on {1}?', name, node) : vscode.l10n.t('Write {0} on {1}?', name, node),
      { modal: true, detail: detailOf({ path, base, text, without }) },
      write,
    );
    await closeDiff(before);
    return chosen === write;
  }

  private carryOut({ node, path, base, text }: Change): Promise<WriteFileDocument> {
    return onNode(vscode.l10n.t('Writing {0} on {1}', path, node), async (observer, token) => {
      const { config } = await this.trees.of(node);
      const kept = vscode.workspace.getConfiguration(settingsPrefix).get<unknown>('keptBackups');
      const keptBackups = typeof kept === 'number' && kept >= 1 ? { keptBackups: kept } : {};
      const more = { ...(config !== null && { config }), ...keptBackups, ...sshConfig() };
      return this.cli.run('writeFile', { node, path, base, text, ...more }, observer, token);
    });
  }

  private async tell(change: Change, { sudo, restart, validation }: Written): Promise<void> {
    const { node, path, text } = change;
    const name = posix.basename(path);
    const rollBack = vscode.l10n.t('Roll Back');
    const wasWritten = sudo
      ? vscode.l10n.t('{0} was written on {1}, with sudo.', name, node)
      : vscode.l10n.t('{0} was written on {1}.', name, node);
    const offer = vscode.l10n.t('Restart…');
    const said = [
      text === null ? vscode.l10n.t('{0} was removed on {1}.', name, node) : wasWritten,
      effect(restart, validation.status === 'failed' ? validation.detail : undefined),
    ].join(' ');
    const show = validation.status === 'failed' ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
    const chosen = await show(said, rollBack, ...(restart === null ? [] : [offer]));
    if (chosen === rollBack) await this.undo(change);
    if (chosen === offer && restart !== null) await offerRestart(this.cli, change, restart);
  }
}

function detailOf({ path, base, text, without }: Pick<Change, 'path' | 'base' | 'text'> & { readonly without: readonly string[] }): string {
  if (base === null) return vscode.l10n.t('{0} is not there yet. Its folder is made with it.', path);
  if (text === null) return vscode.l10n.t('{0} is taken away, and its folder where that is empty then.', path);
  const kept = vscode.l10n.t('{0}: the text that is there now stays beside it, with the time in its name.', path);
  return without.length === 0 ? kept : `${withoutThem(path, without)}\n\n${kept}`;
}

function withoutThem(path: string, without: readonly string[]): string {
  return vscode.l10n.t(
    'Not written: {0}. {1} was changed together with it and may lead there: pulls may fail then, or go past their mirror.',
    without.join(', '),
    path,
  );
}

/** What is to be done now: containerd refuses what was written, wants a restart, or reads it at the next pull. */
function effect(restart: string | null, refused: string | undefined): string {
  if (refused !== undefined) return vscode.l10n.t('containerd cannot read its configuration now: {0}', refused);
  if (restart !== null) return vscode.l10n.t('It takes effect after: {0}', restart);
  return vscode.l10n.t('No restart is needed: containerd reads it at the next pull.');
}

function refusal({ node, path, base }: Change, outcome: Exclude<WriteFileDocument, Written>): string {
  switch (outcome.status) {
    case 'changed':
      if (base === null) return vscode.l10n.t('{0} is on {1} already. Nothing was written.', path, node);
      return vscode.l10n.t(
        '{0} was changed on {1} since it was opened. Nothing was written: revert the file to see what is there now.',
        path,
        node,
      );
    case 'missing':
      return vscode.l10n.t('{0} is not on {1} any more. Nothing was written.', path, node);
    case 'refused':
      return vscode.l10n.t('{0} on {1} was not written: {2}.', path, node, outcome.reason);
    case 'unknown':
      return vscode.l10n.t(
        'Writing {0} on {1} broke off: {2}. The file holds the old text or the new one; open it again.',
        path,
        node,
        outcome.reason,
      );
  }
}

function failure(message: string): Error {
  return vscode.FileSystemError.Unavailable(message);
}

/** Backups carry the time of the write, so the last by name is the newest. */
function newestBackup(path: string, paths: readonly string[]): string | undefined {
  return paths
    .filter((one) => one.startsWith(`${path}.`) && isBackup(one))
    .sort()
    .at(-1);
}

export function isBackup(path: string): boolean {
  return /\.\d{8}T\d{6}\.\d{3}Z\.bak$/.test(path);
}

async function closeDiff(original: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all);
  const ours = tabs.filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.original.toString() === original.toString());
  await vscode.window.tabGroups.close(ours);
}
