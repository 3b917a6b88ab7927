/** Language server → extension, to clients with `judgedVersions: true` in initializationOptions: the release that findings are about. */
export const judgedVersionMethod = 'containerdRunbooks/judgedVersion';

export interface JudgedVersionParams {
  readonly uri: string;
  /** An exact release. */
  readonly containerd: string;
  /** A person chose it; otherwise it is the node's own, or the newest known one. */
  readonly chosen: boolean;
  /** The node that runs it. */
  readonly node?: string;
}
