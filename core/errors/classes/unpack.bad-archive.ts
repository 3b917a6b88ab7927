import type { ErrorClass } from '../errorClass';

export const unpackBadArchive: ErrorClass = {
  id: 'unpack.bad-archive',
  title: 'Layer cannot be read as an archive',
  signals: [
    {
      pattern: /archive\/tar: |invalid tar header/,
      weight: 82,
      scope: 'anywhere',
      unless: /no space left|operation not permitted|lchown/i,
    },
    {
      pattern:
        /gzip: invalid (?:header|checksum)|flate: corrupt input|zlib: invalid|bzip2 data invalid|(?<![\w.-])xz: |unpigz: |gzip: stdin|magic number mismatch|unsupported compression|(?<![\w.-])zstd(?:: | (?:is )?not|.{0,30}(?:invalid|failed|corrupt))/,
      weight: 80,
    },
    {
      pattern:
        /unhandled tar header type|invalid whiteout name|invalid archive|breakout|unlinkat \S+: directory not empty|failed to convert whiteout|Failed to (?:decode layer(?: data stream)?|unpack layer|read entries from the tar)\b/,
      weight: 78,
      unless: /operation not permitted|permission denied/,
    },
    {
      pattern: /(?:extract layer|mount callback|apply ?layer|register layer|untar re-exec error|processing tar file\()/i,
      then: /unexpected EOF/,
      weight: 78,
    },
    {
      pattern: /(?:extract layer|mount callback|apply layer|register layer)/,
      then: /: link \/|file exists|not a directory|is a directory|invalid argument|failed to setxattr/,
      weight: 58,
      unless: /lchown|failed to mount|mount source: |failed to create containerd container/i,
    },
    { pattern: /failed to get stream processor for/, weight: 56 },
    {
      pattern: /failed to extract layer|[Ee]rror processing tar file|ApplyLayer|failed to register layer/,
      weight: 47,
      unless: /content store|no space|context|lchown|not permitted|failed to mount/i,
    },
    { pattern: /crc32 mismatch|corrupt(?:ed)?\b|invalid (?:deflate|compressed) data/, weight: 76 },
    { pattern: /\b(?:un)?(?:tar|gzip|zstd|bzip2|xz)\b|\barchive\b|\b(?:de)?compress|\bcorrupt/i, weight: 39, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to extract layer sha256:1a2b: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount1: archive/tar: invalid tar header: unknown',
      containerd: '1.6',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to extract layer sha256:1a2b: mount callback failed on /tmp/containerd-mount2: unexpected EOF: unknown',
      containerd: '1.7',
    },
  ],
  causes: [
    { what: 'zstd layers on containerd before 1.5', tell: 'the layer’s mediaType ends in `+zstd`' },
    { what: 'The layer is not compressed as its media type says, or is damaged', tell: '`file` on the blob' },
    { what: 'An encrypted layer without a decoder', tell: 'the mediaType ends in `+encrypted`' },
  ],
  retriable: false,
  doc: {
    meaning: 'The layer arrived with the right digest, but its bytes cannot be read as the tar archive they are said to be.',
    impact: 'The image cannot be unpacked on any node of this release.',
    diagnosis: [
      { what: 'Compare type and content of the layer.', command: 'ctr -n k8s.io content get DIGEST | file -' },
      { what: 'Read the layers’ types.', command: 'ctr -n k8s.io content get MANIFEST-DIGEST | jq -c ".layers[].mediaType"' },
    ],
    mitigation: [
      'Upgrade containerd (zstd needs 1.5).',
      'Build and push the image again.',
      'Install the stream processor for encrypted layers.',
    ],
    restart: 'No, except after upgrading.',
    rules: [],
    related: [
      { id: 'policy.blocked', apart: 'a word about keys or decryption' },
      { id: 'net.reset-or-eof', apart: '`unexpected EOF` without `extract layer`: the connection was cut' },
      { id: 'unpack.permission', apart: 'the archive is fine, writing its owners is not allowed' },
    ],
    sources: ['containerd pkg/archive/tar.go: applyNaive', 'containerd core/diff/stream.go'],
  },
  messages: {
    cause: 'A layer cannot be read as the archive that its media type says it is.',
    nextStep: 'Compare the layer’s mediaType with what file says about the blob.',
  },
};
