import type { InlayHint, InlayHintParams } from 'vscode-languageserver';
import { inlayHints } from '../../core/features/inlayHints';
import { spanIn } from '../ranges';
import { say } from '../say';
import type { Session } from '../session';

/** textDocument/inlayHint */
export function inlayHint(session: Session) {
  return session.about('textDocument/inlayHint', [], ({ context, document, lint }, { range }: InlayHintParams): InlayHint[] => {
    const visible = spanIn(document, range);
    const outcome = lint()?.outcome;
    // A file that containerd does not take has no hosts, whatever its tree would come to.
    const isTaken = outcome !== 'dropped' && outcome !== 'not-read';
    return (context && isTaken ? inlayHints(context) : [])
      .filter(({ offset }) => visible.start <= offset && offset <= visible.end)
      .map(({ offset, label, tooltip }, index, all) => ({
        position: document.positionAt(offset),
        label: say(label),
        tooltip: say(tooltip),
        // A second hint at the same place goes on with the sentence of the first.
        paddingLeft: all[index - 1]?.offset !== offset,
      }));
  });
}
