import { posix } from 'node:path';
import type { ConfigTree } from '../core/ports';

/** `tree` with the open documents laid over it; every path that is asked for is put into `touched`. */
export function trackedTree(tree: ConfigTree, textAt: (path: string) => string | undefined, touched: Set<string>): ConfigTree {
  const open = (path: string): string | undefined => {
    const whole = posix.resolve('/', path);
    touched.add(whole);
    return textAt(whole);
  };
  return {
    rooted: tree.rooted,
    stat: (path) => (open(path) === undefined ? tree.stat(path) : 'file'),
    read: (path) => open(path) ?? tree.read(path),
    notUtf8: (path) => open(path) === undefined && (tree.notUtf8?.(path) ?? false),
    list: (path) => {
      touched.add(posix.resolve('/', path));
      return tree.list(path);
    },
    pem: (path) => {
      touched.add(posix.resolve('/', path));
      return tree.pem(path);
    },
  };
}
