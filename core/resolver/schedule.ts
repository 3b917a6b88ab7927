/** Steps a machine and the lanes it opens. Who answers the requests, and when, is the caller's business. */
import type { Cancellation, HttpOutcome } from '../ports';
import { message, type Message } from '../text/message';
import type { Exchange, Machine, Parallel } from './machine';

export type Ending<T> =
  | { readonly status: 'done'; readonly value: T }
  /** Nobody has an answer to this one: a transcript that does not hold it. */
  | { readonly status: 'needs'; readonly exchange: Exchange }
  /** Nobody is to answer this one, or has an answer that says nothing of containerd. */
  | { readonly status: 'refused'; readonly reason: Message; readonly exchange: Exchange };

/** Brings an answer to `strand.advance`, now or later; not for a strand that was stopped meanwhile. */
export type Ask = (exchange: Exchange, strand: Strand) => void;

/** Starts a machine; the strand it returns is stopped to end it early, and then `ended` is not called. */
export function schedule<T>(machine: Machine<T>, ask: Ask, ended: (ending: Ending<T>) => void): Strand {
  const run: Run = { ask, made: 0, paused: new Set(), refuse: (reason, exchange) => end({ status: 'refused', reason, exchange }) };
  const root = new Strand(run, machine, (value) => ended({ status: 'done', value: value as T }));
  const end = (ending: Ending<T>): void => {
    root.stop();
    ended(ending);
  };
  root.advance(nothing);
  return root;
}

/** More requests than any pull makes: a registry that keeps us busy ends here. */
const maxRequests = 5000;

/** What a machine gets at its start, after a group and after a pause. */
const nothing: HttpOutcome = { ok: false, failure: { kind: 'cancelled' }, timings: { total: 0 } };

interface Run {
  readonly ask: Ask;
  made: number;
  readonly paused: Set<{ readonly strand: Strand; readonly until: () => boolean }>;
  readonly refuse: (reason: Message, exchange: Exchange) => void;
}

/** A machine, or one lane of a group in it. Its cancellation is for the request it waits for. */
export class Strand implements Cancellation {
  cancelled = false;
  #groups = 0;
  #lanes: Strand[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly run: Run,
    private readonly machine: Machine<unknown>,
    private readonly finished: (value: unknown) => void,
    private readonly lane: readonly number[] = [],
  ) {}

  /** Where its next request stands among those of all strands: before, within or after the lanes that were opened meanwhile. */
  get place(): readonly number[] {
    return [...this.lane, 2 * this.#groups];
  }

  onCancelled(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const lane of this.#lanes) lane.stop();
    for (const listener of [...this.#listeners]) listener();
  }

  /** Goes on with the answer to the request it asked last. */
  advance(outcome: HttpOutcome): void {
    if (this.cancelled) return;
    const { done, value } = this.machine.next(outcome);
    if (done === true) this.finished(value);
    else if ('lanes' in value) this.#fan(value);
    else if ('until' in value) this.run.paused.add({ strand: this, until: value.until });
    else this.#ask(value);
    this.#wake();
  }

  #ask(exchange: Exchange): void {
    const { run } = this;
    if (run.made++ >= maxRequests) run.refuse(message('replay-stopped/endless', { requests: maxRequests }), exchange);
    else run.ask(exchange, this);
  }

  /** Lanes start in their order, as many as may run; the next one when one of them is done. */
  #fan({ lanes, limit }: Parallel): void {
    const group = [...this.lane, 2 * this.#groups++ + 1];
    let next = 0;
    let running = 0;
    let over = false;
    let filling = false;
    const leave = (): void => {
      over = true;
      for (const lane of this.#lanes) lane.stop();
      this.#lanes = [];
      this.advance(nothing);
    };
    const fill = (): void => {
      filling = true;
      for (let machine = lanes[next]; machine && running < limit && !over; machine = lanes[next]) {
        running++;
        const lane = new Strand(this.run, machine, (goOn) => finish(lane, goOn === true), [...group, next++]);
        this.#lanes.push(lane);
        lane.advance(nothing);
      }
      filling = false;
      if (!over && running === 0) leave();
    };
    const finish = (lane: Strand, goOn: boolean): void => {
      running--;
      this.#lanes = this.#lanes.filter((one) => one !== lane);
      if (!goOn) leave();
      else if (!filling) fill();
    };
    fill();
  }

  #wake(): void {
    for (const paused of this.run.paused) {
      if (!paused.strand.cancelled && !paused.until()) continue;
      this.run.paused.delete(paused);
      paused.strand.advance(nothing);
    }
  }
}
