/** encoding/json: the values that Go sees, and its words for text that is no JSON. */
import { fromUtf8, utf8 } from './bytes';
import { quote } from './quote';

export type JsonResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string };

/** json.Unmarshal into an untyped value. `go`: whose words, by default those before 1.27. */
export function unmarshal(text: string, go = '1.26'): JsonResult {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    const stopped = scan(text, go);
    // What V8 refuses and Go takes (a lone surrogate, say) does not occur in what registries send.
    return { ok: false, error: stopped === undefined || stopped.at >= stopped.length ? 'unexpected end of JSON input' : stopped.error };
  }
}

/** json.Decoder.Decode: one value from the start; what follows it is not looked at. */
export function decode(text: string, go?: string): JsonResult {
  const whole = unmarshal(text, go);
  if (whole.ok) return whole;
  const stopped = scan(text);
  if (stopped?.valueEnd !== undefined) return unmarshal(fromUtf8(utf8(text).slice(0, stopped.valueEnd)));
  if (stopped && stopped.at < stopped.length) return whole;
  return { ok: false, error: text.trim() === '' ? 'EOF' : 'unexpected EOF' };
}

/** Of a decoded object: its own property, found as Go finds struct fields: exact name first, then any case. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const exact = entries.find(([key]) => key === name);
  if (exact) return exact[1];
  const folded = name.toLowerCase();
  return entries.find(([key]) => key.toLowerCase() === folded)?.[1];
}

/** How Go names the JSON type in `cannot unmarshal TYPE into Go …`. */
export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

interface Stopped {
  /** Byte at which the scanner could not go on; `length` when the text ended too early. */
  readonly at: number;
  readonly length: number;
  readonly error: string;
  /** Set when a whole value stood before `at`. */
  readonly valueEnd?: number;
}

/** Where scanner.step of encoding/json stops, and why. Works on bytes, as Go does. */
function scan(text: string, go = '1.26'): Stopped | undefined {
  const bytes = utf8(text);
  const scanner = new Scanner(bytes, minorOf(go) >= overV2);
  const failed = scanner.value('looking for beginning of value');
  if (failed) return failed;
  const valueEnd = scanner.at;
  scanner.space();
  return scanner.at < bytes.length ? { ...scanner.stop('after top-level value'), valueEnd } : undefined;
}

/** Go gives up at 10000; this scanner recurses and only serves to word an error, so it gives up sooner. */
const maxDepth = 1000;

class Scanner {
  at = 0;
  private depth = 0;
  constructor(
    private readonly bytes: readonly number[],
    private readonly runes: boolean,
  ) {}

  stop(where: string): Stopped {
    const { at, bytes } = this;
    const found = this.runes ? quoteRune(bytes.slice(at, at + 4)) : quoteChar(bytes[at] ?? 0);
    return { at, length: bytes.length, error: `invalid character ${found} ${where}` };
  }

  space(): void {
    while ([0x20, 0x09, 0x0a, 0x0d].includes(this.bytes[this.at] ?? 0)) this.at += 1;
  }

  value(where: string): Stopped | undefined {
    this.space();
    const char = this.char();
    if ((char === '{' || char === '[') && this.depth >= maxDepth) return { ...this.stop(where), error: 'exceeded max depth' };
    if (char === '{') return this.members('}', 'object', true);
    if (char === '[') return this.members(']', 'array', false);
    if (char === '"') return this.string();
    if (char === '-' || (char >= '0' && char <= '9')) return this.number();
    for (const word of ['true', 'false', 'null']) if (word.startsWith(char) && char !== '') return this.word(word);
    return this.stop(where);
  }

  /** Objects and arrays; nesting costs a frame, and what nests deeper than Go allows never parses anyway. */
  private members(close: string, kind: 'object' | 'array', keyed: boolean): Stopped | undefined {
    this.at += 1;
    this.depth += 1;
    this.space();
    if (this.char() === close) {
      this.leave();
      return;
    }
    for (;;) {
      const failed = (keyed ? this.key() : undefined) ?? this.value('looking for beginning of value');
      if (failed) return failed;
      this.space();
      if (this.char() === close) {
        this.leave();
        return;
      }
      if (this.char() !== ',') return this.stop(keyed ? 'after object key:value pair' : `after ${kind} element`);
      this.at += 1;
      this.space();
    }
  }

  private key(): Stopped | undefined {
    if (this.char() !== '"') return this.stop('looking for beginning of object key string');
    const failed = this.string();
    if (failed) return failed;
    this.space();
    if (this.char() !== ':') return this.stop('after object key');
    this.skip();
  }

  private string(): Stopped | undefined {
    this.at += 1;
    for (; this.at < this.bytes.length; this.at += 1) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte === 0x22) {
        this.skip();
        return;
      }
      if (byte < 0x20) return this.stop('in string literal');
      if (byte !== 0x5c) continue;
      this.at += 1;
      const escape = this.char();
      if (escape === 'u') {
        for (let i = 0; i < 4; i++) {
          this.at += 1;
          if (!/^[0-9a-f]$/i.test(this.char())) return this.stop('in \\u hexadecimal character escape');
        }
      } else if (!'"\\/bfnrt'.includes(escape) || escape === '') return this.stop('in string escape code');
    }
    return this.stop('in string literal');
  }

  private number(): Stopped | undefined {
    if (this.char() === '-') this.at += 1;
    if (!this.digit()) return this.stop('in numeric literal');
    if (this.char() === '0') this.at += 1;
    else this.digits();
    if (this.char() === '.') {
      this.at += 1;
      if (!this.digit()) return this.stop('after decimal point in numeric literal');
      this.digits();
    }
    if (/^e$/i.test(this.char())) {
      this.at += 1;
      if (/^[+-]$/.test(this.char())) this.at += 1;
      if (!this.digit()) return this.stop('in exponent of numeric literal');
      this.digits();
    }
    return undefined;
  }

  private word(word: string): Stopped | undefined {
    for (const expected of word) {
      if (this.char() !== expected) return this.stop(`in literal ${word} (expecting ${quoteChar(expected.charCodeAt(0))})`);
      this.at += 1;
    }
    return undefined;
  }

  private digits(): void {
    while (this.digit()) this.at += 1;
  }

  private digit(): boolean {
    return /^\d$/.test(this.char());
  }

  private char(): string {
    const byte = this.bytes[this.at];
    return byte === undefined ? '' : String.fromCharCode(byte);
  }

  private leave(): undefined {
    this.depth -= 1;
    this.skip();
  }

  private skip(): undefined {
    this.at += 1;
    return undefined;
  }
}

/** From this Go on encoding/json stands on its v2: errors name the root and every step, elements included, and whole characters. */
export const overV2 = 27;

/** `1.24` → 24. */
export function minorOf(go: string): number {
  return Number(/^1\.(\d+)/.exec(go)?.[1] ?? overV2);
}

/** jsonwire.QuoteRune and strconv.QuoteRune. */
function quoteRune(bytes: readonly number[]): string {
  const [first = 0] = bytes;
  const [char = ''] = fromUtf8(bytes.slice(0, first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4));
  if (char === "'" || char === '"') return quoteChar(char.charCodeAt(0));
  if (char === '\ufffd' && first !== 0xef) return `'\\x${first.toString(16)}'`;
  return `'${quote(char).slice(1, -1)}'`;
}

/** quoteChar of encoding/json/scanner.go. */
function quoteChar(byte: number): string {
  if (byte === 0x27) return `'\\''`;
  if (byte === 0x22) return `'"'`;
  const char = String.fromCharCode(byte);
  if (byte === 0x5c) return `'\\\\'`;
  if (byte >= 0x20 && byte < 0x7f) return `'${char}'`;
  const named = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' }[byte];
  if (named !== undefined) return `'${named}'`;
  return byte >= 0xa1 && byte !== 0xad
    ? `'${char}'`
    : byte >= 0x80
      ? `'\\u${byte.toString(16).padStart(4, '0')}'`
      : `'\\x${byte.toString(16).padStart(2, '0')}'`;
}
