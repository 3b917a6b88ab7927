import type { ErrorClass } from '../errorClass';

export const configDaemonTomlInvalid: ErrorClass = {
  id: 'config.daemon-toml-invalid',
  title: 'config.toml does not load',
  signals: [
    { pattern: /failed to load TOML|failed to unmarshal TOML|Failure unmarshaling TOML/, weight: 94, scope: 'anywhere' },
    {
      pattern:
        /invalid (?:disabled|required) plugin URI|invalid plugin key URI|expected containerd config version equal to or less than|unsupported config version|containerd config version `\d+` is not supported/,
      weight: 94,
      scope: 'anywhere',
    },
    {
      pattern:
        /was expecting token|unexpected token unclosed|keys cannot contain|The following key was defined twice|duplicated tables|unescaped control character|Can't convert .{1,300}\) to |toml: (?:cannot decode|invalid character|expected|table \S+ already|basic strings|incomplete|unexpected)/,
      weight: 80,
      scope: 'anywhere',
      unless: /hosts\.toml/,
    },
    { pattern: /required plugin \S+ not included|not a valid logrus Level|unknown log format/, weight: 84, scope: 'anywhere' },
  ],
  examples: [
    { text: 'containerd: failed to load TOML: /etc/containerd/config.toml: (12, 2): duplicated tables', containerd: '1.7' },
    { text: "containerd: failed to unmarshal TOML at row 10 column 46: toml: expected ']' to close table name", containerd: '2.1' },
    {
      text: 'containerd: failed to load TOML from /etc/containerd/config.toml: invalid disabled plugin URI "cri" expect io.containerd.x.vx',
      containerd: '2.0',
    },
  ],
  causes: [
    { what: 'A syntax error or a table written twice', tell: 'the row and column of the message' },
    { what: 'Short plugin names where full ones are wanted', tell: '`invalid plugin key URI "cri"`' },
    { what: 'A `version` that this release does not know', tell: '`unsupported config version`' },
    { what: 'A value of another type than wanted', tell: "`cannot decode`, `Can't convert`" },
  ],
  cases: [
    {
      name: 'place',
      says: 'failed to load TOML: /etc/containerd/config.toml: (12, 2): duplicated tables',
      pattern: /TOML: (?<file>\/[^\s:]{1,400}): \((?<row>\d{1,6}), (?<column>\d{1,6})\)/,
      cause: 'containerd does not start: {file} is no valid TOML at row {row}, column {column}.',
      nextStep: 'Correct row {row} of {file}, check it with containerd -c {file} config dump, then systemctl restart containerd.',
    },
    {
      name: 'row',
      says: 'failed to unmarshal TOML at row 10 column 46: …',
      pattern: /TOML at row (?<row>\d{1,6}) column (?<column>\d{1,6})/,
      cause: 'containerd does not start: its configuration is no valid TOML at row {row}, column {column}.',
      nextStep:
        'Correct row {row} of /etc/containerd/config.toml (or of an imported file), check it with containerd config dump, then systemctl restart containerd.',
    },
    {
      name: 'shortPluginName',
      says: 'invalid disabled plugin URI "cri" expect io.containerd.x.vx',
      pattern: /invalid (?:disabled |required )?plugin (?:key )?URI "(?<plugin>[^"\s]{1,100})"/,
      cause: 'containerd does not start: config.toml names the plugin {plugin} in short, where the full name is wanted.',
      nextStep: 'Write the full name (io.containerd.grpc.v1.cri for cri) and systemctl restart containerd.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'containerd cannot read its configuration and does not start.',
    impact: 'Nothing on this node runs or pulls until the file is corrected.',
    diagnosis: [
      { what: 'Let containerd read the file.', command: 'containerd -c /etc/containerd/config.toml config dump >/dev/null' },
      { what: 'Read the end of its log.', command: 'journalctl -u containerd -n 20 --no-pager' },
    ],
    mitigation: [
      'Correct the row and column named.',
      'Write full plugin ids, as `io.containerd.grpc.v1.cri`.',
      'Use the `version` of this release: 2 for 1.x, 3 from 2.0.',
    ],
    restart: 'Yes: containerd does not run.',
    rules: [
      'config-not-toml',
      'config-wrong-type',
      'config-bad-plugin-id',
      'config-version-too-high',
      'config-required-plugin',
      'config-log-settings',
    ],
    related: [
      { id: 'config.hosts-toml-invalid', apart: 'a hosts.toml under certs.d: the daemon runs and the file is dropped' },
      { id: 'config.cri-plugin-conflict', apart: 'the daemon runs, the CRI plugin does not' },
    ],
    sources: ['containerd cmd/containerd/server/config/config.go: LoadConfig'],
  },
  messages: {
    cause: 'containerd cannot read its config.toml and does not start.',
    nextStep: 'Run containerd -c FILE config dump and correct the row and column it names.',
  },
};
