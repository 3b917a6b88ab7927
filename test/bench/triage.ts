import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventWords, failureWords, subjectWords } from '../../core/errors/prefilter';
import type { TriageDocument } from '../../core/protocol';
import { median, printTable } from './figures';
import { writeJournal } from './journal';

const lines = 1_000_000;
const rounds = 3;

/** `explain -` over a million lines of a journal, 1 % of them of pulls, beside `grep -cE` of the words that it looks for. */
export async function benchTriage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-triage-'));
  try {
    const file = join(folder, 'journal.log');
    await writeJournal(file, lines);
    console.log(`${lines} lines, ${Math.round(statSync(file).size / 1e6)} MB, median of ${rounds} rounds`);
    const words = [...new Set([...failureWords, ...subjectWords, ...eventWords])];
    const pattern = words.map((word) => word.replace(/[.*+?()[\]\\|^$]/g, '\\$&')).join('|');
    const ours: Run[] = [];
    const grep: Run[] = [];
    const plain: Run[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await timed([process.execPath, 'dist/cli.js', 'explain', '--format', 'json', '-'], file));
      grep.push(await timed(['grep', '-ciE', pattern], file));
      plain.push(await timed(['grep', '-cE', pattern], file));
    }
    const document = JSON.parse(ours[0]?.output ?? '{}') as TriageDocument;
    printTable([row('explain -', ours), row('grep -ciE (case as ours)', grep), row('grep -cE', plain)]);
    console.log(`${document.errors} errors in ${document.groups.length} groups, ${document.pulls.succeeded + document.pulls.failed} pulls`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
