import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configSnapshotter: ConfigRule = {
  id: 'config-snapshotter',
  kind: 'config',
  doc: {
    title: 'The snapshotter is neither built in nor a proxy plugin',
    why: `The CRI plugin looks the snapshotter up at start and is not loaded when there is none of that name. Built in are overlayfs, native, devmapper, zfs, btrfs, blockfile (1.7) and erofs (2.1). Others such as stargz, nydus or soci run as programs of their own and need an entry under \`proxy_plugins\`.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "stargz"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "stargz"

[proxy_plugins.stargz]
  type = "snapshot"
  address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
`,
    sources: ['containerd plugins/cri/images/plugin.go', 'containerd pkg/cri/server/service.go: NewCRIService (1.x)'],
  },
  messages: {
    missing: 'containerd has no snapshotter "{name}", and proxy_plugins has none either: the CRI plugin is not loaded ("{text}").',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'snapshotter-missing')) yield findingOf(problem, { key: 'missing' });
  },
};
