/** Which keys go-toml v2 takes for duplicates: SeenTracker of internal/tracker/seen.go, the same from v2.2.3 to v2.3.0. */
import type { TomlErrorCode } from './document';

interface Seen {
  kind: 'value' | 'table' | 'array table';
  /** It has a header of its own, or dotted keys made it and another header came since. */
  explicit: boolean;
  /** Undefined until something is: most keys are values. */
  below: Map<string, Seen> | undefined;
}

export interface Tracker {
  readonly root: Seen;
  current: Seen;
  /** Tables that dotted keys made since the last header: they become explicit with the next one. */
  dotted: Seen[];
}

/** `at` is the index of the key that cannot be. */
export interface Conflict {
  readonly at: number;
  readonly code: TomlErrorCode;
  readonly text: string;
}

export function trackerOf(): Tracker {
  const root: Seen = { kind: 'table', explicit: false, below: undefined };
  return { root, current: root, dotted: [] };
}

/** checkTable. */
export function seeTable(t: Tracker, path: readonly string[]): Conflict | undefined {
  const parent = parentOf(t, path);
  if ('code' in parent) return parent;
  const [at, name] = [path.length - 1, path.at(-1) ?? ''];
  const present = parent.below?.get(name) ?? add(parent, name, 'table', false);
  if (present.kind !== 'table') {
    return {
      at,
      code: present.kind === 'value' ? 'not-a-table' : 'duplicate-table',
      text: `key ${name} should be a table, not a ${present.kind}`,
    };
  }
  if (present.explicit) return { at, code: 'duplicate-table', text: `table ${name} already exists` };
  present.explicit = true;
  t.current = present;
  return undefined;
}

/** checkArrayTable: each `[[a]]` forgets what was seen below the one before. */
export function seeArrayTable(t: Tracker, path: readonly string[]): Conflict | undefined {
  const parent = parentOf(t, path);
  if ('code' in parent) return parent;
  const name = path.at(-1) ?? '';
  const present = parent.below?.get(name);
  if (present && present.kind !== 'array table') {
    const text = `key ${present.kind} already exists as a ${name},  but should be an array table`;
    return { at: path.length - 1, code: present.kind === 'value' ? 'extends-static-array' : 'duplicate-table', text };
  }
  present?.below?.clear();
  t.current = present ?? add(parent, name, 'array table', true);
  return undefined;
}

function parentOf(t: Tracker, path: readonly string[]): Seen | Conflict {
  for (const table of t.dotted) table.explicit = true;
  t.dotted = [];
  let parent = t.root;
  for (const [at, name] of path.slice(0, -1).entries()) {
    const next = parent.below?.get(name) ?? add(parent, name, 'table', false);
    if (next.kind === 'value') return { at, code: 'not-a-table', text: `expected ${name} to be a table, not a value` };
    parent = next;
  }
  return parent;
}

/** checkKeyValue. A table that only headers pass through may still be extended by dotted keys. */
export function seeKeyValue(t: Tracker, path: readonly string[]): Conflict | undefined {
  let parent = t.current;
  for (const [at, name] of path.entries()) {
    const present = parent.below?.get(name);
    const last = at === path.length - 1;
    if (present && last) return { at, code: 'duplicate-key', text: `key ${name} is already defined` };
    if (present && present.kind !== 'table') {
      const code = present.kind === 'value' ? 'not-a-table' : 'duplicate-table';
      return { at, code, text: `expected ${name} to be a table, not a ${present.kind}` };
    }
    if (present?.explicit) {
      return { at, code: 'duplicate-table', text: `cannot redefine table ${name} that has already been explicitly defined` };
    }
    parent = present ?? addDotted(t, parent, name, last);
  }
  return undefined;
}

function addDotted(t: Tracker, parent: Seen, name: string, last: boolean): Seen {
  const added = add(parent, name, last ? 'value' : 'table', false);
  t.dotted.push(added);
  return added;
}

function add(parent: Seen, name: string, kind: Seen['kind'], explicit: boolean): Seen {
  const added: Seen = { kind, explicit, below: undefined };
  parent.below ??= new Map();
  parent.below.set(name, added);
  return added;
}
