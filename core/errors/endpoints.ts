import type { ErrorChain } from './chain';
import { hostOfReference, servesImagesOf, urlsOf } from './captures';

/** Hosts that registries redirect blob downloads to. As data, because the URL's host is what tells a blocked CDN from a dead registry. */
export const storageHost =
  /https?:\/\/(?:production\.cloud(?:flare|front)\.docker\.com|[\w.-]+\.r2\.cloudflarestorage\.com|[\w.-]+\.cloudfront\.net|[\w.-]*\bs3[\w.-]*\.amazonaws\.com(?:\.cn)?|[\w.-]+\.blob\.core\.(?:windows\.net|chinacloudapi\.cn)|[\w.-]+\.data\.(?:azurecr\.io|mcr\.microsoft\.com)|storage\.googleapis\.com|[\w.-]+\.pkg\.dev\/artifacts-downloads|pkg-containers\.githubusercontent\.com|cdn\d{0,3}\.quay\.io|[\w.-]+\.oss-[\w-]{1,60}\.aliyuncs\.com|[\w.-]+\.cos\.[\w.-]+\.myqcloud\.com|[\w.-]+\.obs\.[\w.-]+\.myhuaweicloud\.com|[\w.-]+\.digitaloceanspaces\.com)/;

/** URLs of token services: Docker's, Harbor's, GitLab's, Quay's, ACR's, Artifactory's. */
export const tokenUrl = /https?:\/\/(?:auth\.[\w.-]+|[\w.:[\]-]+\/(?:[\w./-]{0,200}\/)?(?:token|auth))(?:[?": ]|\/token|$)/;

/** A request for a blob that ended at another host than a registry: its path is not the API's. */
export function fetchedFromStorage({ text }: ErrorChain): boolean {
  const url = fetchedUrl(text);
  if (url === undefined || tokenUrl.test(`${url} `)) return false;
  return storageHost.test(url) || !/^https?:\/\/[^/]{1,255}\/(?:[^?]{0,500}\/)?v2\//.test(url);
}

/** A request that ended at one of the known storage hosts. */
export function fetchedFromKnownStorage({ text }: ErrorChain): boolean {
  return storageHost.test(fetchedUrl(text) ?? '');
}

function fetchedUrl(text: string): string | undefined {
  return /\bGet "?(https?:\/\/[^\s"]+)/.exec(text)?.[1];
}

/** Whether the URL in the text is a mirror's: it carries `ns`, or its host does not serve the image by default. */
export function atMirror({ text, captures }: ErrorChain): boolean {
  if (/[?&]ns=/.test(text)) return true;
  if (captures.reference === null) return false;
  const host = apiHost(text) ?? /\bpulling from host (\S+) failed/.exec(text)?.[1];
  return host !== undefined && !servesImagesOf(host, hostOfReference(captures.reference));
}

/** Whether a request went to the image's own registry and not to a mirror. */
export function atUpstream(chain: ErrorChain): boolean {
  return apiHost(chain.text) !== undefined && !atMirror(chain);
}

/** How many hosts the text reports failures of. */
export function hostsTried(text: string): number {
  const named = [...text.matchAll(/\bhost="?([\w.:[\]-]+)/g)].map(([, host]) => host ?? '');
  const requested = urlsOf(text)
    .filter((url) => /\/v2\//.test(url))
    .map((url) => /^https?:\/\/([^/?#]+)/.exec(url)?.[1] ?? '');
  return new Set([...named, ...requested].map((host) => host.toLowerCase())).size;
}

/** The host of the first URL of a registry's API; the URLs are cut out first, which keeps the work linear. */
function apiHost(text: string): string | undefined {
  for (const url of urlsOf(text)) {
    const [, host, path = ''] = /^https?:\/\/([^/?#]+)([^?#]*)/.exec(url) ?? [];
    if (path.includes('/v2/')) return host;
  }
  return undefined;
}
