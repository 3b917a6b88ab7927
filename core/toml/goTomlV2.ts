/**
 * What pelletier/go-toml v2 refuses (unstable/parser.go, v2.2.3 to v2.4.3): one expression after the other, each checked for duplicates
 * before the next is read. Keys that the Go struct has no field for are read but neither checked for duplicates nor decoded.
 */
import { decodeProblem } from './goTomlV2Values';
import type { Conflict, Tracker } from './goTomlV2Seen';
import { seeArrayTable, seeKeyValue, seeTable, trackerOf } from './goTomlV2Seen';
import type { Entry, Key, Reader, V2Dialect, V2Refusal, Value } from './goTomlV2Syntax';
import { at, atBreak, comment, expectCharacter, keyPath, keyValue, lineBreak, refuse } from './goTomlV2Syntax';
import { scannerOf, skipSpace } from './scanner';

/** `decodes`: whether the struct has a place for what stands at that path. */
export function refusalOfV2(text: string, dialect: V2Dialect, decodes: (path: readonly string[]) => boolean): V2Refusal | undefined {
  const r: Reader = { s: scannerOf(text), dialect, seen: trackerOf(), decodes, section: [], skipping: false, depth: 0, refusal: undefined };
  while (!r.refusal && r.s.pos < text.length) line(r);
  return r.refusal;
}

/** A header or key with its value and a comment is one expression: all of its syntax comes before its duplicates and decoding. */
function line(r: Reader): void {
  skipSpace(r.s);
  const accept = expression(r);
  if (r.refusal) return;
  skipSpace(r.s);
  if (!comment(r)) return;
  accept?.();
  nextLine(r);
}

function nextLine(r: Reader): void {
  if (!r.refusal && r.s.pos < r.s.text.length) lineBreak(r);
}

function expression(r: Reader): (() => void) | undefined {
  if (at(r, '[')) return header(r);
  return at(r, '#') || atBreak(r) || r.s.pos >= r.s.text.length ? undefined : assignment(r);
}

function header(r: Reader): (() => void) | undefined {
  const array = at(r, '[[');
  r.s.pos += array ? 2 : 1;
  skipSpace(r.s);
  const keys = keyPath(r);
  if (!keys) return undefined;
  for (const bracket of array ? [']', ']'] : [']']) if (!expectCharacter(r, bracket, 'expected-closing-bracket')) return undefined;
  return () => {
    const path = keys.map(({ name }) => name);
    const conflict = array ? seeArrayTable(r.seen, path) : seeTable(r.seen, path);
    if (conflict) refuseKey(r, keys, conflict);
    r.section = path;
    r.skipping = !r.decodes(path);
  };
}

function refuseKey(r: Reader, keys: readonly Key[], { at: index, code, text }: Conflict): false {
  return refuse(r, code, text, keys[index]?.range);
}

function assignment(r: Reader): (() => void) | undefined {
  const entry = keyValue(r);
  if (!entry) return undefined;
  return () => {
    // v2.4 looks for duplicates everywhere.
    if (r.skipping && r.dialect !== 'v2.4') return;
    if (checkEntry(r, r.seen, entry)) decodeEntry(r, entry, r.section);
  };
}

/** An inline table has a tracker of its own. */
function checkEntry(r: Reader, seen: Tracker, { keys, value: read }: Entry): boolean {
  const names = keys.map(({ name }) => name);
  const conflict = seeKeyValue(seen, names);
  return conflict ? refuseKey(r, keys, conflict) : checkValue(r, read);
}

function checkValue(r: Reader, read: Value): boolean {
  if (read.kind === 'array') return read.items.every((item) => checkValue(r, item));
  if (read.kind !== 'inline') return true;
  const seen = trackerOf();
  return read.entries.every((entry) => checkEntry(r, seen, entry));
}

function decodeEntry(r: Reader, { keys, value: read }: Entry, above: readonly string[]): void {
  const path = [...above, ...keys.map(({ name }) => name)];
  if (r.decodes(path)) decode(r, read, path);
}

function decode(r: Reader, read: Value, path: readonly string[]): void {
  if (read.kind === 'array') for (const item of read.items) decode(r, item, path);
  else if (read.kind === 'inline') for (const entry of read.entries) decodeEntry(r, entry, path);
  else if (read.kind === 'scalar') {
    const problem = decodeProblem(r.s.text.slice(read.range.start, read.range.end), r.dialect === 'v2.2');
    if (problem) refuse(r, problem, undefined, read.range);
  }
}
