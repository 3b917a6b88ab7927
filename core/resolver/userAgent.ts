import { formatVersion, type Version } from '../versions/versions';
import { getHeader, setHeader, type Headers } from './headers';

/** What containerd of that release calls itself to registries: upstream's builds carry the name of the tag, a distribution's its own version. */
export function userAgent(version: Version): string {
  return `containerd/${version.build === undefined ? 'v' : ''}${formatVersion(version)}${version.build ?? ''}`;
}

export function withUserAgent(headers: Headers, version: Version): Headers {
  return getHeader(headers, 'User-Agent') === '' ? setHeader(headers, 'User-Agent', userAgent(version)) : headers;
}
