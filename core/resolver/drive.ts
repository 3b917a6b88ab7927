/** Running a machine: against the world, against what was observed, and with faults put before the answers. */
import type { Cancellation, Clock, HttpOutcome, HttpRequest, NetFailure } from '../ports';
import { statusText } from '../go/status';
import { headerValue } from './client';
import type { Exchange, Machine, Phase } from './machine';

/** One request that was made, and what came of it. */
export interface Attempt {
  readonly phase: Phase;
  readonly request: HttpRequest;
  readonly outcome: HttpOutcome;
  /** Milliseconds since the pull began. */
  readonly startedMs: number;
}

export type Driven<T> =
  | { readonly status: 'done'; readonly value: T }
  | { readonly status: 'cancelled' }
  /** `send` had no answer to give: a transcript that does not hold this request. */
  | { readonly status: 'needs'; readonly exchange: Exchange }
  | { readonly status: 'refused'; readonly reason: string };

/** More requests than any pull makes: a registry that keeps us busy ends here. */
const maxRequests = 5000;

/** SendRequest, or a transcript that may not know the answer. */
export type SendOrNothing = (request: HttpRequest, cancellation: Cancellation | undefined) => Promise<HttpOutcome | undefined>;

export async function runLive<T>(
  machine: Machine<T>,
  send: SendOrNothing,
  clock: Clock,
  onAttempt: (attempt: Attempt) => void,
  cancellation?: Cancellation,
): Promise<Driven<T>> {
  const began = clock.monotonicMs();
  let step = machine.next();
  for (let made = 0; !step.done; made++) {
    const { phase, request, refuse } = step.value;
    if (refuse !== undefined) return { status: 'refused', reason: refuse };
    if (made >= maxRequests) return { status: 'refused', reason: `${maxRequests} requests were made and the pull had not come to an end` };
    if (cancellation?.cancelled) return { status: 'cancelled' };
    const startedMs = clock.monotonicMs() - began;
    const outcome = await send(request, cancellation);
    if (cancellation?.cancelled) return { status: 'cancelled' };
    if (!outcome) return { status: 'needs', exchange: step.value };
    onAttempt({ phase, request, outcome, startedMs });
    step = machine.next(outcome);
  }
  return { status: 'done', value: step.value };
}

/** What has been seen of the world, by request. */
export type Observations = ReadonlyMap<string, readonly HttpOutcome[]>;

export function observe(attempts: readonly Attempt[]): Map<string, HttpOutcome[]> {
  const seen = new Map<string, HttpOutcome[]>();
  for (const { request, outcome } of attempts) {
    const key = requestKey(request);
    const outcomes = seen.get(key);
    if (outcomes) outcomes.push(outcome);
    else seen.set(key, [outcome]);
  }
  return seen;
}

export type Predicted<T> =
  | { readonly status: 'done'; readonly value: T }
  | { readonly status: 'needs'; readonly exchange: Exchange }
  | { readonly status: 'refused'; readonly reason: string };

/** The same pull over what was observed. A request that was not seen stops it: nothing is invented. */
export function runRecorded<T>(machine: Machine<T>, observations: Observations): Predicted<T> {
  const taken = new Map<string, number>();
  let step = machine.next();
  for (let made = 0; !step.done; made++) {
    const { request, refuse } = step.value;
    if (refuse !== undefined || made >= maxRequests) return { status: 'refused', reason: refuse ?? 'too many requests' };
    const key = requestKey(request);
    const index = taken.get(key) ?? 0;
    taken.set(key, index + 1);
    const outcome = outcomeAt(observations.get(key) ?? [], index);
    if (!outcome || lacksBody(request, outcome)) return { status: 'needs', exchange: step.value };
    step = machine.next(outcome);
  }
  return { status: 'done', value: step.value };
}

/** Answers from what was observed, each request its next outcome; `keyOf` says under which key a request stands there. */
export function recordedSend(observations: Observations, keyOf: (request: HttpRequest) => string = requestKey): SendOrNothing {
  const taken = new Map<string, number>();
  return (request) => {
    const key = keyOf(request);
    const index = taken.get(key) ?? 0;
    taken.set(key, index + 1);
    return Promise.resolve(outcomeAt(observations.get(key) ?? [], index));
  };
}

/** A fault of `--fault 'METHOD URL-GLOB=WHAT'`: `HEAD *\/manifests/*=timeout`, `*=503`. */
export interface FaultRule {
  readonly method: string | undefined;
  readonly glob: string;
  readonly fault: 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | number;
}

/** Reads a rule; undefined when it is none. */
export function parseFault(text: string): FaultRule | undefined {
  const equals = text.lastIndexOf('=');
  if (equals < 0) return undefined;
  const [pattern, what] = [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
  const fault = /^[1-5]\d\d$/.test(what)
    ? Number(what)
    : (['timeout', 'refused', 'reset', 'dns', 'tls'] as const).find((name) => name === what);
  const match = /^(HEAD|GET|POST|\*)\s+(\S+)$/.exec(pattern);
  if (fault === undefined || pattern === '' || (!match && /\s/.test(pattern))) return undefined;
  return { method: match && match[1] !== '*' ? match[1] : undefined, glob: match?.[2] ?? pattern, fault };
}

/** Answers requests that a rule names with its fault; all others go on to `send`. */
export function withFaults(send: SendOrNothing, rules: readonly FaultRule[]): SendOrNothing {
  return (request, cancellation) => {
    const rule = faultOf(rules, request);
    return rule ? Promise.resolve(faultOutcome(rule, request)) : send(request, cancellation);
  };
}

/** The first rule that names this request. */
export function faultOf(rules: readonly FaultRule[], request: HttpRequest): FaultRule | undefined {
  return rules.find(({ method, glob }) => (method === undefined || method === request.method) && matchesGlob(glob, request.url));
}

/** `*` stands for any text; everything else for itself. Linear: each part is looked for once, from where the one before ended. */
export function matchesGlob(glob: string, text: string): boolean {
  const parts = glob.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return glob === text;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** Requests that a registry answers alike. The secret itself is no part of it, only how it is shown. */
export function requestKey({ method, url, headers }: HttpRequest): string {
  const scheme = headerValue(headers, 'authorization')?.split(' ', 1)[0] ?? '';
  return `${method} ${url} ${scheme} ${headerValue(headers, 'range') ?? ''}`;
}

/** The next outcome; past the last one the same again, if the last two were alike: then asking once more changes nothing. */
function outcomeAt(outcomes: readonly HttpOutcome[], index: number): HttpOutcome | undefined {
  const found = outcomes[index];
  if (found || outcomes.length < 2) return found;
  const [before, last] = outcomes.slice(-2);
  const alike =
    before?.ok === true && last?.ok === true
      ? before.status === last.status
      : before?.ok === false && last?.ok === false && before.failure.kind === last.failure.kind;
  return alike ? last : undefined;
}

function lacksBody(request: HttpRequest, outcome: HttpOutcome): boolean {
  if (!outcome.ok || outcome.status > 299 || request.method === 'HEAD') return false;
  if (request.want.body === 'text') return outcome.body === undefined;
  return request.want.body === 'digest' && outcome.size === undefined;
}

function faultOutcome({ fault }: FaultRule, request: HttpRequest): HttpOutcome {
  if (typeof fault === 'number')
    return { ok: true, status: fault, statusText: statusText(fault), headers: [], body: '', timings: { total: 0 } };
  const failure = faultFailure(fault, request);
  return { ok: false, failure, timings: { total: fault === 'timeout' ? request.dialTimeoutMs : 0 } };
}

/** The address of a simulated failure is from the block for documentation: nobody was asked. */
function faultFailure(fault: Exclude<FaultRule['fault'], number>, { url }: HttpRequest): NetFailure {
  const authority = /^https?:\/\/([^/?#]*)/.exec(url)?.[1] ?? '';
  const host = authority.replace(/:\d*$/, '');
  const port = /:(\d+)$/.exec(authority)?.[1] ?? (url.startsWith('https:') ? '443' : '80');
  const address = `192.0.2.1:${port}`;
  switch (fault) {
    case 'timeout':
      return { kind: 'dial', address, reason: 'i/o timeout' };
    case 'refused':
      return { kind: 'dial', address, reason: 'connection refused' };
    case 'reset':
      return { kind: 'read', local: '192.0.2.2:40000', address, reason: 'connection reset by peer' };
    case 'dns':
      return { kind: 'lookup', host, server: '192.0.2.53:53', reason: 'no such host' };
    case 'tls':
      return { kind: 'tls', reason: { kind: 'unknown-authority' } };
  }
}
