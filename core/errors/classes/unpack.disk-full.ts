import type { ErrorClass } from '../errorClass';

export const unpackDiskFull: ErrorClass = {
  id: 'unpack.disk-full',
  title: 'Disk full',
  signals: [
    { pattern: /no space left on device/i, weight: 88 },
    {
      pattern:
        /disk quota exceeded|There is not enough space on the disk|[Tt]hin[- ]?pool (?:\S{1,60} ){0,6}(?:full|exhausted|out of)|[Tt]hin[- ]?[Pp]ool has \d+ free \w+ blocks which is less than|not enough free space|insufficient (?:disk )?space/,
      weight: 86,
    },
    // Of a virtual machine's disk that cannot grow, the write fails with nothing better to say.
    { pattern: /\bwrite \/\S+: input\/output error/, weight: 80 },
    { pattern: /input\/output error/, weight: 72 },
    {
      pattern:
        /\bno space\b|\bdisk (?:\w+ ){0,2}(?:full|space|quota|usage)\b|\bout of (?:disk|space)\b|\binodes?\b|\bENOSPC\b|\bnot enough (?:\w+ ){0,2}space\b|\binsufficient (?:\w+ ){0,2}space\b|空间不足|磁盘已?满/i,
      weight: 41,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to extract layer sha256:1a2b: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount1: write /var/lib/containerd/tmpmounts/containerd-mount1/usr/bin/app: no space left on device: unknown',
      containerd: '1.7',
    },
    { text: 'Error response from daemon: failed to register layer: write /usr/lib/libx.so: no space left on device' },
  ],
  causes: [
    { what: 'The file system of containerd’s root is full', tell: '`df -h /var/lib/containerd`' },
    { what: 'It has no inodes left', tell: '`df -i`; `mkdir … no space left` although bytes are free' },
    { what: 'A thin pool or a quota is used up', tell: '`lvs`, `repquota`; `input/output error` on a mount' },
    { what: 'The disk of the VM, not of the host, is full (Docker Desktop, minikube)', tell: '`df` inside the VM' },
  ],
  cases: [
    {
      name: 'root',
      says: 'write /var/lib/containerd/tmpmounts/…: no space left on device',
      pattern: /(?<root>\/[^\s:"]{1,200}?)\/(?:io\.containerd\.|tmpmounts\/)/,
      cause: 'The file system of containerd’s root {root} has no bytes, inodes or quota left.',
      nextStep: 'Run df -h {root} and df -i {root}, then crictl rmi --prune (Docker: docker system prune).',
    },
    {
      name: 'inputOutput',
      says: 'input/output error',
      pattern: /input\/output error/,
      cause: 'The disk under containerd’s root reports an input/output error: a full thin pool, or failing hardware.',
      nextStep: 'Read dmesg | tail and lvs (Data% of the thin pool), then df -h on the root that containerd config dump names.',
    },
    {
      name: 'docker',
      says: 'failed to register layer: … no space left on device',
      pattern: /failed to register layer/,
      cause: 'The file system of Docker’s data folder has no bytes or inodes left.',
      nextStep:
        'Run df -h and df -i on the Docker Root Dir of docker info (mostly /var/lib/docker; with Docker Desktop in its VM), then docker system prune.',
    },
  ],
  retriable: false,
  doc: {
    meaning:
      'Downloading or unpacking could not write: bytes, inodes, a quota or a thin pool ran out. An image needs room for its compressed and its unpacked form at the same time.',
    impact: 'Every pull on this node fails, and kubelet may evict pods.',
    diagnosis: [
      {
        what: 'Look at bytes, inodes and pools where containerd keeps its data (k3s and RKE2: below /var/lib/rancher).',
        command:
          'ROOT=$(containerd config dump | sed -n "s/^root = [\'\\"]\\(.*\\)[\'\\"]/\\1/p"); df -h "$ROOT"; df -i "$ROOT"; lvs 2>/dev/null',
      },
      { what: 'See what uses the room.', command: 'crictl imagefsinfo; du -xsh /var/lib/containerd/*' },
    ],
    mitigation: [
      '`crictl rmi --prune` removes the images that no container uses; with nerdctl `nerdctl -n NAMESPACE image prune --all`.',
      'Enlarge the file system, or move `root` of config.toml.',
      'Lower kubelet’s `imageGCHighThresholdPercent` (85) so that it removes images earlier.',
    ],
    restart: 'containerd only after moving `root`; kubelet after changing its thresholds.',
    rules: [],
    related: [{ id: 'unpack.snapshot-state', apart: 'a mount that fails without a word about space' }],
    sources: ['containerd pkg/archive/tar.go', 'containerd plugins/content/local/store.go'],
  },
  messages: {
    cause: 'The file system of containerd’s root has no bytes or inodes left.',
    nextStep: 'Run df -h and df -i on the root of containerd config dump (mostly /var/lib/containerd), then crictl rmi --prune.',
  },
};
