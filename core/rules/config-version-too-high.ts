import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configVersionTooHigh: ConfigRule = {
  id: 'config-version-too-high',
  kind: 'config',
  doc: {
    title: 'config.toml is of a newer version than the release reads',
    why: `containerd 1.x reads versions 1 and 2, 2.0 to 2.2 up to 3, 2.3 up to 4. A higher number ends the start. 1.5, 1.6 before 1.6.32 and 1.7 before 1.7.17 did not check: they take any number for 2 and then find none of the newer tables.

This happens after a downgrade, or when a file made by \`containerd config default\` is copied to an older node.`,
    containerd: '1.7',
    bad: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: [
      'containerd services/server/config/config.go: ValidateV2 (1.x)',
      'containerd cmd/containerd/server/config/config.go: ValidateVersion (2.x)',
    ],
  },
  messages: {
    high: 'containerd {release} reads config.toml up to version {max}, and this is version {version}: it does not start ("{text}").',
  },

  *check(context) {
    const release = `${context.version.major}.${context.version.minor}`;
    for (const problem of problemsHere(context, 'version-too-high')) yield findingOf(problem, { key: 'high', args: { release } });
  },
};
