/**
 * What a node or a registry said, as Markdown that stays text: no HTML, no line that starts a block of its own, and no links. Viewers make
 * links of addresses by themselves, and GitHub calls whoever stands behind an @: such words are code.
 */
export function remoteText(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .split(/([\s`"'<>()]+|[.,:;](?=[\s`"'<>()]|$))/)
    .map((word) => (isAddress(word) ? `\`${word}\`` : word.replace(/[\\`*_[\]<>&]/g, '\\$&')))
    .join('');
}

/** The digest behind the @ of an image reference is none. */
function isAddress(word: string): boolean {
  return /\/\/|^www\.|^mailto:|(?:^|\W)@|@[^@:]+\.\w/i.test(word);
}
