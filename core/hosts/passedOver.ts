/** Errors of the text that go-toml v2 never gets to see: it does not decode what stands under a header it has no use for. */
import { satisfies, type Version } from '../versions/versions';
import type { TomlErrorCode, TomlHeader, ParsedToml } from '../toml/document';
import { takeFields } from './library';

/** What the decoder finds out and its parser does not (unmarshaler.go handleRootExpression: skipUntilTable). */
const foundByDecoder: ReadonlySet<TomlErrorCode> = new Set(['duplicate-key', 'integer-out-of-range', 'bad-date']);

/** The parsed text with the errors that the release's library would come across. */
export function checkedErrors(parsed: ParsedToml, version: Version): ParsedToml {
  if (parsed.errors.length === 0 || satisfies(version, '<2.0.0')) return parsed;
  const unknown = parsed.document.headers.filter((header) => isUnknown(header, parsed, version)).map(({ section }) => section);
  const passed = (at: number): boolean => unknown.some(({ start, end }) => start <= at && at < end);
  const errors = parsed.errors.filter(({ code, range }) => !foundByDecoder.has(code) || !passed(range.start));
  return errors.length === parsed.errors.length ? parsed : { ...parsed, errors };
}

/** `[auth]`, `[host."…".auth]`: a header whose path leaves containerd's structs. */
function isUnknown({ path }: TomlHeader, { document }: ParsedToml, version: Version): boolean {
  const names = path.map(({ name }) => name);
  const top = takeFields(document.root, 'top', version).left.map(({ entry }) => entry.key.name);
  const [first = '', host, key] = names;
  if (top.includes(first)) return true;
  const table = document.root.entries.get(first)?.value;
  const member =
    table?.kind === 'table' && host !== undefined && first.toLowerCase() === 'host' ? table.entries.get(host)?.value : undefined;
  if (member?.kind !== 'table' || key === undefined) return false;
  return takeFields(member, 'host', version).left.some(({ entry }) => entry.key.name === key);
}
