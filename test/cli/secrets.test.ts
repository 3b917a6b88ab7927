import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { Io } from '../../cli/command';
import { main } from '../../cli/main';
import { createHandlers } from '../../cli/serve/handlers';
import { NodePool } from '../../cli/serve/nodePool';
import { Requests } from '../../cli/serve/requests';
import { CancellationSource } from '../../cli/serve/session';
import { connect } from '../../cli/transport';
import type { ServeCall, ServeEvent } from '../../core/serve';
import { tinyImage } from '../fixtures/image';
import { nodeRoot, type NodeRoot } from '../fixtures/nodeRoot';
import { createPki, type Pki } from '../fixtures/pki';
import { scriptedRegistry, type ScriptedRegistry } from '../fixtures/scriptedRegistry';
import { plantedTexts } from '../fixtures/secrets';
import { startSshd, type Sshd } from '../fixtures/sshd';
import { until } from '../fixtures/until';

/** Every secret is one of a kind, so that a leak names its source. */
const planted: string[] = [];
function secret(where: string): string {
  const made = `Zq7${where}X2vK9mW4tB${planted.length}`;
  planted.push(made);
  return made;
}

/** Each leak with the words around it. */
function leaksIn(text: string): readonly string[] {
  return planted.flatMap((one) => {
    const at = text.indexOf(one);
    return at < 0 ? [] : [text.slice(Math.max(0, at - 100), at + one.length + 20)];
  });
}

/** What any process of this machine was started with, over and over until `stop`: ours and, as it is the same machine, the node's. */
function watchProcesses(): { stop(): readonly string[] } {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || pid === String(process.pid)) continue;
      try {
        for (const leak of leaksIn(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))) seen.add(leak);
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen];
    },
  };
}

describe('secrets planted in every file and header', () => {
  let registry: ScriptedRegistry;
  let root: NodeRoot;
  let sshd: Sshd;
  let pki: Pki;
  let folder: string;
  let keyLines: readonly string[];
  /** A header whose name says nothing of credentials: `hosts` is there to show what is sent. */
  const plainHeader = secret('plain');

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crb-planted-'));
    pki = createPki();
    const client = pki.leaf('client', pki.authority('CA'), { usage: 'clientAuth' });
    keyLines = client.key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    const [realm, location, token, body] = [secret('realm'), secret('location'), secret('token'), secret('body')];
    registry = await scriptedRegistry(tinyImage('planted'), ({ url, authorization }, host) => {
      if (url.startsWith('/token')) return { status: 200, body: JSON.stringify({ token, refresh_token: token, expires_in: 60 }) };
      if (url.startsWith('/v2/signed/'))
        return { status: 307, headers: { location: `http://u:${location}@127.0.0.1:1/blob?X-Amz-Signature=${location}` } };
      if (url.startsWith('/v2/refused/')) return { status: 500, body: `{"token":"${body}"} http://u:${body}@${host}/?sig=${body}` };
      if (authorization !== undefined) return undefined;
      return {
        status: 401,
        headers: {
          'www-authenticate': `Bearer realm="http://u:${realm}@${host}/token?access_token=${realm}",service="s"`,
          'set-cookie': `session=${realm}`,
        },
      };
    });
    root = nodeRoot({ containerd: 'v1.7.24', ...nodeFiles(registry.host, client.key, client.cert) });
    for (const path of ['opt/p/cloud', 'bin/ctr', 'bin/docker-credential-one']) chmodSync(join(root.folder, path), 0o755);
    sshd = await startSshd({ settings: [`ForceCommand exec chroot ${root.folder} /bin/sh -c "$SSH_ORIGINAL_COMMAND"`] });
  });
  after(async () => {
    await sshd.stop();
    await registry.close();
    root.remove();
    pki.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function nodeFiles(host: string, key: string, certificate: string) {
    const planting = plantedTexts.map(([path, text], index) => [path, text(secret(`text${index}`))] as const);
    const journal = planting.filter(([path]) => path === 'journal').map(([, text]) => text);
    const files = Object.fromEntries(planting.filter(([path]) => path !== 'journal'));
    const config = `version = 2
imports = ["/etc/containerd/conf.d/*.toml"]
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
[plugins."io.containerd.grpc.v1.cri".registry.configs."h".auth]
  username = "u"
  password = "${secret('password')}"
  auth = "${Buffer.from(`u:${secret('auth')}`).toString('base64')}"
  identitytoken = "${secret('identitytoken')}"
`;
    const pull = (name: string): string =>
      `2026-11-21T10:00:00+0000 n1 containerd[7]: level=error msg="PullImage \\"${host}/${name}:1\\" failed" error="failed to pull and unpack image \\"${host}/${name}:1\\": failed to do request: Get \\"http://u:${secret('log')}@${host}/v2/?X-Amz-Signature=${secret('signed')}\\": EOF"\n`;
    const helped = secret('helper');
    const [environment, answered] = [secret('environment'), secret('answered')];
    const provider = {
      name: 'cloud',
      matchImages: ['127.0.0.1:*', '127.0.0.1'],
      apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
      args: ['--ask'],
      env: [{ name: 'CLOUD_KEY', value: environment }],
    };
    const said = secret('ctr');
    return {
      dump: config,
      journal: `${journal.join('')}${pull('team/app')}${pull('signed/app')}${pull('refused/app')}`,
      files: {
        ...files,
        '/etc/containerd/config.toml': config,
        [`/etc/containerd/certs.d/${host}/hosts.toml`]: `server = "http://${host}"
[host."http://${host}"]
  capabilities = ["pull", "resolve"]
  client = [["/etc/containerd/client.pem", "/etc/containerd/client.key"]]
[host."http://${host}".header]
  X-Api-Key = "${secret('header')}"
  X-Plain = ["${plainHeader}"]
`,
        '/etc/containerd/client.key': key,
        '/etc/containerd/client.pem': certificate,
        '/etc/containerd/both.conf': key,
        '/root/.docker/config.json': JSON.stringify({
          auths: { [host]: { auth: Buffer.from(`u:${secret('docker')}`).toString('base64'), identitytoken: secret('identity') } },
          HttpHeaders: { 'X-Meta': secret('httpheader') },
          credsStore: 'one',
        }),
        '/etc/default/containerd': `HTTPS_PROXY=http://u:${secret('default')}@proxy.invalid:3128\n`,
        '/etc/rancher/k3s/config.yaml': `token: ${secret('k3s')}\n`,
        '/etc/kubelet.json': JSON.stringify({
          kind: 'CredentialProviderConfig',
          providers: [provider],
        }),
        '/proc/4242/comm': 'kubelet\n',
        '/proc/4242/cmdline': 'kubelet\0--image-credential-provider-config=/etc/kubelet.json\0--image-credential-provider-bin-dir=/opt/p\0',
        '/proc/4343/comm': 'containerd\n',
        '/proc/4343/cmdline': 'containerd\0',
        '/proc/4343/environ': `HTTP_PROXY=socks5://u:${secret('environ')}@127.0.0.1:1\0NO_PROXY=127.0.0.1\0REGISTRY_PASSWORD=${secret('other')}\0`,
        '/opt/p/cloud': `#!/bin/sh\nsleep 0.3; cat >/dev/null\necho '{"kind":"CredentialProviderResponse","auth":{"127.0.0.1":{"username":"u","password":"${answered}"}}}'\n`,
        '/bin/docker-credential-one': `#!/bin/sh\nsleep 0.3; echo '{"Username":"u","Secret":"${helped}"}'\n`,
        '/bin/ctr': `#!/bin/sh\ncase "$*" in *pull*) ;; *) exit 1 ;; esac\necho 'ctr: failed to resolve: Get "http://u:${said}@${host}/v2/?X-Amz-Signature=${said}": EOF, request.header.authorization="Bearer ${said}"' >&2; exit 1\n`,
        '/tmp/pull.log': `${journal.join('')}${pull('team/app')}`,
      },
    };
  }

  function io(more: Partial<Io>, out: (text: string) => void): Io {
    return {
      env: { ...process.env, NO_COLOR: '1', LC_ALL: 'C', HTTP_PROXY: `http://u:${secret('ours')}@127.0.0.1:1`, no_proxy: '127.0.0.1' },
      cwd: folder,
      color: false,
      cancellation: new CancellationSource(),
      stdout: out,
      stderr: out,
      readStdin: () => Promise.resolve(''),
      stdinLines: async function* () {
        // No input.
      },
      ...more,
    };
  }

  /** Whatever a call prints and writes; and what it starts is watched. */
  async function told(words: readonly string[], more: Partial<Io> = {}, mayTell?: string): Promise<string> {
    let text = '';
    const processes = watchProcesses();
    await main(
      words,
      io(more, (part) => (text += part)),
    );
    assert.deepEqual(processes.stop(), [], `process list of ${words.join(' ')}`);
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      text += (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      rmSync(join(folder, name));
    }
    assert.deepEqual(leaksIn(mayTell === undefined ? text : text.replaceAll(mayTell, '')), [], words.join(' '));
    for (const line of keyLines) assert.ok(!text.includes(line), `the client key: ${words.join(' ')}`);
    return text;
  }

  const onNode = (): readonly string[] => ['--node', sshd.name, '--ssh-config', sshd.config];

  it('would be seen in the process list', async () => {
    const processes = watchProcesses();
    const node = await connect(sshd.name, { sshConfig: sshd.config, env: process.env });
    await node.run(`sh -c 'sleep 0.5; :' ${plainHeader}; :`, { timeoutMs: 20_000 });
    await node.close();
    assert.equal(processes.stop().length, 1);
  });

  it('are in nothing that diagnose, collect and the printed script tell', async () => {
    for (const format of ['text', 'json', 'ndjson'])
      assert.match(await told(['diagnose', ...onNode(), '--format', format]), /team\/app/, format);
    assert.match(await told(['diagnose', `${registry.host}/signed/app:1`, ...onNode()]), /CAUSE/);
    for (const name of ['bundle', 'bundle.gz'])
      assert.match(await told(['collect', '-o', name, ...onNode(), '--record', 'recording']), /hosts\.toml/);
    const script = await told(['collect', '--print-script']);
    root.write({ '/tmp/script.sh': script });
    let raw = '';
    const processes = watchProcesses();
    const node = await connect(sshd.name, { sshConfig: sshd.config, env: process.env });
    try {
      raw = (await node.run('sh /tmp/script.sh', { timeoutMs: 60_000 })).stdout;
    } finally {
      await node.close();
    }
    assert.deepEqual(processes.stop(), []);
    assert.match(raw, /hosts\.toml/);
    assert.deepEqual(leaksIn(raw), []);
    for (const line of keyLines) assert.ok(!raw.includes(line));
    writeFileSync(join(folder, 'raw.txt'), raw);
    assert.match(await told(['diagnose', '--bundle', 'raw.txt', '--format', 'json']), /team\/app/);
  });

  it('are in nothing that resolve tells, prints or saves', async () => {
    const replay = (...words: readonly string[]): Promise<string> =>
      told(['resolve', ...words, ...onNode(), '--certs-d', '/etc/containerd/certs.d', '--record', 'r']);
    for (const name of ['team/app', 'signed/app', 'refused/app', 'none']) {
      for (const format of ['text', 'json', 'ndjson'])
        assert.match(await replay(`${registry.host}/${name}:1`, '--format', format, '--transcript', 't', '--guide', 'g'), /127\.0\.0\.1/);
    }
    const masked = await replay(`${registry.host}/team/app:1`, '--guide', 'g', '--fault', 'HEAD */manifests/*=timeout');
    assert.ok(masked.length > 0);
    await replay(`${registry.host}/team/app:1`, '--download', '--predict', '--repeat', '2', '--format', 'json');
    await replay(`${registry.host}/team/app:1`, '--proxy', 'env', '--format', 'json');
    const given = secret('given');
    const env = { ...process.env, CONTAINERD_RUNBOOKS_USERNAME: 'u', CONTAINERD_RUNBOOKS_PASSWORD: given };
    assert.match(
      await told(['resolve', `${registry.host}/team/app:1`, ...onNode(), '--format', 'json', '--transcript', 't'], { env }),
      /"ok"/,
    );
    const auth = JSON.stringify({ username: 'u', password: given, identity_token: secret('stdin') });
    const readStdin = (): Promise<string> => Promise.resolve(auth);
    await told(['resolve', `${registry.host}/team/app:1`, ...onNode(), '--auth-stdin', '--format', 'json'], { readStdin });
    const lines = [
      JSON.stringify({ id: '1', reference: `${registry.host}/team/app:1`, auth: { username: 'u', password: given } }),
      `{"id":"2","reference":"${registry.host}/x:1","auth":{"password":"${given}"`,
      JSON.stringify({ id: '3', reference: `https://u:${given}@${registry.host}/x:1` }),
      JSON.stringify({ id: '4', reference: 7, auth: { password: given } }),
    ];
    assert.match(await told(['resolve', '--jsonl'], { stdinLines: () => Readable.from(lines) }), /"id":"4"/);
  });

  it('are in nothing that ready, hosts, lint, config, explain and step tell', async () => {
    for (const format of ['text', 'json', 'ndjson'])
      assert.match(
        await told(['ready', '--record', 'r', '--registry', `http://${registry.host}`, ...onNode(), '--format', format]),
        /registry-v2/,
      );
    for (const format of ['text', 'json']) {
      assert.match(await told(['config', 'lint', '--record', 'r', ...onNode(), '--format', format]), /hosts\.toml/);
      assert.match(await told(['lint', ...onNode(), '--format', format, '/etc/containerd']), /hosts\.toml/);
      const hosts = ['hosts', `${registry.host}/team/app:1`, ...onNode(), '--certs-d', '/etc/containerd/certs.d', '--format', format];
      assert.match(await told(hosts, {}, plainHeader), /x-api-key/i);
    }
    for (const format of ['text', 'json', 'sarif', 'github'])
      assert.match(await told(['lint', '--root', root.folder, '--format', format, '/etc/containerd']), /hosts/);
    const log = readFileSync(join(root.folder, 'tmp/pull.log'), 'utf8');
    const stdin = {
      readStdin: () => Promise.resolve(log),
      stdinChunks: () => Readable.from([Buffer.from(log)]),
    };
    for (const format of ['text', 'json', 'ndjson']) assert.ok((await told(['explain', '-', '--format', format], stdin)).length > 0);
    const image = `${registry.host}/team/app:1`;
    for (const words of [['debug-log'], ['credential-helper', registry.host], ['credential-provider', image], ['verify-pull', image]]) {
      await told(['step', ...words, ...onNode()]);
      if (words.length > 1) {
        for (const format of ['text', 'json'])
          assert.match(await told(['step', ...words, ...onNode(), '--record', 'r', '--apply', '--format', format]), /pass|warn|fail/);
      }
    }
  });

  it('are in nothing that serve sends', async () => {
    const processes = watchProcesses();
    const pool = new NodePool(process.env);
    const events: ServeEvent[] = [];
    const handlers = createHandlers(
      io({}, () => undefined),
      pool,
      [],
    );
    const requests = new Requests(handlers, (event) => void events.push(event));
    const place = { node: sshd.name, sshConfig: sshd.config };
    const reference = `${registry.host}/signed/app:1`;
    const calls: readonly ServeCall[] = [
      { id: 1, command: 'ready', params: { ...place, interfaces: [], registries: [`http://${registry.host}`] } },
      { id: 2, command: 'resolve', params: { ...place, reference } },
      { id: 3, command: 'diagnose', params: place },
      { id: 4, command: 'collect', params: { ...place, output: join(folder, 'served.json') } },
      { id: 5, command: 'explain', params: { text: readFileSync(join(root.folder, 'tmp/pull.log'), 'utf8') } },
      { id: 6, command: 'runStep', params: { ...place, step: 'verify-pull', input: reference } },
      { id: 7, command: 'runStep', params: { ...place, step: 'credential-provider', input: reference } },
    ];
    for (const call of calls) requests.receive(call);
    const ended = (id: number): boolean => events.some((event) => event.id === id && ('result' in event || 'error' in event));
    await until(() => calls.every(({ id }) => ended(id)), 'a request did not end');
    await pool.close();
    assert.deepEqual(processes.stop(), []);
    const text = JSON.stringify(events) + readFileSync(join(folder, 'served.json'), 'utf8');
    rmSync(join(folder, 'served.json'));
    assert.deepEqual(leaksIn(text), []);
    for (const { id } of calls)
      assert.ok(
        events.some((event) => event.id === id && 'result' in event),
        `${id}: ${JSON.stringify(events.at(-1))}`,
      );
  });

  it('are in no line about a call that could not be carried out', async () => {
    const typed = secret('typed');
    const url = `https://u:${typed}@registry.invalid`;
    for (const words of [
      ['resolve', `${url}/a:1`],
      ['hosts', `${url}/a:1`],
      ['diagnose', `${url}/a:1`],
      ['collect', '-o', 'x', '--reference', `${url}/a:1`],
      ['ready', '--registry', url],
      ['ready', '--registry', `${url}/?sig=${typed}`],
      ['resolve', 'registry.invalid/a:1', '--proxy', `http://u:${typed}@127.0.0.1:1`],
      ['resolve', 'registry.invalid/a:1', '--proxy', `ftp://u:${typed}@127.0.0.1:1`],
      ['step', 'credential-helper', url],
      ['step', 'verify-pull', `${url}/a:1`],
    ])
      await told(words);
  });
});
