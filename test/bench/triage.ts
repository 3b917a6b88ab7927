import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { automaton, bitsOf, eventWords, failureWords, isCandidate, subjectWords } from '../../core/errors/prefilter';
import type { TriageDocument } from '../../core/protocol/explain';
import { median, printTable } from './figures';
import { writeJournal } from './journal';

const lines = 1_000_000;
const rounds = 3;

/**
 * `explain -` over a million lines of a journal, 1 % of them of pulls, beside `grep -cE` of what it looks for: of the same rule (a subject
 * and a failure, or an event), which counts the same lines, and of any of the words, which is less work and counts far more.
 */
export async function benchTriage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-triage-'));
  try {
    const file = join(folder, 'journal.log');
    await writeJournal(file, lines);
    console.log(`${lines} lines, ${Math.round(statSync(file).size / 1e6)} MB, median of ${rounds} rounds`);
    const ours: Run[] = [];
    const same: Run[] = [];
    const any: Run[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await timed([process.execPath, 'dist/cli.js', 'explain', '--format', 'json', '-'], file));
      same.push(await timed(['grep', '-ciE', sameRule()], file));
      any.push(await timed(['grep', '-cE', alternatives([...failureWords, ...subjectWords, ...eventWords])], file));
    }
    const document = JSON.parse(ours[0]?.output ?? '{}') as TriageDocument;
    const read = candidates(file);
    if (Number(same[0]?.output) !== read) throw new Error(`grep counts ${same[0]?.output ?? ''} lines by our rule, we read ${read}`);
    printTable([
      { ...row('explain -', ours), lines: read },
      { ...row('grep -ciE, the same rule', same), lines: read },
      { ...row('grep -cE, any of the words', any), lines: Number(any[0]?.output) },
    ]);
    console.log(`${document.errors} errors in ${document.groups.length} groups, ${document.pulls.succeeded + document.pulls.failed} pulls`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rule of the prefilter as one expression; a word that is subject and failure at once is enough by itself. */
function sameRule(): string {
  const [subject, failure] = [alternatives(subjectWords), alternatives(failureWords)];
  const alone = subjectWords.filter((word) => failureWords.some((part) => word.includes(part)));
  return `(${subject}).*(${failure})|(${failure}).*(${subject})|${alternatives([...eventWords, ...alone])}`;
}

function alternatives(words: readonly string[]): string {
  return [...new Set(words)].map((word) => word.replace(/[.*+?()[\]\\|^$]/g, '\\$&')).join('|');
}

function candidates(file: string): number {
  const words = automaton();
  return readFileSync(file, 'latin1')
    .split('\n')
    .filter((line) => isCandidate(bitsOf(line, words))).length;
}

interface Run {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly output: string;
}

function row(name: string, runs: readonly Run[]): Readonly<Record<string, string | number>> {
  return {
    program: name,
    'wall time s': median(runs.map(({ seconds }) => seconds)).toFixed(2),
    'peak memory MB': Math.round(Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes))),
  };
}

/** The peak is the kernel's own high-water mark (VmHWM), read until the process is gone. */
function timed([command = '', ...args]: readonly string[], input: string): Promise<Run> {
  const descriptor = openSync(input, 'r');
  const before = process.hrtime.bigint();
  const child = spawn(command, args, { stdio: [descriptor, 'pipe', 'inherit'] });
  closeSync(descriptor);
  let output = '';
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, highWaterMark(child.pid))), 20);
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      clearInterval(watch);
      resolve({ seconds: Number(process.hrtime.bigint() - before) / 1e9, peakMegabytes: peak, output });
    });
  });
}

function highWaterMark(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
