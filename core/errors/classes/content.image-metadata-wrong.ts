import type { ErrorClass } from '../errorClass';

export const contentImageMetadataWrong: ErrorClass = {
  id: 'content.image-metadata-wrong',
  title: 'The image contradicts itself',
  signals: [
    { pattern: /failed size validation/, weight: 84, scope: 'anywhere' },
    { pattern: /wrong diff id (?:"[^"]+" )?calculated on extraction/, weight: 86, scope: 'anywhere' },
    { pattern: /number of layers and diffIDs don't match/, weight: 80, scope: 'anywhere' },
    { pattern: /mismatched image rootfs and manifest layers/, weight: 72, scope: 'anywhere' },
    {
      pattern:
        /invalid size -?\d+ in |unmarshal image config|layers from manifest don't match image configuration|uncompressed (?:digest|layer) \S+ (?:mismatch|does not match)/,
      weight: 74,
    },
    {
      pattern: /invalid character '[^'<]{1,6}' (?:looking for beginning|in literal|after)/,
      weight: 66,
      unless: /error parsing HTTP \d{3} response body/,
    },
    {
      pattern:
        /does not match config's DiffID|[Ll]ayer \S+ (?:size|digest) does not match|size of (?:blob|layer) \S+ does not match|unexpected (?:blob|layer) size/,
      weight: 80,
    },
    { pattern: /\bdiff ?ids?\b|\b(?:wrong|unexpected|mismatched) size\b|\bsize (?:mismatch|validation)/i, weight: 38, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed commit on ref "layer-sha256:1a2b": "layer-sha256:1a2b" failed size validation: 146 != 147: failed precondition',
      containerd: '1.7',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": wrong diff id "sha256:1a2b" calculated on extraction "sha256:3c4d", desc "sha256:5e6f"',
      containerd: '2.2',
    },
  ],
  causes: [
    {
      what: 'The tool that built or copied the image wrote wrong sizes or diff ids',
      tell: 'every client that checks fails, on every node',
    },
    { what: 'Up to 1.5: a short download', tell: 'the first number is smaller than the second, and a retry works' },
  ],
  retriable: false,
  doc: {
    meaning: 'Sizes, diff ids or the number of layers in the manifest and config do not agree with the content.',
    impact: 'The image cannot be used by containerd, although less strict tools may accept it.',
    diagnosis: [
      { what: 'Validate the image (from any machine with crane).', command: 'crane validate --remote IMAGE' },
      {
        what: 'Compare the numbers.',
        command:
          'curl -s -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/manifests/DIGEST | jq "[.config.size, (.layers[] | .size)]"',
      },
    ],
    mitigation: ['The publisher must build and push it again with a current tool.', 'Meanwhile use another tag.'],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'content.digest-mismatch', apart: '`unexpected commit digest`: other bytes' },
      { id: 'manifest.not-an-image', apart: 'the layer count against rootfs also fits artefacts' },
    ],
    sources: ['containerd core/unpack/unpacker.go: doUnpackFn', 'containerd plugins/content/local/writer.go: Commit'],
  },
  messages: {
    cause: 'The image contradicts itself: sizes or layer ids in its metadata do not fit its content.',
    causeOfReference: '{reference} contradicts itself: sizes or layer ids in its metadata do not fit its content.',
    nextStep: 'Validate it with crane validate --remote; its publisher has to push it again.',
  },
};
