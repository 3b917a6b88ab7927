/** `--repeat N --every S`: how outcomes and times are spread over many runs. */
import { printableText } from '../../core/text/display';
import type { Cancellation } from '../../core/ports';
import type { ResolveDocument } from '../../core/protocol';
import type { Ran } from './run';

/** Runs one after the other, each start `everyMs` after the one before; ends early when cancelled. */
export async function repeated(
  times: number,
  everyMs: number,
  cancellation: Cancellation,
  run: () => Promise<Ran>,
): Promise<readonly Ran[]> {
  const runs: Ran[] = [];
  for (let count = 0; count < times && !cancellation.cancelled; count++) {
    const started = performance.now();
    runs.push(await run());
    if (count + 1 < times) await pause(everyMs - (performance.now() - started), cancellation);
  }
  return runs;
}

export interface RepeatDocument {
  readonly runs: number;
  /** Most frequent first. */
  readonly outcomes: readonly {
    readonly ok: boolean;
    readonly class: string | null;
    readonly reported: string | null;
    readonly count: number;
  }[];
  /** The first run, counted from one, that came out unlike the run before it; null when all are alike. */
  readonly firstDifferent: number | null;
  /** The longest that each phase of a request took in any run, in milliseconds. */
  readonly slowest: Readonly<Record<string, number>>;
}

export function repeatText(documents: readonly ResolveDocument[]): { readonly document: RepeatDocument; readonly text: string } {
  const outcomes = new Map<string, RepeatDocument['outcomes'][number]>();
  const slowest = new Map<string, number>();
  const keys: string[] = [];
  for (const { ok, rootCause, reported, attempts } of documents) {
    const key = JSON.stringify([ok, rootCause?.class, reported]);
    keys.push(key);
    outcomes.set(key, { ok, class: rootCause?.class ?? null, reported, count: (outcomes.get(key)?.count ?? 0) + 1 });
    for (const [phase, ms] of attempts.flatMap(({ timings }) => Object.entries(timings)))
      slowest.set(phase, Math.max(slowest.get(phase) ?? 0, ms));
  }
  const different = keys.findIndex((key) => key !== keys[0]);
  const document = {
    runs: documents.length,
    outcomes: [...outcomes.values()].sort((a, b) => b.count - a.count),
    firstDifferent: different < 0 ? null : different + 1,
    slowest: Object.fromEntries(slowest),
  };
  const lines = document.outcomes.map(
    ({ ok, class: id, reported, count }) =>
      `  ${count} of ${document.runs}: ${ok ? 'pulled' : `${id ?? 'failed'}: ${printableText(lastClause(reported ?? ''))}`}`,
  );
  const times = [...slowest].map(([phase, ms]) => `${phase} ${Math.round(ms)} ms`).join(', ');
  const differs = document.firstDifferent === null ? '' : `  first that differed: run ${document.firstDifferent}\n`;
  return { document, text: `Runs:\n${lines.join('\n')}\n${differs}  slowest: ${times}\n` };
}

function pause(ms: number, cancellation: Cancellation): Promise<void> {
  if (ms <= 0 || cancellation.cancelled) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    const release = cancellation.onCancelled(done);
    function done(): void {
      clearTimeout(timer);
      release();
      resolve();
    }
  });
}

/** The innermost part of an error, after the last `": "` that ends a wrapped name or URL. */
function lastClause(text: string): string {
  return text.split('\n', 1)[0]?.split(': ').slice(-2).join(': ') ?? '';
}
