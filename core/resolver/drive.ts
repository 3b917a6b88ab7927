/** Running a machine: against the world, and against what was observed. */
import type { Cancellation, Clock, HttpOutcome, HttpRequest, SendRequest } from '../ports';
import type { Message } from '../text/message';
import { faultOf, faultOutcome, type FaultRule } from './faults';
import type { Exchange, Machine } from './machine';
import { lacksBody, observationAt, requestKey, whyUnread, type Attempt, type Observations } from './observations';
import { schedule, type Ending, type Strand } from './schedule';

/** Attempts stand lane by lane: what was asked side by side comes one after the other, whatever was answered first. */
export type Driven<T> = (Ending<T> | { readonly status: 'cancelled' }) & { readonly attempts: readonly Attempt[] };

export function runLive<T>(
  machine: Machine<T>,
  send: SendRequest,
  clock: Clock,
  onAttempt: (attempt: Attempt) => void,
  cancellation?: Cancellation,
): Promise<Driven<T>> {
  const began = clock.monotonicMs();
  const journal = new Journal(onAttempt);
  return new Promise((resolve, reject) => {
    let root: Strand | undefined;
    let release: (() => void) | undefined;
    const end = (ending: Ending<T> | { readonly status: 'cancelled' }): void => {
      release?.();
      resolve({ ...ending, attempts: journal.attempts() });
    };
    const stop = (): void => {
      root?.stop();
      end({ status: 'cancelled' });
    };
    const refuse = (reason: Message, exchange: Exchange): void => {
      root?.stop();
      end({ status: 'refused', reason, exchange });
    };
    const ask = (exchange: Exchange, strand: Strand): void => {
      if (exchange.refuse !== undefined) {
        refuse(exchange.refuse, exchange);
        return;
      }
      const startedMs = clock.monotonicMs() - began;
      const note = journal.place(strand, exchange, startedMs);
      const free = strand.onCancelled(() => note(givenUp(clock.monotonicMs() - began - startedMs)));
      send(exchange.request, strand).then((outcome) => {
        free();
        if (strand.cancelled) return;
        note(outcome);
        const reason = whyUnread(outcome);
        if (reason) refuse(reason, exchange);
        else strand.advance(outcome);
      }, reject);
    };
    if (cancellation?.cancelled === true) stop();
    else {
      release = cancellation?.onCancelled(stop);
      root = schedule(machine, ask, end);
    }
  });
}

function givenUp(total: number): HttpOutcome {
  return { ok: false, failure: { kind: 'cancelled' }, timings: { total } };
}

export interface RecordedOptions {
  readonly faults?: readonly FaultRule[];
  /** Under which key a request stands among the observations. */
  readonly keyOf?: (request: HttpRequest) => string;
  readonly onAttempt?: (attempt: Attempt) => void;
}

/**
 * The same pull over what was observed. Of what is asked side by side, what was answered first then is answered first now. A request
 * that was not seen is never answered: the machine ends without it, or stops there, for nothing is invented.
 */
export function runRecorded<T>(
  machine: Machine<T>,
  observations: Observations,
  { faults = [], keyOf = requestKey, onAttempt = () => undefined }: RecordedOptions = {},
): Ending<T> & { readonly attempts: readonly Attempt[] } {
  const taken = new Map<string, number>();
  const journal = new Journal(onAttempt);
  let waiting: Waiting[] = [];
  const ask = (exchange: Exchange, strand: Strand): void => {
    const { request } = exchange;
    const key = keyOf(request);
    const index = taken.get(key) ?? 0;
    taken.set(key, index + 1);
    const fault = faultOf(faults, request);
    const seen = fault ? { outcome: faultOutcome(fault, request), order: -1 } : observationAt(observations.get(key) ?? [], index);
    const known = seen && !lacksBody(request, seen.outcome);
    waiting.push({ exchange, strand, outcome: known ? seen.outcome : undefined, order: known ? seen.order : Infinity });
  };
  let ending: Ending<T> | undefined;
  schedule(machine, ask, (how) => (ending = how));
  for (let first = earliest(waiting); !ending && first; first = earliest(waiting)) {
    const { exchange, strand, outcome } = first;
    if (!outcome)
      ending = exchange.refuse === undefined ? { status: 'needs', exchange } : { status: 'refused', reason: exchange.refuse, exchange };
    else {
      waiting = waiting.filter((one) => one !== first && !one.strand.cancelled);
      journal.place(strand, exchange, 0)(outcome);
      strand.advance(outcome);
      waiting = waiting.filter((one) => !one.strand.cancelled);
    }
  }
  if (!ending) throw new Error('a pull waits for nothing');
  return { ...ending, attempts: journal.attempts() };
}

interface Waiting {
  readonly exchange: Exchange;
  readonly strand: Strand;
  readonly outcome: HttpOutcome | undefined;
  /** Infinity: nobody knows. */
  readonly order: number;
}

function earliest(waiting: readonly Waiting[]): Waiting | undefined {
  const [one] = waiting;
  return one && waiting.reduce((best, other) => (other.order < best.order ? other : best), one);
}

/** Attempts as they come, to be told by their places. */
class Journal {
  readonly #attempts: { readonly place: readonly number[]; readonly attempt: Attempt }[] = [];

  constructor(private readonly onAttempt: (attempt: Attempt) => void) {}

  /** The place of a request that is made now; what comes of it is told later. */
  place(strand: Strand, { phase, request }: Exchange, startedMs: number): (outcome: HttpOutcome) => void {
    const { place } = strand;
    return (outcome) => {
      const attempt = { phase, request, outcome, startedMs, order: this.#attempts.length };
      this.#attempts.push({ place, attempt });
      this.onAttempt(attempt);
    };
  }

  attempts(): readonly Attempt[] {
    return [...this.#attempts].sort((one, other) => inOrder(one.place, other.place)).map(({ attempt }) => attempt);
  }
}

function inOrder(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? -1);
}
