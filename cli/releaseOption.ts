import { formatVersion, newestVersion, parseVersion, releaseLines, type Version } from '../core/versions/versions';
import { CallError } from './command';

export interface Release {
  readonly version: Version;
  /** As the caller wrote it, for documents. */
  readonly shown: string;
}

/** `--containerd V`: a release line or an exact release; without it the newest known. */
export function releaseOf(text: string | undefined): Release {
  if (text === undefined) return { version: newestVersion, shown: formatVersion(newestVersion) };
  const version = parseVersion(text);
  if (!version)
    throw new CallError(
      `"${text}" is no containerd release; give one of ${releaseLines.map(({ line }) => line).join(' ')} or an exact one such as 1.7.31`,
    );
  return { version, shown: text };
}
