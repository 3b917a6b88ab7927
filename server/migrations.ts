import {
  CodeActionKind,
  type AnnotatedTextEdit,
  type ChangeAnnotation,
  type CodeAction,
  type CreateFile,
  type Range,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { migrationActions, type MigrationAction } from '../core/features/migrationActions';
import type { NewFile } from '../core/features/migration';
import type { Analysis } from './analysis';
import type { Client } from './client';
import { uriOf } from './paths';
import { rangeIn, spanIn } from './ranges';
import { say } from './say';

const annotationId = 'migration';

/** Migrations of config.toml as refactorings: edits of several files, shown before they are applied. */
export function migrations(analysis: Analysis, range: Range, client: Client): CodeAction[] {
  const { context, document } = analysis;
  // Files can be created only by such an edit.
  if (context?.kind !== 'config' || !client.takesDocumentChanges || !client.takesNewFiles) return [];
  return migrationActions(context.config, spanIn(document, range)).map((action) => {
    const named = { title: say(action.title), kind: CodeActionKind.RefactorRewrite };
    const data: MigrationData = { uri: document.uri, range, migration: action.id };
    const isAskedFor = client.asksForEdits && action.notes.length > 0;
    return isAskedFor ? { ...named, data } : { ...named, edit: workspaceEdit(action, analysis, client) };
  });
}

/** What a migration with notes is worked out from again: they are shown when it is chosen, before its edits are. */
export interface MigrationData {
  readonly uri: string;
  readonly range: Range;
  readonly migration: MigrationAction['id'];
}

/** The edit of a migration that was chosen, and what a person has to know before applying it; undefined where there is none any more. */
export function chosenMigration(
  analysis: Analysis,
  { range, migration }: MigrationData,
  client: Client,
): { readonly edit: WorkspaceEdit; readonly notes: string } | undefined {
  const { context, document } = analysis;
  if (context?.kind !== 'config') return undefined;
  const action = migrationActions(context.config, spanIn(document, range)).find(({ id }) => id === migration);
  return action && { edit: workspaceEdit(action, analysis, client), notes: `${say(action.title)}: ${action.notes.map(say).join(' ')}` };
}

function workspaceEdit(action: MigrationAction, { document }: Analysis, { takesAnnotations }: Client): WorkspaceEdit {
  const annotation: ChangeAnnotation = {
    label: say(action.title),
    needsConfirmation: true,
    description: action.notes.map(say).join(' '),
  };
  const mark = takesAnnotations ? { annotationId } : {};
  const { uri, version } = document;
  const edits = action.edits.map((edit): AnnotatedTextEdit | TextDocumentEdit['edits'][number] => ({
    range: rangeIn(document, edit.range),
    newText: edit.newText,
    ...mark,
  }));
  return {
    documentChanges: [...action.files.flatMap((file) => creation(file, uri, mark)), { textDocument: { uri, version }, edits }],
    ...(takesAnnotations && { changeAnnotations: { [annotationId]: annotation } }),
  };
}

/** Not to be carried out over a file that is there: core has looked, but it may be new. */
function creation({ path, text }: NewFile, from: string, mark: { readonly annotationId?: string }): [CreateFile, TextDocumentEdit] {
  const uri = uriOf(path, from);
  const start = { line: 0, character: 0 };
  return [
    { kind: 'create', uri, options: { overwrite: false, ignoreIfExists: false }, ...mark },
    { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text, ...mark }] },
  ];
}
