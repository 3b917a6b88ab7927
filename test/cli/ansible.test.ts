import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetDocument } from '../../core/protocol/fleet';
import { call } from '../fixtures/call';
import { startSshd, type Sshd } from '../fixtures/sshd';

/** docs/fleet/collect.yml as it stands, run by Debian's ansible-core. */
describe('the Ansible playbook', () => {
  const nodes: Sshd[] = [];
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crb-ansible-'));
    for (let count = 0; count < 3; count++) nodes.push(await startSshd());
  });
  after(async () => {
    for (const node of nodes) await node.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function playbook(): Promise<{ readonly status: number | null; readonly output: string }> {
    const child = spawn('ansible-playbook', ['-i', 'inventory.ini', 'collect.yml', '-e', 'as_root=false'], {
      cwd: folder,
      env: { ...process.env, ANSIBLE_LOCAL_TEMP: join(folder, 'tmp'), ANSIBLE_HOME: join(folder, 'home'), LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    return new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new Error(`ansible-playbook is needed for this test: ${error.message}`)));
      child.once('close', (status) => resolve({ status, output }));
    });
  }

  it('collects three nodes, and their bundles are diagnosed', async () => {
    copyFileSync('docs/fleet/collect.yml', join(folder, 'collect.yml'));
    mkdirSync(join(folder, 'bundles'));
    writeFileSync(join(folder, 'collect.sh'), (await call(['collect', '--print-script'])).stdout);
    const lines = nodes.map(
      ({ port, config, name }, index) => `node${index} ansible_host=${name} ansible_port=${port} ansible_ssh_common_args='-F ${config}'`,
    );
    writeFileSync(join(folder, 'inventory.ini'), `[all]\n${lines.join('\n')}\n`);
    const { status, output } = await playbook();
    assert.equal(status, 0, output);
    assert.deepEqual(readdirSync(join(folder, 'bundles')).sort(), ['node0.txt', 'node1.txt', 'node2.txt']);
    const { stdout } = await call(['diagnose', '--bundle', 'bundles', '--format', 'json'], folder);
    const fleet = JSON.parse(stdout) as FleetDocument;
    assert.deepEqual([fleet.nodes, fleet.unreachable, fleet.odd], [3, [], []]);
    const { stdout: lined } = await call(['diagnose', '--bundle', 'bundles/node1.txt', '--format', 'json'], folder);
    const { readiness, node } = JSON.parse(lined) as { readonly readiness: readonly unknown[]; readonly node: string };
    assert.ok(node === 'node1' && readiness.length > 5);
  });
});
