/** The terminal part: the real command line on the playground, with a heading for each question. Nothing here knows an answer. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { behaviours, type BehaviourName } from '../playground/behaviours';
import { errorTexts } from '../playground/mistakes';
import { registryOf, type Playground } from '../playground/playground';

/** False when a call could not be carried out: then the playground shows nothing that can be trusted. */
export async function show(playground: Playground): Promise<boolean> {
  const parts = [showLint, showReadiness, showRegistries, showReplays, showExplanations];
  for (const part of parts) if (!(await part(playground))) return false;
  return true;
}

function showLint({ folder }: Playground): Promise<boolean> {
  heading('What containerd does with these files');
  return run(['lint', '/etc/containerd', '--root', folder]);
}

function showReadiness(playground: Playground): Promise<boolean> {
  heading('Can this machine pull?');
  const url = (name: BehaviourName): string => `http://127.0.0.1:${registryOf(playground, name).port}`;
  const link = firstInterface();
  const interfaces = link === undefined ? [] : ['--interface', link];
  return run(['ready', ...interfaces, '--registry', url('good'), '--registry', url('unavailable')]);
}

/** One line for each registry: what it does, and what a pull from it ends with. */
async function showRegistries({ registries, certsD }: Playground): Promise<boolean> {
  heading('Each registry, and what containerd 2.3 says of a pull from it');
  const asked = [...registries.values()].map(({ name, reference }) => JSON.stringify({ id: name, reference, certsD, containerd: '2.3' }));
  const { status, stdout } = await call(['resolve', '--jsonl', '--parallel', '4'], `${asked.join('\n')}\n`);
  if (status === 2) return false;
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ResolveDocument & { readonly id: string; readonly error?: string });
  for (const { name, behaviour } of registries.values()) {
    const answer = answers.find(({ id }) => id === name);
    console.log(`  ${name}: ${behaviours[behaviour].says}`);
    console.log(`      ${answer?.error ?? answer?.reported ?? `pulls ${answer?.digest ?? ''}`}`);
  }
  return answers.every(({ error }) => error === undefined);
}

async function showReplays(playground: Playground): Promise<boolean> {
  const replays: readonly (readonly [title: string, reference: string, release: string])[] = [
    ['The same failure twice: containerd 1.7 names it …', registryOf(playground, 'masked').reference, '1.7'],
    ['… and containerd 2.1 hides it behind a 401', registryOf(playground, 'masked').reference, '2.1'],
    ['A dead mirror hides what the registry says', 'dead-mirror.playground/app:1', '2.1'],
    ['https to a registry that speaks http', 'wrong-scheme.playground/app:1', '2.1'],
  ];
  for (const [title, reference, release] of replays) {
    heading(title);
    if (!(await run(['resolve', reference, '--certs-d', playground.certsD, '--containerd', release]))) return false;
  }
  return true;
}

async function showExplanations({ folder }: Playground): Promise<boolean> {
  for (const path of Object.keys(errorTexts)) {
    heading(`What ${path} means`);
    console.log(`${readFileSync(join(folder, path), 'utf8').trim().slice(0, 400)}\n`);
    if (!(await run(['explain', join(folder, path)]))) return false;
  }
  return true;
}

function heading(title: string): void {
  console.log(`\n== ${title}`);
}

/** Runs the command line with our own output; false when it could not be carried out (status 2). */
async function run(args: readonly string[]): Promise<boolean> {
  const shown = args.map((word) => (word.startsWith(process.cwd()) ? relative(process.cwd(), word) : word));
  console.log(`$ containerd-runbooks ${shown.join(' ')}\n`);
  const { status, stdout } = await call(args, '');
  process.stdout.write(stdout);
  return status !== 2;
}

async function call(args: readonly string[], stdin: string): Promise<{ readonly status: number | null; readonly stdout: string }> {
  const child = spawn(process.execPath, [join('dist', 'cli.js'), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, status] = await Promise.all([text(child.stdout), ended]);
  return { status, stdout };
}

function firstInterface(): string | undefined {
  return Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ internal }) => !internal))?.[0];
}
