import { fetchedFromKnownStorage, fetchedFromStorage } from '../endpoints';
import type { ErrorClass } from '../errorClass';

const transportFailure =
  /i\/o timeout|timed out|refused|reset by peer|\bEOF\b|TLS handshake timeout|Client\.Timeout|no route to host|unreachable|deadline exceeded|stream error/;

/** The name server did not answer; the storage was not asked yet. */
const lookup = /\blookup \S+ on \S+: (?:read|dial|write) (?:udp|tcp)\b/;

export const netBlobHostBlocked: ErrorClass = {
  id: 'net.blob-host-blocked',
  title: 'Storage host of the registry unreachable',
  signals: [
    {
      pattern: /httpRead(?:er)?Seeker: failed open: (?:failed to do request: )?Get "?https?:/,
      weight: 84,
      with: transportFailure,
      unless: lookup,
      when: fetchedFromStorage,
    },
    // A signed URL can be so long that the reason is cut off: only transport failures carry a `Get "…"` at all.
    {
      pattern: /(?:httpRead(?:er)?Seeker: failed open: failed to do request|error pulling image configuration): Get "?https?:/,
      weight: 80,
      unless: /no such host|server misbehaving|x509|tls:|\blookup \S+ on /,
      when: fetchedFromStorage,
    },
    {
      pattern:
        /error pulling image configuration: (?:download failed after attempts=\d+: )?Get "?https?:|parsing image configuration: Get "?https?:|(?:writing|copying|reading) (?:config|blob)(?: \S+)?: (?:\w+ )*Get "?https?:/,
      weight: 82,
      with: transportFailure,
      unless: lookup,
      when: fetchedFromStorage,
    },
    // A host that serves nothing but blobs needs no word about them, as the Docker daemon's `Get "…"` has none.
    { pattern: /\bGet "?https?:/, weight: 82, with: transportFailure, unless: lookup, when: fetchedFromKnownStorage },
    {
      pattern: /\bGet "?https?:/,
      weight: 68,
      with: /no such host|server misbehaving/,
      when: (chain) => fetchedFromStorage(chain) && /httpRead|blobs|failed to copy|pulling image configuration/.test(chain.text),
    },
  ],
  examples: [
    {
      text: 'ctr: failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://production.cloudflare.docker.com/registry-v2/docker/registry/v2/blobs/sha256/1a/1a2b/data": dial tcp 198.51.100.9:443: i/o timeout',
    },
    {
      text: 'Error response from daemon: error pulling image configuration: download failed after attempts=6: Get "https://example.blob.core.windows.net/0a1b-registry/docker/registry/v2/blobs/sha256/1a/1a2b/data": dial tcp 198.51.100.9:443: connect: connection refused',
    },
  ],
  causes: [
    {
      what: 'The allow-list of a firewall or proxy has the registry but not its storage host',
      tell: 'the manifest came, and the host in the message is not the registry',
    },
    {
      what: 'A mirror redirects to the storage instead of serving blobs itself',
      tell: 'a request to the mirror with `curl -I` answers 307 with that Location',
    },
  ],
  retriable: true,
  doc: {
    meaning: 'The registry answered and sent the download to another host (a CDN or object store), and that host cannot be reached.',
    impact: 'Resolving works, so `ctr images pull` and `crictl pull` start and then fail at the first config or layer.',
    diagnosis: [
      {
        what: 'See where the registry sends blob requests.',
        command:
          'curl -s -o /dev/null --max-time 10 -w "%{redirect_url}\\n" -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/blobs/DIGEST | cut -d? -f1',
      },
      { what: 'Try that host.', command: 'curl -v --connect-timeout 5 https://STORAGE-HOST/' },
    ],
    mitigation: [
      'Allow the storage host. Docker Hub: `production.cloudflare.docker.com`, `production.cloudfront.docker.com` and `*.r2.cloudflarestorage.com`. ECR: `prod-REGION-starport-layer-bucket.s3.REGION.amazonaws.com`. ACR: `*.blob.core.windows.net`, with dedicated data endpoints `REGISTRY.REGION.data.azurecr.io` instead. Google: `*.pkg.dev` and `storage.googleapis.com`.',
      'Use a mirror that serves blobs itself.',
    ],
    restart: 'No, unless proxy variables change.',
    rules: [],
    related: [
      { id: 'net.timeout', apart: 'the host in the URL is the registry itself' },
      { id: 'net.reset-or-eof', apart: 'the host in the URL is the registry itself' },
      { id: 'dns.nxdomain', apart: 'the storage host’s name does not resolve' },
    ],
    sources: [
      'containerd core/remotes/docker/fetcher.go: dockerFetcher.open',
      'https://docs.docker.com/desktop/setup/allow-list/',
      'https://learn.microsoft.com/azure/container-registry/container-registry-endpoint-reference',
      'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html',
    ],
  },
  messages: {
    cause: 'The manifest came, but the host that the registry redirects downloads to cannot be reached.',
    causeAtHost: 'The manifest came, but {host}, where the registry redirects downloads to, cannot be reached.',
    nextStep: 'Allow the storage host in firewall and proxy, or pull through a mirror that serves blobs itself.',
    nextStepAtHost: 'Allow {host} in firewall and proxy, or pull through a mirror that serves blobs itself.',
  },
};
