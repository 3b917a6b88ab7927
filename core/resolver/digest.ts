/** opencontainers/go-digest Digest.Validate: the error, or undefined. */
export function digestProblem(digest: string): string | undefined {
  const match = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([\w=-]+)$/.exec(digest);
  if (!match) return 'invalid checksum digest format';
  const [, algorithm = '', hex = ''] = match;
  const length = lengths.get(algorithm);
  if (length === undefined) return 'unsupported digest algorithm';
  if (hex.length !== length) return 'invalid checksum digest length';
  return /^[a-f0-9]+$/.test(hex) ? undefined : 'invalid checksum digest format';
}

const lengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);
