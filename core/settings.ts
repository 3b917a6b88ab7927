/** Every setting once. package.json's `contributes.configuration`, docs/settings.md and the README table are generated from it. */
export interface Setting {
  /** Without the prefix `containerdRunbooks.`. */
  readonly key: string;
  readonly type: 'string' | 'boolean' | 'number' | 'array' | 'object';
  readonly default: unknown;
  /** English, Markdown; the id of its translation is `setting.<key>`. */
  readonly description: string;
  /** VS Code's scopes: a machine setting cannot be set by an untrusted workspace. */
  readonly scope: 'resource' | 'window' | 'machine' | 'machine-overridable';
  readonly enum?: readonly string[];
  /** JSON Schema of the values of an array or object. */
  readonly items?: Readonly<Record<string, unknown>>;
}

export const settingsPrefix = 'containerdRunbooks';

export const settings: readonly Setting[] = [
  {
    key: 'containerdVersion',
    type: 'string',
    default: 'auto',
    description:
      'The containerd release that files are judged for: `auto` (the newest known one that reads the file’s `version`), a line such as `1.7`, or an exact release such as `1.7.24`.',
    scope: 'resource',
  },
  {
    key: 'rules',
    type: 'object',
    default: {},
    description: 'Severity by rule id: `error`, `warning`, `info`, `hint` or `off`.',
    scope: 'resource',
    items: { type: 'string', enum: ['error', 'warning', 'info', 'hint', 'off'] },
  },
  {
    key: 'nodes',
    type: 'array',
    default: [],
    description:
      'Nodes of the *Nodes* view: ssh destinations as `ssh` takes them, with a command behind them where the login leads into a container only (`bottlerocket-1 sudo sheltie`), or `exec:` and a command prefix such as `exec:docker exec -i kind-control-plane`.',
    scope: 'machine-overridable',
    items: { type: 'string' },
  },
  {
    key: 'sshConfig',
    type: 'string',
    default: '',
    description: 'The ssh configuration file that is given to `ssh -F`. Empty: the user’s own.',
    scope: 'machine',
  },
  {
    key: 'registries',
    type: 'array',
    default: [],
    description: 'Registries that *Check Node Readiness* asks for `/v2/`, from the node: a host (https is meant) or a URL.',
    scope: 'resource',
    items: { type: 'string' },
  },
  {
    key: 'keptBackups',
    type: 'number',
    default: 10,
    description: 'How many backups of a file stay beside it on a node. Older ones go with the write that makes a new one.',
    scope: 'machine-overridable',
  },
];

export type SeveritySetting = 'error' | 'warning' | 'info' | 'hint' | 'off';
