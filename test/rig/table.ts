/**
 * Holds `resolve --download` against pulls that real containerd made, scenario by release by way, and prints the table. Run by hand:
 * it needs a rig (a program `rig` that puts a client into the world of a scenario) and what was recorded there.
 *
 *   CONTAINERD_RIG=FOLDER npx tsx test/rig/table.ts RECORDED.jsonl [--only REGEX] [--generation G] [--via WAY] [--parallel N] [--cli FILE] [--out FILE]
 */
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { classOf, leftOut } from './scenarios';

interface Recorded {
  readonly scenario: string;
  readonly generation: string;
  readonly version: string;
  readonly via: string;
  readonly image_ref: string;
  readonly ms: number;
  readonly error: string;
  readonly error_normalized: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly requests?: readonly SeenRequest[];
}

interface SeenRequest {
  readonly event?: string;
  readonly port?: number;
  readonly method?: string;
  readonly url?: string;
  readonly status?: number | string;
  readonly authorization?: string;
  readonly client_cn?: string;
}

interface Row {
  readonly record: Recorded;
  readonly text: boolean;
  readonly requests: boolean;
  readonly classFits: boolean;
  readonly detail: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '.' },
    generation: { type: 'string' },
    via: { type: 'string' },
    parallel: { type: 'string', default: '2' },
    cli: { type: 'string', default: 'dist/cli.js' },
    out: { type: 'string' },
  },
});
const rig = process.env['CONTAINERD_RIG'];
const [recordedFile] = positionals;
if (rig === undefined || recordedFile === undefined) {
  process.stderr.write('usage: CONTAINERD_RIG=FOLDER npx tsx test/rig/table.ts RECORDED.jsonl [--only REGEX]\n');
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), 'table-'));
void main(rig, recordedFile).finally(() => rmSync(scratch, { recursive: true, force: true }));

async function main(folder: string, file: string): Promise<void> {
  const { normalizeError } = (await import(join(folder, 'lib/files.mjs'))) as { normalizeError: (text: string, label: string) => string };
  const records = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded)
    .filter(({ scenario }) => new RegExp(values.only).test(scenario) && !leftOut.has(scenario))
    .filter(({ generation, via }) => [generation, undefined].includes(values.generation) && [via, undefined].includes(values.via))
    .sort((a, b) => a.ms - b.ms);
  const rows: Row[] = [];
  const next = records.values();
  const work = async (): Promise<void> => {
    for (const record of next) {
      const row = await compare(folder, record, normalizeError);
      rows.push(row);
      if (row.detail !== '') process.stdout.write(`${record.scenario} ${record.generation} ${record.via}\n${row.detail}\n`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, work));
  printTable(rows);
}

async function compare(folder: string, record: Recorded, normalize: (text: string, label: string) => string): Promise<Row> {
  const requestsFile = join(scratch, `${record.scenario}-${record.generation}-${record.via}.jsonl`);
  const output = await run(folder, record, requestsFile);
  let document: ResolveDocument;
  try {
    document = JSON.parse(output.stdout) as ResolveDocument;
  } catch {
    return judgeRefused(record, normalize(output.stderr, 's1-rig'));
  }
  const want = withoutFrame(record.error_normalized)
    .replaceAll(`rigtest-${record.via}`, 'rigtest-run')
    .replace(/localhost:\d+/g, 'localhost:P');
  // Of what ctr printed, one line was recorded.
  const said = record.via.startsWith('ctr') ? (document.reported ?? '').split('\n', 1).join('') : (document.reported ?? '');
  const have = withoutFrame(normalize(said, 's1-rig'))
    .replace(/localhost:\d+/g, 'localhost:P')
    .replaceAll('/var/lib/containerd/', '$RUN/root/');
  const seen = readFileSync(requestsFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => requestLine(JSON.parse(line) as SeenRequest, 's1-rig'));
  const label = record.image_ref.split('.', 1)[0] ?? '';
  const expected = (record.requests ?? []).map((request) => requestLine(request, label));
  const [text, requests] = [withoutRace(want) === withoutRace(have), sameRequests(expected, seen, record.via, want === '')];
  const id = document.rootCause?.class ?? null;
  // `ctr --local=false` of 1.7 knows no hosts directory: there the cause is another one.
  const wanted = document.ok || record.via === 'ctr-transfer' ? undefined : classOf(record.scenario, record.via);
  const classFits = wanted === undefined || wanted === id;
  if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify({ ...record, have, id, masked: document.masked, seen })}\n`);
  const detail = [
    ...(text ? [] : [`  want ${want}`, `  have ${have}`]),
    ...(requests ? [] : [`  want ${expected.join('; ')}`, `  have ${seen.join('; ')}`]),
    ...(classFits ? [] : [`  class ${String(id)}, not ${wanted}`]),
  ].join('\n');
  return { record, text, requests, classFits, detail };
}

/** A reference that the call refuses has no document. */
function judgeRefused(record: Recorded, stderr: string): Row {
  const text = stderr.includes(withoutFrame(record.error_normalized));
  return { record, text, requests: true, classFits: true, detail: text ? '' : `  want ${record.error}\n  have ${stderr}` };
}

function run(folder: string, { scenario, generation, version, via, env }: Recorded, requestsFile: string) {
  const address = serverAddresses.get(scenario);
  const auth =
    address === undefined ? '' : `printf '{"username":"%s","password":"%s","serverAddress":"${address}"}' "$RIG_USER" "$RIG_PASSWORD" | `;
  const script = [
    'export CONTAINERD_RUNBOOKS_USERNAME="$RIG_USER" CONTAINERD_RUNBOOKS_PASSWORD="$RIG_PASSWORD"',
    '[ -n "$RIG_USER" ] || unset CONTAINERD_RUNBOOKS_USERNAME CONTAINERD_RUNBOOKS_PASSWORD',
    `${auth}"$NODE" "$CLI" resolve "$RIG_REF" --certs-d "$RIG_CERTS_D" --containerd ${version}~ds1 --via ${via} ${env ? '--proxy env ' : ''}${auth === '' ? '' : '--auth-stdin '}--download --format json`,
  ].join('\n');
  const args = ['run', scenario, '--generation', generation, '--requests', requestsFile, '--', 'sh', '-c', script];
  writeFileSync(requestsFile, '');
  return new Promise<{ readonly stdout: string; readonly stderr: string }>((done) => {
    execFile(
      join(folder, 'rig'),
      args,
      { env: { ...process.env, NODE: process.execPath, CLI: resolve(values.cli) }, maxBuffer: 1 << 28, timeout: 400_000 },
      (_error, stdout, stderr) => done({ stdout, stderr }),
    );
  });
}

/** The rig hands out name and password only. */
const serverAddresses: ReadonlyMap<string, string> = new Map([
  ['cri-creds-server-address-registry-mirror-challenges', 'https://s1-rig.rig.test'],
  ['cri-creds-server-address-mirror', 'https://s1-rig-mirror.rig.test'],
]);

/** Without what gRPC and ctr put before an error. */
function withoutFrame(text: string): string {
  return text.replace(/^(?:ctr: )?(?:rpc error: code = \w+ desc = )?/, '').trimEnd();
}

/**
 * The dialer's timer and the socket's deadline race: both say `i/o timeout`, and only one of them is a context.DeadlineExceeded, whose words
 * ctr then puts behind it.
 */
function withoutRace(text: string): string {
  return text.replace(/(: i\/o timeout): context deadline exceeded$/, '$1');
}

/** What a server saw, without what differs from run to run: labels, digests, secrets, and how a client ends a handshake it gave up. */
function requestLine({ event, port, method, url, status, authorization, client_cn }: SeenRequest, label: string): string {
  if (event !== undefined) return `${event}:${(port ?? 0) > 6000 ? 'P' : String(port)}`;
  const known = (url ?? '')
    .replaceAll(label, 'H')
    .replace(/sha256:[0-9a-f]{64}/g, 'sha256:D')
    .replace(/H(?:-mirror|m)\./g, 'M.')
    .replace(/localhost:\d+/, 'localhost:P');
  return [method, known, status, authorization?.split(' ')[0], client_cn].filter((part) => part !== undefined).join(' ');
}

/**
 * Requests in their order; broken handshakes apart, for a server notices them sooner or later. ctr asks for all children of a manifest or
 * an index at once (images.Dispatch: an errgroup), so their order is chance, and so is a connection that was opened and not needed, since
 * another became free (http.Transport.getConn). When one of them fails, the others are given up wherever they are: of what follows the
 * first content then only this counts, that one side saw nothing which the other did not.
 */
function sameRequests(real: readonly string[], ours: readonly string[], via: string, ok: boolean): boolean {
  if (!via.startsWith('ctr')) return inOrder(real) === inOrder(ours);
  const [[before, raced, events], [ownBefore, ownRaced, ownEvents]] = [apart(real), apart(ours)];
  if (before.join('\n') !== ownBefore.join('\n')) return false;
  if (raced.length + ownRaced.length === 0) return events.join('\n') === ownEvents.join('\n');
  if (!within(events, ownEvents)) return false;
  return ok ? raced.join('\n') === ownRaced.join('\n') : within(raced, ownRaced);
}

const isEvent = (line: string): boolean => /^\w+:\w+$/.test(line);

function inOrder(lines: readonly string[]): string {
  return [...lines.filter((line) => !isEvent(line)), ...lines.filter(isEvent).sort()].join('\n');
}

/** Requests up to the first content that came, those after it, and broken handshakes; the latter two sorted. */
function apart(lines: readonly string[]): readonly [before: readonly string[], raced: readonly string[], events: readonly string[]] {
  const requests = lines.filter((line) => !isEvent(line));
  const first = requests.findIndex((line) => /^GET \S+\/(?:manifests|blobs)\/sha256:\S+ 200/.test(line)) + 1;
  const at = first === 0 ? requests.length : first;
  const raced = requests.slice(at).sort();
  // Who gets the kept connection is chance, and only a request that ends on that one without a byte is made again.
  const once = raced.filter((line, index) => !line.includes(' destroy') || line !== raced[index - 1]);
  return [requests.slice(0, at), once, lines.filter(isEvent).sort()];
}

/** Whether all of one side is on the other, as often as there. */
function within(one: readonly string[], other: readonly string[]): boolean {
  return holds(one, other) || holds(other, one);
}

/** Whether each line is among the others as often as here. */
function holds(lines: readonly string[], others: readonly string[]): boolean {
  const left = [...others];
  return lines.every((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function printTable(rows: readonly Row[]): void {
  const columns = [...new Set(rows.map(({ record }) => `${record.generation} ${record.via}`))].sort();
  const scenarios = [...new Set(rows.map(({ record }) => record.scenario))].sort();
  process.stdout.write(`\n| scenario | ${columns.join(' | ')} |\n|---|${columns.map(() => '---|').join('')}\n`);
  for (const scenario of scenarios) {
    const cells = columns.map((column) => {
      const row = rows.find(({ record }) => record.scenario === scenario && `${record.generation} ${record.via}` === column);
      if (!row) return '';
      const wrong = [row.text ? '' : 'text', row.requests ? '' : 'requests', row.classFits ? '' : 'class'].filter((one) => one !== '');
      return wrong.length === 0 ? '=' : wrong.join(', ');
    });
    process.stdout.write(`| ${scenario} | ${cells.join(' | ')} |\n`);
  }
  for (const column of [...columns, '']) {
    const own = rows.filter(({ record }) => column === '' || `${record.generation} ${record.via}` === column);
    const share = (name: 'text' | 'requests' | 'classFits'): string => {
      const agreed = own.filter((row) => row[name]).length;
      return `${agreed} of ${own.length} (${((100 * agreed) / Math.max(1, own.length)).toFixed(1)} %)`;
    };
    process.stdout.write(`${column || 'all'}: text ${share('text')}, requests ${share('requests')}, class ${share('classFits')}\n`);
  }
  for (const [scenario, reason] of leftOut) process.stdout.write(`left out: ${scenario}: ${reason}\n`);
}
