import type { ErrorClass } from '../errorClass';

export const contentStoreState: ErrorClass = {
  id: 'content.store-state',
  title: 'Local content store lacks or holds something',
  signals: [
    {
      pattern:
        /(?:failed to check if this is a checkpoint image: )?failed to get image from containerd "[^"]{1,200}": image "[^"]{1,300}": not found/,
      weight: 80,
      scope: 'anywhere',
    },
    {
      pattern: /reading status of resume write|content\/ingest\/\S{1,200}(?: \/\S{1,300})?: no such file|ingest \S+ does not exist/,
      weight: 74,
    },
    { pattern: /failed to get reader from content store/, weight: 78, scope: 'anywhere' },
    { pattern: /content digest sha256:\S+: not found/, weight: 76, scope: 'anywhere' },
    { pattern: /\bref \S+ locked: unavailable|\blocked for \S+ \(since /, weight: 84, scope: 'anywhere' },
    {
      pattern: /content \S+: (?:already exists|not found)|blob not found in content store|failed to read content|failed to open writer: /,
      weight: 66,
      unless: /no space left|quota exceeded|read-only file system|permission denied/,
    },
    {
      pattern:
        /failed to get image "[^"]+" from containerd image store|failed to (?:create|update) image (?:store|reference)|lease "[^"]+": not found|lease does not exist|read image config from content store|failed to resolve rootfs|could not resolve (?:config|layer)/,
      weight: 66,
    },
    {
      pattern:
        /missing blob|blob sha256:\S+ (?:not found|expected at)|could not fetch content descriptor \S{0,200} \(application\/vnd\.[^)]{1,200}\) from remote: not found/,
      weight: 56,
    },
    {
      pattern: /does not resolve to an image ID|locating image with ID|image not known|already being pulled by another client/,
      weight: 66,
    },
    { pattern: /failed to export|discard_unpacked_layers/, weight: 50, with: /not found/ },
    { pattern: /\bcontent store\b|\blocked\b/i, weight: 36, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to create containerd container: error unpacking image: apply layer error for "registry.example/app:1": failed to extract layer sha256:1a2b: failed to get reader from content store: content digest sha256:3c4d: not found',
      containerd: '2.0',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": ref layer-sha256:1a2b locked for 1m2s (since 2026-03-01 10:00:00): unavailable',
      containerd: '1.7',
    },
  ],
  causes: [
    {
      what: '`discard_unpacked_layers = true` and a second snapshotter, an export or a peer needs the blob',
      tell: '`containerd config dump` shows it; the image was pulled earlier',
    },
    { what: 'The same content is being pulled by something else', tell: '`locked … unavailable`, and `ctr content active` lists it' },
    { what: 'Files were removed by hand, or garbage collection met a pull', tell: '`ctr images check` says incomplete' },
  ],
  retriable: true,
  doc: {
    meaning:
      'The registry is not concerned: the node’s own content store lacks a blob that its metadata promises, or a blob is locked by another download.',
    impact: 'The image cannot be unpacked or a container cannot be created from it, until the content is pulled again.',
    diagnosis: [
      { what: 'Check the images of the store.', command: 'ctr -n k8s.io images check | grep -E "incomplete|unavailable"' },
      { what: 'See downloads in progress.', command: 'ctr -n k8s.io content active' },
      { what: 'Read the setting.', command: 'containerd config dump | grep discard_unpacked_layers' },
    ],
    mitigation: [
      '`crictl rmi IMAGE` and pull again.',
      'Set `discard_unpacked_layers = false` where layers are shared with peers or a second snapshotter.',
      'For a lock: wait or retry.',
    ],
    restart: 'Only after changing discard_unpacked_layers.',
    rules: [],
    related: [
      { id: 'manifest.legacy-config', apart: 'a pull that unpacked nothing: `failed to unpack image on snapshotter`' },
      { id: 'notfound.manifest', apart: '`from remote: not found` or a URL: the registry lacks it' },
      { id: 'unpack.snapshot-state', apart: 'a snapshot is missing, not a blob' },
    ],
    sources: ['containerd plugins/content/local/store.go', 'containerd core/diff/apply/apply.go: Apply'],
  },
  messages: {
    cause: 'The node’s own content store lacks a blob of the image, or another download holds it.',
    nextStep: 'Run ctr -n k8s.io images check, then crictl rmi the image and pull it again.',
  },
};
