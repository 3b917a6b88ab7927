/** `[debug] level` of a config.toml, set and taken back so that the file is byte for byte as before. */
import { entryAt } from '../toml/lookup';
import { parse } from '../toml/parse';
import type { TomlDocument } from '../toml/document';
import { message } from '../text/message';
import type { StepChange } from './step';

/** The mark carries what stood there before. `base` null: containerd runs with its defaults. */
export function withDebugLevel(path: string, base: string | null, mark: string): StepChange {
  if (base === null) return { text: `version = 2${addedTable(mark)}` };
  const { document, errors } = parse(base);
  if (errors.length > 0) return unfit(path, 'no-toml');
  const entry = entryAt(document.root, ['debug', 'level']);
  if (!entry) return withLevelAdded(document, path, mark);
  const { value } = entry;
  if (value.kind === 'string' && value.value === 'debug') return { said: message('debug-log/is-debug', { path }) };
  const start = base.lastIndexOf('\n', value.range.start - 1) + 1;
  const end = lineEnd(base, value.range.start);
  const [before, line, after] = [base.slice(0, start), base.slice(start, end), base.slice(end)];
  const behind = base.slice(value.range.end, end);
  if (value.range.end > end || !/^[ \t]*(?:#.*)?$/.test(behind) || !/^[ \t]*(?:debug\s*\.\s*)?level[ \t]*=/.test(line))
    return unfit(path, 'no-line');
  return { text: `${before}${base.slice(start, value.range.start)}"debug"  # ${mark}, before: ${line}${after}` };
}

export function withoutDebugLevel(text: string, markPattern: string): StepChange {
  const table = new RegExp(`\\n\\[debug\\]  # ${markPattern}, before: no table\\n  level = "debug"\\n`);
  const added = new RegExp(`\\n  level = "debug"  # ${markPattern}, before: no level$`, 'm');
  const changed = new RegExp(`^[^\\n#]*"debug"  # ${markPattern}, before: ([^\\n]*)$`, 'm');
  if (new RegExp(`^version = 2${table.source}$`).test(text)) return { text: null };
  if (table.test(text)) return { text: text.replace(table, '') };
  if (added.test(text)) return { text: text.replace(added, '') };
  return { text: text.replace(changed, (_all, _since, line: string) => line) };
}

function withLevelAdded({ text, headers, root }: TomlDocument, path: string, mark: string): StepChange {
  const header = headers.find(({ array, path: keys }) => !array && keys.length === 1 && keys[0]?.name === 'debug');
  if (!header) return root.entries.has('debug') ? unfit(path, 'no-line') : { text: `${text}${addedTable(mark)}` };
  const end = text.indexOf('\n', header.range.end);
  const at = end < 0 ? text.length : end;
  return { text: `${text.slice(0, at)}\n  level = "debug"  # ${mark}, before: no level${text.slice(at)}` };
}

function addedTable(mark: string): string {
  return `\n[debug]  # ${mark}, before: no table\n  level = "debug"\n`;
}

/** Where a line ends, without its \r\n or \n. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function unfit(path: string, why: string): StepChange {
  return { said: message('debug-log/unfit', { path, why: message(`debug-log/${why}`) }) };
}
