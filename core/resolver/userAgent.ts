import { formatVersion, type Version } from '../versions/versions';

/** What containerd of that release calls itself to registries. */
export function userAgent(version: Version): string {
  return `containerd/${formatVersion(version)}`;
}
