import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { treeOfPlaces, type Place } from '../../core/diagnosis/places';
import type { Cancellation, ConfigTree, Node } from '../../core/ports';
import { quote } from '../../core/probes/quote';
import { message } from '../../core/text/message';
import { parsePem } from '../../files/pem';
import { unreachable } from './sshErrors';

const timeoutMs = 30_000;
/** A configuration refers to files that refer to files: config.toml → an import → a certs.d → a CA. */
const maxRounds = 5;
export const maxFileBytes = 1024 * 1024;
const maxEntries = 5000;
const maxDepth = 4;

/**
 * The configuration of a node as it stands: the folders given (by default /etc/containerd), whatever config.toml and hosts.toml name
 * (imports, hosts folders, certificates and keys), read in one script per round. What the login user may not read is read through
 * `sudo -n` where that works. What was not read is `unreadable`, never `missing`.
 */
export async function readNodeTree(
  node: Node,
  paths: readonly string[] = ['/etc/containerd'],
  cancellation?: Cancellation,
): Promise<ConfigTree> {
  return treeOf(node, await readNodePlaces(node, paths, cancellation));
}

/** A reading whose first script is run by the caller, behind one of its own. */
export interface TreeReading {
  readonly script: string;
  /** Takes what the script printed, and reads what the files name. Rejects when the script did not come to its end. */
  finish(stdout: string): Promise<ConfigTree>;
}

export function startReading(node: Node, paths: readonly string[], cancellation?: Cancellation): TreeReading {
  const marker = newMarker();
  return {
    script: walkScript(paths.map(absolute), marker),
    finish: async (stdout) => {
      if (!stdout.includes(`\n${marker} end .\n`)) throw unreachable(node.name, message('failure/files-cut'));
      const places = new Map(readWalk(stdout, marker));
      return treeOf(node, await readNamed(node, places, maxRounds - 1, cancellation));
    },
  };
}

/** The same as a map from path to what is there. */
export async function readNodePlaces(
  node: Node,
  paths: readonly string[],
  cancellation: Cancellation | undefined,
): Promise<ReadonlyMap<string, Place>> {
  const places = await readPlaces(node, paths.map(absolute), cancellation);
  return readNamed(node, new Map(places), maxRounds - 1, cancellation);
}

/** Adds what the files name, and what those name in turn. */
async function readNamed(node: Node, places: Map<string, Place>, rounds: number, cancellation?: Cancellation): Promise<typeof places> {
  const named = [...places].flatMap(([path, { text = '' }]) => (/\.(?:toml|tmpl)$/.test(path) ? namedPaths(text) : []));
  const wanted = [...new Set(named)].filter((path) => !places.has(path));
  if (rounds === 0 || wanted.length === 0) return places;
  for (const [path, place] of await readPlaces(node, wanted, cancellation)) places.set(path, place);
  return readNamed(node, places, rounds - 1, cancellation);
}

async function readPlaces(
  node: Node,
  paths: readonly string[],
  cancellation: Cancellation | undefined,
): Promise<Iterable<readonly [string, Place]>> {
  const marker = newMarker();
  const result = await node.run(walkScript(paths, marker), { timeoutMs, ...(cancellation && { cancellation }) });
  if (result.status === 'timeout') throw unreachable(node.name, message('failure/files-late', { seconds: timeoutMs / 1000 }));
  return readWalk(result.stdout, marker);
}

function absolute(path: string): string {
  return posix.resolve('/', path);
}

function newMarker(): string {
  return `@@${randomBytes(12).toString('hex')}`;
}

/**
 * `crb_file` prints a file, or says that it is unreadable; the script of `collect --print-script` has its own. Here one byte more than is
 * taken tells that a file is too large: to ask for its size would start two processes more for each. All of it is walked again through sudo where
 * something was closed, and only then: a user who may not use sudo is reported for each try. Behind placePrelude sudo was tried already.
 */
function walkScript(paths: readonly string[], marker: string): string {
  const walk = `${walkFunctions(marker)}
crb_file() { crb_say file "$1"; head -c ${maxFileBytes + 1} <"$1"; }
${paths.map((path) => `crb_walk ${quote(path)} ${maxDepth}`).join('\n')}`;
  return `crb_closed=
crb_again=${quote(walk)}
eval "$crb_again"
if [ -n "$crb_closed" ] && [ -z "\${crb_sudo+tried}" ] && [ "$(id -u)" != 0 ]; then sudo -n true </dev/null 2>/dev/null && crb_sudo='sudo -n'; fi
if [ -n "$crb_closed" ] && [ -n "\${crb_sudo-}" ]; then $crb_sudo sh -c "$crb_again" </dev/null; fi
crb_say end .
`;
}

/** Plain files only: a FIFO would block. `for` takes its list at the start, so a recursion may use the same variable. */
export function walkFunctions(marker: string): string {
  return `crb_left=${maxEntries}
crb_say() { case $1 in unreadable) crb_closed=1 ;; esac; printf '\\n%s %s %s\\n' ${marker} "$1" "$2"; }
crb_walk() {
  case $1 in *'
'*) return ;; esac
  crb_left=$((crb_left - 1)); [ $crb_left -gt 0 ] || return
  if [ -d "$1" ]; then
    if [ ! -r "$1" ] || [ ! -x "$1" ] || [ "$2" -le 0 ]; then crb_say unreadable "$1"; return; fi
    crb_say directory "$1"
    for crb_entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
      if [ -e "$crb_entry" ] || [ -L "$crb_entry" ]; then crb_walk "$crb_entry" $(($2 - 1)); fi
    done
  elif [ -f "$1" ] && [ -r "$1" ]; then
    crb_file "$1"
  elif [ -e "$1" ]; then crb_say unreadable "$1"
  else
    crb_up=\${1%/*}
    while [ -n "$crb_up" ] && [ ! -e "$crb_up" ]; do crb_up=\${crb_up%/*}; done
    if [ -x "\${crb_up:-/}" ]; then crb_say missing "$1"; else crb_say unreadable "$1"; fi
  fi
}`;
}

export function* readWalk(stdout: string, marker: string): Iterable<readonly [string, Place]> {
  for (const section of stdout.split(`\n${marker} `).slice(1)) {
    const lineEnd = section.indexOf('\n');
    const match = /^(directory|file|missing|unreadable) (\/.*)$/.exec(lineEnd < 0 ? '' : section.slice(0, lineEnd));
    if (!match) continue;
    const [, kind, path = ''] = match;
    const text = section.slice(lineEnd + 1);
    if (kind === 'file') yield [path, Buffer.byteLength(text) > maxFileBytes ? { kind: 'unreadable' } : { kind, text }];
    else if (kind === 'directory' || kind === 'missing' || kind === 'unreadable') yield [path, { kind }];
  }
}

/** Keys whose values are paths that containerd opens when it reads its registry configuration. */
const pathKeys = /(?:^|[\s.,{])["']?(?:config_path|imports|ca|client|ca_file|cert_file|key_file)["']?[ \t]*=/gm;

/** Absolute paths after such a key, up to the next key or table. A pattern stands for its folder, `a:b` for two. */
function namedPaths(text: string): readonly string[] {
  const found = new Set<string>();
  for (const { index, 0: key } of text.matchAll(pathKeys)) {
    const rest = text.slice(index + key.length, index + key.length + 4000);
    const value = rest.split(/\n[ \t]*(?:\[\w|\[\[|["']?[\w.-]{1,80}["']?[ \t]*=)/, 1)[0] ?? '';
    for (const quoted of value.matchAll(/"([^"\n]{1,1000})"|'([^'\n]{1,1000})'/g)) {
      for (const path of (quoted[1] ?? quoted[2] ?? '').split(':')) {
        if (path.startsWith('/') && path !== '/') found.add(posix.resolve(path.replace(/\/[^/]{0,300}[*?[].*$/s, '')));
      }
    }
  }
  found.delete('/');
  return [...found].slice(0, 500);
}

/** What a recorded node said is judged by the day on which it was. */
function treeOf({ takenMs = Date.now() }: Node, places: ReadonlyMap<string, Place>): ConfigTree {
  return treeOfPlaces(places, ({ text }) => (text === undefined ? undefined : parsePem(text)), takenMs);
}
