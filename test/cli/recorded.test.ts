import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from '../fixtures/call';
import { tinyImage } from '../fixtures/image';
import { nodeRoot } from '../fixtures/nodeRoot';
import { scriptedRegistry } from '../fixtures/scriptedRegistry';

const config = 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n';

describe('a node that was recorded', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'crb-recordings-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('says the same again to every command when the node and the registry are gone', async () => {
    const registry = await scriptedRegistry(tinyImage('recorded'), ({ url, authorization }, host) => {
      if (url.startsWith('/token')) return { status: 200, body: '{"token":"Zq7pX2vK9mW4tB"}' };
      if (url.startsWith('/v2/gone/')) return { status: 404 };
      return authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` } }
        : undefined;
    });
    const [good, gone] = [`${registry.host}/team/app:1`, `${registry.host}/gone/app:1`];
    const root = nodeRoot({
      containerd: 'v1.7.24',
      dump: config,
      journal: `2026-11-21T10:00:00+0000 n1 containerd[7]: level=error msg="PullImage \\"${gone}\\" failed" error="failed to resolve reference \\"${gone}\\": ${gone}: not found"\n`,
      files: {
        '/etc/containerd/config.toml': config,
        [`/etc/containerd/certs.d/${registry.host}/hosts.toml`]: `[host."http://${registry.host}"]\n  skip_verfy = true\n[host."http://${registry.host}".header]\n  X-Api = "short1"\n`,
      },
    });
    const calls: readonly (readonly string[])[] = [
      ['ready', '--registry', `http://${registry.host}`],
      ['config', 'lint'],
      ['lint', '/etc/containerd'],
      ['hosts', good],
      ['resolve', good],
      ['resolve', gone, '--predict'],
      ['diagnose'],
      ['diagnose', good],
      ['step', 'verify-pull', good, '--apply'],
    ];
    const run = async (words: readonly string[], node: string, ...more: readonly string[]): Promise<unknown> => {
      const { status, stdout, stderr } = await call([...words, '--node', node, '--format', 'json', ...more], folder);
      assert.equal(stderr, '', words.join(' '));
      return { status, document: timeless(JSON.parse(stdout.replaceAll(node, 'NODE').replaceAll('short1', 'REDACTED'))) };
    };
    const live: unknown[] = [];
    for (const [index, words] of calls.entries()) live.push(await run(words, root.node, '--record', `${index}.jsonl`));
    root.remove();
    await registry.close();
    for (const [index, words] of calls.entries()) {
      assert.deepEqual(await run(words, `recorded:${index}.jsonl`), live[index], words.join(' '));
      const kept = readFileSync(join(folder, `${index}.jsonl`), 'utf8');
      assert.ok(!kept.includes('Zq7pX2vK9mW4tB') && !kept.includes('short1'), words.join(' '));
      assert.equal(statSync(join(folder, `${index}.jsonl`)).mode & 0o777, 0o600);
    }
    const offline = await call(['collect', '-o', 'bundle', '--node', 'recorded:6.jsonl'], folder);
    assert.equal(offline.status, 0, offline.stderr);
    const { status, stderr } = await call(['resolve', good, '--node', 'recorded:0.jsonl'], folder);
    assert.equal(status, 2);
    assert.match(stderr, /^containerd-runbooks: recorded:0\.jsonl holds no answer to what is asked here: [^\n]+ --record\n$/);
  });

  it('is refused in one line where the file is none', async () => {
    const files: Readonly<Record<string, string>> = {
      empty: '',
      bundle: '{"kind":"containerd-runbooks bundle"}\n',
      newer: '{"kind":"containerd-runbooks recording","schema":2,"node":"n","takenMs":1}\n',
      cut: '{"kind":"containerd-runbooks recording","schema":1,"node":"n","takenMs":1}\n{"key":"sh 1","result":{"status":"exi',
      odd: '{"kind":"containerd-runbooks recording","schema":1,"node":"n","takenMs":1}\n{"key":"sh 1","result":{"status":"exited","stdout":1}}\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    for (const name of [...Object.keys(files), 'missing', '.']) {
      const { status, stdout, stderr } = await call(['ready', '--node', `recorded:${name}`], folder);
      assert.deepEqual([status, stdout], [2, ''], name);
      assert.match(stderr, /^containerd-runbooks: recorded:[^\n]+\n$/, name);
    }
  });

  it('cannot be saved where nobody may write, and says so in one line', async () => {
    const { status, stderr } = await call(['ready', '--node', 'exec:env', '--record', '/proc/none/x'], folder);
    assert.equal(status, 2);
    assert.match(stderr, /^containerd-runbooks: --record \/proc\/none\/x: [^\n]+\n$/);
  });
});

/** Without what a clock says: how long requests took, and when. */
function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== 'object' || value === null) return value;
  const { id, status } = value as { readonly id?: unknown; readonly status?: unknown };
  if (typeof id === 'string' && id.startsWith('clock')) return { id, status };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !['startedMs', 'timings', 'elapsedMs'].includes(name))
      .map(([name, one]: [string, unknown]) => [name, timeless(one)]),
  );
}
