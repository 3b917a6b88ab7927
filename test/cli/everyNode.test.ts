import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { CancellationSource } from '../../cli/serve/session';
import { connect, type ConnectOptions } from '../../cli/transport';
import { recordNode } from '../../cli/transport/recorded';
import type { Node } from '../../core/ports';
import { quote } from '../../core/probes/quote';
import { createNamespace } from '../fixtures/namespace';
import { freePort, startSshd, stopped, type SshdOptions } from '../fixtures/sshd';

/** A node to be opened, and what has to be ended afterwards. */
interface Place {
  readonly name: string;
  readonly options?: Partial<ConnectOptions>;
  /** A port of the node's own network that answers as sshd does, and as whom. */
  readonly port: number;
  /** One that nobody listens on; by default one that is free at the moment. */
  readonly deadPort?: number;
  /** How often a person has been asked for something. */
  readonly asked?: () => number;
  stop(): Promise<unknown>;
}

const here = (name: string) => async (): Promise<Place> => {
  const sshd = await startSshd();
  return { name, port: sshd.port, stop: () => sshd.stop() };
};

const overSsh =
  (server: SshdOptions = {}, options: Partial<ConnectOptions> = {}, command = '') =>
  async (): Promise<Place> => {
    const sshd = await startSshd(server);
    // As Bottlerocket's sheltie: it takes no words and gives a shell.
    writeFileSync(join(sshd.folder, 'sheltie'), '#!/bin/sh\nexec nsenter --target $$ --mount /bin/sh\n', { mode: 0o755 });
    const name = `${sshd.name}${command.replace('sheltie', join(sshd.folder, 'sheltie'))}`;
    return { name, options: { sshConfig: sshd.config, ...options }, port: sshd.port, stop: () => sshd.stop() };
  };

/** The node is known to the jump host only: its port is not reached but through it. */
async function behindJump(): Promise<Place> {
  const hop = await startSshd({ name: 'hop', settings: ['AllowTcpForwarding local'] });
  const sshd = await startSshd({ client: ['ProxyJump hop'] });
  writeFileSync(sshd.config, `Include ${hop.config}\n${readFileSync(sshd.config, 'utf8')}`);
  const stop = () => Promise.all([hop.stop(), sshd.stop()]);
  return { name: sshd.name, options: { sshConfig: sshd.config }, port: sshd.port, stop };
}

/** The private key is nowhere but in the agent. */
async function withAgent(): Promise<Place> {
  const sshd = await startSshd({ client: ['IdentityAgent ${CRB_AGENT}'] });
  const socket = join(sshd.folder, 'agent');
  const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => agent.stdout?.once('data', resolve));
  execFileSync('ssh-add', ['-q', join(sshd.folder, 'user')], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
  rmSync(join(sshd.folder, 'user'));
  const options = { sshConfig: sshd.config, env: { ...process.env, CRB_AGENT: socket } };
  return { name: sshd.name, options, port: sshd.port, stop: () => Promise.all([stopped(agent), sshd.stop()]) };
}

/** The server knows no key of ours, only the authority that has signed it. */
async function withCertificate(): Promise<Place> {
  const authority = mkdtempSync(join(tmpdir(), 'crb-ca-'));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(authority, 'ca')]);
  const sshd = await startSshd({ settings: ['AuthorizedKeysFile none', `TrustedUserCAKeys ${authority}/ca.pub`] });
  execFileSync('ssh-keygen', ['-q', '-s', join(authority, 'ca'), '-I', 'test', '-n', userInfo().username, join(sshd.folder, 'user.pub')]);
  const stop = async () => {
    await sshd.stop();
    rmSync(authority, { recursive: true });
  };
  return { name: sshd.name, options: { sshConfig: sshd.config }, port: sshd.port, stop };
}

/** PAM takes each code once and asks for another at the next login. */
async function withOneTimeCode(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'crb-pam-'));
  writeFileSync(
    join(folder, 'check'),
    `#!/bin/sh\ncode=$(tr -d '\\0')\ncase $code in ''|*/*) exit 1 ;; esac\nrm "${folder}/code-$code"\n`,
    {
      mode: 0o755,
    },
  );
  for (const code of ['0001', '0002']) writeFileSync(join(folder, `code-${code}`), '');
  const sshd = await startSshd({
    settings: ['UsePAM yes', 'KbdInteractiveAuthentication yes', 'AuthenticationMethods keyboard-interactive', 'PermitRootLogin yes'],
    pam: `auth required pam_exec.so expose_authtok quiet ${folder}/check\nauth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n`,
  });
  let asked = 0;
  const prompt = () => Promise.resolve(`000${++asked}`);
  const stop = async () => {
    await sshd.stop();
    rmSync(folder, { recursive: true });
  };
  return { name: sshd.name, options: { sshConfig: sshd.config, prompt }, port: sshd.port, asked: () => asked, stop };
}

async function inNetworkOfItsOwn(): Promise<Place> {
  const namespace = createNamespace();
  const sshd = await startSshd({ namespace: namespace.name });
  const stop = async () => {
    await sshd.stop();
    namespace.remove();
  };
  return { name: `exec:nsenter --net=/run/netns/${namespace.name}`, port: sshd.port, stop };
}

/** Everything below was asked of a node over ssh once; then its sshd was stopped. */
async function recorded(): Promise<Place> {
  const sshd = await startSshd();
  const folder = mkdtempSync(join(tmpdir(), 'crb-recorded-'));
  const file = join(folder, 'node.jsonl');
  const place: Place = { name: sshd.name, port: sshd.port, deadPort: await freePort(), stop: () => sshd.stop() };
  const node = recordNode(await connect(sshd.name, { sshConfig: sshd.config, env: process.env }), file, file);
  for (const ask of [asksScripts, asksToStop, asksConnections]) await ask(node, place);
  await node.close();
  await sshd.stop();
  const stop = () => rm(folder, { recursive: true });
  return { ...place, name: `recorded:${file}`, stop };
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  'this machine': here('local'),
  'a command': here('exec:env'),
  'a command with busybox': here('exec:busybox'),
  'nsenter, in a network of its own': inNetworkOfItsOwn,
  'ssh with a master': overSsh(),
  'ssh without a master': overSsh({}, { multiplexing: false }),
  'ssh without forwarding': overSsh({ settings: ['AllowTcpForwarding no'] }),
  'ssh and a command behind it': overSsh({}, {}, " env 'A=b c'"),
  'ssh and a command that takes no words': overSsh({}, {}, ' sheltie'),
  'a jump host': behindJump,
  'a key in the agent': withAgent,
  'a user certificate': withCertificate,
  'a one-time code': withOneTimeCode,
  'a recording': recorded,
};

async function asksScripts(node: Node<Duplex>, place: Place): Promise<void> {
  const words = `'; $(id) \\ "\`!\u0007 ü\n\n`;
  const result = await node.run(`printf %s ${quote(words)}; cat; echo no >&2; exit 3`, { timeoutMs: 20_000, stdin: words });
  assert.deepEqual(result, { status: 'exited', code: 3, stdout: `${words}${words}`, stderr: 'no\n' });
  assert.equal(node.name, place.name);
}

async function asksToStop(node: Node<Duplex>): Promise<void> {
  const cancellation = new CancellationSource();
  const early = node.run('sleep 300', { timeoutMs: 20_000, cancellation });
  const side = node.run('echo beside', { timeoutMs: 20_000 });
  setTimeout(() => cancellation.cancel(), 100);
  assert.equal((await early).status, 'cancelled');
  assert.equal((await side).stdout, 'beside\n');
  const late = await node.run('echo begun; sleep 300', { timeoutMs: 1500 });
  assert.deepEqual([late.status, late.stdout], ['timeout', 'begun\n']);
  assert.equal((await node.run('echo on', { timeoutMs: 20_000 })).stdout, 'on\n');
}

async function asksConnections(node: Node<Duplex>, place: Place): Promise<void> {
  const good = await node.dial('127.0.0.1', place.port, { timeoutMs: 10_000 });
  assert.ok(good.ok, JSON.stringify(good));
  const banner = await new Promise<string>((resolve) => good.stream.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  good.stream.destroy();
  assert.match(banner, /^SSH-2\.0-/);
  const port = place.deadPort ?? (await freePort());
  const dead = await node.dial('127.0.0.1', port, { timeoutMs: 10_000 });
  assert.deepEqual(!dead.ok && dead.failure, { kind: 'dial', address: `127.0.0.1:${port}`, reason: 'connection refused' });
  assert.ok((place.asked?.() ?? 1) === 1, 'asked once for the whole connection');
}

describe('every way to a node', () => {
  for (const [way, start] of Object.entries(places)) {
    describe(way, () => {
      let place: Place;
      let node: Node<Duplex>;
      before(async () => {
        place = await start();
        node = await connect(place.name, { env: process.env, ...place.options }).catch(async (error: unknown) => {
          await place.stop();
          throw error;
        });
      });
      after(async () => {
        await node.close();
        await place.stop();
      });

      it('runs scripts with their input, both outputs and their end', () => asksScripts(node, place));
      it('ends what is late or cancelled, and goes on', () => asksToStop(node));
      it('connects to what the node can reach, and names what it cannot', () => asksConnections(node, place));
    });
  }
});
