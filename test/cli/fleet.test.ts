import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodesOf } from '../../cli/diagnosis/inventory';
import { diagnose } from '../../core/diagnosis/diagnose';
import { emptyEvidence } from '../../core/diagnosis/evidence';
import { fleet } from '../../core/diagnosis/fleet';
import type { FleetDocument } from '../../core/protocol/fleet';
import { call } from '../fixtures/call';
import { freePort, startSshd, type Sshd } from '../fixtures/sshd';

describe('diagnose of many nodes', () => {
  let sshd: Sshd;
  let silent: Server;
  const sockets = new Set<Socket>();
  before(async () => {
    sshd = await startSshd({ settings: ['MaxStartups 200', 'PerSourcePenalties no'] }).catch(() =>
      startSshd({ settings: ['MaxStartups 200'] }),
    );
    silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await sshd.stop();
  });

  it('fifty at parallelism 16: three dead and two hanging are named, the others complete, in the time that is allowed', async () => {
    const allowedS = 180;
    const address = silent.address();
    const hanging = typeof address === 'object' && address ? address.port : 0;
    const dead = await freePort();
    const names = Array.from({ length: 50 }, (_, index) => `node${String(index).padStart(2, '0')}`);
    const portOf = (index: number): number => ([7, 19, 31].includes(index) ? dead : [3, 40].includes(index) ? hanging : sshd.port);
    const config = join(sshd.folder, 'fleet_config');
    const lines = [
      `IdentityFile ${sshd.folder}/user`,
      'IdentitiesOnly yes',
      'IdentityAgent none',
      `UserKnownHostsFile ${sshd.folder}/known_hosts`,
      'GlobalKnownHostsFile none',
      'HostKeyAlias test-node',
    ];
    writeFileSync(
      config,
      names.map((name, index) => `Host ${name}\n  HostName 127.0.0.1\n  Port ${portOf(index)}\n  ${lines.join('\n  ')}\n`).join(''),
    );
    writeFileSync(join(sshd.folder, 'inventory.ini'), `[all]\nnode[00:49]\n[all:vars]\nansible_user=nobody\n`);
    const started = performance.now();
    const { stdout, status } = await call(
      [
        'diagnose',
        '--nodes',
        'inventory.ini',
        '--ssh-config',
        config,
        '--parallel',
        '16',
        '--timeout',
        String(allowedS),
        '--format',
        'json',
      ],
      sshd.folder,
    );
    const seconds = (performance.now() - started) / 1000;
    const fleet = JSON.parse(stdout) as FleetDocument;
    assert.equal(fleet.nodes, 50);
    const told = fleet.unreachable.map(({ node, error }) => `${node}: ${error}`).join('\n');
    const names5 = fleet.unreachable.map(({ node }) => node).sort();
    assert.deepEqual(names5, ['node03', 'node07', 'node19', 'node31', 'node40'], `${seconds} s\n${told}`);
    for (const { node, error } of fleet.unreachable) {
      assert.match(
        error,
        node === 'node03' || node === 'node40' ? /time|does not answer|longer/i : /refused/,
        `${node}: ${error} (${seconds} s)`,
      );
    }
    const seen = fleet.odd.length === 0 && fleet.groups.every(({ count }) => count <= 45);
    assert.ok(seen, JSON.stringify(fleet.odd));
    assert.ok(fleet.groups.length === 0 || fleet.groups.some(({ count }) => count === 45) || fleet.ok > 0, stdout);
    assert.ok(seconds <= allowedS * 1.2, `${seconds} s`);
    assert.notEqual(status, 2);
    console.log(`      50 nodes in ${seconds.toFixed(1)} s`);
  });
});

it('a fleet names its nodes in their order, whoever answers first', () => {
  const all = fleet();
  for (const node of ['n10', 'n2', 'n1']) {
    all.unreachable(node, 'no answer');
    const gap = { stage: 'journal', id: 'gap/journal-none', args: {} } as const;
    const check = {
      id: 'clock',
      subject: 'clock',
      status: 'warn',
      message: 'late',
      messageId: 'clock/late',
      args: {},
      evidence: '',
    } as const;
    all.add(diagnose({ ...emptyEvidence(node, 0), checks: [check], gaps: [gap] }, () => []));
  }
  const { unreachable, groups } = all.document();
  assert.deepEqual(
    unreachable.map(({ node }) => node),
    ['n1', 'n2', 'n10'],
  );
  assert.deepEqual(groups[0]?.nodes, ['n1', 'n2', 'n10']);
});

describe('a folder of bundles', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'crb-bundles-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is grouped by cause, and the odd one out is shown', async () => {
    const bundle = (index: number) => ({
      ...emptyEvidence(`node${index}`, 0),
      containerd: index === 3 ? '1.6.20' : '2.1.4',
      configPath: '/etc/containerd/config.toml',
      files: [
        { path: '/etc/containerd', kind: 'directory' },
        { path: '/etc/containerd/config.toml', kind: 'file', text: 'version = 2\n' },
        ...(index < 4
          ? [
              { path: '/etc/containerd/certs.d', kind: 'directory' },
              { path: '/etc/containerd/certs.d/docker.io', kind: 'directory' },
              { path: '/etc/containerd/certs.d/docker.io/hosts.toml', kind: 'file', text: '[host."https://m.example"]\n' },
            ]
          : []),
      ],
    });
    for (let index = 0; index < 12; index++) writeFileSync(join(folder, `node${index}.json`), JSON.stringify(bundle(index)));
    writeFileSync(join(folder, 'broken.json'), '{');
    const { stdout, status } = await call(['diagnose', '--bundle', folder]);
    assert.equal(status, 1);
    assert.match(stdout, /3 of 13 nodes: .*certs\.d holds 1 hosts\.toml, but containerd 2\.1\.4 does not look there/);
    assert.match(stdout, /broken\.json: it is no JSON/);
    assert.match(stdout, /1 of 13: containerd is 1\.6\.20, elsewhere 2\.1\.4: node3/);
    const chinese = (await call(['diagnose', '--bundle', folder, '--lang', 'zh-cn'])).stdout;
    assert.match(chinese, /^13 个节点中有 \d+ 个没有问题；1 个无法询问。$/m);
    assert.match(chinese, /^ {2}13 个节点中有 3 个：.*certs\.d.*\p{Script=Han}/mu);
    assert.doesNotMatch(chinese, / of | nodes|next:|elsewhere/);
  });

  it('tells of a node whose release is unknown no defaults of another release', async () => {
    const own = mkdtempSync(join(folder, 'releases-'));
    for (let index = 0; index < 9; index++)
      writeFileSync(
        join(own, `${index}.json`),
        JSON.stringify({
          ...emptyEvidence(`node${index}`, 0),
          containerd: index === 0 ? null : '1.6.20',
          configPath: '/etc/containerd/config.toml',
          files: [{ path: '/etc/containerd/config.toml', kind: 'file', text: 'version = 2\n' }],
        }),
      );
    const { odd } = JSON.parse((await call(['diagnose', '--bundle', own, '--format', 'json'])).stdout) as FleetDocument;
    assert.deepEqual(
      odd.map(({ trait, usual, value, nodes }) => [trait, usual, value, nodes]),
      [
        ['containerd', '1.6.20', 'unknown', ['node0']],
        ['config_path', 'not set', 'not seen', ['node0']],
      ],
    );
  });
});

describe('--nodes', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['a plain list', '# mine\nweb1\nroot@web2 # old\n\nssh://web3:2222\n', ['web1', 'root@web2', 'ssh://web3:2222']],
    [
      'an ini inventory',
      'lone\n[web]\nweb[01:03].example ansible_user=core\ndb ansible_host=10.0.0.9 ansible_port=2222 ; first\n[web:vars]\nansible_user=x\n[all:children]\nweb\n',
      ['lone', 'core@web01.example', 'core@web02.example', 'core@web03.example', 'ssh://10.0.0.9:2222'],
    ],
    [
      'a yaml inventory',
      'all:\n  vars:\n    ansible_user: x\n  hosts:\n    mail.example: # the old one\n  children:\n    web:\n      hosts:\n        web[1:2]:\n        "db":\n          ansible_host: 10.0.0.9\n          ansible_user: core\n      vars:\n        a: b\n',
      ['mail.example', 'web1', 'web2', 'core@10.0.0.9'],
    ],
  ];
  for (const [title, text, nodes] of cases) it(`reads ${title}`, () => assert.deepEqual(nodesOf(text), nodes));

  it('that names nobody, or is not there, is one line', async () => {
    const { status, stderr } = await call(['diagnose', '--nodes', '/nonexistent']);
    assert.deepEqual([status, stderr], [2, 'containerd-runbooks: --nodes /nonexistent: no such file or folder\n']);
    assert.match((await call(['diagnose', '--nodes', '.'])).stderr, /^containerd-runbooks: --nodes \.: it is a folder\n$/);
    assert.match((await call(['diagnose', '--nodes', '/proc/self/exe'])).stderr, /^containerd-runbooks: --nodes \S+: it is no text; .*\n$/);
  });
});
