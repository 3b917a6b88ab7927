/** What a migration of config.toml comes to: edits of the file, new files beside it, and what a person has to know. */
import type { ConfigTree } from '../ports';
import { catalogOf, type Message } from '../text/message';
import type { TextEdit } from '../text/ranges';
import type { TomlTable } from '../toml/document';
import { valueAt } from '../toml/lookup';

export type Migration =
  | { readonly ok: true; readonly edits: readonly TextEdit[]; readonly files: readonly NewFile[]; readonly notes: readonly Message[] }
  | { readonly ok: false; readonly reason: Message };

export interface NewFile {
  /** Absolute path on the node. */
  readonly path: string;
  readonly text: string;
}

export const migrationTexts = catalogOf('migrate', {
  'to-certs.d': 'Move registry.mirrors and configs.tls to hosts.toml files ({count})',
  'to-3': 'Write this file as config version 3',
  'not-toml': 'The file is not valid TOML: correct it first.',
  template: 'The file is a template: what it becomes is not known here.',
  'nothing-to-move': 'There are no registry.mirrors and no configs.tls in this file.',
  'imported-mirrors':
    'The imported files are not changed: mirrors or configs.tls left in one of them keep the CRI plugin from loading beside config_path.',
  loopback:
    '{url} serves images of a loopback address: with mirrors containerd does not check the certificate of a server that it redirects to or that gives its tokens, with hosts.toml it does.',
  'no-version':
    'The file has no version above 1, so containerd {version} does not read its table {table}: the mirrors had no effect, and config_path has none. Write version = 2 at the top, or migrate to version 3.',
  inline: '{table} is written in a way that cannot be changed safely here: write it as tables of its own first.',
  'auth-stays': 'The credentials of {host} stay in config.toml: hosts.toml has no place for them. imagePullSecrets take their place.',
  'auths-stay': 'registry.auths stays in config.toml: hosts.toml has no place for credentials.',
  'not-read': 'The mirror "{name}" was left out: no image reference leads to it.',
  'default-unknown': 'The mirror "*" was left out: containerd {version} does not know the folder _default.',
  'bad-endpoint': 'The endpoint "{endpoint}" of "{name}" was left out: it is no URL that hosts.toml can have.',
  'root-path': 'The endpoint "{endpoint}" of "{name}" is asked without /v2, as before: the path of an endpoint is used as it is written.',
  'half-pair': 'The client certificate of {host} was left out: certificate and key are both needed.',
  'tls-again': 'containerd {version} ignores configs."{host}".tls; in hosts.toml it counts again.',
  exists: '{path} exists already and was left as it is.',
  'key-left': '"{key}" of the mirror "{name}" was left out: containerd knows no such key.',
  'is-version': 'The file has version {version} already.',
  'old-release': 'containerd {version} does not read config version 3: it came with 2.0.',
  'both-tables':
    'The file has CRI tables of version 2 and of version 3: which of them counts differs by release, so put them together first.',
  'no-such-key': 'containerd {version} has no key {key} any more: it is kept where it was, without effect.',
  'lost-by-containerd': '{key} counts from now on: when containerd moves it itself, it forgets it in a file without containerd.runtimes.',
  'counts-now': 'The CRI tables count from now on: containerd {version} does not move those of a file of version 1, or without a version.',
  imports: 'The imported files are not changed: migrate them as well, since their version numbers count for all.',
});

/**
 * Where a file of the node belongs beside a config.toml: `nodes/a/etc/containerd/config.toml` in a repository stands for the node's own,
 * so its certs.d is `nodes/a/etc/containerd/certs.d`. Elsewhere it is put beside the config.toml. A rooted tree is the node's own.
 */
export function filePlace(config: string, path: string, { rooted }: Pick<ConfigTree, 'rooted'>): string {
  if (rooted) return path;
  return placeBeside(config, path) ?? `${config.slice(0, config.lastIndexOf('/'))}/certs.d/${path.split('/').slice(-2).join('/')}`;
}

/** Undefined when the config.toml does not stand where a node has it. */
export function placeBeside(config: string, path: string): string | undefined {
  const usual = '/etc/containerd/config.toml';
  return config.endsWith(usual) ? `${config.slice(0, -usual.length)}${path}` : undefined;
}

/** A file without one counts as version 1. */
export function configVersionOf(root: TomlTable): number {
  const value = valueAt(root, ['version']);
  return value?.kind === 'integer' ? Number(value.value) : 1;
}
