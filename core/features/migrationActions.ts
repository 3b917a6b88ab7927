/** The migrations that are offered at a place of a config.toml. */
import type { ConfigContext } from '../rules/rule';
import { message, type Message } from '../text/message';
import { overlaps, type TextEdit, type TextRange } from '../text/ranges';
import type { TomlKey } from '../toml/document';
import { satisfies } from '../versions/versions';
import { migrateMirrors } from './migrateMirrors';
import { migrateVersion } from './migrateVersion';
import { filePlace, type NewFile } from './migration';

export interface MigrationAction {
  readonly id: 'to-certs.d' | 'to-3';
  readonly title: Message;
  readonly edits: readonly TextEdit[];
  /** Where they belong in the tree that the config.toml stands in. */
  readonly files: readonly NewFile[];
  readonly notes: readonly Message[];
}

/** Mirrors at a registry table; the version where the file says it, or at a header of a plugin. */
export function migrationActions(context: ConfigContext, range: TextRange): readonly MigrationAction[] {
  const { headers, assignments } = context.parsed.document;
  const header = headers.findLast(({ section }) => overlaps(section, range));
  const assignment = assignments.find((one) => overlaps(one.range, range));
  const names = [...(header?.path ?? []), ...(assignment?.path ?? [])].map(({ name }: TomlKey) => name);
  const atRegistry = names.includes('registry') || names.includes('plugins');
  const atVersion = names[0] === 'version' || (header?.path[0]?.name === 'plugins' && overlaps(header.range, range));
  return [...(atRegistry ? toCertsD(context) : []), ...(atVersion && satisfies(context.version, '>=2.0.0') ? toVersion3(context) : [])];
}

function toCertsD(context: ConfigContext): readonly MigrationAction[] {
  const result = migrateMirrors(context);
  if (!result.ok) return [];
  const { edits, notes } = result;
  const files = result.files.map(({ path, text }) => ({ path: filePlace(context.path, path, context.tree), text }));
  return [{ id: 'to-certs.d', title: message('migrate/to-certs.d', { count: files.length }), edits, files, notes }];
}

function toVersion3(context: ConfigContext): readonly MigrationAction[] {
  const result = migrateVersion(context);
  return result.ok ? [{ id: 'to-3', title: message('migrate/to-3'), edits: result.edits, files: [], notes: result.notes }] : [];
}
