import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContainerd, type RealContainerd } from '../fixtures/containerd';
import { startDockerRegistry, type DockerRegistry } from '../fixtures/dockerRegistry';
import { createNamespace, inNamespace, type NetworkNamespace } from '../fixtures/namespace';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { freePort, startSshd, stopped, type Sshd } from '../fixtures/sshd';
import { replay, withoutChance, writeHosts } from './beside';

interface Case {
  /** `repository:tag` or `repository@digest`; the good image by its tag if not given. */
  readonly image?: (registry: DockerRegistry) => string;
  readonly user?: string;
  /** Another address of the same registry. */
  readonly address?: string;
  /** Lines of the host's entry; else the ones that are right for the registry. */
  readonly lines?: readonly string[];
  readonly scheme?: 'http' | 'https';
  /** What must be in the words of both. */
  readonly says?: RegExp;
}

const nothing = `sha256:${'0'.repeat(64)}`;
const missing: Readonly<Record<string, Case>> = {
  'an unknown tag': { image: ({ repository }) => `${repository}:none`, says: /not found$/ },
  'an unknown repository': { image: () => 'team/none:1', says: /not found$/ },
  'an unknown digest': { image: ({ repository }) => `${repository}@${nothing}`, says: /not found$/ },
};
const unauthorized = /401 Unauthorized|authorization failed|authorization/;

const cases: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  plain: {
    'a good image': {},
    ...missing,
    'https asked of http': { scheme: 'https', says: /server gave HTTP response to HTTPS client$/ },
  },
  tls: {
    'a good image by digest': { image: ({ repository, image }) => `${repository}@${image.manifest.digest}` },
    ...missing,
    'a CA nobody named': { lines: [], says: /certificate signed by unknown authority$/ },
    'a wrong name': { address: '127.0.0.2', says: /certificate is valid for 127\.0\.0\.1, not 127\.0\.0\.2$/ },
    'http asked of https': { scheme: 'http', lines: [], says: /400 Bad Request$/ },
  },
  htpasswd: {
    'a good image': { user: 'ann:secret' },
    'an unknown tag': { ...missing['an unknown tag'], user: 'ann:secret' },
    'a wrong password': { user: 'ann:wrong', says: unauthorized },
    'no password': { says: unauthorized },
  },
  token: {
    'a good image': { user: 'ann:secret' },
    'a server without POST': { ...missing['an unknown tag'], user: 'getter:secret' },
    'an unknown repository': { ...missing['an unknown repository'], user: 'ann:secret' },
    'a wrong password': { user: 'ann:wrong', says: unauthorized },
    'nobody in particular': { says: unauthorized },
    'a token for pushing': { user: 'pusher:secret', says: unauthorized },
    'an expired token': { user: 'late:secret', says: unauthorized },
    'a token server that hangs up': { user: 'cut:secret', says: /EOF$/ },
  },
};

describe('a real docker-registry in a network namespace, over ssh, beside ctr in there', () => {
  let world: World;
  before(async () => (world = await openWorld()));
  after(() => world.close());

  for (const [kind, ofKind] of Object.entries(cases))
    for (const [title, one] of Object.entries(ofKind)) it(`${kind}: ${title}`, () => sameAnswers(world, kind, one));
});

async function sameAnswers(
  { containerd, sshd, registries, takeTokenRequests, ca, scratch }: World,
  kind: string,
  one: Case,
): Promise<void> {
  const registry = registries[kind];
  assert.ok(registry);
  const secure = kind === 'tls' || kind === 'htpasswd';
  const host = registry.host.replace('127.0.0.1', one.address ?? '127.0.0.1');
  const url = `${one.scheme ?? (secure ? 'https' : 'http')}://${host}`;
  const lines = one.lines ?? (secure ? [`ca = "${ca.certFile}"`] : []);
  const folder = mkdtempSync(join(scratch, 'certs-'));
  // Twice: a 404 of the entry leads to the server, which has no CA but its own.
  const hostsDir = writeHosts(folder, host, `server = "${url}"\n${lines.join('\n')}\n[host."${url}"]\n${lines.join('\n')}\n`);
  const reference = `${host}/${one.image?.(registry) ?? `${registry.repository}:1`}`;
  const seen = async (): Promise<readonly string[]> => {
    // The servers write when they have answered, a moment after a client may have gone on.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return [...registry.takeRequests().slice().sort(), ...takeTokenRequests()];
  };
  const real = await containerd.pull(reference, hostsDir, one.user);
  const realRequests = await seen();
  const ours = await replay(reference, hostsDir, containerd.version, one.user, ['--node', sshd.name, '--ssh-config', sshd.config]);
  const ourRequests = await seen();
  assert.equal(withoutChance(ours.reported ?? ''), withoutChance(real.error));
  assert.match(real.error, one.says ?? /^$/);
  assert.equal(ours.ok, real.ok);
  assert.deepEqual(ourRequests, realRequests);
}

interface World {
  readonly containerd: RealContainerd;
  readonly sshd: Sshd;
  readonly registries: Readonly<Record<string, DockerRegistry>>;
  readonly takeTokenRequests: () => readonly string[];
  readonly ca: Issued;
  readonly scratch: string;
  close(): Promise<void>;
}

async function openWorld(): Promise<World> {
  const space = createNamespace();
  const pki = createPki();
  const scratch = mkdtempSync(join(tmpdir(), 'real-registry-'));
  const namespace = space.name;
  const ca = pki.authority('ca');
  const tls = pki.leaf('registry', ca, { names: 'IP:127.0.0.1' });
  const signer = pki.leaf('token', ca);
  const tokens = await startTokenServer(namespace, signer);
  const [containerd, sshd, plain, secure, htpasswd, token] = await Promise.all([
    startContainerd({ namespace }),
    startSshd({ namespace }),
    startDockerRegistry({ namespace, salt: 'plain' }),
    startDockerRegistry({ namespace, salt: 'tls', tls }),
    startDockerRegistry({ namespace, salt: 'htpasswd', tls, login: { user: 'ann', password: 'secret' } }),
    startDockerRegistry({ namespace, salt: 'token', token: { realm: tokens.realm, certFile: ca.certFile } }),
  ]);
  const close = closing(space, pki, scratch, [containerd, sshd, plain, secure, htpasswd, token, tokens]);
  return { containerd, sshd, registries: { plain, tls: secure, htpasswd, token }, takeTokenRequests: tokens.take, ca, scratch, close };
}

function closing(
  space: NetworkNamespace,
  pki: Pki,
  scratch: string,
  running: readonly { readonly stop: () => Promise<void> }[],
): () => Promise<void> {
  return async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    space.remove();
    pki.remove();
    rmSync(scratch, { recursive: true, force: true });
  };
}

async function startTokenServer(namespace: string, { certFile, keyFile }: Issued) {
  const port = await freePort();
  const server = join(process.cwd(), 'test/fixtures/tokenServer.cjs');
  const [program, ...args] = inNamespace(namespace, [process.execPath, server, String(port), certFile, keyFile]);
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the token server ended with status ${String(code)}`)));
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.startsWith('listening\n')) resolve();
    });
  });
  const take = (): readonly string[] => {
    const lines = text.split('\n').filter((line) => line !== '' && line !== 'listening');
    text = 'listening\n';
    return lines;
  };
  return { realm: `http://127.0.0.1:${port}/token`, take, stop: () => stopped(child) };
}
