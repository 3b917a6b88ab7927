/** The candidate nearest to `word`, compared without case and at most two edits (a third of a short word) away. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.min(2, Math.ceil(word.length / 3));
  const lower = word.toLowerCase();
  const letters = lettersOf(lower);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit || tooForeign(letters, lettersOf(candidate), limit)) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** The letters of a word, without case, as bits; other signs share bits with them. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) & 31);
  return letters;
}

/** An edit brings in one letter at most, and takes one away at most: most words are told apart by that. */
function tooForeign(a: number, b: number, limit: number): boolean {
  return hasMoreBits(a & ~b, limit) || hasMoreBits(b & ~a, limit);
}

function hasMoreBits(bits: number, limit: number): boolean {
  let rest = bits;
  for (let i = 0; i < limit && rest !== 0; i++) rest &= rest - 1;
  return rest !== 0;
}

/** Damerau–Levenshtein with adjacent swaps, so that `resovle` is one edit from `resolve`. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(cell(next, j - 1) + 1, cell(row, j) + 1, cell(row, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, cell(before, j - 2) + 1);
      next[j] = best;
    }
    before = row;
    row = next;
  }
  return cell(row, b.length);
}

function cell(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
