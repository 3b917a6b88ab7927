/** The diagnoses that confirm an error class on a node, so that a page can lead to them in one step. */

/**
 * `replay`: the pull, request by request. `readiness`: the node, its network and containerd. `diagnosis`: its configuration as containerd
 * reads it, with the line and the fix. `journal`: what else it wrote of pulls.
 */
export type Confirmation = 'replay' | 'readiness' | 'diagnosis' | 'journal';

/** The one that tells most comes first. What a file shows is found by the class's rules instead. */
export function confirmationsOf(classId: string): readonly Confirmation[] {
  return ofClass[classId] ?? ofGroup[classId.slice(0, classId.indexOf('.'))] ?? ['replay', 'readiness'];
}

const ofGroup: Readonly<Record<string, readonly Confirmation[]>> = {
  auth: ['replay'],
  authz: ['replay'],
  cancel: ['journal', 'replay'],
  config: ['diagnosis'],
  content: ['replay'],
  cri: ['readiness', 'diagnosis'],
  dns: ['readiness', 'replay'],
  manifest: ['replay'],
  masked: ['replay', 'readiness'],
  net: ['readiness', 'replay'],
  notfound: ['replay'],
  platform: ['replay'],
  policy: ['journal'],
  // A replay is one more pull that counts.
  rate: ['journal', 'replay'],
  ref: ['replay'],
  registry: ['replay', 'readiness'],
  tls: ['replay'],
  unpack: ['readiness', 'journal'],
};

const ofClass: Readonly<Record<string, readonly Confirmation[]>> = {
  'auth.token-endpoint': ['replay', 'readiness'],
  // The file is named with its line; whether it is read is seen by the hosts that are asked.
  'config.hosts-toml-invalid': ['diagnosis', 'replay'],
  // The store is on the node's disk; the registry has no part in it.
  'content.store-state': ['journal', 'readiness'],
  'cri.sandbox-image': ['readiness', 'replay'],
  'masked.hosts-toml-not-read': ['replay', 'diagnosis'],
  'masked.other-hosts-error': ['replay', 'journal'],
  // No registry was asked: only the times of the pulls tell.
  'rate.kubelet-qps': ['journal'],
  'tls.expired-or-clock': ['readiness', 'replay'],
  // The archive comes from the registry: its size, digest and diff id are checked while it is downloaded.
  'unpack.bad-archive': ['replay'],
};
