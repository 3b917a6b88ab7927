import type { ErrorClass } from '../errorClass';

export const unpackSnapshotState: ErrorClass = {
  id: 'unpack.snapshot-state',
  title: 'Snapshots and disk disagree',
  signals: [
    {
      pattern:
        /parent snapshot (?:\S+ )?does not exist|missing parent (?:bucket|"[^"]+")|parent does not exist|failed to stat parent|parent "[^"]+" is not committed/,
      weight: 84,
      scope: 'anywhere',
    },
    {
      pattern:
        /(?:failed|unable) to prepare extraction (?:snapshot|layer)|failed to create active|failed to (?:stat|commit|read|remove|rename|create|get) (?:active |prepare )?snapshot/,
      weight: 68,
      scope: 'anywhere',
      // Who cancelled a pull while it was unpacking says nothing of snapshots.
      unless: /snapshot [^\n]{1,300}: context canceled/,
    },
    {
      pattern:
        /\bsnapshot \S+: not found|\bsnapshot "?(?:sha256:|extract-)\S+: already exists|\b(?:target |parent )?snapshot (?:"[^"]+"|\S+) (?:does not exist|not found|is not (?:ready|active|committed))|snapshots? bucket does not exist|requested snapshot \S+ not active|failed to get active mount\b|\bDriver \w{1,30} failed to (?:create|get|mount) (?:image|container|root)\b/,
      weight: 74,
      scope: 'anywhere',
    },
    {
      pattern: /failed to (?:un)?mount (?:target )?\S+containerd|failed to mount \S*tmpmounts/,
      weight: 64,
    },
    {
      pattern: /failed to mount |mount source: "/,
      then: /invalid argument|no such device|no such file or directory|too many levels|device or resource busy|input\/output error|fstype/,
      weight: 64,
    },
    { pattern: /mount callback failed on/, weight: 42 },
    {
      pattern:
        /snapshots\/\d+\/(?:fs|work)\S{0,500}: no such file or directory|failed to rename|\brename \S{1,300}\/(?:layerdb|overlay2?)\/|devmapper: |dm_task_run failed|failed to create snapshot|readlink \S*\/overlay2?\/\S*: /,
      with: /fail|error(?!="devmapper not configured)|unable/i,
      weight: 62,
    },
    {
      pattern: /failed to register layer|layer does not exist|error creating (?:read-write|overlay) (?:layer|mount)/,
      weight: 52,
      unless: /no space|lchown|unexpected EOF/,
    },
    {
      pattern:
        /failed to extract layer|snapshot removal failed|failed to create temp dir|max depth exceeded|error creating overlay mount|too many levels of symbolic links|mount options is too long/,
      weight: 46,
      unless: /content store|no space|context canceled/,
    },
    {
      pattern: /does not support d_type|ftype=1|not supported as upperdir|failed to get overlay metadata|unknown filesystem type/,
      weight: 74,
    },
    {
      pattern: /\bsnapshots?\b|\bunpacking\b|\bextract(?:ed|ing|ion)?\b|\bmount(?:ed|ing)?\b|\boverlay(?:fs)?\b/i,
      weight: 37,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to prepare extraction snapshot "extract-1-abcd sha256:1a2b": parent snapshot sha256:3c4d does not exist: not found',
      containerd: '1.7',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": unable to prepare extraction snapshot: failed to stat parent: stat /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs: no such file or directory',
      containerd: '2.0',
    },
  ],
  causes: [
    { what: 'Garbage collection or `crictl rmi` met a pull of an image that shares layers', tell: 'a retry works' },
    { what: 'Somebody removed files under /var/lib/containerd', tell: '`no such file or directory` under snapshots/' },
    { what: 'A crash or power loss', tell: 'the node was not shut down cleanly' },
    {
      what: 'The file system or kernel does not support the snapshotter',
      tell: '`failed to mount` with `invalid argument` or `no such device`',
    },
  ],
  retriable: true,
  doc: {
    meaning: 'The snapshotter’s database and the folders on disk do not agree, so a layer cannot be put on top of its parent.',
    impact: 'Images that share the missing layer cannot be unpacked on this node.',
    diagnosis: [
      { what: 'List the snapshots.', command: 'ctr -n k8s.io snapshots ls | grep DIGEST' },
      {
        what: 'Compare with the disk.',
        command: 'ls /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots | head; dmesg | tail -20',
      },
    ],
    mitigation: [
      'Retry once.',
      '`crictl rmi` the image and those that share its layers, then pull.',
      'As a last step drain the node, `systemctl stop kubelet containerd`, move /var/lib/containerd away and start both: every image is pulled again.',
    ],
    restart: 'Only for clearing the state: containerd and kubelet.',
    rules: [],
    related: [
      { id: 'unpack.snapshotter-plugin', apart: 'a socket, a daemon or nydus, stargz, soci in the text' },
      { id: 'unpack.permission', apart: '`operation not permitted` at the end' },
      { id: 'unpack.disk-full', apart: '`input/output error` or no space at the end' },
    ],
    sources: ['containerd core/metadata/snapshot.go: createSnapshot', 'containerd core/snapshots/storage/bolt.go'],
  },
  messages: {
    cause: 'The snapshotter’s database and the folders on disk do not agree.',
    nextStep: 'Retry once; then crictl rmi the image and those that share its layers, and pull again.',
  },
};
