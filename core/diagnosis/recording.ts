/**
 * What a node answered, as a file: JSON lines without secrets. A line of a request is one of a transcript. Scripts are known by their hash,
 * which whoever does the I/O makes: none of their text, and no input, is in the file.
 */
import { field, jsonKind, unmarshal } from '../go/json';
import type { HttpOutcome, NetFailure, RunResult } from '../ports';
import { redactFile, redactStrings, redactToml } from './redact';
import { readOutcome, withoutSecretsOf } from './transcript';

/** One answer, under the key of what was asked. `dialled`: why there was no connection, or what the other side said unasked. */
export type Answer =
  | { readonly key: string; readonly result: RunResult }
  | { readonly key: string; readonly dialled: NetFailure | { readonly heard: string } }
  | { readonly key: string; readonly outcome: HttpOutcome };

export interface Recording {
  /** As the user named the node. */
  readonly node: string;
  readonly takenMs: number;
  readonly answers: readonly Answer[];
}

const kind = 'containerd-runbooks recording';

/**
 * Redacts once all is known: a secret of one file is taken out of every other text, and of keys before they are hashed, for a hash of a
 * password can be guessed.
 */
export function writeRecording({ node, takenMs, answers }: Recording, hash: (key: string) => string): string {
  const cleaned = redactStrings((found) => answers.map((answer) => withoutSecrets(answer, found)));
  const lines = cleaned.map((answer, index) => {
    const original = answers[index];
    return 'result' in answer
      ? { ...answer, key: hash(answer.key) }
      : original && 'outcome' in original
        ? withContent(answer, original)
        : answer;
  });
  return [{ kind, schema: 1, node, takenMs }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What a registry serves stays byte for byte: it has a digest. */
function withContent(answer: Answer, { outcome: original }: Extract<Answer, { readonly outcome: HttpOutcome }>): Answer {
  if (!('outcome' in answer) || !answer.outcome.ok || answer.outcome.status > 299) return answer;
  const kept = withoutSecretsOf(original);
  return kept.ok && kept.body !== undefined ? { ...answer, outcome: { ...answer.outcome, body: kept.body } } : answer;
}

function withoutSecrets(answer: Answer, found: Set<string>): Answer {
  if ('outcome' in answer) return { ...answer, outcome: withoutSecretsOf(answer.outcome) };
  if (!('result' in answer)) return answer;
  return { ...answer, result: { ...answer.result, stdout: redactSections(answer.result.stdout, found) } };
}

/** Files as walkScript and readWholeFile print them, and `config dump`, are redacted as in a bundle. */
function redactSections(stdout: string, found: Set<string>): string {
  if (stdout.startsWith('file\n')) return `file\n${redactToml(stdout.slice(5), found)}`;
  return stdout
    .split(/(?=\n@@\d{24} )/)
    .map((section) => {
      const [, head = '', path = '', text = ''] = /^(\n@@\d{24} file (\/[^\n]*)\n)([\s\S]*)$/.exec(section) ?? [];
      if (head !== '') return head + (redactFile({ path, kind: 'file', text }, found).text ?? '');
      const dump = /^\n@@\d{24} begin config-dump\n[\s\S]*?^dump\n/m.exec(section)?.[0] ?? '';
      return dump === '' ? section : dump + redactToml(section.slice(dump.length), found);
    })
    .join('');
}

export type ReadRecording = { readonly ok: true; readonly recording: Recording } | { readonly ok: false; readonly error: string };

/** Hostile input: every line is checked before it is believed. */
export function readRecording(text: string): ReadRecording {
  const [head = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '');
  const header = unmarshal(head);
  const node = header.ok && field(header.value, 'kind') === kind ? field(header.value, 'node') : undefined;
  const takenMs = header.ok ? field(header.value, 'takenMs') : undefined;
  if (!header.ok || typeof node !== 'string' || typeof takenMs !== 'number')
    return { ok: false, error: 'it is no recording; make one with --record' };
  if (field(header.value, 'schema') !== 1) return { ok: false, error: 'another version of this program made it' };
  const answers: Answer[] = [];
  for (const [index, line] of rest.entries()) {
    const parsed = unmarshal(line);
    const answer = parsed.ok ? readAnswer(parsed.value) : undefined;
    if (!answer) return { ok: false, error: `line ${index + 2} is no answer: it was cut off, or changed` };
    answers.push(answer);
  }
  return { ok: true, recording: { node, takenMs, answers } };
}

function readAnswer(value: unknown): Answer | undefined {
  const key = field(value, 'key');
  if (typeof key !== 'string') return undefined;
  const outcome = readOutcome(field(value, 'outcome'));
  if (outcome) return { key, outcome };
  const [result, dialled] = [field(value, 'result'), field(value, 'dialled')];
  if (isRunResult(result)) return { key, result };
  if (typeof field(dialled, 'heard') === 'string' || typeof field(dialled, 'kind') === 'string')
    return { key, dialled: dialled as NetFailure | { readonly heard: string } };
  return undefined;
}

function isRunResult(value: unknown): value is RunResult {
  if (jsonKind(value) !== 'object' || typeof field(value, 'stdout') !== 'string' || typeof field(value, 'stderr') !== 'string')
    return false;
  const status = field(value, 'status');
  return status === 'exited' ? typeof field(value, 'code') === 'number' : status === 'timeout' || status === 'cancelled';
}
