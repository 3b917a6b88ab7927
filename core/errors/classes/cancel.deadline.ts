import { consequence } from '../consequence';
import type { ErrorClass } from '../errorClass';

export const cancelDeadline: ErrorClass = {
  id: 'cancel.deadline',
  title: 'Deadline of the client exceeded',
  signals: [
    { pattern: /context deadline exceeded/, weight: 66, unless: /failed to connect: |Client\.Timeout|unix:|\.sock\b/ },
    { pattern: /context deadline exceeded/, weight: 44 },
    { pattern: /code = DeadlineExceeded|operation timeout/, weight: 50 },
    { pattern: /\bcontext canceled\b/, weight: 48, unless: consequence },
    { pattern: /net\/http: request canceled(?! while| \(Client)/, weight: 54 },
    { pattern: /\bdeadline\b/i, weight: 36, scope: 'failedPull' },
  ],
  examples: [
    { text: 'Failed to pull image "registry.example/app:1": rpc error: code = DeadlineExceeded desc = context deadline exceeded' },
    { text: 'pulling image: failed to pull and unpack image "registry.example/app:1": failed to copy: context deadline exceeded' },
  ],
  causes: [
    {
      what: 'The client’s own limit: crictl’s `--pull-timeout`, ctr’s `--timeout`, the deadline of a script or controller',
      tell: 'the error comes after the same time each time',
    },
    {
      what: 'kubelet’s runtimeRequestTimeout (2 minutes; RunPodSandbox has twice that) while the pause image is pulled',
      tell: '`RunPodSandbox` in the text; kubelet’s own PullImage has no limit',
    },
    { what: 'A large image over a slow line', tell: 'the pull goes on after the client gave up, and a second try is quick' },
  ],
  retriable: true,
  doc: {
    meaning: 'The program that asked for the pull set a limit and it ran out; containerd did not fail by itself.',
    impact: 'The client reports a failure although the registry may be fine. Complete layers are kept.',
    diagnosis: [
      {
        what: 'Repeat without a limit: crictl sets one for a pull only with `--pull-timeout`; its `--timeout` is for connecting and for short requests.',
        command: 'time crictl pull IMAGE',
      },
      {
        what: 'See what took the time.',
        command: 'journalctl -u containerd --since -15min | grep -E "PullImage|stop pulling image|trying next host"',
      },
    ],
    mitigation: [
      'Raise the client’s limit (kubelet: `runtimeRequestTimeout` in /var/lib/kubelet/config.yaml).',
      'Make the image smaller or the registry nearer.',
    ],
    restart: 'Yes, kubelet, after changing its configuration; containerd is not concerned.',
    rules: [],
    related: [
      { id: 'cancel.progress-timeout', apart: '`no progress in`: containerd’s own limit' },
      { id: 'cri.runtime-unavailable', apart: '`failed to connect: context deadline exceeded`' },
      { id: 'net.timeout', apart: '`Client.Timeout exceeded`, `i/o timeout`' },
    ],
    sources: [
      'kubernetes-sigs/cri-tools cmd/crictl/image.go: PullImageWithSandbox',
      'kubernetes staging/src/k8s.io/cri-client/pkg/remote_runtime.go: RunPodSandbox',
      'containerd cmd/ctr/app/main.go',
    ],
  },
  messages: {
    cause: 'The client’s own time limit for the pull ran out.',
    nextStep: 'Repeat without a limit (crictl pull has none unless --pull-timeout is given) and see in the journal what took the time.',
  },
};
