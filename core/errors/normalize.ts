import { proseWords } from './report';

/** A text as it was before terminals, journals and JSON got hold of it, and where each of its characters stood. */
export interface NormalizedText {
  readonly text: string;
  /** Offset in the source of each character of `text`, and the source's length at the end. */
  readonly offsets: readonly number[];
}

/** How lines were broken that are no records of their own: as their widths show, or all of them in mid-word. */
export type Wrapped = 'asSeen' | 'cut';

/**
 * Undoes escaping (`\"` of logfmt and JSON at any depth, HTML entities, colours), joins wrapped lines and collapses blanks. A line break
 * that separates two log records or messages stays one `\n`. One pass, linear in the source.
 */
export function normalize(source: string, wrapped: Wrapped = 'asSeen'): NormalizedText {
  const out: Output = { text: [], offsets: [] };
  const hardWrap = hardWrapWidth(source);
  const escaped = source.includes('\\"') || /^\s*\{/.test(source);
  let i = skipFence(source, 0);
  let lineStart = i;
  while (i < source.length) {
    const c = source.charCodeAt(i);
    if (c === 10 || c === 13) {
      const line = skipBreak(source, i);
      const next = skipFence(source, line);
      const width = i - lineStart;
      breakLine(out, i, {
        hard: wrapped === 'cut' || width === hardWrap,
        record:
          startsRecord(source, next) || isPrompt(source, lineStart) || startsMessage(source, next) || isIntroduction(source, lineStart, i),
        blank: next !== line || source.slice(i, next).split('\n').length > 2,
      });
      lineStart = next;
      i = next;
    } else if (c === 92) i = backslash(source, i, { escaped, lineStart }, out);
    else if (c === 27) i = escapeSequence(source, i);
    else if (c === 38) i = entity(source, i, out);
    else if (c === 32 || c === 9 || c === 160) {
      if (out.text.length > 0) blank(out, i);
      i += 1;
    } else {
      put(out, quotes.get(c) ?? source.charAt(i), i);
      i += 1;
    }
  }
  return { text: out.text.join(''), offsets: [...out.offsets, source.length] };
}

interface Output {
  readonly text: string[];
  readonly offsets: number[];
  /** The line number of a listing that was last taken away. */
  listing?: number | undefined;
}

/** Typographic quotes, as chat programs and web pages make them. */
const quotes: ReadonlyMap<number, string> = new Map([
  [0x201c, '"'],
  [0x201d, '"'],
  [0x2018, "'"],
  [0x2019, "'"],
]);

const recordStarts: readonly RegExp[] = [
  /(?:time|ts|level|t)=/y,
  /\{"/y,
  /\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d/y,
  /[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d /y,
  /[IWEF]\d{4} \d\d:\d\d:\d\d/y,
  /\d{0,3}(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\[/y,
  /(?:ctr|crictl|nerdctl|containerd): /y,
  /(?:Warning|Normal) {2,}/y,
  /(?:Failed to pull image|Error response from daemon|no matching manifest for|failed to register layer|filesystem layer verification failed)\b/y,
  /\[(?:ERROR|WARNING) /y,
];

/** Whether a new log line or message begins here, as opposed to the rest of a wrapped one. */
export function startsRecord(source: string, offset: number): boolean {
  return recordStarts.some((pattern) => {
    pattern.lastIndex = offset;
    return pattern.test(source);
  });
}

/** The mark in front of an item of a list, bulleted or numbered; what containerd adds to a status behind ` - ` is none. */
export const listItem = /(?:[*•+-]|\d{1,2}[.):]|\(\d{1,2}\)|\[\d{1,2}\])[ \t]+(?!Server message)/y;

/** Of a message that is no record of a log: a heading, a comment, or what went wrong. `rpc error` is of a wrapped one. */
const messageStart = /#{1,6} [A-Z]|E(?:rror|RROR): |[Ee]rror [a-z]{2,12}ing /y;

/** Whether an item of a list begins here, or a message after others on lines of their own. */
function startsMessage(source: string, offset: number): boolean {
  return [listItem, messageStart].some((pattern) => {
    pattern.lastIndex = offset;
    return pattern.test(source);
  });
}

/** No terminal is narrower. */
const SHORTEST_CUT = 40;

/** The width at which a terminal cut the lines of a text in mid-word; 0 when none did. What is shorter ends its message there. */
function hardWrapWidth(source: string): number {
  const { lines, width } = widest(source);
  if (width < SHORTEST_CUT || lines.filter(({ length }) => length === width).length < 2) return 0;
  return lines.every(({ length }, i) => length === width || length === 0 || !goesOn(lines[i + 1])) ? width : 0;
}

/** Whether a line may have been cut in mid-word without showing it: one of the longest goes on in the next. */
export function mayBeCut(source: string): boolean {
  const { lines, width } = widest(source);
  return width >= SHORTEST_CUT && lines.some(({ length }, i) => length === width && goesOn(lines[i + 1]));
}

/** The lines, and how long the longest are. */
function widest(source: string): { readonly lines: readonly string[]; readonly width: number } {
  const lines = source.trimEnd().split(/\r?\n/);
  return { lines, width: lines.reduce((longest, { length }) => Math.max(longest, length), 0) };
}

function goesOn(next: string | undefined): boolean {
  return next !== undefined && next.trim() !== '' && !startsRecord(next, 0);
}

/** Behind the line that opens or closes a block of code in Markdown; `from` when there is none. */
function skipFence(source: string, from: number): number {
  const fence = /(?:`{3,9}|~{3,9})[\w-]{0,20}[ \t]*(?=[\r\n]|$)/y;
  fence.lastIndex = from;
  const found = fence.exec(source)?.[0];
  return found === undefined ? from : skipBreak(source, from + found.length);
}

/** Whether the line is a command behind a shell's prompt: what follows is its output. */
function isPrompt(source: string, lineStart: number): boolean {
  const prompt = /Step \d{1,3}\/\d{1,3} : [A-Z]|(?:\[?[\w.-]{1,60}@[\w.-]{1,60}[^\s#$]{0,60}[ \]]{0,2})?[#$] [a-z]|\+{1,3} [a-z]/y;
  prompt.lastIndex = lineStart;
  return prompt.test(source);
}

/** Whether the line is somebody's own words that end in a colon: what they introduce begins behind it. */
function isIntroduction(source: string, lineStart: number, lineEnd: number): boolean {
  const line = source.slice(Math.max(lineStart, lineEnd - 200), lineEnd).trimEnd();
  return /[:\uff1a]$/.test(line) && proseWords(line) >= 2;
}

function skipBreak(source: string, from: number): number {
  let i = from;
  while (i < source.length && ' \t\r\n'.includes(source.charAt(i))) i += 1;
  return i;
}

function breakLine(out: Output, at: number, line: { readonly hard: boolean; readonly record: boolean; readonly blank: boolean }): void {
  if (line.record || line.blank) put(out, '\n', at);
  else if (!line.hard) blank(out, at);
}

function backslash(source: string, from: number, state: { readonly escaped: boolean; readonly lineStart: number }, out: Output): number {
  let i = from;
  while (source.charAt(i) === '\\') i += 1;
  const next = source.charAt(i);
  if (next === '"' || next === "'" || next === '`' || next === '/') {
    put(out, next, i);
    return i + 1;
  }
  if (next === '\n' || next === '\r') {
    blank(out, i);
    return skipNumber(source, state.lineStart, skipBreak(source, i), out);
  }
  if (state.escaped && 'nrt'.includes(next) && next !== '') {
    blank(out, i);
    return i + 1;
  }
  const unicode = /u00(22|26|27|3[cCeE])/y;
  unicode.lastIndex = i;
  const match = unicode.exec(source);
  if (match?.[1] !== undefined) {
    put(out, String.fromCharCode(parseInt(match[1], 16)), i);
    return i + 5;
  }
  put(out, '\\', from);
  return i;
}

/** Line numbers of a listing in front of a continued line: `3unexpected status`, and `4401` where line 3 stood before it. */
function skipNumber(source: string, lineStart: number, from: number, out: Output): number {
  const before = /\d{1,3}(?=[^\d\s])/y;
  before.lastIndex = lineStart;
  const number = out.listing ?? Number(before.exec(source)?.[0] ?? NaN);
  const next = String(number + 1);
  out.listing = Number.isNaN(number) || !source.startsWith(next, from) ? undefined : number + 1;
  return out.listing === undefined ? from : from + next.length;
}

/** A colour: ESC, `[`, digits and semicolons, a letter. */
function escapeSequence(source: string, from: number): number {
  if (source.charAt(from + 1) !== '[') return from + 1;
  const sequence = /[\d;]{0,20}[A-Z]/iy;
  sequence.lastIndex = from + 2;
  return from + 2 + (sequence.exec(source)?.[0].length ?? 0);
}

function entity(source: string, from: number, out: Output): number {
  const named = /&(?:quot|#34|amp|lt|gt|#39);/y;
  named.lastIndex = from;
  const name = named.exec(source)?.[0];
  put(out, name === undefined ? '&' : (entities.get(name) ?? '&'), from);
  return from + (name?.length ?? 1);
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&quot;', '"'],
  ['&#34;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
]);

function blank(out: Output, at: number): void {
  const last = out.text.at(-1);
  if (last !== ' ' && last !== '\n') put(out, ' ', at);
}

function put(out: Output, character: string, at: number): void {
  if (character === '\n' && out.text.at(-1) === ' ') {
    out.text.pop();
    out.offsets.pop();
  }
  out.text.push(character);
  out.offsets.push(at);
}
