import type { ErrorClass } from '../errorClass';

export const configIgnoredSetting: ErrorClass = {
  id: 'config.ignored-setting',
  title: 'Setting in a place that nobody reads',
  signals: [
    { pattern: /Ignoring unknown key in TOML/, weight: 95, scope: 'anywhere' },
    { pattern: /Found '[\w.]+' in CRI config which is incompatible with transfer service/, weight: 94, scope: 'anywhere' },
    { pattern: /Ambiguous \S+ plugin in v1 config|strict mode: fields in the document are missing/, weight: 88, scope: 'anywhere' },
  ],
  examples: [
    {
      text: 'level=warning msg="Ignoring unknown key in TOML for plugin" error="strict mode: fields in the document are missing in the target struct" key=registry plugin=io.containerd.grpc.v1.cri',
      containerd: '2.0',
    },
    {
      text: 'level=warning msg="Found \'Registry.Mirrors\' in CRI config which is incompatible with transfer service (not supported with transfer service (also deprecated)). Falling back to local image pull mode."',
      containerd: '2.1',
    },
  ],
  causes: [
    {
      what: 'A key stands in the table of version 2 while the file is of version 3, or the reverse',
      tell: 'the key and plugin named in the warning',
    },
    { what: 'The file has no `version`', tell: 'the first line of config.toml' },
    {
      what: 'A key that only local pulls know, in 2.1 and newer',
      tell: '`incompatible with transfer service`: the pull falls back to the local mode',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'A key of config.toml is in a place where this release does not look. It is left out, at most with a warning at start.',
    impact: 'Mirrors, credentials or time-outs that were meant to work do not; pulls behave as if they were not written.',
    diagnosis: [
      { what: 'Look for the key in what is in effect.', command: 'containerd config dump | grep -n KEY' },
      {
        what: 'Read the warnings of the start.',
        command: 'journalctl -u containerd -b | grep -E "Ignoring unknown key|incompatible with transfer"',
      },
    ],
    mitigation: [
      'Run `containerd config migrate` (2.0 and newer) and compare.',
      'Move the key: registry settings belong to `io.containerd.cri.v1.images` in version 3, to `io.containerd.grpc.v1.cri` in version 2.',
    ],
    restart: 'Yes, containerd.',
    rules: ['config-unknown-key', 'config-moved-key', 'config-misplaced-key', 'config-wrong-version-tables', 'config-missing-version'],
    related: [
      { id: 'config.cri-plugin-conflict', apart: 'the plugin does not load at all' },
      { id: 'masked.hosts-toml-not-read', apart: 'an ignored config_path shows only as an error of the wrong host' },
    ],
    sources: [
      'containerd cmd/containerd/server/config/config.go: Decode',
      'containerd internal/cri/config/config.go: CheckLocalImagePullConfigs',
    ],
  },
  messages: {
    cause: 'A key of config.toml stands where this release does not read it, so it has no effect.',
    nextStep: 'Look for the key in containerd config dump, move it to the right table and restart containerd.',
  },
};
