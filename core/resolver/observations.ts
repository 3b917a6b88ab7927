/** What was seen of the world, for machines that run over it later. */
import type { HttpOutcome, HttpRequest, NetFailure } from '../ports';
import { message, type Message } from '../text/message';
import { headerValue } from './headers';
import type { Phase } from './machine';

/** One request that was made, and what came of it. */
export interface Attempt {
  readonly phase: Phase;
  readonly request: HttpRequest;
  readonly outcome: HttpOutcome;
  /** Milliseconds since the pull began. */
  readonly startedMs: number;
  /** How many answers had come before this one. */
  readonly order: number;
}

/** Outcomes by request, in the order in which they came; `order` is over all requests. */
export type Observations = ReadonlyMap<string, readonly Observation[]>;

export interface Observation {
  readonly outcome: HttpOutcome;
  readonly order: number;
}

export function observe(attempts: readonly Attempt[]): Observations {
  return observationsOf(inOrderOfAnswers(attempts).map(({ request, outcome }) => [requestKey(request), outcome]));
}

/** Attempts as their answers came in; one that was given up has none, nor has one that we could not make or read. */
export function inOrderOfAnswers(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts
    .filter(({ outcome }) => (outcome.ok || outcome.failure.kind !== 'cancelled') && whyUnread(outcome) === undefined)
    .sort((one, other) => one.order - other.order);
}

/** Why this is nothing that containerd would have got: we could not make the request, or not read its answer. */
export function whyUnread(outcome: HttpOutcome): Message | undefined {
  const failure = outcome.ok ? outcome.bodyFailure : outcome.failure;
  const cause: NetFailure | undefined = failure?.kind === 'proxyconnect' ? failure.cause : failure;
  if (cause?.kind !== 'unavailable') return undefined;
  return cause.message ?? message('replay-stopped/unavailable', { reason: cause.reason });
}

export function observationsOf(answers: Iterable<readonly [string, HttpOutcome]>): Observations {
  const seen = new Map<string, Observation[]>();
  let order = 0;
  for (const [key, outcome] of answers) {
    const known = seen.get(key) ?? [];
    known.push({ outcome, order: order++ });
    seen.set(key, known);
  }
  return seen;
}

/** Requests that a registry answers alike. The secret itself is no part of it, only how it is shown. */
export function requestKey({ method, url, headers }: HttpRequest): string {
  const scheme = headerValue(headers, 'authorization')?.split(' ', 1)[0] ?? '';
  return `${method} ${url} ${scheme} ${headerValue(headers, 'range') ?? ''}`;
}

/** The next answer; past the last one the same again, if the last two were alike: then asking once more changes nothing. */
export function observationAt(observed: readonly Observation[], index: number): Observation | undefined {
  const found = observed[index];
  if (found || observed.length < 2) return found;
  const [before, last] = observed.slice(-2).map(({ outcome }) => outcome);
  const alike =
    before?.ok === true && last?.ok === true
      ? before.status === last.status
      : before?.ok === false && last?.ok === false && before.failure.kind === last.failure.kind;
  return alike ? observed.at(-1) : undefined;
}

/** The body was not read then, and is wanted now. */
export function lacksBody(request: HttpRequest, outcome: HttpOutcome): boolean {
  if (!outcome.ok || outcome.status > 299 || request.method === 'HEAD') return false;
  if (request.want.body === 'text') return outcome.body === undefined;
  return request.want.body === 'digest' && outcome.size === undefined;
}
