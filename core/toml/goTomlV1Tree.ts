/** The tree that go-toml v1 builds (toml.go), as far as it decides what is refused: values are all alike. */
export interface Tree {
  readonly kind: 'tree';
  /** Written as `{ … }`, or made below one. */
  inline: boolean;
  readonly values: Map<string, TreeValue>;
}

/** An array of tables, and an array that holds inline tables only. Its newest element stands for it in a path. */
export interface Trees {
  readonly kind: 'trees';
  readonly items: Tree[];
}

export type TreeValue = Tree | Trees | { readonly kind: 'value' };

export function treeOf(inline = false): Tree {
  return { kind: 'tree', inline, values: new Map() };
}

/** GetPath. */
export function valueAtPath(tree: Tree, path: readonly string[]): TreeValue | undefined {
  let value: TreeValue | undefined = tree;
  for (const key of path) {
    const inside: Tree | undefined = value && asTree(value);
    if (!inside) return undefined;
    value = inside.values.get(key);
  }
  return value;
}

/** createSubTree: the tree at `path`, made where it is missing; undefined when a value is in the way. */
export function makeTrees(tree: Tree, path: readonly string[]): Tree | undefined {
  let inside = tree;
  for (const key of path) {
    const present: TreeValue = inside.values.get(key) ?? treeOf(inside.inline);
    inside.values.set(key, present);
    const next = asTree(present);
    if (!next) return undefined;
    inside = next;
  }
  return inside;
}

/** SetPath. It overwrites, and steps over a value that is no tree as if that key were not in the path. */
export function setPath(tree: Tree, path: readonly string[], value: TreeValue): void {
  let inside = tree;
  for (const key of path.slice(0, -1)) {
    const present = inside.values.get(key) ?? treeOf();
    inside.values.set(key, present);
    inside = asTree(present) ?? inside;
  }
  inside.values.set(path.at(-1) ?? '', value);
}

export function asTree(value: TreeValue): Tree | undefined {
  return value.kind === 'trees' ? value.items.at(-1) : value.kind === 'tree' ? value : undefined;
}

/** The header texts seen so far, cut at every dot: `[[a]]` forgets all headers that start with `a.`. */
export interface SeenHeaders {
  seen: boolean;
  readonly below: Map<string, SeenHeaders>;
}

export function seenHeaders(): SeenHeaders {
  return { seen: false, below: new Map() };
}

export function seenAt(root: SeenHeaders, header: string): SeenHeaders {
  let node = root;
  for (const part of header.split('.')) {
    const next = node.below.get(part) ?? seenHeaders();
    node.below.set(part, next);
    node = next;
  }
  return node;
}
