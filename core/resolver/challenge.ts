/** WWW-Authenticate as core/remotes/docker/auth/parse.go reads it. */

export type Scheme = 'bearer' | 'digest' | 'basic';

export interface Challenge {
  readonly scheme: Scheme;
  readonly parameters: ReadonlyMap<string, string>;
}

/** ParseAuthHeader: Bearer before Digest before Basic, one challenge per header line. */
export function parseChallenges(headers: readonly (readonly [string, string])[]): readonly Challenge[] {
  const order: readonly Scheme[] = ['bearer', 'digest', 'basic'];
  return headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .flatMap(([, value]) => parseOne(value))
    .sort((a, b) => order.indexOf(a.scheme) - order.indexOf(b.scheme));
}

const tokenChars = /[!#$%&'*+\-.^\w`|~]/;

/** parseValueAndParams: what is wrong ends the list; what was read before stays. */
function parseOne(value: string): Challenge[] {
  const reader = { text: value, at: 0 };
  const word = readToken(reader).toLowerCase();
  if (word !== 'bearer' && word !== 'digest' && word !== 'basic') return [];
  const parameters = new Map<string, string>();
  for (;;) {
    skipSpace(reader);
    const key = readToken(reader).toLowerCase();
    if (key === '' || reader.text[reader.at] !== '=') break;
    reader.at += 1;
    parameters.set(key, readTokenOrQuoted(reader));
    skipSpace(reader);
    if (reader.text[reader.at] !== ',') break;
    reader.at += 1;
  }
  return [{ scheme: word, parameters }];
}

interface Reader {
  readonly text: string;
  at: number;
}

function skipSpace(reader: Reader): void {
  while (' \t\r\n'.includes(reader.text[reader.at] ?? 'x')) reader.at += 1;
}

function readToken(reader: Reader): string {
  const start = reader.at;
  while (tokenChars.test(reader.text[reader.at] ?? ' ')) reader.at += 1;
  return reader.text.slice(start, reader.at);
}

/** expectTokenOrQuoted: an unclosed quote gives nothing and ends the line. */
function readTokenOrQuoted(reader: Reader): string {
  if (reader.text[reader.at] !== '"') return readToken(reader);
  let value = '';
  for (let at = reader.at + 1; at < reader.text.length; at++) {
    const char = reader.text.charAt(at);
    if (char === '"') {
      reader.at = at + 1;
      return value;
    }
    if (char === '\\') at += 1;
    value += reader.text.charAt(at);
  }
  reader.at = reader.text.length;
  return '';
}
