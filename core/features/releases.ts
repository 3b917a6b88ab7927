import { catalogOf, message, type Message } from '../text/message';
import type { VersionRange } from '../versions/versions';

export const releasesTexts = catalogOf('releases', {
  since: 'Known to containerd since {since}.',
  before: 'Known to containerd before {before}.',
  between: 'Known to containerd from {since} on, before {before}.',
  some: 'Known to containerd {releases}.',
});

/** Which releases know something, in words; undefined when all do. */
export function releasesMessage(releases: VersionRange): Message | undefined {
  if (releases === '*') return undefined;
  const match = /^(?:>=(\S+))? ?(?:<(\d\S*))?$/.exec(releases);
  const [, since, before] = match ?? [];
  if (since !== undefined && before !== undefined) return message('releases/between', { since, before });
  if (since !== undefined) return message('releases/since', { since });
  return before === undefined ? message('releases/some', { releases }) : message('releases/before', { before });
}
