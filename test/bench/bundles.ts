import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyEvidence, type Evidence } from '../../core/diagnosis/evidence';
import { printTable } from './figures';

const counts = [1000, 20_000];

/** `diagnose --bundle FOLDER`: memory must not grow with the number of bundles. */
export async function benchBundles(): Promise<void> {
  const rows = [];
  for (const count of counts) {
    const folder = mkdtempSync(join(tmpdir(), 'crb-bench-'));
    try {
      for (let index = 0; index < count; index++) writeFileSync(join(folder, `node${index}.json`), JSON.stringify(bundle(index)));
      rows.push({ bundles: count, ...(await measured(folder)) });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  printTable(rows);
}

function measured(folder: string): Promise<{ readonly seconds: number; readonly 'peak MB': number; readonly answer: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, ['dist/cli.js', 'diagnose', '--bundle', folder, '--format', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let [peakKb, output] = [0, ''];
  const watch = setInterval(() => (peakKb = Math.max(peakKb, residentKb(child.pid))), 50);
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => {
    child.once('close', () => {
      clearInterval(watch);
      const { nodes, groups } = JSON.parse(output) as { readonly nodes: number; readonly groups: readonly unknown[] };
      const answer = `${nodes} nodes, ${groups.length} groups`;
      resolve({ seconds: (performance.now() - started) / 1000, 'peak MB': Math.round(peakKb / 1024), answer });
    });
  });
}

/** The kernel's own high-water mark; `ps` where there is no /proc. */
function residentKb(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    if (process.platform === 'linux') return 0;
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
  }
}

function bundle(index: number): Evidence {
  const host = `mirror${index % 7}.example:5000`;
  const reference = `${host}/team/app:${index % 50}`;
  const line = `2026-11-21T10:00:00+0000 n${index} containerd[7]: time="2026-11-21T10:00:00Z" level=error msg="PullImage \\"${reference}\\" failed" error="failed to pull and unpack image \\"${reference}\\": failed to resolve reference \\"${reference}\\": failed to do request: Head \\"https://${host}/v2/team/app/manifests/1\\": dial tcp 10.0.0.${index % 200}:5000: connect: connection refused"`;
  return {
    ...emptyEvidence(`node${index}`, 0),
    containerd: index % 100 === 0 ? '1.6.20' : '2.1.4',
    configPath: '/etc/containerd/config.toml',
    files: [
      { path: '/etc/containerd', kind: 'directory' },
      {
        path: '/etc/containerd/config.toml',
        kind: 'file',
        text: `version = 3\n# node ${index}\n[plugins."io.containerd.cri.v1.images".registry]\n  config_path = "/etc/containerd/certs.d"\n`,
      },
      { path: '/etc/containerd/certs.d', kind: 'directory' },
      { path: `/etc/containerd/certs.d/${host}`, kind: 'directory' },
      {
        path: `/etc/containerd/certs.d/${host}/hosts.toml`,
        kind: 'file',
        text: `server = "https://${host}"\n[host."https://${host}"]\n  capabilities = ["pull", "resolve"]\n`,
      },
    ],
    journal: { source: 'journalctl', text: `${line}\n`.repeat(1 + (index % 4)) },
  };
}
