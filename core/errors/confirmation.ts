/** The diagnoses that confirm an error class on a node, so that a page can lead to them in one step. */

/** `replay`: the pull, request by request. `readiness`: the node, its network and containerd. */
export type Confirmation = 'replay' | 'readiness';

/** The one that tells most comes first. What a file shows is found by the class's rules instead. */
export function confirmationsOf(classId: string): readonly Confirmation[] {
  return ofClass[classId] ?? ofGroup[classId.slice(0, classId.indexOf('.'))] ?? ['replay', 'readiness'];
}

const ofGroup: Readonly<Record<string, readonly Confirmation[]>> = {
  auth: ['replay'],
  authz: ['replay'],
  cancel: ['readiness', 'replay'],
  config: ['readiness'],
  content: ['replay'],
  cri: ['readiness'],
  dns: ['readiness', 'replay'],
  manifest: ['replay'],
  masked: ['replay', 'readiness'],
  net: ['readiness', 'replay'],
  notfound: ['replay'],
  platform: ['replay'],
  policy: ['replay'],
  rate: ['replay'],
  ref: ['replay'],
  registry: ['replay', 'readiness'],
  tls: ['replay'],
  unpack: ['readiness'],
};

const ofClass: Readonly<Record<string, readonly Confirmation[]>> = {
  'auth.token-endpoint': ['replay', 'readiness'],
  // Whether the file is read is seen by the hosts that are asked.
  'config.hosts-toml-invalid': ['replay', 'readiness'],
  // The store is on the node's disk; the registry has no part in it.
  'content.store-state': ['readiness'],
  'cri.sandbox-image': ['readiness', 'replay'],
  'masked.hosts-toml-not-read': ['replay'],
  'tls.expired-or-clock': ['readiness', 'replay'],
  // The archive comes from the registry: its size, digest and diff id are checked while it is downloaded.
  'unpack.bad-archive': ['replay'],
};
