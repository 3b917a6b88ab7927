/** A node as it answered once: scripts, connections and requests from a file, without the node and without any network. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Duplex } from 'node:stream';
import { readRecording, writeRecording, type Answer } from '../../core/diagnosis/recording';
import { redactText } from '../../core/diagnosis/redactText';
import { hiddenKey } from '../../core/diagnosis/transcript';
import type { DialOptions, DialResult, Node, RunOptions, RunResult, SendRequest } from '../../core/ports';
import { CallError } from '../command';
import { writePrivateFile } from '../../files/writeFile';
import { Tap } from '../registry/tap';

const maxBytes = 64 * 1024 * 1024;

/** The node itself; what it answers is in the file, without secrets, when it is closed. Readable for its owner only. */
export function recordNode(node: Node<Duplex>, path: string, shown: string): Node<Duplex> {
  const takenMs = Date.now();
  const answers: (() => Answer)[] = [];
  const note = (answer: Answer): void => void answers.push(() => answer);
  return {
    name: node.name,
    ...(node.looksUp !== undefined && { looksUp: node.looksUp }),
    run: async (script, options) => {
      const result = await node.run(script, options);
      // What is watched without end has no answer.
      if (options.endless !== true) note({ key: asked(script, options.stdin), result: withNumbers(result, markersOf(script)) });
      return result;
    },
    dial: async (host, port, options) => {
      const result = await node.dial(host, port, options);
      const key = dialKey(host, port);
      if (!result.ok) note({ key, dialled: result.failure });
      if (!result.ok) return result;
      const stream = new Overheard(result.stream);
      answers.push(() => ({ key, dialled: { heard: stream.heard.toString('latin1') } }));
      return { ...result, stream };
    },
    requests: (send) => async (request, cancellation) => {
      const outcome = await send(request, cancellation);
      if (outcome.ok || outcome.failure.kind !== 'cancelled') note({ key: hiddenKey(request), outcome });
      return outcome;
    },
    close: async () => {
      await node.close();
      try {
        writePrivateFile(path, writeRecording({ node: node.name, takenMs, answers: answers.map((one) => one()) }, hashed));
      } catch (error) {
        throw new CallError(`--record ${shown}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}

/** `recorded:FILE`. */
export function connectRecorded(name: string, cwd = process.cwd()): Node<Duplex> {
  const read = readRecording(textOf(name, cwd));
  if (!read.ok) throw new CallError(`${name}: ${read.error}`, 'unreachable');
  const { takenMs, answers } = read.recording;
  const left = new Map<string, Answer[]>();
  for (const answer of answers) left.set(answer.key, [...(left.get(answer.key) ?? []), answer]);
  // Asked more often than it was then, it says the same as the last time.
  const next = (key: string): Answer | undefined => {
    const [answer, ...more] = left.get(key) ?? [];
    if (more.length > 0) left.set(key, more);
    return answer;
  };
  return {
    name,
    takenMs,
    run: (script, options) => run(name, next(hashed(redactText(asked(script, options.stdin)))), script, options),
    dial: (host, port, options) => Promise.resolve(dialled(name, next(dialKey(host, port)), options)),
    requests: (): SendRequest => (request) => {
      const answer = next(hiddenKey(request));
      if (answer && 'outcome' in answer) return Promise.resolve(answer.outcome);
      const reason = `${name} holds no answer to ${request.method} ${new URL(request.url).host}`;
      return Promise.resolve({ ok: false, failure: { kind: 'unavailable', reason }, timings: { total: 0 } });
    },
    close: () => Promise.resolve(),
  };
}

async function run(name: string, answer: Answer | undefined, script: string, options: RunOptions): Promise<RunResult> {
  if (options.cancellation?.cancelled) return { status: 'cancelled', stdout: '', stderr: '' };
  if (!answer || !('result' in answer)) {
    throw new CallError(
      `${name} holds no answer to what is asked here: only the call that was recorded can be made again, with the same release of this program; record this one with --record`,
      'unreachable',
    );
  }
  const result = withMarkers(answer.result, markersOf(script));
  if (result.status === 'cancelled') return { ...result, status: await stopped(options) };
  options.onStdout?.(result.stdout);
  return result;
}

/** It never came to an end then, and does not now. */
function stopped({ timeoutMs, cancellation }: RunOptions): Promise<'timeout' | 'cancelled'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('timeout'), timeoutMs);
    cancellation?.onCancelled(() => {
      clearTimeout(timer);
      resolve('cancelled');
    });
  });
}

function dialled(name: string, answer: Answer | undefined, { cancellation }: DialOptions): DialResult<Duplex> {
  if (cancellation?.cancelled) return { ok: false, failure: { kind: 'cancelled' }, timings: {} };
  if (!answer || !('dialled' in answer))
    return { ok: false, failure: { kind: 'unavailable', reason: `${name} holds no such connection` }, timings: {} };
  if ('kind' in answer.dialled) return { ok: false, failure: answer.dialled, timings: {} };
  const bytes = Buffer.from(answer.dialled.heard, 'latin1');
  const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  stream.push(bytes);
  stream.push(null);
  return { ok: true, stream, address: undefined, timings: {} };
}

/** What the other side says before it is spoken to can be said again; a conversation, or TLS, cannot. */
class Overheard extends Tap {
  #before: Buffer | undefined;

  get heard(): Buffer {
    return this.#before ?? this.start;
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#before ??= this.start;
    super._write(chunk, encoding, done);
  }
}

/** A script without the random numbers in it. */
function asked(script: string, stdin = ''): string {
  return JSON.stringify([numbered(script, markersOf(script)), stdin]);
}

function hashed(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

function dialKey(host: string, port: number): string {
  return `dial ${host}:${port}`;
}

/** Frames of a script: see stageScript and walkScript. */
function markersOf(script: string): readonly string[] {
  return [...new Set(script.match(/@@[0-9a-f]{24}/g) ?? [])];
}

function numberOf(index: number): string {
  return `@@${String(index).padStart(24, '0')}`;
}

function numbered(text: string, markers: readonly string[]): string {
  return markers.reduce((all, marker, index) => all.replaceAll(marker, numberOf(index)), text);
}

function withNumbers(result: RunResult, markers: readonly string[]): RunResult {
  return { ...result, stdout: numbered(result.stdout, markers), stderr: numbered(result.stderr, markers) };
}

function withMarkers(result: RunResult, markers: readonly string[]): RunResult {
  const back = (text: string): string => markers.reduce((all, marker, index) => all.replaceAll(numberOf(index), marker), text);
  return { ...result, stdout: back(result.stdout), stderr: back(result.stderr) };
}

function textOf(name: string, cwd: string): string {
  const path = resolve(cwd, name.slice('recorded:'.length));
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new CallError(`${name}: there is no such file`, 'unreachable');
  if (stats.size > maxBytes) throw new CallError(`${name}: no recording is larger than 64 MiB`, 'unreachable');
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CallError(`${name}: ${error instanceof Error ? error.message : String(error)}`, 'unreachable');
  }
}
