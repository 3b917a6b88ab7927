/** `--repeat N --every S`: how outcomes and times are spread over many runs. */
import type { Cancellation } from '../../core/ports';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { printableText } from '../../core/text/display';
import type { Catalog } from '../../core/text/message';
import { CallError } from '../command';
import { sayIn, type Phrase, type Say } from '../format/phrases';
import type { Ran } from './run';

/** Runs one after the other, each start `everyMs` after the one before. When cancelled, those that came to an end count. */
export async function repeated(
  times: number,
  everyMs: number,
  cancellation: Cancellation,
  run: (count: number) => Promise<Ran>,
): Promise<readonly Ran[]> {
  const runs: Ran[] = [];
  for (let count = 1; count <= times && !cancellation.cancelled; count++) {
    const started = performance.now();
    try {
      runs.push(await run(count));
    } catch (error) {
      if (runs.length > 0 && error instanceof CallError && error.kind === 'cancelled') break;
      throw error;
    }
    if (count < times) await pause(everyMs - (performance.now() - started), cancellation);
  }
  return runs;
}

export interface RepeatDocument {
  /** Those that came to an end. */
  readonly runs: number;
  /** More than `runs` where it was interrupted. */
  readonly asked: number;
  /** Most frequent first; `in` are the runs that came out so, counted from one. */
  readonly outcomes: readonly {
    readonly ok: boolean;
    readonly class: string | null;
    readonly reported: string | null;
    readonly count: number;
    readonly in: readonly number[];
  }[];
  /** The first run, counted from one, that came out unlike the first; null when all are alike. */
  readonly firstDifferent: number | null;
  /** For each phase of a request, in milliseconds: the longest of all, in which run it was, and the median. */
  readonly slowest: Readonly<Record<string, { readonly ms: number; readonly run: number; readonly medianMs: number }>>;
  /** The run that is shown in full: the first that failed or has findings, else the last. */
  readonly shown: number;
}

export function repeatDocument(documents: readonly ResolveDocument[], asked: number): RepeatDocument {
  const outcomes = new Map<string, RepeatDocument['outcomes'][number]>();
  const keys = documents.map(({ ok, rootCause, reported, findings }) =>
    JSON.stringify([ok, rootCause?.class ?? findings[0]?.id, withoutChance(reported ?? '')]),
  );
  for (const [index, { ok, rootCause, reported, findings }] of documents.entries()) {
    const key = keys[index] ?? '';
    const runs = [...(outcomes.get(key)?.in ?? []), index + 1];
    outcomes.set(key, { ok, class: rootCause?.class ?? findings[0]?.id ?? null, reported, count: runs.length, in: runs });
  }
  const different = keys.findIndex((key) => key !== keys[0]);
  const bad = documents.findIndex(({ ok, findings }) => !ok || findings.length > 0);
  return {
    runs: documents.length,
    asked,
    outcomes: [...outcomes.values()].sort((a, b) => b.count - a.count),
    firstDifferent: different < 0 ? null : different + 1,
    slowest: slowestOf(documents),
    shown: bad < 0 ? documents.length : bad + 1,
  };
}

function slowestOf(documents: readonly ResolveDocument[]): RepeatDocument['slowest'] {
  const times = new Map<string, { readonly ms: number; readonly run: number }[]>();
  for (const [index, { attempts }] of documents.entries())
    for (const [phase, ms] of attempts.flatMap(({ timings }) => Object.entries(timings)))
      times.set(phase, [...(times.get(phase) ?? []), { ms, run: index + 1 }]);
  return Object.fromEntries(
    [...times].map(([phase, all]) => {
      const sorted = [...all].sort((a, b) => a.ms - b.ms);
      const ms = sorted.at(-1)?.ms ?? 0;
      const run = all.find((one) => one.ms === ms)?.run ?? 0;
      return [phase, { ms, run, medianMs: sorted[Math.floor((sorted.length - 1) / 2)]?.ms ?? 0 }];
    }),
  );
}

/** One line per run, while it happens. */
export function runText(count: number, { ok, rootCause, findings, attempts }: ResolveDocument, catalogs: readonly Catalog[]): string {
  const say = sayIn(catalogs);
  const ms = attempts.reduce((total, { timings }) => total + (timings['total'] ?? 0), 0);
  const id = rootCause?.class ?? findings[0]?.id;
  const what = [...(ok ? [say('pulls-it')] : []), ...(id === undefined ? [] : [id])].join(', ') || say('fails');
  return `  ${say('repeat-run', { run: count })}  ${what}  ${Math.round(ms)} ms\n`;
}

export function repeatText(document: RepeatDocument, catalogs: readonly Catalog[]): string {
  const say = sayIn(catalogs);
  const { runs, asked, outcomes, firstDifferent, slowest } = document;
  const lines = outcomes.map((outcome, index) =>
    say(index === 0 ? 'repeat-share' : 'repeat-rare', {
      count: outcome.count,
      runs,
      share: percent(outcome.count, runs),
      in: listed(outcome.in),
      outcome: outcomeText(outcome, say),
    }),
  );
  const inOrder = Object.entries(slowest).sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
  const times = inOrder.map(([phase, { ms, run, medianMs }]) =>
    say('repeat-slowest', { phase: phaseText(phase, say), ms: Math.round(ms), run, median: Math.round(medianMs) }),
  );
  return [
    runs < asked ? say('repeat-part', { runs, asked }) : say('repeat-title', { runs }),
    ...lines.map((line) => `  ${line}`),
    ...(firstDifferent === null ? [] : [`  ${say('repeat-first', { run: firstDifferent, shown: document.shown })}`]),
    ...(times.length === 0 ? [] : [say('repeat-times'), ...times.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

function outcomeText({ ok, class: id, reported }: RepeatDocument['outcomes'][number], say: Say): string {
  if (ok) return [say('pulls-it'), ...(id === null ? [] : [id])].join(', ');
  const words = printableText(lastClause(reported ?? ''));
  return [id ?? say('fails'), ...(words === '' ? [] : [words])].join(': ');
}

const phases: Readonly<Record<string, Phrase>> = {
  dns: 'phase-dns',
  connect: 'phase-connect',
  tls: 'phase-tls',
  firstByte: 'phase-first-byte',
  total: 'phase-total',
};

const order = Object.keys(phases);

function phaseText(phase: string, say: Say): string {
  const phrase = phases[phase];
  return phrase === undefined ? phase : say(phrase);
}

function percent(count: number, of: number): string {
  return `${((100 * count) / of).toFixed(1)} %`;
}

/** As many as show a rhythm. */
const listedRuns = 12;

function listed(runs: readonly number[]): string {
  return `${runs.slice(0, listedRuns).join(', ')}${runs.length > listedRuns ? ', …' : ''}`;
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

/** The port of our own end of a connection and the time of day differ from run to run. */
function withoutChance(reported: string): string {
  return reported.replace(/:\d+->/g, ':*->').replace(/current time \S+/g, 'current time *');
}

/** The innermost part of an error, after the last `": "` that ends a wrapped name or URL. */
function lastClause(text: string): string {
  return text.split('\n', 1)[0]?.split(': ').slice(-2).join(': ') ?? '';
}
