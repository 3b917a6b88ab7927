import { consequence } from '../consequence';
import type { ErrorClass } from '../errorClass';

export const cancelProgressTimeout: ErrorClass = {
  id: 'cancel.progress-timeout',
  title: 'Cancelled: no progress',
  signals: [
    { pattern: /cancel pulling image \S+ because of no progress/, weight: 94, scope: 'anywhere' },
    { pattern: /because of no progress|no progress in \d/, weight: 88, scope: 'anywhere' },
    // image_pull_progress_timeout is five minutes by default (containerd internal/cri/config: DefaultImageConfig).
    { pattern: /\bcontext canceled\b/, weight: 78, unless: consequence, when: ({ captures }) => (captures.elapsedSeconds ?? 0) >= 300 },
    { pattern: /\bcontext canceled\b/, weight: 56, unless: consequence },
    { pattern: /net\/http: request canceled(?! while| \(Client)/, weight: 60 },
    { pattern: /code = Canceled/, weight: 50 },
    { pattern: /[Pp]ulling image[^:\n]{0,500}: context canceled/, weight: 45, unless: consequence },
    { pattern: /\bno progress\b|\bstalled\b|\bcancell?ed\b/i, weight: 33, scope: 'failedPull' },
  ],
  examples: [
    { text: 'level=error msg="cancel pulling image registry.example/app:1 because of no progress in 5m0s"', containerd: '1.7' },
    {
      text: 'Failed to pull image "registry.example/app:1": rpc error: code = Canceled desc = failed to pull and unpack image "registry.example/app:1": context canceled',
      containerd: '2.0',
    },
  ],
  causes: [
    { what: 'A slow or stalled registry or mirror', tell: '`active requests` is above 0 and `bytes read` stands still' },
    { what: 'Unpacking a huge layer takes longer than the limit', tell: 'disk is busy, `active requests=0`' },
    { what: 'kubelet was restarted, or the pod was deleted', tell: 'no line `because of no progress` in the journal' },
  ],
  cases: [
    {
      name: 'noProgress',
      says: 'cancel pulling image registry.example/app:1 because of no progress in 5m0s',
      pattern: /because of no progress in (?<duration>\d[\dhms.]{0,20})/,
      cause: 'containerd cancelled the pull because no bytes came for {duration} (image_pull_progress_timeout).',
      nextStep:
        'Replay the pull from the node to see which host stalls; on a slow line raise image_pull_progress_timeout in config.toml and restart containerd.',
    },
  ],
  retriable: true,
  doc: {
    meaning:
      'containerd stopped the pull itself because no bytes arrived for image_pull_progress_timeout (default 5 minutes; 1 minute in older releases), or the caller went away.',
    impact: 'The pull ends with `context canceled`, which hides the real stall. kubelet tries again.',
    diagnosis: [
      {
        what: 'Read who cancelled, and how much had come.',
        command: 'journalctl -u containerd --since -30min | grep -E "no progress|stop pulling image"',
      },
      { what: 'Read the limit.', command: 'containerd config dump | grep image_pull_progress_timeout' },
    ],
    mitigation: [
      'Find the stall: replay the pull from the node.',
      'Raise `image_pull_progress_timeout = "15m"` in config.toml: under `[plugins."io.containerd.grpc.v1.cri"]` (version 2) or `[plugins."io.containerd.cri.v1.images"]` (version 3); then `systemctl restart containerd`.',
      'In 2.1 and newer compare with `use_local_image_pull = true` under `[plugins."io.containerd.cri.v1.images"]`.',
    ],
    restart: 'Yes, containerd, after changing the time-out.',
    rules: [],
    related: [
      { id: 'cancel.deadline', apart: '`deadline exceeded`: the client’s own limit' },
      { id: 'net.reset-or-eof', apart: 'a reset or EOF in the text' },
    ],
    sources: ['containerd internal/cri/server/images/image_pull.go: pullProgressReporter'],
  },
  messages: {
    cause: 'The pull was cancelled, most likely because no bytes arrived for image_pull_progress_timeout.',
    nextStep: 'Look for "because of no progress" and "stop pulling image" in the journal, then replay the pull from the node.',
  },
};
