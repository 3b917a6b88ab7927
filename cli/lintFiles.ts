/** Which files `lint` judges, and their results. */
import { resolve } from 'node:path';
import { statSync } from 'node:fs';
import type { ConfigTree } from '../core/ports';
import { kindOf } from '../core/rules/kind';
import { lint, type LintInput, type LintResult } from '../core/rules/lint';
import type { DocumentKind } from '../core/rules/rule';
import type { Version } from '../core/versions/versions';
import { fsTree } from '../files/fsTree';
import { CallError } from './command';

export interface LintRequest {
  /** As given: with a root, paths of the node; else of this machine. */
  readonly paths: readonly string[];
  readonly root: string | undefined;
  readonly cwd: string;
  readonly kind: DocumentKind | undefined;
  readonly version: Version;
}

/** A file with its name in the caller's words, its text, and what is said of it. */
export interface Linted {
  readonly shown: string;
  /** Where it is on this machine. */
  readonly file: string;
  readonly text: string;
  readonly result: LintResult;
}

export interface LintOutcome {
  readonly linted: readonly Linted[];
  /** One line for each file that could not be read. */
  readonly failures: readonly string[];
}

interface Target {
  readonly shown: string;
  readonly path: string;
  readonly kind: DocumentKind;
  readonly importedBy?: string;
}

/** Links can make a tree of folders endless. */
const maxDepth = 40;
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules', '.hg', '.svn']);

export function lintFiles(request: LintRequest, tree: ConfigTree = treeOf(request)): LintOutcome {
  const linted: Linted[] = [];
  const failures: string[] = [];
  const pending = request.paths.flatMap((path) => targetsOf(path, request, tree, failures));
  const seen = new Set<string>();
  for (let target = pending.shift(); target; target = pending.shift()) {
    if (seen.has(target.path)) continue;
    seen.add(target.path);
    const text = tree.read(target.path);
    if (text === undefined) failures.push(`${target.shown}: cannot be read`);
    else {
      const one = lintTarget(target, text, request, tree);
      linted.push(one);
      pending.unshift(...importTargets(one, target));
    }
  }
  return { linted, failures };
}

export function treeOf({ root, cwd }: Pick<LintRequest, 'root' | 'cwd'>): ConfigTree {
  if (root === undefined) return fsTree();
  const folder = resolve(cwd, root);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new CallError(`--root ${root}: there is no such folder`);
  return fsTree(folder);
}

function lintTarget(
  { shown, path, kind, importedBy }: Target,
  text: string,
  { version, root, cwd }: LintRequest,
  tree: ConfigTree,
): Linted {
  const input: LintInput = { path, kind, text, version, tree, ...(importedBy !== undefined && { importedBy }) };
  return { shown, text, result: lint(input), file: root === undefined ? path : resolve(cwd, root, `.${path}`) };
}

/** containerd reads a config.toml together with its imports, so they are judged together. */
function importTargets({ result }: Linted, target: Target): Target[] {
  return result.imports.map((path) => ({ shown: path, path, kind: 'config', importedBy: target.importedBy ?? target.path }));
}

/** The path as the tree has it: absolute, with slashes. */
export function treePath(path: string, { root, cwd }: Pick<LintRequest, 'root' | 'cwd'>): string {
  if (root !== undefined) return `/${path.replace(/^\/+/, '')}`;
  return resolve(cwd, path).replaceAll('\\', '/');
}

function targetsOf(given: string, request: LintRequest, tree: ConfigTree, failures: string[]): Target[] {
  const path = treePath(given, request);
  switch (tree.stat(path)) {
    case 'directory':
      return [...filesBelow(path, given, request, tree, 0)];
    case 'file':
      return [{ shown: given, path, kind: request.kind ?? kindOf(path) ?? guessed(path) }];
    case 'missing':
      failures.push(`${given}: no such file or directory`);
      return [];
    case 'unreadable':
      failures.push(`${given}: cannot be read`);
      return [];
  }
}

/** A file that was named is judged whatever it is called. */
function guessed(path: string): DocumentKind {
  return /hosts[^/]*$/i.test(path) ? 'hosts' : 'config';
}

function* filesBelow(path: string, shown: string, request: LintRequest, tree: ConfigTree, depth: number): Iterable<Target> {
  if (depth > maxDepth) return;
  for (const name of tree.list(path) ?? []) {
    const below = { path: joined(path, name), shown: joined(shown, name) };
    const kind = kindOf(below.path);
    const place = kind || !name.includes('.toml') ? tree.stat(below.path) : 'file';
    if (place === 'directory') {
      if (!skipped.has(name)) yield* filesBelow(below.path, below.shown, request, tree, depth + 1);
    } else if (kind && (request.kind ?? kind) === kind) yield { ...below, kind };
  }
}

function joined(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}
