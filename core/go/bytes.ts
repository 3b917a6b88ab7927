/** UTF-8 and base64 without the host's help: core has neither Node.js nor the DOM. */

export function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

/** Bytes that are no UTF-8 become U+FFFD. */
export function fromUtf8(bytes: readonly number[]): string {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return bytes.map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\ufffd')).join('');
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.slice(i, i + 3);
    const sextets = [a >> 2, ((a & 3) << 4) | ((b ?? 0) >> 4), (((b ?? 0) & 15) << 2) | ((c ?? 0) >> 6), (c ?? 0) & 63];
    text += sextets
      .map((sextet, at) => ((at === 2 && b === undefined) || (at === 3 && c === undefined) ? '=' : alphabet.charAt(sextet)))
      .join('');
  }
  return text;
}

export type Base64Decoded = { readonly ok: true; readonly bytes: readonly number[] } | { readonly ok: false; readonly error: string };

/** base64.StdEncoding.Decode: newlines are skipped, padding is required, and the error names the byte. */
export function decodeBase64(text: string): Base64Decoded {
  const bytes: number[] = [];
  const quantum: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\n' || char === '\r') continue;
    if (char === '=') return padded(text, i, quantum, bytes);
    const value = alphabet.indexOf(char);
    if (value < 0) return corrupt(i);
    quantum.push(value);
    if (quantum.length === 4) flush(quantum.splice(0), bytes);
  }
  return quantum.length === 0 ? { ok: true, bytes } : corrupt(text.length - quantum.length);
}

function padded(text: string, at: number, quantum: readonly number[], bytes: number[]): Base64Decoded {
  const rest = text.slice(at).replace(/[\r\n]/g, '');
  const wanted = 4 - quantum.length;
  if (quantum.length < 2) return corrupt(at);
  if (rest.length < wanted) return corrupt(text.length);
  if (rest.slice(0, wanted) !== '='.repeat(wanted) || rest.length > wanted) return corrupt(at + 1);
  flush(quantum, bytes);
  return { ok: true, bytes };
}

function flush(quantum: readonly number[], bytes: number[]): void {
  const [a = 0, b = 0, c, d] = quantum;
  bytes.push((a << 2) | (b >> 4));
  if (c !== undefined) bytes.push(((b & 15) << 4) | (c >> 2));
  if (c !== undefined && d !== undefined) bytes.push(((c & 3) << 6) | d);
}

function corrupt(at: number): Base64Decoded {
  return { ok: false, error: `illegal base64 data at input byte ${at}` };
}
