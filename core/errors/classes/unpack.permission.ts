import type { ErrorClass } from '../errorClass';

export const unpackPermission: ErrorClass = {
  id: 'unpack.permission',
  title: 'Not allowed to write owners or to mount',
  signals: [
    {
      pattern: /\bl?chown (?:"[^"]+"|\S+): (?:operation not |invalid argument|permission denied|op\w{1,8}$)|failed to Lchown/i,
      weight: 86,
      scope: 'anywhere',
    },
    {
      pattern:
        /increas(?:e|ing) the number of subordinate IDs|there might not be enough IDs available in the namespace|potentially insufficient UIDs or GIDs|cannot be mapped to a host ID|\/etc\/sub[ug]id/,
      weight: 84,
      scope: 'anywhere',
    },
    { pattern: /Failed to set (?:permissions|ownership) for path\b/, weight: 82, scope: 'anywhere' },
    { pattern: /failed to convert whiteout file /, then: /operation not (?:permitted|supported)/, weight: 84, scope: 'anywhere' },
    { pattern: /failed to mount \S/, then: /operation not permitted|permission denied/, weight: 84 },
    {
      pattern:
        /(?:extract layer|mount callback|apply ?layer|register layer|convert whiteout|snapshot|unpack|creating overlay mount|untar re-exec error|processing tar file\()/i,
      then: /operation not permitted|permission denied|read-only file system/i,
      weight: 76,
    },
    // Without the right to make it, a device or pipe is missing when its owner is to be set.
    { pattern: /\bl?chown \S+: no such file or directory/, weight: 66 },
    { pattern: /failed to (?:chown|setxattr|unshare)|mknod \S+: operation not permitted/, weight: 70 },
    { pattern: /(?:mkdir|open|write) \S*containerd\S*: (?:permission denied|read-only file system)/, weight: 72 },
    { pattern: /\boperation not permitted\b|\bl?chown\b|\bmkdir\b|\bEPERM\b|\b(?:sub)?[ug]ids?\b/i, weight: 40, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to extract layer sha256:1a2b: failed to Lchown "/var/lib/x/etc/gshadow" for UID 0, GID 42: lchown /var/lib/x/etc/gshadow: invalid argument (Hint: try increasing the number of subordinate IDs in /etc/subuid and /etc/subgid): unknown',
      containerd: '1.7',
    },
    { text: 'ctr: failed to mount /tmp/containerd-mount1: operation not permitted', containerd: '2.0' },
  ],
  causes: [
    { what: 'Rootless, and the user has too few subordinate ids', tell: '`/etc/subuid` lacks the user or a range of 65536' },
    { what: 'The image has owners above the range', tell: 'the UID or GID in the message' },
    { what: 'The root folder is on NFS or another file system that refuses chown', tell: '`findmnt -T /var/lib/containerd`' },
    { what: 'ctr unpacks in the client, without the right to mount', tell: 'crictl works; ctr as a normal user does not' },
  ],
  cases: [
    {
      name: 'ownerOutOfRange',
      says: 'failed to Lchown … for UID 0, GID 42: … invalid argument',
      pattern: /for UID (?<uid>\d{1,10}), GID (?<gid>\d{1,10})/,
      cause: 'The image has a file of UID {uid} and GID {gid}, which this rootless user’s range of subordinate ids does not cover.',
      nextStep:
        'Give the user a larger range in /etc/subuid and /etc/subgid (usermod --add-subuids and --add-subgids), then restart the rootless containerd.',
    },
    {
      name: 'readOnly',
      says: 'mkdir …: read-only file system',
      pattern: /read-only file system/,
      cause: 'The file system under containerd’s root is mounted read-only, often after a disk error.',
      nextStep: 'Read dmesg | tail and findmnt -T of the root that containerd config dump names; repair the disk and remount it.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The layer’s files could not be given their owners, or a mount for unpacking was refused by the kernel.',
    impact: 'The image (with other owners even most images) cannot be unpacked by this user.',
    diagnosis: [
      { what: 'See the ranges and the file system.', command: 'cat /etc/subuid /etc/subgid; id; findmnt -T /var/lib/containerd' },
    ],
    mitigation: [
      'Give the user a range: `usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER`, then restart the rootless service.',
      'Use fuse-overlayfs or the native snapshotter when rootless.',
      'Move the root to a local file system; run ctr as root.',
    ],
    restart: 'Yes, the rootless containerd, after changing ids.',
    rules: [],
    related: [
      { id: 'unpack.snapshot-state', apart: 'a mount that fails for another reason' },
      { id: 'unpack.disk-full', apart: '`input/output error` or no space' },
    ],
    sources: ['containerd pkg/archive/tar.go: createTarFile', 'containerd core/mount/temp.go: WithTempMount'],
  },
  messages: {
    cause: 'The kernel did not allow to set a file’s owner or to mount while a layer was unpacked.',
    nextStep: 'Check /etc/subuid and /etc/subgid, the user id, and the file system of the root in containerd config dump.',
  },
};
