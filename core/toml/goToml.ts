import type { TextRange } from '../text/ranges';
import type { Version } from '../versions/versions';
import type { ParsedToml, TomlErrorCode } from './document';

/** Why the TOML library of a containerd release refuses a text: syntax and duplicates, not types. */
export interface DecoderProblem {
  /** What is wrong, for our own words (errorTexts.ts). */
  readonly code: TomlErrorCode;
  readonly args: Readonly<Record<string, string | number>>;
  readonly range: TextRange;
  /** The library's own words where we know them: without containerd's prefix and without a position. */
  readonly text?: string;
}

/**
 * The error that makes the library of that release give up, if any. containerd 1.x reads with pelletier/go-toml v1, 2.x with v2; each
 * accepts some things that TOML 1.0 forbids, so `parsed.errors` alone does not say whether a file is used.
 */
export function decoderProblem(parsed: ParsedToml, version: Version): DecoderProblem | undefined {
  const first = parsed.errors[0];
  if (version.major >= 2 && parsed.document.text.startsWith('\ufeff'))
    return { code: 'byte-order-mark', args: {}, range: { start: 0, end: 1 } };
  return first && { code: first.code, args: first.args, range: first.range };
}
