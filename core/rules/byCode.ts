/** Dozens of rules ask a decoded file for the problems of their codes: they are sorted once. */
interface Coded<C extends string> {
  readonly code: C;
}

/** The problems with one of these codes, code by code. */
export function withCodes<C extends string, P extends Coded<C>>(problems: readonly P[], codes: readonly C[]): readonly P[] {
  const groups = groupsOf(problems);
  const [only] = codes;
  const found = (code: C): readonly P[] => (groups.get(code) ?? []) as readonly P[];
  return only !== undefined && codes.length === 1 ? found(only) : codes.flatMap(found);
}

const known = new WeakMap<readonly Coded<string>[], ReadonlyMap<string, readonly Coded<string>[]>>();

function groupsOf(problems: readonly Coded<string>[]): ReadonlyMap<string, readonly Coded<string>[]> {
  const before = known.get(problems);
  if (before) return before;
  const groups = new Map<string, Coded<string>[]>();
  for (const problem of problems) {
    const group = groups.get(problem.code);
    if (group) group.push(problem);
    else groups.set(problem.code, [problem]);
  }
  known.set(problems, groups);
  return groups;
}
