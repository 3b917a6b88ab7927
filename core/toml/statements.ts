import type { Scanner } from './scanner';
import { carriageReturn, isLineEnd, lineFeed, space, tab } from './scanner';

/** What a line inside an unclosed bracket looks like. */
export type LineLook = 'header' | 'assignment' | 'other';

/**
 * Looks at the line that starts at the scanner's position without moving. `valueWanted`: the line may hold an array as an item, so
 * that `["a"]`, `[1.5]` and `[true]` are not taken for headers.
 */
export function lineLook(s: Scanner, valueWanted: boolean): LineLook {
  let at = skipBlanks(s.text, s.pos);
  const brackets = s.text.startsWith('[[', at) ? 2 : s.text.startsWith('[', at) ? 1 : 0;
  at = skipBlanks(s.text, at + brackets);
  const path = skipKeyPath(s.text, at);
  const after = skipBlanks(s.text, path.end);
  s.steps += after - s.pos + 1;
  if (path.parts === 0) return 'other';
  if (brackets === 0) return s.text[after] === '=' ? 'assignment' : 'other';
  if (!s.text.startsWith(']'.repeat(brackets), after)) return 'other';
  return (valueWanted && couldBeItem(s.text, at, path)) || !nothingFollows(s.text, after + brackets) ? 'other' : 'header';
}

interface KeyPathLook {
  readonly parts: number;
  readonly end: number;
}

/** `"a"` and `1.5` are values as much as keys; `"a".b`, `a` and `a.b` can only be keys. */
function couldBeItem(text: string, at: number, path: KeyPathLook): boolean {
  const first = text.slice(at, Math.min(path.end, at + 40));
  if (/^["']/.test(first)) return path.parts === 1;
  return /^(?:[\d+-]|(?:true|false|inf|nan)$)/.test(first);
}

function nothingFollows(text: string, at: number): boolean {
  const after = skipBlanks(text, at);
  return isLineEnd(after < text.length ? text.charCodeAt(after) : -1) || text[after] === '#';
}

function skipKeyPath(text: string, start: number): KeyPathLook {
  let parts = 0;
  let end = start;
  for (let at = start; ; at = skipBlanks(text, at + 1)) {
    const after = skipKey(text, at);
    if (after === at) return { parts: 0, end };
    parts++;
    end = after;
    at = skipBlanks(text, after);
    if (text[at] !== '.') return { parts, end };
  }
}

function skipKey(text: string, at: number): number {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return skipBareKey(text, at);
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === lineFeed || c === carriageReturn) return at;
    if (c === 92 && quote === '"') i++;
    else if (text[i] === quote) return i + 1;
  }
  return at;
}

/** The end of the bare key that starts at `at`; `at` itself where there is none. */
export function skipBareKey(text: string, at: number): number {
  let end = at;
  while (isBareKeyCharacter(text.charCodeAt(end))) end++;
  return end;
}

/** `A-Z a-z 0-9 _ -`; NaN (behind the end) is none. */
function isBareKeyCharacter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 45;
}

function skipBlanks(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === space || text.charCodeAt(end) === tab) end++;
  return end;
}
