/**
 * Words of which a line must have one of each kind, else it is no pull error and no event of a pull. Lower case; ASCII case is folded.
 * The subjects are looked for in bytes, before lines are decoded: most of a journal is passed over at about the speed of reading it.
 */
export const failureWords: readonly string[] =
  `fail|err|refus|denied|unauthori|forbidden|timeout|time-out|timed out|handshake|not found|unknown|next host|cancel|deadline|exceed|eof|
  reset|x509|tls|toomany|too many|cannot|can't|unable|invalid|no such|block|missing|unsupported|ignoring|incompatible|https first|locked|
  mismatch|wrong|does not|doesn't|did not|no match|misbehaving|try again|insufficient|no longer|not supported|no space|not ready|reject|
  bad gateway|bad request|not implemented|must be set|could not|accessible|not running|lchown|unavailable|no route|unreachable|broken pipe|goaway|no progress|not permitted|quota|qps|schema 1|no signatures|
  status|gave http`
    .split('|')
    .map((word) => word.trim());

export const subjectWords: readonly string[] =
  `pull|image|registry|manifest|blob|layer|snapshot|/v2/|hosts.toml|load toml|docker.io|reference|do request|next host|https first|
  to copy|readseeker|readerseeker|unpack|extract|oauth token|anonymous token|authorize|runtime.v1|mirrors|config_path|plugin|content|
  commit on ref|digest|containerd:|containerd.sock|dockershim.sock|crio.sock|ctr:|credential|snapshotter|x-amz|
  proxyconnect|toml for plugin|container runtime|endpoint 'unix|endpoint "unix|endpoint \\"unix|repository|toomany|
  from daemon|docker daemon|daemon socket|docker.sock|podman.sock|http status|parsing http|initializing source|whiteout|tmpmounts|
  download failed|token has expired|method transfer|mediatype|media type|authorization|rootless|
  runtime api|oauth2/|unexpected status code|tar file|https client|daemon_id=`
    .split('|')
    .map((word) => word.trim());

/** Begin and end of pulls, which are no failures. Each holds one of the subjects. */
export const eventWords: readonly string[] = ['pullimage', 'pulled image', 'pulling image'];

/** What was found in a line, as bits. */
export const found = { failure: 1, subject: 2, event: 4 } as const;

/** Whether a line with these bits is worth reading. */
export function isCandidate(bits: number): boolean {
  return (bits & found.event) !== 0 || (bits & (found.failure | found.subject)) === (found.failure | found.subject);
}

export function bitsOf(text: string, { next, gives }: Automaton): number {
  let state = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    state = code > 255 ? 0 : (next[state * 256 + code] ?? 0);
    bits |= gives[state] ?? 0;
  }
  return bits;
}

/** An automaton (Aho and Corasick): one look-up per character, however many words. State 0 is the start. */
export interface Automaton {
  /** `next[256 * state + character]`. */
  readonly next: Uint16Array;
  /** Bits that reaching a state adds. */
  readonly gives: Uint8Array;
}

export function automaton(): Automaton {
  return (shared ??= built());
}

/** A few milliseconds of work: once for all logs of a run, for there may be thousands of short ones. */
let shared: Automaton | undefined;

function built(): Automaton {
  const trie = trieOf([
    [failureWords, found.failure],
    [subjectWords, found.subject],
    [eventWords, found.event],
  ]);
  const next = new Uint16Array(trie.length * 256);
  const gives = new Uint8Array(trie.length);
  link(trie, next, gives);
  for (let state = 0; state < trie.length; state++) {
    for (let letter = 0; letter < 26; letter++) next[state * 256 + 65 + letter] = next[state * 256 + 97 + letter] ?? 0;
  }
  return { next, gives };
}

interface TrieNode {
  readonly children: Map<number, number>;
  bits: number;
}

function trieOf(kinds: readonly (readonly [readonly string[], number])[]): readonly TrieNode[] {
  const nodes: TrieNode[] = [{ children: new Map(), bits: 0 }];
  for (const [words, bit] of kinds)
    for (const word of words) {
      let at = nodes[0];
      for (let i = 0; i < word.length && at !== undefined; i++) {
        const byte = word.charCodeAt(i);
        const child = at.children.get(byte) ?? nodes.push({ children: new Map(), bits: 0 }) - 1;
        at.children.set(byte, child);
        at = nodes[child];
      }
      if (at !== undefined) at.bits |= bit;
    }
  return nodes;
}

/** Breadth first, so that the state to fall back to is complete before it is needed. */
function link(nodes: readonly TrieNode[], next: Uint16Array, gives: Uint8Array): void {
  const fallback = new Uint16Array(nodes.length);
  const queue = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const node = nodes[state];
    const back = fallback[state] ?? 0;
    gives[state] = (node?.bits ?? 0) | (state === 0 ? 0 : (gives[back] ?? 0));
    if (state !== 0) next.copyWithin(state * 256, back * 256, back * 256 + 256);
    for (const [byte, child] of node?.children ?? []) {
      fallback[child] = state === 0 ? 0 : (next[back * 256 + byte] ?? 0);
      next[state * 256 + byte] = child;
      queue.push(child);
    }
  }
}
