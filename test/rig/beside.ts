/** One pull by the real ctr and one replay of it, held side by side. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { main } from '../../cli/main';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { startContainerd, type RealContainerd } from '../fixtures/containerd';
import type { ScriptedRegistry } from '../fixtures/scriptedRegistry';

/** What a scenario runs in: a containerd of its own and a folder for hosts directories. */
export interface Place {
  readonly containerd: RealContainerd;
  readonly scratch: string;
}

/** One test per scenario inside the `describe` around it, all in one containerd, some at a time. */
export function besideContainerd<S>(
  scenarios: Readonly<Record<string, S>>,
  run: (title: string, scenario: S, place: Place) => Promise<void>,
): void {
  let place: Place;
  let outcomeOf: (title: string) => Promise<void>;
  before(async () => {
    place = { containerd: await startContainerd(), scratch: mkdtempSync(join(tmpdir(), 'hosts-')) };
    outcomeOf = ahead(Object.fromEntries(Object.entries(scenarios).map(([title, scenario]) => [title, () => run(title, scenario, place)])));
  });
  after(async () => {
    await place.containerd.stop();
    rmSync(place.scratch, { recursive: true, force: true });
  });
  for (const title of Object.keys(scenarios)) it(title, () => outcomeOf(title));
}

export interface SideBySide {
  readonly reference: string;
  readonly hostsDir: string;
  readonly user?: string | undefined;
  readonly registries: readonly ScriptedRegistry[];
}

/** Both reach the servers with the same requests, and fail in the same words or not at all. */
export async function assertSame(
  containerd: RealContainerd,
  { reference, hostsDir, user, registries }: SideBySide,
): Promise<ResolveDocument> {
  const real = await containerd.pull(reference, hostsDir, user);
  const realRequests = registries.map(take);
  const ours = await replay(reference, hostsDir, containerd.version, user);
  assert.equal(withoutChance(ours.reported ?? ''), withoutChance(real.error));
  assert.equal(ours.ok, real.ok);
  for (const [index, registry] of registries.entries()) assertSameRequests(take(registry), realRequests[index] ?? [], real.ok);
  return ours;
}

/** Both ask for config and layers at once: when one of them fails, the other may not have been asked for yet. */
function assertSameRequests(ours: readonly string[], real: readonly string[], ok: boolean): void {
  if (ok) assert.deepEqual(ours, real);
  const isContent = (request: string): boolean => /^GET \S+\/blobs\//.test(request);
  const common = (some: readonly string[], others: readonly string[]): readonly string[] =>
    some.length <= others.length ? some : some.filter((request) => !isContent(request) || others.includes(request));
  assert.deepEqual(common(ours, real), common(real, ours));
}

/** Starts jobs ahead of the tests that wait for them, a few at a time: most of a pull is waiting. */
function ahead(jobs: Readonly<Record<string, () => Promise<void>>>, width = 4): (title: string) => Promise<void> {
  const outcomes = new Map<string, Promise<() => void>>();
  const settled = (job: () => Promise<void>): Promise<() => void> =>
    job().then(
      () => () => undefined,
      (error: unknown) => () => {
        throw error;
      },
    );
  const lanes = Array.from({ length: width }, (): Promise<unknown> => Promise.resolve());
  for (const [index, [title, job]] of Object.entries(jobs).entries()) {
    const outcome = (lanes[index % width] ?? Promise.resolve()).then(() => settled(job));
    lanes[index % width] = outcome;
    outcomes.set(title, outcome);
  }
  return async (title) => (await outcomes.get(title))?.();
}

export function writeHosts(folder: string, host: string, text: string): string {
  mkdirSync(join(folder, host), { recursive: true });
  writeFileSync(join(folder, host, 'hosts.toml'), text);
  return folder;
}

/** What a registry saw since the last look, in order within the registry. */
function take(registry: ScriptedRegistry): readonly string[] {
  const seen = registry.requests.splice(0);
  return seen
    .map(
      ({ method, url, authorization, range }) =>
        `${method} ${url} ${authorization?.split(' ')[0] ?? '-'}${range === undefined ? '' : ` ${range}`}`,
    )
    .sort();
}

/** Our pull as `ctr` of this version would make it; `more` are arguments that say from where. */
export async function replay(
  reference: string,
  hostsDir: string,
  version: string,
  user: string | undefined,
  more: readonly string[] = [],
): Promise<ResolveDocument> {
  const [name, password] = user?.split(':') ?? [];
  const env = name === undefined ? {} : { CONTAINERD_RUNBOOKS_USERNAME: name, CONTAINERD_RUNBOOKS_PASSWORD: password ?? '' };
  const args = [
    'resolve',
    reference,
    '--certs-d',
    hostsDir,
    '--containerd',
    version,
    '--via',
    'ctr',
    '--download',
    '--format',
    'json',
    ...more,
  ];
  // In this process: starting a program for each pull would take half of the time.
  let [stdout, stderr] = ['', ''];
  await main(args, {
    env: { ...process.env, ...env },
    cwd: process.cwd(),
    color: false,
    cancellation: { cancelled: false, onCancelled: () => () => undefined },
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    readStdin: () => Promise.resolve(''),
    stdinLines: () => createInterface({ input: Readable.from([]) }),
  });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as ResolveDocument;
}

/** The port of a cut connection's own end and the time of day differ from run to run. */
export function withoutChance(text: string): string {
  return text
    .replace(/\S+\/tmpmounts\/containerd-mount\d+/g, 'M')
    .replace(/\d+(?=->)/g, 'P')
    .replace(/current time \S+/g, 'current time T');
}
