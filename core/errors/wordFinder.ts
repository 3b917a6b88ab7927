/** Where the first of some words begins within bytes, -1 where there is none. */
export type WordFinder = (bytes: Uint8Array, from: number, to: number) => number;

/**
 * Looks for many words at once without looking at every byte (Wu and Manber 1994): a pair of bytes says how far the next place is at which
 * the first four bytes of a word can end. Lower-case ASCII words of at least four bytes; ASCII case is folded.
 */
export function wordFinder(words: readonly string[]): WordFinder {
  const far = new Uint8Array(1 << 16).fill(WINDOW - 1);
  // Which of `lists` holds the words whose first four bytes have a hash.
  const beginning = new Uint16Array(1 << 16);
  const lists: string[][] = [[]];
  for (const word of words) {
    for (let at = 0; at + 2 <= WINDOW; at++)
      for (const pair of bothCases(word.slice(at, at + 2))) far[pair] = Math.min(far[pair] ?? 0, WINDOW - 2 - at);
    const hash = hashOf(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2), word.charCodeAt(3));
    if (beginning[hash] === 0) beginning[hash] = lists.push([]) - 1;
    lists[beginning[hash] ?? 0]?.push(word);
  }
  return (bytes, from, to) => {
    for (let i = from + WINDOW - 2; i + 1 < to;) {
      const third = bytes[i] as number;
      const last = bytes[i + 1] as number;
      const step = far[(third << 8) | last] as number;
      // The commonest step has a branch of its own: the processor then reads on without waiting for the table.
      if (step === WINDOW - 1) {
        i += WINDOW - 1;
        continue;
      }
      if (step > 0) {
        i += step;
        continue;
      }
      const start = i - WINDOW + 2;
      const list = beginning[hashOf(bytes[start] as number, bytes[start + 1] as number, third, last)] as number;
      if (list > 0 && anyAt(lists[list] ?? [], bytes, start, to)) return start;
      i += 1;
    }
    return -1;
  };
}

/** So many first bytes of each word are looked for; the shortest subject of a log line has no more. */
const WINDOW = 4;

function bothCases(two: string): ReadonlySet<number> {
  const [a = '', b = ''] = two;
  const codes = (one: string): readonly number[] => [one.charCodeAt(0), one.toUpperCase().charCodeAt(0)];
  return new Set(codes(a).flatMap((first) => codes(b).map((second) => (first << 8) | second)));
}

/** 16 bits of four bytes, the same for both cases of a letter. */
function hashOf(a: number, b: number, c: number, d: number): number {
  return Math.imul((a << 24) | (b << 16) | (c << 8) | d | 0x20202020, 0x9e3779b1) >>> 16;
}

/** No closure: it would cost the loop above an allocation at every step. */
function anyAt(words: readonly string[], bytes: Uint8Array, start: number, to: number): boolean {
  for (const word of words) if (standsAt(bytes, start, to, word)) return true;
  return false;
}

function standsAt(bytes: Uint8Array, start: number, to: number, word: string): boolean {
  if (start + word.length > to) return false;
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[start + i] as number;
    if ((byte >= 65 && byte <= 90 ? byte + 32 : byte) !== word.charCodeAt(i)) return false;
  }
  return true;
}
