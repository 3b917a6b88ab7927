/** Known keys by their paths, so that a file of many keys costs no more than its length. */

/** A key with the parts of its path; `*` is a name of the author's choice. */
export interface Pathed {
  readonly path: readonly string[];
}

export interface KeyIndex<K extends Pathed> {
  /** The first key whose path fits; `same` says whether a written name is taken for a known one (never for another letter). */
  find(path: readonly string[], same: SameName): K | undefined;
  /** The keys right below a path. */
  below(path: readonly string[], same: SameName): readonly K[];
  /** Keys with that last name. */
  named(name: string): readonly K[];
}

export type SameName = (written: string, known: string) => boolean;

interface Branch<K> {
  /** Where the key stands among all: the first one counts. */
  key: K | undefined;
  order: number;
  readonly children: K[];
  /** By name in lower case. */
  readonly branches: Map<string, { readonly name: string; readonly branch: Branch<K> }[]>;
  any: Branch<K> | undefined;
}

export function keyIndex<K extends Pathed>(keys: readonly K[]): KeyIndex<K> {
  const root = emptyBranch<K>();
  const byName = new Map<string, K[]>();
  for (const [order, key] of keys.entries()) {
    add(root, key, order);
    const last = key.path.at(-1) ?? '';
    byName.set(last, [...(byName.get(last) ?? []), key]);
  }
  return {
    find: (path, same) => first(branchesAt([root], path, same))?.key,
    below: (path, same) => childrenOf(branchesAt([root], path, same)),
    named: (name) => byName.get(name) ?? [],
  };
}

function emptyBranch<K>(): Branch<K> {
  return { key: undefined, order: 0, children: [], branches: new Map(), any: undefined };
}

function add<K extends Pathed>(root: Branch<K>, key: K, order: number): void {
  let branch = root;
  for (const [i, name] of key.path.entries()) {
    if (i === key.path.length - 1) branch.children.push(key);
    branch = inside(branch, name);
  }
  if (branch.key) return;
  branch.key = key;
  branch.order = order;
}

function inside<K>(branch: Branch<K>, name: string): Branch<K> {
  if (name === '*') return (branch.any ??= emptyBranch());
  const lower = name.toLowerCase();
  const alike = branch.branches.get(lower) ?? [];
  const known = alike.find((one) => one.name === name);
  if (known) return known.branch;
  const added = emptyBranch<K>();
  branch.branches.set(lower, [...alike, { name, branch: added }]);
  return added;
}

function branchesAt<K>(from: readonly Branch<K>[], path: readonly string[], same: SameName): readonly Branch<K>[] {
  let here = from;
  for (const written of path) {
    const lower = written.toLowerCase();
    const next: Branch<K>[] = [];
    for (const { branches, any } of here) {
      for (const { name, branch } of branches.get(lower) ?? []) if (same(written, name)) next.push(branch);
      if (any) next.push(any);
    }
    if (next.length === 0) return next;
    here = next;
  }
  return here;
}

function first<K>(branches: readonly Branch<K>[]): Branch<K> | undefined {
  const [one] = branches;
  if (branches.length <= 1) return one;
  return branches
    .filter(({ key }) => key !== undefined)
    .reduce<Branch<K> | undefined>((a, b) => (a && a.order < b.order ? a : b), undefined);
}

/** The same list for the same place, where only one fits: callers keep what they work out of it. */
function childrenOf<K>(branches: readonly Branch<K>[]): readonly K[] {
  const [one] = branches;
  return one && branches.length === 1 ? one.children : branches.flatMap(({ children }) => children);
}
