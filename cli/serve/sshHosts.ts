import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse as parsePath, resolve } from 'node:path';
import type { Directive, Line } from 'ssh-config' with { 'resolution-mode': 'import' };
import type { NodesDocument } from '../../core/nodeFiles';

/** ssh reads no deeper (readconf.c: READCONF_MAX_DEPTH). */
const maxDepth = 16;
const maxFiles = 500;
const maxFileBytes = 1024 * 1024;

/**
 * The hosts that a person's ssh configuration names one by one, in its order, with those of the files that it includes. Patterns name no
 * machine and are left out. What ssh would do with a name, only `ssh -G` knows.
 */
export async function sshHosts(file = join(homedir(), '.ssh', 'config')): Promise<NodesDocument> {
  const found = new Map<string, string | null>();
  const problems: string[] = [];
  await readConfig(file, 0, { found, problems, seen: new Set() });
  return { nodes: [...found].map(([name, hostName]) => ({ name, hostName })), problem: problems[0] ?? null };
}

interface Reading {
  readonly found: Map<string, string | null>;
  readonly problems: string[];
  readonly seen: Set<string>;
}

async function readConfig(file: string, depth: number, reading: Reading): Promise<void> {
  if (depth > maxDepth || reading.seen.size >= maxFiles || reading.seen.has(file)) return;
  reading.seen.add(file);
  const lines = await linesOf(file, reading.problems);
  await readLines(lines, depth, reading);
}

async function linesOf(file: string, problems: string[]): Promise<readonly Line[]> {
  try {
    const { size } = await stat(file);
    if (size > maxFileBytes) throw new Error('it is larger than 1 MiB');
    const { parse } = await import('ssh-config');
    return [...parse(await readFile(file, 'utf8'))];
  } catch (error) {
    // Most people have no ssh configuration: that is no problem.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

async function readLines(lines: readonly Line[], depth: number, reading: Reading): Promise<void> {
  for (const line of lines) {
    if (!isDirective(line)) continue;
    const key = line.param.toLowerCase();
    if (key === 'include') for (const pattern of wordsOf(line)) await include(pattern, depth, reading);
    if (!('config' in line)) continue;
    if (key === 'host') addHosts(line, hostNameOf([...line.config]), reading.found);
    await readLines([...line.config].filter(isInclude), depth, reading);
  }
}

function addHosts(line: Directive, hostName: string | null, found: Map<string, string | null>): void {
  for (const name of wordsOf(line)) if (/^[^-!*?\s\p{C}][^*?\s\p{C}]{0,254}$/u.test(name) && !found.has(name)) found.set(name, hostName);
}

function hostNameOf(lines: readonly Line[]): string | null {
  const line = lines.filter(isDirective).find(({ param }) => param.toLowerCase() === 'hostname');
  return line ? (wordsOf(line)[0] ?? null) : null;
}

function isInclude(line: Line): boolean {
  return isDirective(line) && line.param.toLowerCase() === 'include';
}

/** Comments and empty lines have no parameter. */
function isDirective(line: Line): line is Extract<Line, { readonly param: string }> {
  return 'param' in line;
}

function wordsOf({ value }: Directive): readonly string[] {
  return typeof value === 'string' ? [value] : value.map(({ val }) => val);
}

/** A relative path is taken from ~/.ssh, whatever file it stands in (ssh_config(5)). */
async function include(pattern: string, depth: number, reading: Reading): Promise<void> {
  const path = pattern.startsWith('~/') ? join(homedir(), pattern.slice(2)) : resolve(homedir(), '.ssh', pattern);
  for (const file of await filesLike(path)) await readConfig(file, depth + 1, reading);
}

/** Files whose path fits a pattern with `*` and `?` in any of its parts, in the order of glob(3). */
async function filesLike(pattern: string): Promise<readonly string[]> {
  const { root } = parsePath(pattern);
  let paths: readonly string[] = [root];
  for (const part of pattern.slice(root.length).split(/[\\/]/)) {
    const next = await Promise.all(paths.map((path) => entriesLike(path, part)));
    paths = next.flat().slice(0, maxFiles);
  }
  return paths;
}

async function entriesLike(folder: string, part: string): Promise<readonly string[]> {
  if (!/[*?]/.test(part)) return [join(folder, part)];
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => fits(name, part) && (part.startsWith('.') || !name.startsWith('.')))
    .sort()
    .map((name) => join(folder, name));
}

/** `*` and `?` only, in linear steps: after a mismatch the last `*` takes one more. */
function fits(name: string, pattern: string): boolean {
  let [at, in_, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    if (in_ < pattern.length && (pattern[in_] === '?' || pattern[in_] === name[at]) && pattern[in_] !== '*') {
      at++;
      in_++;
    } else if (pattern[in_] === '*') {
      star = in_++;
      mark = at;
    } else if (star >= 0) {
      in_ = star + 1;
      at = ++mark;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(in_));
}
