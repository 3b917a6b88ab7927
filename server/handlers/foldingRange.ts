import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver';
import { folding } from '../../core/features/folding';
import { parsedOf } from '../analysis';
import type { Session } from '../session';

/** textDocument/foldingRange */
export function foldingRange(session: Session) {
  return session.about('textDocument/foldingRange', [], ({ context, document }): FoldingRange[] =>
    (context ? folding(parsedOf(context).document) : []).map(({ range, kind }) => ({
      startLine: document.positionAt(range.start).line,
      endLine: document.positionAt(range.end).line,
      ...(kind === 'comment' && { kind: FoldingRangeKind.Comment }),
    })),
  );
}
