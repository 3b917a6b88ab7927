import type { ErrorClass } from '../errorClass';

export const contentDigestMismatch: ErrorClass = {
  id: 'content.digest-mismatch',
  title: 'Bytes do not match the digest',
  signals: [
    { pattern: /unexpected commit digest/, weight: 86, scope: 'anywhere' },
    {
      pattern:
        /(?:filesystem layer|image config|config|manifest|image(?= verification failed for digest)) verification failed(?: for digest)?|[Dd]igest did not match|does not match (?:the )?(?:expected )?digest|digest mismatch|DIGEST_INVALID|checksum mismatch/,
      weight: 78,
    },
    { pattern: /[Mm]anifest does not match provided manifest digest/, weight: 80, scope: 'anywhere' },
    { pattern: /failed to re-hash ingest data|unexpected commit size \d/, weight: 62 },
    {
      pattern: /[Dd]igest (?:of \S+ )?(?:did not|does not) match|invalid digest for \S+|verification failed for (?:filesystem )?layer/,
      weight: 76,
    },
    {
      pattern:
        /\b(?:digest|checksum|hash)(?:es)? (?:\w+ ){0,4}(?:mismatch|match|differ|wrong|incorrect)|\bmismatch(?:ed|ing)? (?:\w+ ){0,3}(?:digest|checksum|hash)|\bchecksum\b/i,
      weight: 37,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed commit on ref "layer-sha256:1a2b": unexpected commit digest sha256:3c4d, expected sha256:1a2b: failed precondition',
      containerd: '2.1',
    },
    { text: 'Error response from daemon: filesystem layer verification failed for digest sha256:1a2b' },
  ],
  causes: [
    {
      what: 'A proxy or mirror changes or truncates content',
      tell: 'the same blob through curl has another digest; `e3b0c442…` means an empty body',
    },
    { what: 'A broken partial download was resumed', tell: 'a retry after clearing the ingests works' },
    { what: 'A bad disk or memory', tell: 'the digest differs on each try' },
  ],
  cases: [
    {
      name: 'emptyBody',
      says: 'unexpected commit digest sha256:e3b0c44298fc…',
      pattern: /unexpected commit digest sha256:e3b0c44298fc/,
      cause: 'The download was empty (its digest is that of zero bytes): something on the way answered without a body.',
      nextStep:
        'Fetch the same blob with curl directly and through the mirror or proxy; then remove the leftover under io.containerd.content.v1.content/ingest and pull again.',
    },
  ],
  retriable: true,
  doc: {
    meaning: 'A download is complete, but its SHA-256 is not the one that the manifest (or the reference) names.',
    impact: 'containerd throws the content away and the pull fails. It is a protection: never work around it.',
    diagnosis: [
      { what: 'See unfinished downloads.', command: 'ctr -n k8s.io content active' },
      {
        what: 'Compute the digest yourself, directly and through the mirror.',
        command: 'curl -sL -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/blobs/DIGEST | sha256sum',
      },
    ],
    mitigation: [
      'Retry after `ctr -n k8s.io content active` is empty; as a last step remove /var/lib/containerd/io.containerd.content.v1.content/ingest/* while containerd is stopped.',
      'Repair or leave out the proxy that changes content.',
    ],
    restart: 'Only for removing ingests by hand.',
    rules: [],
    related: [
      { id: 'content.image-metadata-wrong', apart: 'a wrong size or diff id: the image contradicts itself' },
      { id: 'manifest.schema1', apart: '`prettyjws` in the text' },
    ],
    sources: ['containerd plugins/content/local/writer.go: Commit'],
  },
  messages: {
    cause: 'What was downloaded is not what the digest says: it was changed or damaged on the way or on disk.',
    nextStep: 'Download the blob with curl and compute its SHA-256, directly and through the mirror.',
  },
};
