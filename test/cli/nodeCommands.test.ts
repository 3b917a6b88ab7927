import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostsDocument } from '../../core/protocol/hosts';
import type { LintDocument } from '../../core/protocol/lint';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { runCli } from '../fixtures/cli';
import { tinyImage } from '../fixtures/image';
import { scriptedRegistry, type ScriptedRegistry } from '../fixtures/scriptedRegistry';
import { startSshd, type Sshd } from '../fixtures/sshd';

/** The node is this machine behind a real sshd; its certs.d is a folder that the calls name. */
describe('lint, hosts and resolve on a node over ssh', () => {
  const image = tinyImage('over ssh');
  let sshd: Sshd;
  let registry: ScriptedRegistry;
  let certsD: string;
  before(async () => {
    sshd = await startSshd();
    registry = await scriptedRegistry(image, ({ url }) => (url.includes('/manifests/') ? 'destroy' : { status: 401 }));
    certsD = mkdtempSync(join(tmpdir(), 'node-'));
    const folder = join(certsD, 'certs.d', registry.host);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'hosts.toml'),
      `[host."http://${registry.host}"]\n  capabilities = ["pull", "resolve"]\n  dial_timeot = "5s"\n`,
    );
    certsD = join(certsD, 'certs.d');
  });
  after(async () => {
    await sshd.stop();
    await registry.close();
    rmSync(join(certsD, '..'), { recursive: true, force: true });
  });

  const call = (...args: readonly string[]) => runCli([...args, '--node', sshd.name, '--ssh-config', sshd.config, '--format', 'json']);

  it('lint judges the files where they are', async () => {
    const { status, stdout, stderr } = await call('lint', certsD, '--containerd', '2.1');
    assert.equal(stderr, '');
    assert.equal(status, 1);
    const [file, ...others] = (JSON.parse(stdout) as LintDocument).files;
    assert.deepEqual(others, []);
    assert.equal(file?.path, `${certsD}/${registry.host}/hosts.toml`);
    assert.equal(file.outcome, 'partly-ignored');
    assert.deepEqual(file.findings.map(({ id }) => id).includes('hosts-unknown-key'), true);
  });

  it('lint says which release it judged for', async () => {
    const { stdout } = await call('lint', certsD);
    assert.match((JSON.parse(stdout) as LintDocument).containerd, /^\d+\.\d+\.\d+$/);
  });

  it('lint refuses what does not go with a node', async () => {
    for (const option of ['--fix', '--root=/x', '--jsonl']) {
      const { status, stderr } = await runCli(['lint', certsD, option, '--node', sshd.name, '--ssh-config', sshd.config]);
      if (option === '--jsonl') continue;
      assert.equal(status, 2);
      assert.match(stderr, /does not go with --node/);
    }
  });

  it('hosts reads the certs.d of the node', async () => {
    const { stdout, stderr } = await call('hosts', `${registry.host}/rig/tiny:v1`, '--certs-d', certsD, '--containerd', '1.7');
    assert.equal(stderr, '');
    const document = JSON.parse(stdout) as HostsDocument;
    assert.equal(document.directory, `${certsD}/${registry.host}`);
    assert.deepEqual(document.hosts[0] && [document.hosts[0].scheme, document.hosts[0].host], ['http', registry.host]);
  });

  it('resolve asks from the network of the node and shows the masked error', async () => {
    const reference = `${registry.host}/rig/tiny@${image.manifest.digest}`;
    const { status, stdout, stderr } = await call('resolve', reference, '--certs-d', certsD, '--containerd', '2.1');
    assert.equal(stderr, '');
    assert.equal(status, 1);
    const document = JSON.parse(stdout) as ResolveDocument;
    assert.match(document.reported ?? '', /blobs\/sha256:.*: 401 Unauthorized/);
    assert.equal(document.rootCause?.class, 'net.reset-or-eof');
    assert.equal(document.masked?.versions, '>=2.0.0');
    // Without `server` the registry itself stands behind the entry, so each path is asked twice.
    const digest = image.manifest.digest;
    assert.deepEqual(
      registry.requests.map(({ method, url }) => `${method} ${url}`),
      [`manifests/${digest}`, `manifests/${digest}`, `blobs/${digest}`, `blobs/${digest}`].map((path) => `HEAD /v2/rig/tiny/${path}`),
    );
  });
});
