/** Works on all of them, at most `parallel` at once, beginning in their order. */
export async function sideBySide<T>(all: readonly T[], parallel: number, work: (one: T) => Promise<void>): Promise<void> {
  const pending = all.values();
  const worker = async (): Promise<void> => {
    for (const one of pending) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, all.length) }, worker));
}
