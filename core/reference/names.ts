/** The grammar of distribution/reference regexp.go, read by hand so that no input makes it slow. */

/** `host[:port]`: labels of letters, digits and inner dashes, or an IPv6 address in brackets where `ipv6` allows it. */
export function isDomain(text: string, ipv6: boolean): boolean {
  const colon = text.lastIndexOf(':');
  const bracket = text.lastIndexOf(']');
  const host = colon > bracket ? text.slice(0, colon) : text;
  if (colon > bracket && !/^\d+$/.test(text.slice(colon + 1))) return false;
  if (host.startsWith('[')) return ipv6 && /^\[[\da-f:]+\]$/i.test(host);
  return host.split('.').every(isLabel);
}

function isLabel(label: string): boolean {
  return /^[\da-z-]+$/i.test(label) && !label.startsWith('-') && !label.endsWith('-');
}

/** `library/nginx`: components of lower-case letters and digits with `.`, `_`, `__` or dashes between them. */
export function isRemoteName(text: string): boolean {
  return text.split('/').every(isPathComponent);
}

export function isPathComponent(component: string): boolean {
  let separator = '';
  let started = false;
  for (const character of component) {
    if (/[a-z0-9]/.test(character)) {
      if (separator !== '' && (!started || !isSeparator(separator))) return false;
      separator = '';
      started = true;
    } else if (character === '.' || character === '_' || character === '-') {
      separator += character;
    } else {
      return false;
    }
  }
  return started && separator === '';
}

function isSeparator(text: string): boolean {
  return text === '.' || text === '_' || text === '__' || !/[^-]/.test(text);
}

export function isTag(text: string): boolean {
  return text.length <= 128 && /^\w[\w.-]*$/.test(text);
}

/** distribution/reference digestPat: looser than what go-digest accepts afterwards. */
export function looksLikeDigest(text: string): boolean {
  const colon = text.indexOf(':');
  if (colon < 0) return false;
  const algorithm = text.slice(0, colon).split(/[-_+.]/);
  return algorithm.every((part) => /^[A-Z][A-Z\d]*$/i.test(part)) && /^[\da-f]{32,}$/i.test(text.slice(colon + 1));
}

const hexDigits: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** go-digest Digest.Validate: undefined, or what is wrong in its words. */
export function digestProblem(digest: string): string | undefined {
  const colon = digest.indexOf(':');
  const encoded = digest.slice(colon + 1);
  if (colon <= 0 || encoded === '') return 'invalid checksum digest format';
  const length = hexDigits.get(digest.slice(0, colon));
  if (length === undefined) return isDigestShape(digest, colon) ? 'unsupported digest algorithm' : 'invalid checksum digest format';
  if (encoded.length !== length) return 'invalid checksum digest length';
  return /^[\da-f]+$/.test(encoded) ? undefined : 'invalid checksum digest format';
}

function isDigestShape(digest: string, colon: number): boolean {
  const algorithm = digest.slice(0, colon).split(/[.+_-]/);
  return algorithm.every((part) => /^[a-z\d]+$/.test(part)) && /^[\w=-]+$/.test(digest.slice(colon + 1));
}
