/** A folder of bundles, read one after the other: memory does not grow with their number. */
import { opendirSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../core/diagnosis/diagnose';
import { fleet } from '../../core/diagnosis/fleet';
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import type { FleetDocument } from '../../core/protocol/fleet';
import { CallError } from '../command';
import { loadBundle } from './bundle';
import { compareDump } from './compareDump';

export type FolderEvent = DiagnoseDocument | { readonly node: string; readonly error: string };

/** A bundle that cannot be read is one line of the result, and stops no other. */
export async function diagnoseFolder(folder: string, shown: string, onNode: (event: FolderEvent) => void): Promise<FleetDocument> {
  const all = fleet();
  const directory = opendirSync(folder);
  let count = 0;
  for await (const entry of directory) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue;
    count += 1;
    const outcome = read(join(folder, entry.name), entry.name);
    onNode(outcome);
    if ('error' in outcome) all.unreachable(outcome.node, outcome.error);
    else all.add(outcome);
  }
  if (count === 0) throw new CallError(`--bundle ${shown}: there is no bundle in this folder`);
  return all.document();
}

function read(path: string, name: string): FolderEvent {
  try {
    return diagnose(loadBundle(path, name), compareDump);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return { node: name, error: error.message.replace(/^--bundle [^:]*: /, '') };
  }
}
