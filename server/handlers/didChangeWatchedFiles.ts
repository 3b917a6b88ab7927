import type { DidChangeWatchedFilesParams } from 'vscode-languageserver';
import { posix } from 'node:path';
import { pathOf } from '../paths';
import type { Session } from '../session';
import type { Revisit } from './documentEvents';

/** workspace/didChangeWatchedFiles: documents that looked at one of the files, or into its folder, are judged anew. */
export function didChangeWatchedFiles(session: Session, revisit: Revisit) {
  return ({ changes }: DidChangeWatchedFilesParams): void => {
    const readers = new Set<string>();
    for (const path of changes.map(({ uri }) => pathOf(uri)).flatMap((changed) => [changed, posix.dirname(changed)])) {
      session.workspace.changed(path);
      for (const uri of session.analyses.forgetReadersOf(path)) readers.add(uri);
    }
    revisit([...readers]);
  };
}
