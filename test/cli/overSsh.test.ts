import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { CallError } from '../../cli/command';
import { createHttp } from '../../cli/registry/http';
import { CancellationSource } from '../../cli/serve/session';
import { connect, type ConnectOptions } from '../../cli/transport';
import type { HttpRequest, Node, TlsSettings } from '../../core/ports';
import { startDockerRegistry, type DockerRegistry } from '../fixtures/dockerRegistry';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { freePort, startSshd, type Sshd } from '../fixtures/sshd';
import { until } from '../fixtures/until';

function open(sshd: Sshd, more: Partial<ConnectOptions> = {}): Promise<Node<Duplex>> {
  return connect(sshd.name, { sshConfig: sshd.config, env: { ...process.env, TMPDIR: temporary }, ...more });
}

async function refused(sshd: Sshd, name = sshd.name): Promise<string> {
  return failure(connect(name, { sshConfig: sshd.config, env: process.env }));
}

/** The one line of a call that could not be carried out. */
async function failure(connecting: Promise<Node<Duplex>>): Promise<string> {
  try {
    await (await connecting).close();
    return 'connected';
  } catch (error) {
    assert.ok(error instanceof CallError);
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
}

/** Processes whose environment or command holds a word, but not this one. */
function running(word: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}

const gone = (word: string): Promise<void> => until(() => running(word).length === 0, `${word} still runs`);

/** What is left of the private folders of connections; a folder of our own as TMPDIR, for others run at the same time. */
const temporary = mkdtempSync(join(tmpdir(), 'crb-test-'));
const leftFolders = () => readdirSync(temporary);

after(() => rmSync(temporary, { recursive: true, force: true }));

describe('a node over ssh', () => {
  let sshd: Sshd;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd.stop());
  afterEach(() => sshd.setKnownHosts('right'));

  it('runs scripts, keeps their output apart, and leaves nothing behind', async () => {
    const node = await open(sshd);
    const result = await node.run('echo out; echo err >&2; cat; exit 5', { timeoutMs: 5000, stdin: "it's\nall" });
    await node.close();
    assert.deepEqual(result, { status: 'exited', code: 5, stdout: "out\nit's\nall", stderr: 'err\n' });
    assert.deepEqual(leftFolders(), []);
  });

  it('is not confused by binary output, endings without newline, and frames that are not its own', async () => {
    const node = await open(sshd);
    const fakes = await node.run("printf '\\000\\377\\n@@abc begin\\n@@abc end 0\\n'; printf tail", { timeoutMs: 5000 });
    const large = await node.run(
      'i=0; while [ $i -lt 20000 ]; do echo "line $i of many, long enough to fill more than one packet"; i=$((i+1)); done',
      { timeoutMs: 10_000 },
    );
    const chunks: string[] = [];
    const parts = await node.run('echo a; sleep 0.2; echo b', { timeoutMs: 5000, onStdout: (chunk) => chunks.push(chunk) });
    await node.close();
    assert.deepEqual([fakes.status, fakes.stdout], ['exited', '\0\ufffd\n@@abc begin\n@@abc end 0\ntail']);
    assert.ok(large.status === 'exited' && large.stdout.split('\n').length === 20_001);
    assert.deepEqual([parts.stdout, chunks.join('')], ['a\nb\n', 'a\nb\n']);
  });

  it('ends what a script has started when its time is over, and when it is cancelled', async () => {
    const node = await open(sshd);
    const cancellation = new CancellationSource();
    const script = (mark: string) => `sh -c 'sleep 300' ${mark} & sh -c 'trap "" TERM HUP INT; while :; do sleep 1; done' ${mark}`;
    const timeout = await node.run(script('crb-test-timeout'), { timeoutMs: 300 });
    const running = node.run(script('crb-test-cancel'), { timeoutMs: 60_000, cancellation });
    setTimeout(() => cancellation.cancel(), 300);
    assert.deepEqual([timeout.status, (await running).status], ['timeout', 'cancelled']);
    await gone('crb-test-timeout');
    await gone('crb-test-cancel');
    await node.close();
  });

  it('says in one line what is wrong with a host key', async () => {
    sshd.setKnownHosts('none');
    assert.match(await refused(sshd), /^cannot reach test-node: its host key is not known yet; .*fingerprint/);
    sshd.setKnownHosts('changed');
    assert.match(await refused(sshd), /its host key has changed since it was recorded in \S+\/known_hosts:1;/);
  });

  it('goes no further with a changed host key where the ssh config would', async () => {
    const lax = await startSshd({ client: ['StrictHostKeyChecking no'] });
    try {
      assert.equal(await refused(lax), 'connected');
      lax.setKnownHosts('changed');
      assert.match(await refused(lax), /its host key has changed since it was recorded in \S+\/known_hosts:1;/);
    } finally {
      await lax.stop();
    }
  });

  it('says in one line what is wrong with the way there', async () => {
    const port = await freePort();
    assert.match(await refused(sshd, `ssh://127.0.0.1:${port}`), new RegExp(`127\\.0\\.0\\.1 port ${port} refused the connection`));
    assert.match(await refused(sshd, 'no-such-host.invalid'), /the name no-such-host\.invalid was not found/);
    assert.match(await refused(sshd, 'crb-nobody@test-node'), /accepts none of our logins \(it takes publickey\)/);
    assert.match(await refused(sshd, '-oProxyCommand=true'), /no ssh destination/);
    assert.match(await refused(sshd, 'a\nb'), /is no node/);
    const missing = await failure(connect(sshd.name, { sshConfig: sshd.config, env: { PATH: '/nonexistent' } }));
    assert.match(missing, /no "ssh" program on this machine/);
  });

  it('gives up when it is cancelled while it logs in', async () => {
    const cancellation = new CancellationSource();
    setTimeout(() => cancellation.cancel(), 20);
    await assert.rejects(open(sshd, { cancellation }), /cancelled/);
    assert.deepEqual(leftFolders(), []);
  });

  it('dials from the node, and gives the reason in the words of the node', async () => {
    const node = await open(sshd);
    const dead = await freePort();
    const [good, closed, unknown] = await Promise.all([
      node.dial('127.0.0.1', sshd.port, { timeoutMs: 3000 }),
      node.dial('127.0.0.1', dead, { timeoutMs: 3000 }),
      node.dial('no-such-host.invalid', 443, { timeoutMs: 10_000 }),
    ]);
    assert.ok(good.ok && good.timings.connectMs !== undefined);
    good.stream.destroy();
    assert.ok(!closed.ok && !unknown.ok);
    assert.deepEqual(closed.failure, { kind: 'dial', address: `127.0.0.1:${dead}`, reason: 'connection refused' });
    assert.equal(unknown.failure.kind, 'lookup');
    await node.close();
    const late = await node.dial('127.0.0.1', sshd.port, { timeoutMs: 3000 });
    assert.ok(!late.ok, 'a closed node dials no more');
  });
});

describe('a node over ssh, on difficult servers', () => {
  it('tells chatter from output: banner, motd, a talking profile', async () => {
    const banner = join(temporary, 'banner');
    writeFileSync(banner, 'AUTHORIZED USE ONLY\n\u001b[31m@@ begin\n');
    const sshd = await startSshd({
      settings: [
        `Banner ${banner}`,
        'SetEnv BASH_ENV=/nonexistent',
        'ForceCommand echo "Welcome, $USER"; echo careful >&2; printf "no newline"; eval "$SSH_ORIGINAL_COMMAND"',
      ],
    });
    try {
      const node = await open(sshd);
      assert.deepEqual(await node.run('echo hi', { timeoutMs: 5000 }), { status: 'exited', code: 0, stdout: 'hi\n', stderr: '' });
      await node.close();
    } finally {
      rmSync(banner);
      await sshd.stop();
    }
  });

  it('says so when the login shell runs no commands', async () => {
    const sshd = await startSshd({ settings: ['ForceCommand echo "This account is currently not available."; exit 1'] });
    try {
      assert.match(await refused(sshd), /its shell runs no commands \("This account is currently not available\."\)/);
    } finally {
      await sshd.stop();
    }
  });

  it('asks a person for a passphrase and about a host key', async () => {
    const sshd = await startSshd({ passphrase: 'open sesame' });
    try {
      sshd.setKnownHosts('none');
      const asked: string[] = [];
      const node = await open(sshd, {
        prompt: ({ text, secret }) => {
          asked.push(`${secret ? 'secret' : 'plain'}: ${text.includes('fingerprint') ? 'host key' : 'passphrase'}`);
          return Promise.resolve(secret ? 'open sesame' : 'yes');
        },
      });
      assert.equal((await node.run('echo hi', { timeoutMs: 5000 })).stdout, 'hi\n');
      await node.close();
      assert.deepEqual(asked, ['plain: host key', 'secret: passphrase'], 'once for the whole connection');
      const declined = await failure(open(sshd, { prompt: () => Promise.resolve(null) }));
      assert.match(declined, /accepts none of our logins/);
    } finally {
      await sshd.stop();
    }
  });
});

const programs = (node: Node<Duplex>, systemCa = '') =>
  createHttp({ node, readFile: (path) => readFile(path, 'utf8'), systemCa: () => Promise.resolve(systemCa) });

describe('a docker-registry asked from a node', () => {
  let pki: Pki;
  let ca: Issued;
  let registry: DockerRegistry;
  const login = { user: 'ann', password: 'pa:ss wörd' };
  before(async () => {
    pki = createPki();
    ca = pki.authority('Registry CA');
    registry = await startDockerRegistry({ tls: pki.leaf('registry', ca, { names: 'IP:127.0.0.1' }), login });
  });
  after(async () => {
    await registry.stop();
    pki.remove();
  });

  const get = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => {
    const tls: TlsSettings = { skipVerify: false, caFiles: [ca.certFile], clientCertificates: [] };
    return {
      method: 'GET',
      url: `https://${registry.host}${path}`,
      headers: [],
      tls,
      dialTimeoutMs: 5000,
      want: { body: 'text', maxBytes: 100_000 },
      ...more,
    };
  };
  const basic = ['authorization', `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`] as const;

  const overEveryWay: readonly (readonly [string, readonly string[]])[] = [
    ['through ssh', []],
    ['by a tool of the node where the server forbids forwarding', ['AllowTcpForwarding no']],
  ];
  for (const [way, settings] of overEveryWay) {
    it(`answers ${way}`, async () => {
      const sshd = await startSshd({ settings });
      const node = await open(sshd);
      const http = programs(node);
      try {
        const anonymous = await http.send(get('/v2/'), undefined);
        const known = await http.send(get('/v2/', { headers: [basic] }), undefined);
        const layer = await http.send(
          get(`/v2/${registry.repository}/blobs/${registry.image.layer.digest}`, {
            headers: [basic],
            want: { body: 'digest', diffId: true },
          }),
          undefined,
        );
        const strange = await http.send(get('/v2/', { tls: { skipVerify: false, caFiles: [], clientCertificates: [] } }), undefined);
        const dead = await http.send({ ...get('/v2/'), url: `https://127.0.0.1:${await freePort()}/v2/` }, undefined);
        assert.ok(anonymous.ok && known.ok && layer.ok && !strange.ok && !dead.ok);
        assert.deepEqual([anonymous.status, known.status, layer.status], [401, 200, 200]);
        assert.match(anonymous.headers.find(([name]) => name === 'www-authenticate')?.[1] ?? '', /^Basic realm/);
        assert.deepEqual([layer.digest, layer.size], [registry.image.layer.digest, registry.image.layer.bytes.length]);
        assert.deepEqual(strange.failure, { kind: 'tls', reason: { kind: 'unknown-authority' } });
        assert.ok(dead.failure.kind === 'dial' && dead.failure.reason === 'connection refused');
      } finally {
        await http.close();
        await node.close();
        await sshd.stop();
      }
    });
  }

  it('says what is missing when the node has nothing to connect with', async () => {
    const sshd = await startSshd({
      settings: [
        'AllowTcpForwarding no',
        'ForceCommand PATH=/nonexistent; eval "$(/bin/echo "$SSH_ORIGINAL_COMMAND" | /bin/sed "s,^sh ,/bin/sh ,; s,^cat,/bin/cat,")"',
      ],
    });
    try {
      const node = await open(sshd);
      const result = await node.dial('127.0.0.1', registry.port, { timeoutMs: 3000 });
      await node.close();
      assert.ok(!result.ok && result.failure.kind === 'unavailable');
      assert.match(result.failure.reason, /none of socat, nc and bash/);
    } finally {
      await sshd.stop();
    }
  });
});
