import type { ErrorClass } from '../errorClass';

export const platformMismatch: ErrorClass = {
  id: 'platform.mismatch',
  title: 'No variant for this platform',
  signals: [
    { pattern: /no match for platform in manifest/, weight: 86, scope: 'anywhere' },
    {
      pattern:
        /no matching manifest for \S+(?: in the manifest list(?: entries)?)?|no image found in (?:image index|manifest list) for architecture|no child with platform|no supported platform found in|does not contain descriptor matching platform|does not (?:match|provide) the (?:specified|expected|detected host) platform|image operating system "[^"]+" cannot be used|cannot be used on this platform/,
      weight: 86,
      scope: 'anywhere',
    },
    {
      pattern: /hcsshim::|HcsImportLayer|ImportLayer|\b(?:ProcessBaseLayer|ProcessUtilityVMImage) \S*\\|layer with an unrecognized format/,
      weight: 84,
      scope: 'anywhere',
    },
    {
      pattern:
        /snapshotter \S+ does not support platform|unsupported (?:image )?(?:os|platform|architecture)\b|container operating system does not match/i,
      weight: 76,
    },
    { pattern: /unpacking/, then: /manifest(?: \S+)? not found/, weight: 76, scope: 'anywhere' },
    { pattern: /exec format error/, weight: 60 },
    {
      pattern:
        /is incompatible with a \S+ host|[Tt]he container operating system does not match|(?:[Tt]he requested )?image(?:'s)? platform \([^)]{1,200}\) does not match|platform (?:is )?not supported|no image found in manifest/,
      weight: 78,
    },
    { pattern: /choosing an? image from manifest list/, weight: 78, unless: /manifest unknown|unauthorized|denied/ },
    {
      pattern: /\bmatching manifest\b|\bplatforms?\b|\boperating system\b|\barchitectures?\b|\bexec format\b|架构|平台不/i,
      weight: 37,
      scope: 'failedPull',
    },
  ],
  examples: [
    { text: 'failed to pull and unpack image "registry.example/app:1": no match for platform in manifest: not found', containerd: '2.0' },
    { text: 'get image config descriptor: no match for platform in manifest sha256:1a2b: not found', containerd: '2.1' },
    { text: 'Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries' },
  ],
  causes: [
    { what: 'The image has no variant for this architecture', tell: 'the platforms of the index do not name `uname -m`' },
    { what: 'A Windows base image newer than the host', tell: 'os.version in the index; `hcsshim` in the text' },
    { what: 'A Linux image on a Windows node, or the reverse', tell: 'the node’s os label' },
  ],
  cases: [
    {
      name: 'windows',
      says: 'no matching manifest for windows(10.0.20348)/amd64',
      pattern: /hcsshim|windowsfilter|no matching manifest for windows/,
      cause: 'The image’s Windows base layer does not fit the Windows build of this node.',
      nextStep: 'Compare the build of the node (cmd /c ver) with os.version in the image’s index, and use a tag for that build.',
    },
    {
      name: 'named',
      says: 'no matching manifest for linux/arm64',
      pattern: /no matching manifest for (?<platform>[a-z]{2,12}\/[\w/]{2,24})/,
      cause: 'The image has no variant for {platform}.',
      nextStep:
        'List the platforms with crane manifest IMAGE; build for {platform}, or keep the pod away with nodeSelector kubernetes.io/arch.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The index lists no manifest for the operating system, architecture or Windows build of this node.',
    impact:
      'The pull fails on nodes of this kind only. A single manifest of a foreign architecture is not checked: it is pulled and the container fails with `exec format error`.',
    diagnosis: [
      {
        what: 'List the platforms of the image.',
        command:
          'curl -s -H "Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json" -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/manifests/TAG | jq -c ".manifests[].platform"',
      },
      { what: 'See the node’s.', command: 'uname -m; ctr version' },
    ],
    mitigation: [
      'Publish the image for this architecture.',
      'Keep the pod on other nodes with a nodeSelector for kubernetes.io/arch or kubernetes.io/os.',
      'For a test: `ctr -n k8s.io images pull --platform linux/amd64 IMAGE`.',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'notfound.manifest', apart: 'the registry has no such tag' },
      { id: 'content.store-state', apart: 'something is missing at unpack time, with no platform in the text' },
    ],
    sources: ['containerd core/images/handlers.go: LimitManifests', 'containerd core/images/image.go: Manifest'],
  },
  messages: {
    cause: 'The image has no variant for this node’s operating system and architecture.',
    causeOfReference: '{reference} has no variant for this node’s operating system and architecture.',
    nextStep: 'List the platforms of the image’s index and compare with uname -m.',
  },
};
