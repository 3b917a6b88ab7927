import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { englishCatalog } from '../../core/catalog';
import { filePlace, type Migration, type NewFile } from '../../core/features/migration';
import { migrateMirrors } from '../../core/features/migrateMirrors';
import { migrateVersion } from '../../core/features/migrateVersion';
import { printableText } from '../../core/text/display';
import { render, type Catalog, type Message } from '../../core/text/message';
import { applyEdits } from '../../core/text/ranges';
import { parse } from '../../core/toml/parse';
import { mapTree } from '../../files/tree';
import { CallError, stringOption, type CommandLine, type CommandOption, type ExitStatus, type Io } from '../command';
import { catalogsOf } from '../language';
import { treeOf, treePath } from '../lintFiles';
import { releaseOf } from '../releaseOption';

export const migrateUsage = 'config migrate FILE --to certs.d|3 [-o DIR] [--containerd V] [--format text|json|ndjson]';

export const migrateOptions: Readonly<Record<string, CommandOption>> = {
  to: {
    type: 'string',
    value: 'WHAT',
    help: 'migrate: certs.d puts registry.mirrors into hosts.toml files, 3 rewrites as config version 3.',
  },
  output: {
    type: 'string',
    short: 'o',
    value: 'DIR',
    help: 'migrate: writes the files into DIR instead of printing them. None is overwritten.',
  },
};

/** Nothing to do is no failure: the text comes out as it is, so that a script may run it twice. */
const nothingToDo: ReadonlySet<string> = new Set(['migrate/nothing-to-move', 'migrate/is-version']);

/** `config migrate`: `words` is what follows. */
export function configMigrate(words: readonly string[], line: CommandLine, io: Io): ExitStatus {
  const [file, ...more] = words;
  const to = stringOption(line, 'to');
  if (file === undefined || more.length > 0)
    throw new CallError(`config migrate needs one file; usage: containerd-runbooks ${migrateUsage}`);
  if (to !== 'certs.d' && to !== '3')
    throw new CallError(`config migrate needs --to certs.d or --to 3${to === undefined ? '' : `, not "${to}"`}`);
  const format = stringOption(line, 'format') ?? 'text';
  if (!['text', 'json', 'ndjson'].includes(format)) throw new CallError(`--format ${format}: it must be one of text, json, ndjson`);
  const { result, text } = migrationOf(file, to, line, io);
  const catalogs = catalogsOf(line, io);
  if (!result.ok && !nothingToDo.has(result.reason.id)) throw new CallError(`${file}: ${said(result.reason, catalogs)}`);
  const output = stringOption(line, 'output');
  const files = migratedFiles(file, text, result);
  const places = output === undefined ? files : files.map((one) => ({ ...one, path: placeIn(output, file, one, io) }));
  if (output !== undefined) writeAll(places, io);
  report({ files: places, notes: result.ok ? result.notes : [result.reason], isWritten: output !== undefined }, format, catalogs, io);
  return 0;
}

function migrationOf(file: string, to: 'certs.d' | '3', line: CommandLine, io: Io): { readonly result: Migration; readonly text: string } {
  const place = { root: undefined, cwd: io.cwd };
  const tree = treeOf(place);
  const path = treePath(file, place);
  const text = tree.read(path);
  if (text === undefined) throw new CallError(`${file}: ${tree.stat(path) === 'missing' ? 'no such file' : 'cannot be read'}`);
  const { version } = releaseOf(stringOption(line, 'containerd'));
  // What is written elsewhere is not in the way of what stands beside the file.
  const beside = stringOption(line, 'output') === undefined ? tree : mapTree({});
  const input = { path, parsed: parse(text), version, tree: beside };
  return { text, result: to === '3' ? migrateVersion(input) : migrateMirrors(input) };
}

/** The config.toml first. */
function migratedFiles(file: string, text: string, result: Migration): readonly NewFile[] {
  if (!result.ok) return [{ path: file, text }];
  return [{ path: file, text: applyEdits(text, result.edits) }, ...result.files];
}

/** DIR stands for the folder of config.toml. */
function placeIn(output: string, file: string, { path }: NewFile, io: Io): string {
  const folder = resolve(io.cwd, output);
  return path === file ? join(folder, basename(file)) : filePlace(join(folder, 'config'), path, { rooted: false });
}

function writeAll(files: readonly NewFile[], io: Io): void {
  const known = files.find(({ path }) => existsSync(path));
  if (known) throw new CallError(`${known.path}: exists already; nothing is overwritten`);
  for (const { path, text } of files) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: 'wx' });
    } catch (error) {
      throw new CallError(`${path}: cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    io.stderr(`${printableText(path)}\n`);
  }
}

interface Migrated {
  readonly files: readonly NewFile[];
  readonly notes: readonly Message[];
  readonly isWritten: boolean;
}

function report({ files, notes, isWritten }: Migrated, format: string, catalogs: readonly Catalog[], io: Io): void {
  if (format !== 'text') {
    const noteDocuments = notes.map((note) => ({ id: note.id, args: note.args, message: render(note, englishCatalog) }));
    io.stdout(`${JSON.stringify({ schema: 1, files, notes: noteDocuments }, null, format === 'json' ? 2 : undefined)}\n`);
    return;
  }
  for (const note of notes) io.stderr(`containerd-runbooks: ${printableText(said(note, catalogs))}\n`);
  if (isWritten) return;
  const [only, ...others] = files;
  if (only && others.length === 0) io.stdout(only.text);
  else io.stdout(files.map(({ path, text }) => `# ${printableText(path)}\n${text}`).join('\n'));
}

function said(message: Message, catalogs: readonly Catalog[]): string {
  return render(message, ...catalogs, englishCatalog);
}
