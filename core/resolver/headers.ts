/** net/http Header and what Request.write puts on the wire of it. */

/** In their order. A name counts as it is spelt: what a file spells otherwise than Go does is another header beside Go's. */
export type Headers = readonly (readonly [string, string])[];

/** Header.Get, of a name in Go's own spelling: the first value; undefined and empty are the same to Go. */
export function getHeader(headers: Headers, name: string): string {
  return headers.find(([key]) => key === name)?.[1] ?? '';
}

/** Header.Set, of a name in Go's own spelling. */
export function setHeader(headers: Headers, name: string, value: string): Headers {
  return [...headers.filter(([key]) => key !== name), [name, value]];
}

/** The first of a name however it is spelt, as a server reads it. */
export function headerValue(headers: Headers, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

export function flatten(headers: Readonly<Record<string, readonly string[]>>): Headers {
  return Object.entries(headers).flatMap(([name, values]) => values.map((value) => [name, value] as const));
}

/** reqWriteExcludeHeader: net/http writes these itself, or not at all. */
const excluded: ReadonlySet<string> = new Set(['Host', 'User-Agent', 'Content-Length', 'Transfer-Encoding', 'Trailer']);

/** Request.write: of several user agents the first, an empty one not; then everything else by its name. */
export function writtenHeaders(headers: Headers): Headers {
  const agent = getHeader(headers, 'User-Agent');
  const others = headers.filter(([name]) => !excluded.has(name)).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return [...(agent === '' ? [] : [['User-Agent', agent] as const]), ...others];
}
