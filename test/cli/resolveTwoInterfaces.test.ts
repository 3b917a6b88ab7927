import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { catalogsFor } from '../../files/language';
import { spoken } from '../../cli/format/spoken';
import { main } from '../../cli/main';
import { CancellationSource } from '../../cli/serve/session';
import { call } from '../fixtures/call';
import { tinyImage } from '../fixtures/image';
import { createNamespace, inNamespace, type NetworkNamespace } from '../fixtures/namespace';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { startSshd, stopped, type Sshd } from '../fixtures/sshd';
import { until } from '../fixtures/until';

/** Where a registry stands in both networks behind the node, and where each has one of its own. */
const both = '10.91.9.9';
const own = { left: '10.91.1.2', right: '10.91.2.2' } as const;

describe('a replay through one interface of a node with two, over ssh', () => {
  let world: World;
  before(async () => (world = await openWorld()));
  after(() => world.close());

  const resolve = async (host: string, name: string, ...more: readonly string[]): Promise<ResolveDocument> => {
    const words = ['resolve', `${host}/a/b:1`, '--certs-d', world.certsD, '--containerd', '2.1', '--platform', 'linux/amd64'];
    const { stdout, stderr } = await call([...words, ...world.node, '--interface', name, '--proxy', 'none', '--format', 'json', ...more]);
    assert.equal(stderr, '');
    return JSON.parse(stdout) as ResolveDocument;
  };

  it('reaches the registry of that side only', async () => {
    const [near, far] = [await resolve(own.right, 'right0'), await resolve(own.right, 'left0')];
    assert.deepEqual([near.ok, near.findings], [true, []], JSON.stringify(near.reported));
    assert.equal(far.ok, false);
    assert.match(far.reported ?? '', /: dial tcp 10\.91\.2\.2:80: (?:connect: no route to host|i\/o timeout)$/);
    assert.match(far.rootCause?.class ?? '', /^net\.(?:refused-or-no-route|timeout)$/);
  });

  it('asks the one that the interface leads to where both have that address', async () => {
    const digests = [await resolve(both, 'left0', '--download'), await resolve(both, 'right0', '--download')].map(({ digest }) => digest);
    assert.deepEqual(digests, [world.images.left.manifest.digest, world.images.right.manifest.digest]);
  });

  it('presents the client certificate of hosts.toml', async () => {
    const document = await resolve(`${own.left}:443`, 'left0');
    assert.deepEqual([document.ok, document.reported], [true, null]);
  });

  it('says in one line that there is no such interface', async () => {
    const { ok, reported, attempts, findings, predictions } = await resolve(both, 'wrong0');
    assert.deepEqual([ok, reported, attempts, findings.length], [false, null, [], 1]);
    assert.ok(findings[0]);
    assert.match(
      findings[0].message,
      /^The replay stopped: nothing was asked through wrong0: the node has no such interface, only (?=.*left0)(?=.*right0)[^\n]*\.$/,
    );
    assert.match(spoken(findings[0], catalogsFor('zh-cn')), /^重演已停止：没有经 wrong0 发出任何请求：节点没有此网络接口/);
    assert.ok(Object.values(predictions ?? {}).every((prediction) => 'needs' in prediction));
  });

  it('says in one line that the node has no curl', async () => {
    const tools = mkdtempSync(join(tmpdir(), 'no-curl-'));
    for (const name of ['sh', 'cat', 'ls', 'sed', 'head', 'grep', 'base64', 'uname', 'id', 'tr', 'cut', 'sort'])
      symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(tools, name));
    const words = ['resolve', `${both}/a/b:1`, '--node', `exec:env PATH=${tools}`, '--interface', 'lo', '--format', 'json'];
    const { stdout, status } = await call(words);
    rmSync(tools, { recursive: true });
    const { findings, attempts } = JSON.parse(stdout) as ResolveDocument;
    assert.deepEqual([status, attempts], [1, []]);
    assert.equal(
      findings[0]?.message,
      'The replay stopped: nothing was asked through lo: the node has no curl, and nothing else there can send a request through an interface.',
    );
  });

  it('leaves no curl on the node when it is cancelled, and shows no secret there meanwhile', async () => {
    const cancellation = new CancellationSource();
    const words = ['resolve', `${own.left}:81/a/b:1`, '--certs-d', world.certsD, ...world.node, '--interface', 'left0', '--proxy', 'none'];
    let stderr = '';
    const running = main(words, {
      env: { ...process.env, CONTAINERD_RUNBOOKS_USERNAME: 'ann', CONTAINERD_RUNBOOKS_PASSWORD: 'hidden-word' },
      cwd: process.cwd(),
      color: false,
      cancellation,
      stdout: () => undefined,
      stderr: (text) => void (stderr += text),
      readStdin: () => Promise.resolve(''),
      stdinLines: async function* () {
        // No input.
      },
    });
    await until(() => curls(world.space.name).length > 0, 'curl did not start');
    const secret = Buffer.from('ann:hidden-word').toString('base64');
    const seen = commands().filter((line) => line.includes('hidden-word') || line.includes(secret));
    cancellation.cancel();
    const status = await running;
    assert.deepEqual([seen, status, curls(world.space.name)], [[], 2, []]);
    assert.match(stderr, /^[^\n]*cancelled[^\n]*\n$/);
  });
});

interface World {
  readonly space: NetworkNamespace;
  readonly node: readonly string[];
  readonly certsD: string;
  readonly images: Readonly<Record<'left' | 'right', ReturnType<typeof tinyImage>>>;
  close(): Promise<void>;
}

async function openWorld(): Promise<World> {
  const space = createNamespace('-node');
  const sides = { left: createNamespace('-left'), right: createNamespace('-right') };
  const images = { left: tinyImage('left'), right: tinyImage('right') };
  connectSides(space, sides);
  const pki = createPki();
  const ca = pki.authority('ca');
  const certsD = hostsOf(pki, ca);
  const tls = pki.leaf('reg', ca, { names: `IP:${own.left}` });
  const servers = await Promise.all([
    serve(sides.left.name, own.left, 80, images.left),
    serve(sides.left.name, both, 80, images.left),
    serve(sides.left.name, own.left, 443, images.left, { cert: tls.cert, key: tls.key, ca: ca.cert }),
    serve(sides.left.name, own.left, 81),
    serve(sides.right.name, own.right, 80, images.right),
    serve(sides.right.name, both, 80, images.right),
  ]);
  const sshd: Sshd = await startSshd({ namespace: space.name });
  return {
    space,
    node: ['--node', sshd.name, '--ssh-config', sshd.config],
    certsD,
    images,
    close: async () => {
      await Promise.all([sshd.stop(), ...servers.map(stopped)]);
      for (const one of [space, sides.left, sides.right]) one.remove();
      rmSync(certsD, { recursive: true });
      pki.remove();
    },
  };
}

function connectSides(space: NetworkNamespace, sides: Readonly<Record<'left' | 'right', NetworkNamespace>>): void {
  const ip = (namespace: string, words: string) => execFileSync('ip', ['-n', namespace, ...words.split(' ')]);
  for (const [index, name] of (['left', 'right'] as const).entries()) {
    const there = sides[name].name;
    ip(space.name, `link add ${name}0 type veth peer name up0 netns ${there}`);
    ip(space.name, `address add 10.91.${index + 1}.1/24 dev ${name}0`);
    ip(there, `address add ${own[name]}/24 dev up0`);
    ip(there, `address add ${both}/32 dev lo`);
    ip(space.name, `link set ${name}0 up`);
    ip(there, 'link set up0 up');
    ip(space.name, `route add ${both} via ${own[name]} dev ${name}0 metric ${100 * (index + 1)}`);
  }
}

/** A registry in a namespace; without an image it never answers. */
function serve(
  namespace: string,
  address: string,
  port: number,
  image?: ReturnType<typeof tinyImage>,
  tls?: object,
): Promise<ChildProcess> {
  const pieces = image
    ? [image.manifest, image.config, image.layer].map(({ digest, bytes }) => [digest, bytes.toString('base64')])
    : undefined;
  const setup = JSON.stringify({
    address,
    port,
    pieces,
    type: image?.manifestType,
    tls: tls && { ...tls, requestCert: true, rejectUnauthorized: true },
  });
  const program = `const { address, port, pieces, type, tls } = ${setup};
    const answer = (request, response) => {
      if (!pieces) return;
      const [digest, bytes] = pieces.find(([digest]) => request.url.includes(digest)) ?? pieces[0];
      const body = Buffer.from(bytes, 'base64');
      response.writeHead(200, { 'content-type': type, 'docker-content-digest': digest, 'content-length': body.length });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const server = tls ? require('https').createServer(tls, answer) : require('http').createServer(answer);
    server.listen(port, address, () => console.log('listening'));`;
  const [file, ...words] = inNamespace(namespace, [process.execPath, '-e', program]);
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => reject(new Error(`a registry ended with status ${String(code)}`)));
    child.stdout.once('data', () => resolve(child));
  });
}

function hostsOf(pki: Pki, ca: Issued): string {
  const folder = mkdtempSync(join(tmpdir(), 'interfaces-'));
  const client = pki.leaf('client', ca, { usage: 'clientAuth' });
  for (const host of [own.left, own.right, both, `${own.left}:81`]) write(host, `server = "http://${host}"\n[host]\n`);
  const keys = `ca = "${ca.certFile}"\nclient = [["${client.certFile}", "${client.keyFile}"]]\n`;
  write(`${own.left}:443`, `server = "https://${own.left}"\n${keys}[host."https://${own.left}"]\n${keys}`);
  return folder;
  function write(host: string, text: string): void {
    mkdirSync(join(folder, host));
    writeFileSync(join(folder, host, 'hosts.toml'), text);
  }
}

/** The command lines of this machine, as every process can read them. */
function commands(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
}

/** The curls that run in a network namespace. */
function curls(namespace: string): readonly string[] {
  const pids = execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' }).split('\n').filter(Boolean);
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'curl';
    } catch {
      return false;
    }
  });
}
