/** Every key of hosts.toml. containerd core/remotes/docker/config/hosts.go: hostFileConfig, parseHostConfig. */
import { satisfies, type Version, type VersionRange } from '../versions/versions';

export interface HostsKey {
  readonly name: string;
  /** `top`: beside `server`; `host`: in `[host."URL"]`; `both`: `server` has its own of it. */
  readonly where: 'top' | 'host' | 'both';
  /** The TOML types it may have. */
  readonly types: readonly ('string' | 'bool' | 'table' | 'array')[];
  readonly releases: VersionRange;
  /** As written in TOML; undefined: none. */
  readonly default?: string;
  readonly values?: readonly { readonly value: string; readonly releases: VersionRange; readonly doc: string }[];
  readonly doc: string;
  readonly example: string;
}

export const hostsKeys: readonly HostsKey[] = [
  {
    name: 'server',
    where: 'top',
    types: ['string'],
    releases: '*',
    doc: "Tried after all `[host]` entries. Without it that is the image's own registry (for docker.io: https://registry-1.docker.io). To keep pulls away from there, name the mirror here.",
    example: 'server = "https://registry.example.com"',
  },
  {
    name: 'host',
    where: 'top',
    types: ['table'],
    releases: '*',
    doc: 'One table per place to look: `[host."https://mirror.example.com"]`. They are tried in the order in which their headers stand.',
    example: '[host."https://mirror.example.com"]',
  },
  {
    name: 'capabilities',
    where: 'both',
    types: ['array'],
    releases: '*',
    values: [
      { value: 'pull', releases: '*', doc: 'Manifests by digest, and layers.' },
      { value: 'resolve', releases: '*', doc: 'Turning a tag into a digest; needs pull beside it.' },
      { value: 'push', releases: '*', doc: 'Uploads.' },
      { value: 'referrers', releases: '>=2.2.0', doc: 'Listing what refers to a manifest.' },
    ],
    doc: 'What the host may be asked for. Nothing or an empty list means everything.',
    example: 'capabilities = ["pull", "resolve"]',
  },
  {
    name: 'ca',
    where: 'both',
    types: ['string', 'array'],
    releases: '*',
    doc: "PEM files with certificates to trust besides the system's. A relative path starts at the folder of this file. One that cannot be read makes every pull of this registry fail.",
    example: 'ca = "/etc/ssl/registry-ca.crt"',
  },
  {
    name: 'client',
    where: 'both',
    types: ['string', 'array'],
    releases: '*',
    doc: 'Client certificates: a list of pairs, `[["client.crt", "client.key"]]`. A lone string is one file that holds certificate and key.',
    example: 'client = [["client.crt", "client.key"]]',
  },
  {
    name: 'skip_verify',
    where: 'both',
    types: ['bool'],
    releases: '*',
    doc: 'Takes any certificate. For an http:// address it is better left out: containerd then tries https first.',
    example: 'skip_verify = true',
  },
  {
    name: 'header',
    where: 'both',
    types: ['table'],
    releases: '*',
    doc: 'HTTP headers that are sent along, each a string or a list of strings.',
    example: '[host."https://mirror.example.com".header]\n  x-custom = ["value"]',
  },
  {
    name: 'override_path',
    where: 'both',
    types: ['bool'],
    releases: '>=1.6.0',
    default: 'false',
    doc: 'The path of the URL is used as it stands, without /v2 behind it.',
    example: 'override_path = true',
  },
  {
    name: 'dial_timeout',
    where: 'both',
    types: ['string'],
    releases: '>=2.0.7',
    default: '"30s"',
    doc: 'How long connecting may take, as a Go duration with its unit.',
    example: 'dial_timeout = "3s"',
  },
];

export function hostsKeysOf(version: Version): readonly HostsKey[] {
  return hostsKeys.filter((key) => satisfies(version, key.releases));
}
