import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type TextEdit as LspEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { codeActions, type EditorAction } from '../../core/features/codeActions';
import { parsedOf, type Analysis } from '../analysis';
import { shownFindings } from '../diagnostics';
import { rangeIn, spanIn } from '../ranges';
import { migrations } from '../migrations';
import { say } from '../say';
import type { Session } from '../session';

/** textDocument/codeAction: quick fixes are worked out again from the text as it is, never taken from the diagnostics of the request. */
export function codeAction(session: Session) {
  return session.about('textDocument/codeAction', [], (analysis, { range, context: asked }: CodeActionParams): CodeAction[] => {
    if (!analysis.context) return [];
    const actions = codeActions(shownFindings(analysis), spanIn(analysis.document, range), parsedOf(analysis.context).document);
    return [...actions.map((action) => lspAction(action, analysis, session, asked)), ...migrations(analysis, range, session.client)].filter(
      ({ kind }) => !asked.only || asked.only.some((wanted) => kind === wanted || kind?.startsWith(`${wanted}.`) === true),
    );
  });
}

const kinds: Readonly<Record<EditorAction['kind'], CodeActionKind>> = {
  fix: CodeActionKind.QuickFix,
  ignore: CodeActionKind.QuickFix,
  'fix-all': `${CodeActionKind.SourceFixAll}.containerd`,
  page: CodeActionKind.QuickFix,
};

function lspAction(action: EditorAction, analysis: Analysis, session: Session, asked: CodeActionParams['context']): CodeAction {
  const title = say(action.title);
  const base = { title, kind: kinds[action.kind], diagnostics: askedDiagnostics(action, analysis, asked) };
  if (action.kind === 'page')
    return { ...base, command: { title, command: 'containerdRunbooks.openPage', arguments: [`rules/${action.rule}`] } };
  const { isPreferred } = action;
  return { ...base, ...(isPreferred && { isPreferred }), edit: workspaceEdit(action, analysis, session) };
}

/** The diagnostics of the request that an action takes care of: the client then offers it at their squiggles. */
function askedDiagnostics(
  action: EditorAction,
  { document }: Analysis,
  { diagnostics }: CodeActionParams['context'],
): CodeActionParams['context']['diagnostics'] {
  if (action.kind === 'fix-all') return [];
  const { start, end } = action.range;
  return diagnostics.filter(
    ({ code, range }) => code === action.rule && document.offsetAt(range.start) === start && document.offsetAt(range.end) === end,
  );
}

function workspaceEdit(
  { edits }: Extract<EditorAction, { readonly edits: unknown }>,
  { document }: Analysis,
  { client }: Session,
): WorkspaceEdit {
  const lspEdits: LspEdit[] = edits.map(({ range, newText }) => ({ range: rangeIn(document, range), newText }));
  const { uri, version } = document;
  // With a version the client refuses the edit when the text has moved on meanwhile.
  return client.takesDocumentChanges
    ? { documentChanges: [{ textDocument: { uri, version }, edits: lspEdits }] }
    : { changes: { [uri]: lspEdits } };
}
