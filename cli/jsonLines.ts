import type { ExitStatus, Io } from './command';

/**
 * `--jsonl`: one JSON object per input line, exactly one document per output line with the same `id`. With `parallel` 1 in input
 * order, else in the order of completion. A line that cannot be carried out is a document with `error`; the run goes on,
 * until it is cancelled: then the status is 2, and every line that was read has its document.
 */
export async function jsonLines(
  io: Io,
  parallel: number,
  answer: (input: Record<string, unknown>) => Promise<object>,
): Promise<ExitStatus> {
  const running = new Set<Promise<void>>();
  for await (const line of io.stdinLines()) {
    if (line.trim() === '') continue;
    const task: Promise<void> = answerLine(line, answer).then((document) => {
      running.delete(task);
      io.stdout(`${JSON.stringify(document)}\n`);
    });
    running.add(task);
    if (running.size >= parallel) await Promise.race(running);
  }
  await Promise.all(running);
  return io.cancellation.cancelled ? 2 : 0;
}

async function answerLine(line: string, answer: (input: Record<string, unknown>) => Promise<object>): Promise<object> {
  let id: unknown = null;
  try {
    const input: unknown = JSON.parse(line);
    if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new Error('a line must be a JSON object');
    id = 'id' in input ? input.id : null;
    return { id, ...(await answer({ ...input })) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
