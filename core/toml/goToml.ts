import type { TextRange } from '../text/ranges';
import type { Version, VersionRange } from '../versions/versions';
import { isDebianBuild } from '../versions/goBuilds';
import { satisfies } from '../versions/versions';
import type { ParsedToml, TomlDocument, TomlErrorCode, TomlKey } from './document';
import { refusalOfV1 } from './goTomlV1';
import type { V1Dialect } from './goTomlV1Lexer';
import type { V2Dialect } from './goTomlV2Syntax';
import { refusalOfV2 } from './goTomlV2';
import { parse } from './parse';

/** Why the TOML library of a containerd release refuses a text: syntax and duplicates, not types. */
export interface DecoderProblem {
  /** What is wrong, for our own words (errorTexts.ts). */
  readonly code: TomlErrorCode;
  readonly args: Readonly<Record<string, string | number>>;
  readonly range: TextRange;
  /**
   * The library's own words where we know them, without what containerd puts before them: `(3, 2): duplicated tables` from v1,
   * `toml: table a already exists` from v2.
   */
  readonly text?: string;
}

export type TomlLibrary = V1Dialect | V2Dialect;

/** pelletier/go-toml in go.mod of each release. v1 has three behaviours among its versions, v2 has three. */
const libraries: readonly { readonly containerd: VersionRange; readonly library: TomlLibrary }[] = [
  { containerd: '<1.6.0', library: 'regexp' }, // v1.8.1
  { containerd: '>=1.6.0 <1.6.16', library: 'signed' }, // v1.9.3
  { containerd: '>=1.6.16 <2.0.0', library: 'current' }, // v1.9.5
  { containerd: '>=2.0.0 <2.3.0', library: 'v2.2' }, // v2.2.3, from 2.1 v2.2.4
  { containerd: '>=2.3.0', library: 'v2.3' }, // v2.3.0
];

/** The TOML library that a release was built with. Debian builds with its own packages: 1.6 with v1.9.4, 2.x with v2.4.3. */
export function tomlLibraryOf(version: Version): TomlLibrary {
  if (isDebianBuild(version) && satisfies(version, '>=2.0.0')) return 'v2.4';
  if (isDebianBuild(version) && satisfies(version, '>=1.6.0 <1.7.0')) return 'signed';
  return libraries.find(({ containerd }) => satisfies(version, containerd))?.library ?? 'v2.3';
}

/**
 * What makes the library of that release give up, if anything does: it stops at the first thing. Each accepts some things that TOML 1.0
 * forbids and v1 refuses some that it allows, so `parsed.errors` does not say whether a file is used.
 *
 * `decodes` says for a path whether the Go struct has a place for it. go-toml v2 reads the rest without looking at duplicate keys, dates
 * and numbers in it; v1 checks everything.
 */
export function decoderProblem(
  parsed: ParsedToml,
  version: Version,
  decodes: (path: readonly string[]) => boolean = () => true,
): DecoderProblem | undefined {
  const library = tomlLibraryOf(version);
  return library === 'v2.2' || library === 'v2.3' || library === 'v2.4'
    ? problemOfV2(parsed, library, decodes)
    : problemOfV1(parsed, library);
}

/**
 * A text that go-toml v1 takes, as it sees it: a header that names a table once more adds to it (only the same letters are a duplicate),
 * and a backslash in a header stays a backslash. Most texts say the same to it as to TOML.
 */
export function documentOfV1({ document, errors }: ParsedToml): TomlDocument {
  const hasEscape = document.headers.some(({ path }) => path.some((key) => keyIsEscaped(document, key)));
  return errors.length > 0 || hasEscape ? parse(document.text, { merging: true }).document : document;
}

function keyIsEscaped({ text }: TomlDocument, { style, range }: TomlKey): boolean {
  return style === 'basic' && text.slice(range.start, range.end).includes('\\');
}

function problemOfV1(parsed: ParsedToml, dialect: V1Dialect): DecoderProblem | undefined {
  const { text } = parsed.document;
  const refusal = refusalOfV1(text, dialect);
  if (!refusal) return undefined;
  const { line, start, end } = lineAround(text, refusal.start);
  // `invalid base` is a bare panic in parser.go, so it comes without a position.
  const position = refusal.text === 'invalid base' ? '' : `(${line}, ${columnOf(text, start, refusal.start)}): `;
  const words = refusal.text === undefined ? {} : { text: position + refusal.text };
  return { ...described(parsed, refusal.code, { start: refusal.start, end }), ...words };
}

function problemOfV2(parsed: ParsedToml, dialect: V2Dialect, decodes: (path: readonly string[]) => boolean): DecoderProblem | undefined {
  const { text } = parsed.document;
  if (text.startsWith('\ufeff')) {
    return { code: 'byte-order-mark', args: {}, range: { start: 0, end: 1 }, text: 'toml: invalid character at start of key: \u00ef' };
  }
  const refusal = refusalOfV2(text, dialect, decodes);
  const notUtf8 = parsed.errors.find(({ code }) => code === 'not-utf8');
  if (notUtf8 && !(refusal && refusal.range.start < notUtf8.range.start))
    return { code: notUtf8.code, args: notUtf8.args, range: notUtf8.range };
  if (!refusal) return undefined;
  return { ...described(parsed, refusal.code, refusal.range), ...(refusal.text === undefined ? {} : { text: `toml: ${refusal.text}` }) };
}

/** Our own parser marks the place better where it found something on the same line. */
function described(parsed: ParsedToml, code: TomlErrorCode, range: TextRange): Omit<DecoderProblem, 'text'> {
  const { text } = parsed.document;
  const { start, end } = lineAround(text, range.start);
  const onLine = parsed.errors.filter((error) => error.range.start >= start && error.range.start <= end);
  const error = onLine.find((one) => one.code === code) ?? onLine[0];
  if (error) return { code: error.code, args: error.args, range: error.range };
  const covered = { start: range.start, end: Math.min(range.end, end) };
  return {
    code,
    args: { key: text.slice(covered.start, covered.end).slice(0, 200), bracket: ']', escape: '\\', limit: 512 },
    range: covered,
  };
}

function lineAround(text: string, offset: number): { readonly line: number; readonly start: number; readonly end: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  const found = /[\r\n]/.exec(text.slice(offset));
  return { line, start, end: found ? offset + found.index : text.length };
}

/** Counted in code points, from 1; a byte order mark is not counted. */
function columnOf(text: string, start: number, offset: number): number {
  const from = start === 0 && text.startsWith('\ufeff') ? 1 : start;
  return Array.from(text.slice(from, offset)).length + 1;
}
