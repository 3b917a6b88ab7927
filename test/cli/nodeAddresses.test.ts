import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localNode } from '../../cli/transport/local';
import { NodeAddresses } from '../../cli/transport/nodeAddresses';
import type { NetFailure, Node, RunResult } from '../../core/ports';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { runCli } from '../fixtures/cli';
import { freePort, startSshd } from '../fixtures/sshd';

describe('the address in a failure', () => {
  const refused = (address: string): NetFailure => ({ kind: 'dial', address, reason: 'connection refused' });
  const nodeSaying = (stdout: string, scripts: string[] = []) => ({
    ...localNode({}),
    run: (script: string): Promise<RunResult> => {
      scripts.push(script);
      return Promise.resolve({ status: 'exited', code: 0, stdout, stderr: '' });
    },
  });

  it('is the first that the node resolves the name to, asked once for each name', async () => {
    const scripts: string[] = [];
    const addresses = new NodeAddresses(nodeSaying('2001:db8::1 STREAM reg.example\n10.0.0.1 STREAM\n', scripts));
    const reset: NetFailure = { kind: 'read', local: '10.0.0.9:40000', address: 'reg.example:443', reason: 'connection reset by peer' };
    assert.deepEqual(await addresses.named(refused('reg.example:443')), refused('[2001:db8::1]:443'));
    assert.deepEqual(await addresses.named(reset), { ...reset, address: '[2001:db8::1]:443' });
    assert.deepEqual(await addresses.named({ kind: 'proxyconnect', cause: refused('reg.example:3128') }), {
      kind: 'proxyconnect',
      cause: refused('[2001:db8::1]:3128'),
    });
    assert.equal(scripts.length, 1);
  });

  it('stays as it is where it is an address already, and where the node says nothing', async () => {
    const scripts: string[] = [];
    const silent = new NodeAddresses(nodeSaying('', scripts));
    for (const failure of [refused('10.0.0.1:443'), refused('[::1]:443'), { kind: 'eof' } as const])
      assert.deepEqual(await silent.named(failure), failure);
    assert.equal(scripts.length, 0);
    assert.deepEqual(await silent.named(refused('reg.example:443')), refused('reg.example:443'));
    const gone = new NodeAddresses({ ...localNode({}), run: () => Promise.reject(new Error('gone')) });
    assert.deepEqual(await gone.named(refused('reg.example:443')), refused('reg.example:443'));
  });

  it('is had from the hosts file or from nslookup where there is no getent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crb-names-'));
    try {
      for (const tool of ['sh', 'sed', 'cat']) symlinkSync(`/bin/${tool}`, join(folder, tool));
      const addresses = () => new NodeAddresses(localNode({ PATH: folder }));
      assert.deepEqual(await addresses().named(refused('localhost:5000')), refused('127.0.0.1:5000'));
      const answer = 'Server:\\t10.0.0.2\\nAddress:\\t10.0.0.2:53\\n\\nName:\\treg.example\\nAddress: 10.0.0.7\\n';
      writeFileSync(join(folder, 'nslookup'), `#!${folder}/sh\nprintf '${answer}'\n`, { mode: 0o755 });
      assert.deepEqual(await addresses().named(refused('reg.example:5000')), refused('10.0.0.7:5000'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a name that a registry chose', () => {
  const unknown: NetFailure = { kind: 'unavailable', reason: 'unknown' };
  const kept: NetFailure = { kind: 'unavailable', reason: 'kept' };
  const refusal = (address: string) => (address === '10.0.0.9' ? kept : undefined);
  const dialling = async (stdout: string, reached: readonly string[]) => {
    const [dialled, discarded]: [string[], string[]] = [[], []];
    const node: Node<string> = {
      name: 'far',
      run: () => Promise.resolve({ status: 'exited', code: 0, stdout, stderr: '' }),
      dial: (host) => {
        dialled.push(host);
        return Promise.resolve(
          reached.includes(host)
            ? { ok: true, stream: host, address: undefined, timings: {} }
            : { ok: false, failure: { kind: 'dial', address: `${host}:80`, reason: 'connection refused' }, timings: {} },
        );
      },
      close: () => Promise.resolve(),
    };
    const discard = (stream: string): unknown => discarded.push(stream);
    const result = await new NodeAddresses(node).dial('led.example', 80, { timeoutMs: 1000, refusal }, unknown, discard);
    return { outcome: result.ok ? result.address : result.failure, dialled, discarded };
  };

  it('is dialled by its addresses, one after the other', async () => {
    assert.deepEqual(await dialling('10.0.0.1 STREAM\n10.0.0.1 RAW\n10.0.0.2\n', ['10.0.0.2']), {
      outcome: '10.0.0.2:80',
      dialled: ['10.0.0.1', '10.0.0.2'],
      discarded: [],
    });
    const none = await dialling('10.0.0.1\n::1\n', []);
    assert.deepEqual(none.outcome, { kind: 'dial', address: '10.0.0.1:80', reason: 'connection refused' });
  });

  it('is not dialled at all when one of them is refused', async () => {
    assert.deepEqual(await dialling('10.0.0.1\n10.0.0.9\n', ['10.0.0.1']), { outcome: kept, dialled: [], discarded: [] });
  });

  it('without any gets the failure of the far end, and a connection that stands is dropped', async () => {
    const failed = await dialling('', []);
    assert.deepEqual(failed.outcome, { kind: 'dial', address: 'led.example:80', reason: 'connection refused' });
    assert.deepEqual(await dialling('', ['led.example']), { outcome: unknown, dialled: ['led.example'], discarded: ['led.example'] });
  });
});

describe('a registry that a node cannot reach, over ssh', () => {
  const replayed = async (reference: string, settings: readonly string[]): Promise<ResolveDocument> => {
    const sshd = await startSshd({ settings });
    try {
      const { stdout } = await runCli([
        ...['resolve', reference, '--node', sshd.name, '--ssh-config', sshd.config, '--proxy', 'none'],
        ...['--containerd', '2.1', '--certs-d', '/nonexistent', '--format', 'json'],
      ]);
      return JSON.parse(stdout) as ResolveDocument;
    } finally {
      await sshd.stop();
    }
  };

  const ways: Readonly<Record<string, readonly string[]>> = {
    'through ssh': [],
    'by a tool of the node': ['AllowTcpForwarding no'],
  };
  for (const [way, settings] of Object.entries(ways)) {
    it(`is told by its address, as containerd tells it, ${way}`, async () => {
      const port = await freePort();
      const document = await replayed(`localhost:${port}/team/app:1`, settings);
      assert.match(document.reported ?? '', new RegExp(`: dial tcp 127\\.0\\.0\\.1:${port}: connect: connection refused$`));
      assert.deepEqual(document.findings, []);
    });
  }

  for (const [way, settings] of Object.entries(ways))
    it(`leads to where clouds keep credentials: nothing goes there, ${way}`, async () => {
      const asked: string[] = [];
      const registry = createServer(({ url }, response) => {
        asked.push(url ?? '');
        const led = url?.includes('moved') === true ? { location: 'http://2852039166/x' } : { location: '/moved' };
        response.writeHead(302, led).end();
      }).listen(0, '127.0.0.1');
      await once(registry, 'listening');
      try {
        const { port } = registry.address() as AddressInfo;
        const { reported, findings } = await replayed(`localhost:${port}/team/app:1`, settings);
        assert.equal(reported, null);
        assert.match(findings[0]?.message ?? '', /leads to 2852039166 \(169\.254\.169\.254\): a link-local or metadata address/);
        assert.deepEqual(asked, ['/v2/team/app/manifests/1', '/moved']);
      } finally {
        registry.close();
      }
    });

  it('is told with the server that did not know its name', async () => {
    const { reported, findings } = await replayed('no-such-host.invalid/team/app:1', []);
    assert.match(reported ?? '', /: dial tcp: lookup no-such-host\.invalid on \S+:53: (?:no such host|server misbehaving)$/);
    assert.deepEqual(findings, []);
  });
});
