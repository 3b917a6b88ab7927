import type { ErrorClass } from '../errorClass';

export const manifestNotAnImage: ErrorClass = {
  id: 'manifest.not-an-image',
  title: 'Not a container image',
  signals: [
    {
      pattern: /mismatched image rootfs and manifest layers|mismatched fs layers \(\d+\) and diff ids \(\d+\)/,
      weight: 78,
      scope: 'anywhere',
    },
    { pattern: /invalid rootfs in image configuration/, weight: 80, scope: 'anywhere' },
    { pattern: /no processor for media-type|failed to get stream processor for application\/(?!\S*encrypted)/, weight: 74 },
    {
      pattern: /application\/vnd\.(?:cncf\.helm|cncf\.flux|in-toto|dev\.cosign|wasm|cncf\.notary)|application\/vnd\.docker\.plugin/,
      weight: 80,
      scope: 'anywhere',
    },
    {
      pattern: /unexpected media type application\/octet-stream|unexpected media type (?!text\/html)\S/,
      weight: 74,
      scope: 'anywhere',
    },
    {
      pattern: /children: invalid desc|media-type: expected (?:manifest|index) but found|media-type: schema 1 not supported/,
      weight: 72,
      unless: /schema 1/,
    },
    { pattern: /rejecting \d+ byte manifest/, weight: 76 },
    {
      pattern:
        /(?:mediaType|media type) in manifest should be|unsupported (?:manifest )?media ?type(?! and no default)(?! application\/vnd\.docker\.distribution\.manifest\.v1)|unsupported image-specific operation on artifact|encountered (?:unexpected|unknown) media ?type|unknown image format|invalid mixed OCI image/i,
      weight: 68,
    },
    { pattern: /reference for unknown type: |encountered unknown type application\//, weight: 60, scope: 'anywhere' },
    { pattern: /number of layers and diffIDs don't match|unmarshal image config/, weight: 60 },
    {
      pattern:
        /[Ee]ncountered remote "[^"]+"|daemon: target is \w+|is (?:a|an) (?:plugin|artifact)\b|unrecognized image format|not an? (?:OCI )?image\b/,
      weight: 66,
    },
    {
      pattern: /\bmedia ?types?\b|\bnot an? (?:\w+ ){0,2}image\b|\b(?:unsupported|unexpected|unrecogni[sz]ed) manifest\b/i,
      weight: 37,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/charts/app:1": failed to unpack image on snapshotter overlayfs: mismatched image rootfs and manifest layers',
      containerd: '1.7',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": children: invalid desc sha256:1a2b: media-type: expected manifest but found index (application/vnd.oci.image.manifest.v1+json)',
      containerd: '2.1',
    },
  ],
  causes: [
    {
      what: 'The reference is a Helm chart, plugin, signature or another artefact',
      tell: 'config.mediaType of the manifest is no image config',
    },
    {
      what: 'The registry or a proxy sends a wrong Content-Type',
      tell: '`expected manifest but found index`, or octet-stream for a manifest',
    },
    { what: 'What stands behind the URL is no manifest at all', tell: '`rejecting N byte manifest`, or JSON errors' },
  ],
  retriable: false,
  doc: {
    meaning:
      'Something was downloaded, but it is not an image that can be unpacked: its config, its layers or its media types are those of something else.',
    impact:
      'Up to 2.0 and with local pulls the pull fails at unpacking. From 2.1 over CRI unknown config types are reported as pulled, without a file system.',
    diagnosis: [
      {
        what: 'Read the types.',
        command:
          'curl -s -H "Accept: application/vnd.oci.image.manifest.v1+json, */*" -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/manifests/TAG | jq "{mediaType, config: .config.mediaType, layers: [.layers[]?.mediaType]}"',
      },
    ],
    mitigation: [
      'Use the artefact’s own tool (`helm pull`, `oras pull`).',
      'Correct the image name.',
      'Push the image again with a current tool.',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'manifest.legacy-config', apart: 'octet-stream config followed by a missing content digest' },
      { id: 'content.image-metadata-wrong', apart: 'a real image that was built wrongly' },
      { id: 'notfound.mirror-path', apart: '`text/html`: a web page answered' },
    ],
    sources: ['containerd client/image.go: getLayers', 'containerd core/images/image.go: validateMediaType'],
  },
  messages: {
    cause: 'What the reference points to is not a container image that can be unpacked.',
    causeOfReference: 'What {reference} points to is not a container image that can be unpacked.',
    nextStep: 'Read mediaType, config.mediaType and the layers’ types of the manifest.',
  },
};
