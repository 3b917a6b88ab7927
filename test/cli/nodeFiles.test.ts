import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFileHandlers } from '../../cli/serve/nodeFiles';
import { NodePool } from '../../cli/serve/nodePool';
import { CancellationSource, type Session } from '../../cli/serve/session';
import { sshHosts } from '../../cli/serve/sshHosts';
import type { Step } from '../../core/protocol/progress';
import { nodeRoot } from '../fixtures/nodeRoot';
import { hostsWithTypo, startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { createPki } from '../fixtures/pki';

let folder: string;
before(() => (folder = mkdtempSync(join(tmpdir(), 'crb-nodefiles-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the files of a node, as requests', () => {
  let place: NodeConfig;
  let pool: NodePool;
  const steps: Step[] = [];
  const session: Session = {
    cancellation: new CancellationSource(),
    ask: () => Promise.resolve(null),
    step: (step) => void steps.push(step),
  };
  const handlers = (): ReturnType<typeof nodeFileHandlers> => nodeFileHandlers({ pool, catalogs: [] });
  const node = 'local';

  before(async () => {
    place = await startNodeConfig(folder);
    pool = new NodePool({ ...process.env, PATH: place.path });
  });
  after(async () => {
    await pool.close();
    await place.stop();
  });

  it('are read as a tree, judged for the release that runs there', async () => {
    const { containerd, config, certsD, roots, files, dump } = await handlers().tree({ node }, session);
    assert.deepEqual([containerd, config, roots[0]], ['2.1.4', place.config, place.config]);
    assert.equal(certsD, join(place.etc, 'certs.d'));
    const outcomes = new Map(files.map(({ path, outcome }) => [path.slice(place.etc.length), outcome]));
    assert.equal(outcomes.get('/config.toml'), 'used');
    assert.equal(outcomes.get('/certs.d/registry.example.com/hosts.toml'), 'partly-ignored');
    assert.equal(outcomes.get('/certs.d/broken.example.com/hosts.toml'), 'dropped');
    assert.equal(outcomes.get('/conf.d/10-log.toml'), 'used');
    assert.ok('text' in dump && dump.text.includes('version = 3'));
    assert.deepEqual(
      steps.map(({ id, status }) => `${id} ${status}`),
      ['connect running', 'connect pass', 'work running', 'work pass'],
    );
  });

  it('name the folder where containerd looks for a hosts.toml, whatever lies in the usual one', async () => {
    const config = 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/srv/certs.d"\n';
    const usual = { '/etc/containerd/certs.d/left.example/hosts.toml': 'server = "https://left.example"\n' };
    const certsD = async (files: Readonly<Record<string, string>>): Promise<string | null> => {
      const root = nodeRoot({ files: { ...usual, ...files } });
      try {
        return (await handlers().tree({ node: root.node }, session)).certsD;
      } finally {
        root.remove();
      }
    };
    assert.equal(await certsD({ '/etc/containerd/config.toml': config }), '/srv/certs.d');
    assert.equal(await certsD({}), '/etc/containerd/certs.d', 'the first of the default of the newest release');
  });

  it('show the units with their drop-ins and environment, whose text is only read when it is opened', async () => {
    const unit = '/etc/systemd/system/k3s.service';
    const root = nodeRoot({
      files: {
        '/lib/systemd/system/containerd.service': '[Service]\nExecStart=/usr/bin/containerd\n',
        '/etc/systemd/system/containerd.service.d/proxy.conf': '[Service]\nEnvironment=HTTPS_PROXY=http://proxy.example:3128\n',
        [unit]: '[Service]\nExecStart=/usr/local/bin/k3s server\n',
        [`${unit}.env`]: 'K3S_TOKEN=planted\n',
        '/etc/default/containerd': 'HTTPS_PROXY=http://user:planted@proxy.example:3128\n',
      },
    });
    const { snapshot } = await handlers().tree({ node: root.node }, session);
    const shown = snapshot.places.filter(({ kind }) => kind === 'file').map(({ path }) => path);
    assert.deepEqual([...shown].sort(), [
      '/etc/default/containerd',
      '/etc/systemd/system/containerd.service.d/proxy.conf',
      unit,
      `${unit}.env`,
      '/lib/systemd/system/containerd.service',
    ]);
    assert.doesNotMatch(JSON.stringify(snapshot), /planted/);
    assert.match((await handlers().readFile({ node: root.node, path: `${unit}.env` }, session)).text, /^K3S_TOKEN=/);
    root.remove();
  });

  it('never carry a private key', async () => {
    const pki = createPki();
    const { key, cert } = pki.authority('Node CA');
    writeFileSync(join(place.etc, 'certs.d/registry.example.com/client.key'), `${key}${cert}`);
    const hosts = join(place.etc, 'certs.d/keys.example.com/hosts.toml');
    mkdirSync(join(hosts, '..'), { recursive: true });
    writeFileSync(hosts, '[host."https://keys.example.com"]\n  client = "../registry.example.com/client.key"\n');
    const document = await handlers().tree({ node }, session);
    pki.remove();
    assert.doesNotMatch(JSON.stringify(document), /PRIVATE KEY/);
    const found = document.snapshot.places.find(({ path }) => path.endsWith('/client.key'));
    assert.equal(found?.pem?.privateKeys.length, 1);
  });

  it('are read one by one', async () => {
    assert.deepEqual(await handlers().readFile({ node, path: place.hosts }, session), { text: hostsWithTypo });
    await assert.rejects(handlers().readFile({ node, path: `${place.etc}/none` }, session), /none on local: there is no such file/);
    await assert.rejects(handlers().readFile({ node, path: place.etc }, session), /no plain file/);
    writeFileSync(join(folder, 'binary'), Buffer.from([0xff, 0xfe]));
    await assert.rejects(handlers().readFile({ node, path: join(folder, 'binary') }, session), /no UTF-8/);
    writeFileSync(join(folder, 'large'), 'x'.repeat(1024 * 1024 + 1));
    await assert.rejects(handlers().readFile({ node, path: join(folder, 'large') }, session), /1 MiB/);
  });

  it('are written: hosts.toml needs no restart', async () => {
    const text = hostsWithTypo.replace('skip_verfy', 'skip_verify');
    const written = await handlers().writeFile({ node, path: place.hosts, base: hostsWithTypo, text }, session);
    assert.ok(written.status === 'written');
    assert.deepEqual([written.restart, written.sudo, readFileSync(written.backup ?? '', 'utf8')], [null, false, hostsWithTypo]);
    assert.equal(readFileSync(place.hosts, 'utf8'), text);
    assert.deepEqual(await handlers().writeFile({ node, path: place.hosts, base: hostsWithTypo, text: '' }, session), {
      status: 'changed',
    });
  });

  it('are written: config.toml is read by containerd, and asks for a restart', async () => {
    const base = readFileSync(place.config, 'utf8');
    const good = await handlers().writeFile({ node, path: place.config, base, text: `${base}# better\n`, config: place.config }, session);
    assert.ok(good.status === 'written');
    assert.deepEqual([good.validation.status, good.restart], ['passed', 'systemctl restart containerd']);
    const text = `${base}not toml\n`;
    const bad = await handlers().writeFile({ node, path: place.config, base: `${base}# better\n`, text, config: place.config }, session);
    assert.ok(bad.status === 'written');
    assert.equal(bad.validation.status, 'failed');
    assert.match(bad.validation.detail, /failed to load TOML/);
    const back = await handlers().writeFile({ node, path: place.config, base: text, text: base, config: place.config }, session);
    assert.ok(back.status === 'written' && back.validation.status === 'passed');
    assert.equal(readFileSync(place.config, 'utf8'), base);
  });

  it('restart only when asked, and say what became of it', async () => {
    assert.throws(() => readFileSync(join(folder, 'systemctl.log')), /ENOENT/);
    assert.deepEqual(await handlers().restart({ node, path: place.config }, session), { said: 'containerd: active' });
    assert.match(readFileSync(join(folder, 'systemctl.log'), 'utf8'), /^restart containerd$/m);
  });
});

describe('hosts of an ssh configuration', () => {
  const put = (name: string, text: string): string => {
    const path = join(folder, 'ssh', name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  };

  it('are those named one by one, with those of the files that it includes', async () => {
    put('conf.d/a.conf', 'Host inner\n  HostName 10.0.0.9\nHost again\n');
    put('conf.d/.hidden', 'Host hidden\n');
    put('conf.d/b.other', 'Host other\n');
    const file = put(
      'config',
      `# mine
Include ${folder}/ssh/conf.d/*.conf
Host worker-1 worker-2 *.example.com !bastion ?x
  User root
  HostName 10.0.0.1
Host=plain
Host "quoted name" "quoted"
  Include ${folder}/ssh/conf.d/b.other
Host -option
Match host never exec "touch pwned"
  User x
Host *
  Port 22
`,
    );
    const { nodes, problem } = await sshHosts(file);
    assert.equal(problem, null);
    assert.deepEqual(
      nodes.map(({ name, hostName }) => (hostName === null ? name : `${name}=${hostName}`)),
      ['inner=10.0.0.9', 'again', 'worker-1=10.0.0.1', 'worker-2=10.0.0.1', 'plain', 'quoted', 'other'],
    );
  });

  it('end where files include each other, and are none where there is no file', async () => {
    const file = put('loop', `Include ${folder}/ssh/loop\nHost once\n`);
    assert.deepEqual((await sshHosts(file)).nodes, [{ name: 'once', hostName: null }]);
    assert.deepEqual(await sshHosts(join(folder, 'none')), { nodes: [], problem: null });
    assert.match((await sshHosts(folder)).problem ?? '', /EISDIR|directory/);
  });
});
