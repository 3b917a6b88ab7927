/** `--transcript` and `--replay`: the requests of a replay and their answers as a file, without secrets. */
import { field, jsonKind, unmarshal } from '../go/json';
import type { HttpOutcome, HttpRequest } from '../ports';
import { type Attempt, inOrderOfAnswers, observationsOf, requestKey, type Observations } from '../resolver/observations';
import { hideSecrets } from './hideSecrets';
import { redactText } from './redactText';

/** One line per request, as the answers came in: the key under which a replay finds it, and what came of it. */
interface Line {
  readonly key: string;
  readonly outcome: HttpOutcome;
}

const kind = 'containerd-runbooks transcript';

export function writeTranscript(attempts: readonly Attempt[]): string {
  const lines: Line[] = inOrderOfAnswers(attempts).map(({ request, outcome }) => ({
    key: hiddenKey(request),
    outcome: withoutSecretsOf(outcome),
  }));
  return `${JSON.stringify({ kind, schema: 1 })}\n${lines.map((line) => `${JSON.stringify(line)}\n`).join('')}`;
}

export type ReadTranscript = { readonly ok: true; readonly observations: Observations } | { readonly ok: false; readonly error: string };

/** Reads what writeTranscript wrote. Hostile input: every line is checked before it is believed. */
export function readTranscript(text: string): ReadTranscript {
  const [head = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '');
  const header = unmarshal(head);
  if (!header.ok || field(header.value, 'kind') !== kind) return { ok: false, error: 'is no transcript of containerd-runbooks resolve' };
  const answers: (readonly [string, HttpOutcome])[] = [];
  for (const [index, text] of rest.entries()) {
    const parsed = unmarshal(text);
    const key = parsed.ok ? field(parsed.value, 'key') : undefined;
    const outcome = parsed.ok ? readOutcome(field(parsed.value, 'outcome')) : undefined;
    if (typeof key !== 'string' || !outcome) return { ok: false, error: `line ${index + 2} is no request of a transcript` };
    answers.push([key, outcome]);
  }
  return { ok: true, observations: observationsOf(answers) };
}

/** Under which key a request stands in a transcript: without the user of its URL, who may be hidden in the answer that led there. */
export function hiddenKey(request: HttpRequest): string {
  return requestKey({ ...request, url: hideSecrets(request.url).replace(/^(https?:\/\/)[^/?#]*@/, '$1') });
}

/** An answer as it may be kept. A manifest stays as it is, byte for byte: its digest is looked at again. */
export function withoutSecretsOf(outcome: HttpOutcome): HttpOutcome {
  if (!outcome.ok) return outcome;
  const headers = outcome.headers
    .filter(([name]) => name !== 'set-cookie')
    .map(([name, value]) => [name, name === 'location' ? hideSecrets(value) : redactText(value)] as const);
  const { body, status } = outcome;
  return { ...outcome, headers, ...(body !== undefined && { body: status > 299 ? redactText(body) : withoutToken(body) }) };
}

/** A token is a secret; that there was one, and for how long, is not. */
function withoutToken(body: string): string {
  const parsed = unmarshal(body);
  if (!parsed.ok || jsonKind(parsed.value) !== 'object' || !Object.keys(parsed.value as object).some((name) => /token/i.test(name)))
    return body;
  const entries = Object.entries(parsed.value as object).map(
    ([name, value]: [string, unknown]) =>
      [name, /token/i.test(name) && typeof value === 'string' && value !== '' ? 'REDACTED' : value] as const,
  );
  return JSON.stringify(Object.fromEntries(entries));
}

export function readOutcome(value: unknown): HttpOutcome | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [isOk, timings] = [field(value, 'ok'), field(value, 'timings')];
  if (jsonKind(timings) !== 'object') return undefined;
  if (isOk === false) return typeof field(field(value, 'failure'), 'kind') === 'string' ? (value as HttpOutcome) : undefined;
  const headers = field(value, 'headers');
  const areHeaders =
    Array.isArray(headers) && headers.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string');
  const isResponse =
    isOk === true && typeof field(value, 'status') === 'number' && typeof field(value, 'statusText') === 'string' && areHeaders;
  return isResponse ? (value as HttpOutcome) : undefined;
}
