import { posix } from 'node:path';
import type { LintDocument } from '../../core/protocol/lint';
import { kindOf } from '../../core/rules/kind';
import { maskToml } from '../../core/diagnosis/redact';
import { lint, type LintResult } from '../../core/rules/lint';
import type { DocumentKind, Severity } from '../../core/rules/rule';
import { lineIndex } from '../../core/text/lineIndex';
import type { Catalog } from '../../core/text/message';
import { overlayTree } from '../../files/tree';
import { replaceFile } from '../../files/writeFile';
import { CallError, flag, stringOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { lintedFile } from '../format/findings';
import { githubAnnotations } from '../format/github';
import { sarifLog } from '../format/sarif';
import { lintText, summary } from '../format/text';
import { textField, textsField } from '../jsonInput';
import { jsonLines } from '../jsonLines';
import { catalogsOf } from '../language';
import { fixedText } from '../lintFix';
import { lintFiles, treeOf, treePath, type Linted, type LintRequest } from '../lintFiles';
import { nodeOptions, nodeSnapshot, remoteNode } from '../nodeOption';
import { releaseOf, type Release } from '../releaseOption';
import { langOption, parallelOption } from '../sharedOptions';

export const lintCommand: Command = {
  name: 'lint',
  usage: 'lint [PATH…] [--node NODE] [--kind hosts|config] [--root DIR] [--containerd V] [--fix] [--format text|json|ndjson|sarif|github]',
  summary: 'Checks hosts.toml and config.toml as containerd reads them.',
  options: {
    ...nodeOptions,
    kind: { type: 'string', value: 'KIND', help: 'What the files are, hosts or config, instead of judging by their names.' },
    fix: { type: 'boolean', help: 'Applies the fixes that cannot change what was meant.' },
    'fail-on': {
      type: 'string',
      value: 'SEVERITY',
      help: 'From which severity on the exit status is 1: error, warning (default) or info.',
    },
    root: { type: 'string', value: 'DIR', help: "Takes DIR as the node's /: paths are the node's, and files missing there are missing." },
    containerd: { type: 'string', value: 'V', help: 'The release to judge for: 1.5 to 2.3, or an exact one. Default: the newest known.' },
    format: { type: 'string', value: 'FORMAT', help: 'text (default), json, ndjson, sarif or github.' },
    'stdin-path': { type: 'string', value: 'P', help: 'Where the text of - (standard input) belongs.' },
    jsonl: { type: 'boolean', help: 'Reads one JSON object per line: {"id","paths","root","containerd"}.' },
    parallel: parallelOption,
    lang: langOption,
  },
  run,
};

const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const kind = kindOption(line);
  if (flag(line, 'jsonl')) {
    const parallel = Number(stringOption(line, 'parallel') ?? 1);
    return jsonLines(io, Math.max(1, parallel || 1), (input) => Promise.resolve(answer(input, kind, line, io)));
  }
  const request = requestOf(line, io, kind);
  const failOn = oneOf('fail-on', stringOption(line, 'fail-on') ?? 'warning', ['error', 'warning', 'info', 'hint']);
  const format = oneOf('format', stringOption(line, 'format') ?? 'text', ['text', 'json', 'ndjson', 'sarif', 'github']);
  const shown: Shown = { format, failOn, io, catalogs: catalogsOf(line, io) };
  if (request.paths.includes('-')) return lintStdin(request, line, shown);
  if (remoteNode(line) !== undefined) return lintNode(request, line, shown);
  if (request.paths.length === 0) throw new CallError('lint needs a file or folder; usage: containerd-runbooks lint PATH…');
  const { linted, failures } = lintFiles(request);
  const results = flag(line, 'fix') ? repaired(linted, request) : linted;
  return concluded(results, failures, releaseOf(stringOption(line, 'containerd')), shown);
}

/** The files of a node as they stand there, judged for the release that runs there. Without a path: /etc/containerd. */
async function lintNode(request: LintRequest, line: CommandLine, shown: Shown): Promise<ExitStatus> {
  const paths = request.paths.length === 0 ? ['/etc/containerd'] : request.paths;
  const { tree, release } = await nodeSnapshot(line, shown.io, paths);
  const { linted, failures } = lintFiles({ ...request, paths, root: '/', version: release.version }, tree);
  return concluded(linted, failures, release, shown);
}

interface Shown {
  readonly format: string;
  readonly failOn: Severity;
  readonly io: Io;
  readonly catalogs: readonly Catalog[];
}

function concluded(linted: readonly Linted[], failures: readonly string[], release: Release, shown: Shown): ExitStatus {
  report(linted, release.shown, shown);
  for (const failure of failures) shown.io.stderr(`containerd-runbooks: ${failure}\n`);
  return failures.length > 0 ? 2 : exitStatus(linted, shown.failOn);
}

function requestOf(line: CommandLine, io: Io, kind: DocumentKind | undefined): LintRequest {
  const { version } = releaseOf(stringOption(line, 'containerd'));
  return { paths: line.positionals, root: stringOption(line, 'root'), cwd: io.cwd, kind, version };
}

function answer(input: Record<string, unknown>, kind: DocumentKind | undefined, line: CommandLine, io: Io): object {
  const release = releaseOf(textField(input, 'containerd') ?? stringOption(line, 'containerd'));
  const root = textField(input, 'root') ?? stringOption(line, 'root');
  const { linted, failures } = lintFiles({ paths: textsField(input, 'paths'), root, cwd: io.cwd, kind, version: release.version });
  const document = documentOf(linted, release.shown);
  // What could be read is not lost with what could not.
  return failures.length > 0 ? { ...document, error: failures.join('; ') } : document;
}

/** Writes what safe fixes make of each file, and judges the files again. */
function repaired(linted: readonly Linted[], request: LintRequest): readonly Linted[] {
  const tree = treeOf(request);
  for (const { result, text, file } of linted) {
    const judge = (candidate: string): LintResult =>
      lint({
        path: result.path,
        kind: result.kind,
        text: candidate,
        version: request.version,
        tree: overlayTree(tree, result.path, candidate),
      });
    const fixed = fixedText(text, judge);
    if (fixed !== text) writeBack(file, fixed);
  }
  return lintFiles(request).linted;
}

function writeBack(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new CallError(`${file}: cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Standard input as the file at --stdin-path. With --fix the text comes out on standard output, as formatters do it. */
async function lintStdin(request: LintRequest, line: CommandLine, shown: Shown): Promise<ExitStatus> {
  const { io } = shown;
  const name = stringOption(line, 'stdin-path') ?? (request.kind === 'hosts' ? 'hosts.toml' : 'config.toml');
  if (request.paths.length > 1) throw new CallError('- stands alone: standard input is one file');
  const path = treePath(name, request);
  const kind = request.kind ?? kindOf(path) ?? (posix.basename(path).startsWith('hosts') ? 'hosts' : 'config');
  const tree = treeOf(request);
  const judge = (text: string): LintResult => lint({ path, kind, text, version: request.version, tree: overlayTree(tree, path, text) });
  const text = await io.readStdin();
  const final = flag(line, 'fix') ? fixedText(text, judge) : text;
  const linted: Linted[] = [{ shown: name, file: path, text: final, result: judge(final) }];
  if (flag(line, 'fix')) io.stdout(final);
  report(linted, releaseOf(stringOption(line, 'containerd')).shown, flag(line, 'fix') ? { ...shown, io: onStderr(io) } : shown);
  return exitStatus(linted, shown.failOn);
}

/** Standard output is taken by the fixed text. */
function onStderr(io: Io): Io {
  return {
    ...io,
    color: false,
    stdout: (text) => {
      io.stderr(text);
    },
  };
}

function report(linted: readonly Linted[], release: string, { format, io, catalogs }: Shown): void {
  if (format !== 'text') {
    reportDocument(documentOf(linted, release), format, io);
    return;
  }
  for (const { shown, text, result } of linted) {
    const lines = lineIndex(result.findings.length === 0 ? text : maskToml(text));
    io.stdout(lintText(shown, result, lines, { color: io.color, catalogs }));
  }
  io.stdout(
    summary(
      linted.map(({ result }) => result),
      catalogs,
    ),
  );
}

function reportDocument(document: LintDocument, format: string, io: Io): void {
  if (format === 'json') io.stdout(`${JSON.stringify(document, null, 2)}\n`);
  else if (format === 'sarif') io.stdout(`${JSON.stringify(sarifLog(document), null, 2)}\n`);
  else if (format === 'github') io.stdout(githubAnnotations(document));
  else {
    for (const { path } of document.files) io.stdout(`${JSON.stringify({ event: 'linted', path })}\n`);
    io.stdout(`${JSON.stringify(document)}\n`);
  }
}

function documentOf(linted: readonly Linted[], release: string): LintDocument {
  return { schema: 1, containerd: release, files: linted.map(({ shown, text, result }) => lintedFile(shown, result, lineIndex(text))) };
}

function exitStatus(linted: readonly Linted[], failOn: Severity): ExitStatus {
  const counted = severities.slice(0, severities.indexOf(failOn) + 1);
  return linted.some(({ result }) => result.findings.some(({ severity }) => counted.includes(severity))) ? 1 : 0;
}

function kindOption(line: CommandLine): DocumentKind | undefined {
  const kind = stringOption(line, 'kind');
  return kind === undefined ? undefined : oneOf<DocumentKind>('kind', kind, ['hosts', 'config']);
}

function oneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new CallError(`--${name} ${value}: it must be one of ${values.join(', ')}`);
  return found;
}
