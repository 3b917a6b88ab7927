import type { TomlKey } from './document';
import type { Scanner } from './scanner';
import { isLineEnd, peek, report, skipSpace, startsWith } from './scanner';
import { skipBareKey } from './statements';
import { singleLine } from './strings';

/** Tables and values may nest this deep, keys included: more is an attack on whoever walks the tree. */
export const depthLimit = 512;

export interface KeyPath {
  readonly keys: readonly TomlKey[];
  /** False when a part is missing or broken; the error is reported. */
  readonly complete: boolean;
}

/** `a . "b" . 'c'`. `depth` is how deep the table is that the path starts from. */
export function keyPath(s: Scanner, depth: number): KeyPath {
  const keys: TomlKey[] = [];
  const start = s.pos;
  for (;;) {
    skipSpace(s);
    const { key, closed } = simpleKey(s);
    if (key) keys.push(key);
    if (!key || !closed) return { keys: keys.slice(0, depthLimit), complete: false };
    const end = s.pos;
    skipSpace(s);
    if (!startsWith(s, '.')) {
      s.pos = end;
      break;
    }
    s.pos++;
  }
  if (depth + keys.length <= depthLimit) return { keys, complete: true };
  report(s, 'too-deep', start, s.pos, { limit: depthLimit });
  return { keys: keys.slice(0, depthLimit), complete: false };
}

function simpleKey(s: Scanner): { readonly key?: TomlKey; readonly closed: boolean } {
  const start = s.pos;
  if (startsWith(s, '"""') || startsWith(s, "'''")) {
    report(s, 'multiline-key', start, start + 3);
    return { closed: false };
  }
  const style = startsWith(s, '"') ? 'basic' : startsWith(s, "'") ? 'literal' : 'bare';
  if (style === 'bare') return bareKey(s);
  const { value, closed } = singleLine(s, style);
  return { key: { name: value, range: { start, end: s.pos }, style }, closed };
}

function bareKey(s: Scanner): { readonly key?: TomlKey; readonly closed: boolean } {
  const start = s.pos;
  s.pos = skipBareKey(s.text, start);
  s.steps += s.pos - start + 1;
  if (s.pos > start) return { key: { name: s.text.slice(start, s.pos), range: { start, end: s.pos }, style: 'bare' }, closed: true };
  const end = isLineEnd(peek(s)) ? start : start + characterLength(s.text, start);
  report(s, 'expected-key', start, end);
  return { closed: false };
}

/** 2 for a surrogate pair: an error must not end in the middle of a character. */
function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
