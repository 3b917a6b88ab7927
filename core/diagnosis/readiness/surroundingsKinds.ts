import type { CheckKind } from './check';

const diskFull = 'errors/unpack.disk-full';

export const spaceKind = {
  id: 'disk-space',
  asks: "Is there space under containerd's root, state and temporary folders?",
  source: 'df -Pk; the folders from flags and config.toml of containerd',
  outcomes: {
    pass: { status: 'pass', text: '{path} has {free} free of {total}.' },
    low: {
      status: 'warn',
      text: '{path} has only {free} free of {total}; the kubelet starts to remove images below 15 %.',
      when: 'less than 15 % free (root), less than 5 % (state, temp)',
      means: 'Images that are in use by no pod are removed and have to be pulled again.',
      next: 'Remove unused images ("crictl rmi --prune") or enlarge the file system of {path}.',
      docs: diskFull,
    },
    full: {
      status: 'fail',
      text: '{path} is full: {free} free of {total}.',
      when: 'less than 64 MiB free (root), less than 1 MiB (state, temp)',
      means: 'Layers cannot be written: pulls fail with "no space left on device".',
      next: 'Make room on the file system of {path}; "df -h {path}" and "crictl rmi --prune".',
      docs: diskFull,
    },
    unknown: { status: 'skip', text: 'How much space is free cannot be told: there is no df on the node, or it did not answer.' },
  },
} as const satisfies CheckKind;

export const inodesKind = {
  id: 'disk-inodes',
  asks: 'Are there inodes for the files of images?',
  source: 'df -Pi',
  outcomes: {
    pass: { status: 'pass', text: '{path} has {free} of {total} inodes free.' },
    low: {
      status: 'warn',
      text: '{path} has only {free} of {total} inodes free.',
      when: 'less than 5 % free',
      means: 'An image of many small files may not fit although there is space.',
      next: 'Remove unused images: "crictl rmi --prune".',
      docs: diskFull,
    },
    full: {
      status: 'fail',
      text: '{path} has no inodes left to unpack an image: {free} of {total} free.',
      when: 'fewer than 1000 free (root), fewer than 16 (state, temp)',
      means: 'Pulls fail with "no space left on device" although df shows space.',
      next: 'Remove unused images, or make the file system anew with more inodes.',
      docs: diskFull,
    },
    unknown: { status: 'skip', text: 'How many inodes are free cannot be told.' },
  },
} as const satisfies CheckKind;

export const writableKind = {
  id: 'disk-writable',
  asks: 'Are these folders on file systems that can be written?',
  source: '/proc/mounts',
  outcomes: {
    pass: { status: 'pass', text: '{path} is on a file system that can be written ({mount}).' },
    'read-only': {
      status: 'fail',
      text: '{path} is on a file system that is mounted read-only ({mount}).',
      when: 'the mount has the option ro',
      means: 'The kernel may have switched it after an I/O error; containerd can store nothing there.',
      next: 'Look for errors of the disk in "dmesg", and repair or remount {mount}.',
      docs: 'errors/unpack.permission',
    },
    unknown: { status: 'skip', text: 'Whether {path} can be written cannot be told.' },
  },
} as const satisfies CheckKind;

export const clockKind = {
  id: 'clock',
  asks: 'Is the clock of the node right?',
  source: 'date +%s against the clock of this machine; /run/systemd/timesync/synchronized',
  outcomes: {
    pass: { status: 'pass', text: 'The clock agrees with the one of this machine.' },
    off: {
      status: 'warn',
      text: 'The clock is {seconds} s off the one of this machine: certificates and tokens may be refused.',
      when: 'more than 60 s apart',
      means: 'One of the two clocks is wrong; certificates and tokens live by it.',
      next: 'Run "timedatectl" on the node and start its time service.',
      docs: 'errors/tls.expired-or-clock',
    },
    unsynchronized: {
      status: 'warn',
      text: 'The clock has not been synchronized since the node started.',
      when: 'systemd-timesyncd runs and has had no answer',
      means: 'It is right for now, and drifts.',
      next: 'Let UDP port 123 out to the time server that "timedatectl timesync-status" shows.',
      docs: 'errors/tls.expired-or-clock',
    },
    unknown: { status: 'skip', text: 'The clock of the node cannot be read.' },
  },
} as const satisfies CheckKind;

export const registryClockKind = {
  id: 'clock-registry',
  asks: 'Does the clock of the node agree with the one of the registry?',
  source: 'the Date header of the answer to /v2/',
  outcomes: {
    pass: { status: 'pass', text: 'The clock agrees with the one of {host}.' },
    off: {
      status: 'warn',
      text: 'The clock of the node is {seconds} s off the one of {host}.',
      when: 'more than 60 s apart',
      means: 'Tokens of {host} may look expired or not valid yet, and so may its certificate.',
      next: 'Run "timedatectl" on the node and start its time service.',
      docs: 'errors/tls.expired-or-clock',
    },
  },
} as const satisfies CheckKind;

export const overlayKind = {
  id: 'kernel-overlay',
  asks: 'Has the kernel the file system of the default snapshotter?',
  source: '/proc/filesystems, /lib/modules',
  outcomes: {
    pass: { status: 'pass', text: 'Linux {release} has overlay.' },
    missing: {
      status: 'warn',
      text: 'Linux {release} shows no overlay file system; the default snapshotter needs it.',
      when: 'neither registered nor there as a module',
      means: 'Images cannot be unpacked unless another snapshotter is configured.',
      next: 'Run "modprobe overlay" on the node, or set another snapshotter.',
      docs: 'errors/unpack.snapshotter-plugin',
    },
  },
} as const satisfies CheckKind;

export const pressureKind = {
  id: 'pressure',
  asks: 'Do tasks of the node wait for processor, disk or memory?',
  source: '/proc/pressure (PSI)',
  outcomes: {
    pass: { status: 'pass', text: 'Little waits for processor, disk or memory.' },
    high: {
      status: 'warn',
      text: 'In the last minute tasks of the node waited {percent} % of the time for {resource}.',
      when: 'avg60: memory full from 10 %, io full from 40 %, cpu some from 80 %',
      means: 'Pulls take long and run into deadlines although network and registry are well.',
      next: 'Find what causes it ("top", "iotop") before you blame the registry.',
      docs: 'errors/cancel.deadline',
    },
    unknown: { status: 'skip', text: 'The kernel does not count what waits (no PSI).' },
  },
} as const satisfies CheckKind;
