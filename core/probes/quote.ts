/**
 * The one way in which a word gets into a script for a node. Single quotes keep every byte but the quote itself, in every POSIX shell
 * and in csh and fish as far as the login shell of a node is concerned. No argument of a Unix program can hold a NUL: it is left out.
 */
export function quote(word: string): string {
  return `'${word.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;
}
