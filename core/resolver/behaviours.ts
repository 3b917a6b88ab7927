import { satisfies, type Version, type VersionRange } from '../versions/versions';

interface Behaviour {
  readonly range: VersionRange;
  /** What these releases do. */
  readonly doc: string;
  /** Where it stands in containerd's source; paths of 2.x, without `core/` in 1.x. */
  readonly source: string;
}

/** Every difference between releases that a pull can tell, found by reading each release tag. */
export const behaviours = {
  statusErrorNamesRequest: {
    range: '>=1.6.25 <1.7.0 || >=1.7.0',
    doc: 'A bad status is reported as `unexpected status from METHOD request to URL: STATUS`; before, with host and path only.',
    source: 'core/remotes/errors/errors.go: ErrUnexpectedStatus.Error',
  },
  statusErrorHasBody: {
    range: '>=2.1.3',
    doc: "The registry's own errors follow the status on new lines.",
    source: 'core/remotes/docker/errcode.go: unexpectedResponseErr',
  },
  basicNeedsCredentials: {
    range: '>=1.6.25 <1.7.0 || >=1.7.8',
    doc: 'A Basic challenge without credentials is an authorization error of its own; before, it was passed over.',
    source: 'core/remotes/docker/authorizer.go: AddResponses',
  },
  rejectedTokenIsForgotten: {
    range: '>=1.6.32 <1.7.0 || >=1.7.16',
    doc: 'A challenge with error= to the first request of a kind drops the cached token.',
    source: 'core/remotes/docker/authorizer.go: invalidAuthorization',
  },
  scopesAreSplit: {
    range: '>=1.6.0',
    doc: 'The scope of a challenge is split at spaces.',
    source: 'core/remotes/docker/auth/fetch.go: GenerateTokenOptions',
  },
  tokenPost400FallsBack: {
    range: '>=1.6.0',
    doc: 'A token POST answered 400 is tried again as GET.',
    source: 'core/remotes/docker/authorizer.go: doBearerAuth',
  },
  userAgentOfHost: {
    range: '>=2.1.0',
    doc: "A User-Agent among a host's headers is sent. Before, containerd's own came first and went alone.",
    source: 'core/remotes/docker/resolver.go: dockerBase.request',
  },
  hostHeadersForTokens: {
    range: '>=2.1.0',
    doc: "A host's headers also go to its token server.",
    source: 'core/remotes/docker/config/hosts.go: ConfigureHosts',
  },
  errorPriority: {
    range: '>=2.0.0',
    doc: 'Of several errors that of the highest class is returned: too large, status, 404, transport. Before, the first that is no 404.',
    source: 'core/remotes/docker/resolver.go: Resolve, firstErrPriority',
  },
  blobFallbackOnlyIfMissing: {
    range: '>=2.0.11 <2.1.0 || >=2.2.6',
    doc: '/blobs/ is asked only when /manifests/ ended in 404 or in no answer at all.',
    source: 'core/remotes/docker/resolver.go: Resolve',
  },
  resolveGetChecksStatus: {
    range: '>=2.3.0',
    doc: 'The status of the GET that replaces an incomplete HEAD is looked at. Before, an error page counted as the manifest.',
    source: 'core/remotes/docker/resolver.go: Resolve',
  },
  getAfterForbiddenHead: {
    range: '>=2.3.3',
    doc: 'A HEAD answered 403 is followed by a GET for the words of the registry.',
    source: 'core/remotes/docker/pusher.go: withGETErrorBody',
  },
  retries5xxOnLastHost: {
    range: '>=2.1.0',
    doc: '500, 503 and 504 are tried once more on the last host.',
    source: 'core/remotes/docker/resolver.go: retryRequest',
  },
  retriesTransportOnLastHost: {
    range: '>=2.3.2',
    doc: 'Timeouts and EOF are tried again on the last host; five tries in all, whatever the cause.',
    source: 'core/remotes/docker/resolver.go: doWithTransportRetries',
  },
  responseHeaderTimeout: {
    range: '>=2.3.0',
    doc: 'A server that stays silent for 30 s is given up.',
    source: 'core/remotes/docker/registry.go: DefaultHTTPTransport',
  },
  acceptsEncodings: {
    range: '>=2.0.0',
    doc: 'Content is asked for with Accept-Encoding, and an encoding it does not know is an error.',
    source: 'core/remotes/docker/fetcher.go: open',
  },
  fetchSaysStatusError: {
    range: '>=2.1.3',
    doc: 'A bad status of a fetch is worded as that of a resolve; before, `unexpected status code URL: STATUS - Server message: …`.',
    source: 'core/remotes/docker/fetcher.go: open, withErrorCheck',
  },
  fetchHidesQuery: {
    range: '>=2.3.0',
    doc: 'Query values other than ns are hidden in `content at URL not found`.',
    source: 'core/remotes/docker/resolver.go: sanitizedURL',
  },
  fallbackOnHandshakeTimeout: {
    range: '>=1.6.32 <1.7.0 || >=1.7.16',
    doc: 'https tried first on an http host is given up on a TLS handshake timeout too.',
    source: 'core/remotes/docker/resolver.go: isTLSError',
  },
  fallbackOnPort: {
    range: '>=1.7.24',
    doc: '… and, without a port in the URL, on a refused or timed out connection.',
    source: 'core/remotes/docker/resolver.go: isPortError',
  },
  schema1Converts: { range: '<2.0.0', doc: 'Schema 1 manifests are converted.', source: 'remotes/docker/schema1/converter.go' },
  schema1Disabled: {
    range: '>=2.0.0 <2.1.0',
    doc: 'Schema 1 needs an environment variable.',
    source: 'core/remotes/docker/schema1/converter.go: NewConverter',
  },
  checksMediaType: {
    range: '>=1.5.8',
    doc: 'A manifest that says it is an index, or the reverse, is refused.',
    source: 'core/images/image.go: validateMediaType',
  },
  noticesShortRead: {
    range: '>=1.6.0',
    doc: 'Content that ends early is noticed before the commit.',
    source: 'core/content/helpers.go: Copy',
  },
  shortReadHasCounts: { range: '>=2.1.3', doc: '… and the bytes are named.', source: 'core/content/helpers.go: Copy' },
  attestationKey: {
    range: '>=1.7.27 <2.0.0 || >=2.0.0',
    doc: 'in-toto content has the key attestation-.',
    source: 'core/remotes/handlers.go: MakeRefKey',
  },
  ignoresOtherLayers: {
    range: '>=1.6.25 <1.7.0 || >=1.7.7',
    doc: 'Layers of unknown type do not count when an image is unpacked.',
    source: 'client/image.go: getLayers',
  },
  unpackNamesImage: {
    range: '>=2.0.0',
    doc: 'An error of a late unpack begins with `apply layer error for`.',
    source: 'client/image.go: Unpack',
  },
  extractNamesLayer: {
    range: '>=2.1.2',
    doc: 'An error of an extraction names layer, snapshotter and snapshot instead of the diff id.',
    source: 'core/unpack/unpacker.go: unpack',
  },
  unpackReadsRootfsOnly: {
    range: '>=2.1.0',
    doc: 'Of a config only platform and rootfs are read to unpack an image; before, all of it.',
    source: 'core/unpack/unpacker.go: unpackConfig',
  },
  unpackNeedsLayers: {
    range: '>=2.1.0',
    doc: 'A config whose rootfs is of another type than layers is not unpacked.',
    source: 'core/unpack/unpacker.go: unpack',
  },
  transferChecksPlatform: {
    range: '<2.1.0',
    doc: 'The transfer service unpacks what is for its own platform, and fetches the rest only.',
    source: 'plugins/transfer/plugin.go: init; since then check_platform_supported',
  },
  transferIsStrict: {
    range: '<2.0.0',
    doc: '… and of its own platform just that one, nothing that runs there too.',
    source: 'plugins/transfer/plugin.go: init, platforms.OnlyStrict',
  },
  transferChecksOs: {
    range: '>=2.3.0',
    doc: 'The transfer service unpacks what is for its own operating system.',
    source: 'plugins/transfer/plugin.go: configureUnpackPlatforms, platforms.OnlyOS',
  },
  diffErrorHasCode: {
    range: '<2.0.0',
    doc: 'An error of the diff service without a gRPC code of its own ends in `: unknown`.',
    source: 'errdefs/grpc.go: FromGRPC',
  },
  decoderByExecabs: {
    range: '<1.6.22',
    doc: 'A decoder of encrypted layers that is not there is said to lie in the current directory.',
    source: 'vendor/golang.org/x/sys/execabs/execabs.go: fixCmd',
  },
  diffIdNamesBoth: {
    range: '>=2.2.0',
    doc: 'A wrong diff id is named beside the expected one.',
    source: 'core/unpack/unpacker.go: unpack',
  },
  statusTextIsFormat: {
    range: '<1.7.25',
    doc: 'The text of an error with a gRPC code of its own is taken for a format: `ns=host%3A5000` reads `ns=host%!A(MISSING)5000`.',
    source: 'errdefs/grpc.go: ToGRPC, status.Errorf(code, err.Error())',
  },
  criHidesQuery: {
    range: '>=1.7.30 <2.0.0 || >=2.0.8 <2.1.0 || >=2.1.6 <2.2.0 || >=2.2.1',
    doc: 'CRI hides query values in the URL of a transport error.',
    source: 'internal/cri/util/sanitize.go: SanitizeError',
  },
  criUsesTransfer: {
    range: '>=2.1.0',
    doc: 'A CRI pull goes through the transfer service.',
    source: 'internal/cri/server/images/image_pull.go',
  },
  ctrAllMetadata: {
    range: '>=2.0.0',
    doc: 'ctr fetches manifest and config of every platform of an index unless told --skip-metadata.',
    source: 'cmd/ctr/commands/images/pull.go; core/remotes/handlers.go: FilterManifestByPlatformHandler',
  },
  ctrUsesTransfer: {
    range: '>=2.0.0',
    doc: 'ctr images pull goes through the transfer service.',
    source: 'cmd/ctr/commands/images/pull.go',
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof behaviours;

export function does(version: Version, name: BehaviourName): boolean {
  return satisfies(version, behaviours[name].range);
}
