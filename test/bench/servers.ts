import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, percentile, printTable } from './figures';
import { LanguageServer } from './languageServer';
import { installPeers, type Peer } from './peers';

const starts = 5;
const edits = 40;

const text = `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
  skip_verify = false

[host."https://cache.example.com:5000"]
  capabilities = ["pull"]
  ca = "/etc/containerd/certs.d/docker.io/ca.crt"
`;
const broken = `${text}override_path = tru\n`;

/** Spawn to first diagnostic and edit to diagnostic of one wrong hosts.toml, for ours and for the TOML servers people use. */
export async function benchServers(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'certs.d', 'docker.io', 'hosts.toml');
  mkdirSync(join(folder, 'certs.d', 'docker.io'), { recursive: true });
  writeFileSync(file, broken);
  const ours: Peer = { name: 'containerd Runbooks', command: [process.execPath, 'dist/server.js', '--stdio'], pull: true };
  const peers = [ours, ...installPeers()];
  const runs = new Map<string, Run[]>();
  for (let i = 0; i < starts; i++) {
    for (const peer of peers) runs.set(peer.name, [...(runs.get(peer.name) ?? []), await measure(peer, folder, file)]);
  }
  rmSync(folder, { recursive: true, force: true });
  printTable([...runs].map(([name, list]) => row(name, list)));
}

interface Run {
  readonly firstMs: number;
  readonly editsMs: readonly number[];
  readonly memoryMb: number;
}

async function measure(peer: Peer, folder: string, file: string): Promise<Run> {
  const started = performance.now();
  const server = new LanguageServer(peer.command);
  const uri = pathToFileURL(file).href;
  try {
    await server.initialize(pathToFileURL(folder).href, peer.pull);
    const diagnose = async (send: () => void): Promise<void> => {
      const pushed = peer.pull ? undefined : server.nextDiagnostics();
      send();
      await (pushed ?? server.request('textDocument/diagnostic', { textDocument: { uri } }));
    };
    await diagnose(() => server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'toml', version: 1, text: broken } }));
    const firstMs = performance.now() - started;
    const editsMs: number[] = [];
    for (let version = 2; version < edits + 2; version++) {
      const before = performance.now();
      const contentChanges = [{ text: version % 2 === 0 ? broken.replace('[host', '[[host') : broken }];
      await diagnose(() => server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges }));
      editsMs.push(performance.now() - before);
    }
    return { firstMs, editsMs, memoryMb: server.memoryMb() };
  } finally {
    server.kill();
  }
}

function row(name: string, runs: readonly Run[]): Readonly<Record<string, string | number>> {
  const all = runs.flatMap(({ editsMs }) => editsMs);
  return {
    server: name,
    'first diagnostic ms': median(runs.map(({ firstMs }) => firstMs)),
    'edit p50 ms': median(all),
    'edit p95 ms': percentile(all, 95),
    'memory MB': median(runs.map(({ memoryMb }) => memoryMb)),
  };
}
