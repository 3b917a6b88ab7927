import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { redactAwk } from '../../cli/diagnosis/printedScript';
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import { call } from '../fixtures/call';
import { startDockerRegistry, type DockerRegistry } from '../fixtures/dockerRegistry';
import { nodeRoot, type NodeRoot, type NodeRootOptions } from '../fixtures/nodeRoot';
import { plantedTexts } from '../fixtures/secrets';

const certsD = 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n';

describe('diagnose', () => {
  let registry: DockerRegistry;
  let folder: string;
  const roots: NodeRoot[] = [];
  before(async () => {
    registry = await startDockerRegistry({ login: { user: 'robot', password: 'Tr0ub4dor3x' } });
    folder = mkdtempSync(join(tmpdir(), 'crb-diagnose-'));
  });
  after(async () => {
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
    for (const root of roots) root.remove();
  });

  function root(options: NodeRootOptions): NodeRoot {
    const made = nodeRoot(options);
    roots.push(made);
    return made;
  }

  async function diagnosed(words: readonly string[]): Promise<DiagnoseDocument> {
    const { stdout, stderr } = await call(['diagnose', ...words, '--format', 'json'], folder);
    assert.equal(stderr, '');
    return JSON.parse(stdout) as DiagnoseDocument;
  }

  function hosts(): string {
    return `server = "http://${registry.host}"\n[host."http://${registry.host}"]\n  capabilities = ["pull", "resolve"]\n`;
  }

  function failed(reference: string): string {
    return `2026-11-21T10:00:00+0000 n1 containerd[7]: time="2026-11-21T10:00:00Z" level=error msg="PullImage \\"${reference}\\" failed" error="failed to pull and unpack image \\"${reference}\\": failed to resolve reference \\"${reference}\\": unexpected status from HEAD request to http://${registry.host}/v2/team/app/manifests/1: 401 Unauthorized"\n`;
  }

  it('lets the journal choose what to replay, and a bundle of it says the same offline', async () => {
    const reference = `mirror.example/${registry.repository}:1`;
    const node = root({
      containerd: 'v1.7.24',
      dump: certsD,
      journal: failed(reference),
      files: { '/etc/containerd/config.toml': certsD, '/etc/containerd/certs.d/mirror.example/hosts.toml': hosts() },
    });
    const live = await diagnosed(['--node', node.node]);
    assert.deepEqual(live.references, [reference]);
    assert.equal(live.verdict.id, 'auth.no-credentials');
    assert.equal(live.containerd, 'v1.7.24');
    assert.ok(live.verdict.evidence.some(({ source, text }) => source === 'replay' && text.includes('401')));
    assert.ok(live.verdict.evidence.some(({ source }) => source === 'journal'));
    assert.deepEqual(live.stages.map(({ id, status }) => [id, status]).slice(1), [
      ['configuration', 'pass'],
      ['journal', 'warn'],
      ['replay', 'fail'],
    ]);
    for (const name of ['bundle.json', 'bundle.json.gz']) {
      const { status } = await call(['collect', '-o', name, '--node', node.node], folder);
      assert.equal(status, 0);
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
      const offline = await diagnosed(['--bundle', name]);
      assert.deepEqual(offline.verdict, { ...live.verdict, evidence: offline.verdict.evidence });
      assert.deepEqual(offline.configuration, live.configuration);
      assert.deepEqual(offline.journal, live.journal);
    }
    const text = (await call(['diagnose', '--bundle', 'bundle.json'], folder)).stdout;
    assert.match(text, /^CAUSE {2}.*\[auth\.no-credentials\]\nNEXT /);
  });

  it('names the folder that containerd does not look into, when it is why', async () => {
    const reference = `127.0.0.1:${registry.port + 1}/team/app:1`;
    const node = root({
      containerd: 'v1.7.24',
      files: {
        '/etc/containerd/config.toml': 'version = 2\n',
        [`/etc/containerd/certs.d/127.0.0.1:${registry.port + 1}/hosts.toml`]: hosts(),
      },
    });
    const { verdict, stages } = await diagnosed([reference, '--node', node.node]);
    assert.equal(verdict.id, 'certs-d-not-read');
    assert.match(verdict.nextStep, /Set config_path = "\/etc\/containerd\/certs\.d"/);
    assert.match(stages.find(({ id }) => id === 'configuration')?.gaps[0]?.message ?? '', /config dump could not be had/);
    const elsewhere = await diagnosed(['127.0.0.1:1/a/b:1', '--node', node.node]);
    assert.equal(elsewhere.verdict.id, 'net.refused-or-no-route');
  });

  it('judges and replays as the containerd that runs, and takes what it does not read for left behind where it has others', async () => {
    const elsewhere = `version = 3\n[plugins."io.containerd.cri.v1.images".registry]\n  config_path = "/etc/new.d"\n`;
    const node = root({
      containerd: 'v1.7.24',
      files: {
        '/proc/4242/comm': 'containerd\n',
        '/proc/4242/cmdline': ['containerd', '--config', '/etc/new.toml', ''].join('\0'),
        '/opt/new/containerd': '#!/bin/sh\necho containerd github.com/containerd/containerd/v2 v2.1.4 abc\n',
        '/etc/new.toml': elsewhere,
        '/etc/new.d/mirror.example/hosts.toml': hosts(),
        '/etc/containerd/certs.d/mirror.example/hosts.toml': hosts(),
        '/etc/containerd/certs.d/other.example/hosts.toml': hosts(),
      },
    });
    chmodSync(join(node.folder, 'opt/new/containerd'), 0o755);
    symlinkSync('/opt/new/containerd', join(node.folder, 'proc/4242/exe'));
    const document = await diagnosed([`mirror.example/${registry.repository}:1`, '--node', node.node]);
    assert.deepEqual([document.containerd, document.replays[0]?.containerd], ['v2.1.4', '2.1.4']);
    const running = document.readiness.find(({ id }) => id === 'containerd-running');
    assert.match(running?.message ?? '', /2\.1\.4/);
    assert.deepEqual(
      document.findings.map(({ id, severity }) => [id, severity]),
      [['certs-d-not-read', 'info']],
    );
    assert.equal(document.verdict.id, 'auth.no-credentials');
    const unread = await diagnosed(['other.example/a/b:1', '--node', node.node]);
    assert.equal(unread.verdict.id, 'certs-d-not-read', 'the one for this image is not where containerd looks');
  });

  it('says where containerd itself reads the settings otherwise', async () => {
    const node = root({
      containerd: 'v1.7.24',
      dump: 'version = 2\n[plugins]\n[plugins."io.containerd.grpc.v1.cri"]\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/elsewhere"\n',
      files: { '/etc/containerd/config.toml': certsD },
    });
    const { configuration } = await diagnosed(['--node', node.node]);
    assert.deepEqual(configuration.differences, [{ key: 'config_path', files: '/etc/containerd/certs.d', dump: '/elsewhere' }]);
    const lint = await call(['config', 'lint', '--node', node.node], folder);
    assert.equal(lint.status, 1);
    assert.match(lint.stdout, /containerd says config_path is \/elsewhere/);
  });

  it('reads beside the journal what k3s and RKE2 keep out of it, and says which of it is closed', async () => {
    const folder = '/var/lib/rancher/rke2/agent';
    const node = root({
      containerd: 'v1.7.24',
      journal: 'Nov 21 10:00:00 n1 rke2[7]: level=info msg="Running kubelet with its config"\n',
      files: {
        '/etc/containerd/config.toml': certsD,
        [`${folder}/containerd/containerd.log`]: failed('a.example/b:1'),
        [`${folder}/logs/kubelet.log`]: failed('a.example/c:1'),
        '/var/log/syslog': failed('a.example/d:1'),
      },
    });
    const { journal } = await diagnosed(['--node', node.node]);
    assert.deepEqual([journal.source, journal.errors], [`journalctl, ${folder}/containerd/containerd.log, ${folder}/logs/kubelet.log`, 2]);
    chmodSync(join(node.folder, folder), 0o700);
    const asUser = await diagnosed(['--node', process.getuid?.() === 0 ? node.userNode : node.node]);
    assert.equal(asUser.journal.source, 'journalctl');
    const gap = asUser.stages.flatMap(({ gaps }) => gaps).find(({ messageId }) => messageId === 'gap/journal-refused');
    assert.match(gap?.message ?? '', /rke2\/agent\/containerd\/containerd\.log: permission denied/);
  });

  it('goes on when a stage hangs or is forbidden, and says what is missing', async () => {
    const node = root({
      containerd: 'v1.7.24',
      files: { '/etc/containerd/config.toml': certsD, '/var/log/messages': failed('a.example/b:1') },
    });
    execFileSync('chmod', ['0600', join(node.folder, 'etc/containerd/config.toml'), join(node.folder, 'var/log/messages')]);
    const asUser = await diagnosed(['--node', process.getuid?.() === 0 ? node.userNode : node.node]);
    const gaps = asUser.stages.flatMap((stage) => stage.gaps.map(({ messageId }) => messageId));
    assert.deepEqual(gaps, ['gap/no-sudo-files', 'gap/no-dump-sudo', 'gap/journal-refused']);
    writeFileSync(join(node.folder, 'bin/journalctl'), '#!/bin/sh\nsleep 50\n', { mode: 0o755 });
    const started = performance.now();
    const hanging = await diagnosed(['--node', node.node, '--stage-timeout', '2']);
    assert.ok(performance.now() - started < 15_000);
    assert.match(hanging.stages[2]?.gaps[0]?.message ?? '', /Reading the journal did not end within 2 s/);
    assert.equal(hanging.configuration.path, '/etc/containerd/config.toml');
  });

  it('refuses bundles that are none with one line', async () => {
    const write = (name: string, content: string | Buffer): string => {
      writeFileSync(join(folder, name), content);
      return name;
    };
    const cases: readonly (readonly [string, RegExp])[] = [
      [write('cut.json', '{"kind":"containerd-runbooks bundle","sch'), /it is no JSON/],
      [write('other.json', '{"kind":"x"}'), /no bundle of containerd-runbooks/],
      [write('cut.gz', gzipSync('{"kind":1}').subarray(0, 12)), /its gzip is cut off or broken/],
      [write('bomb.gz', gzipSync(Buffer.alloc(80 * 1024 * 1024))), /unpacks to more than 64 MiB/],
      [write('binary', Buffer.from([0, 1, 2, 255])), /it is no JSON/],
      ['missing.json', /no such file or folder/],
    ];
    for (const [name, expected] of cases) {
      const { status, stdout, stderr } = await call(['diagnose', '--bundle', name], folder);
      assert.deepEqual([status, stdout], [2, ''], name);
      assert.match(stderr, expected);
      assert.equal(stderr.trim().split('\n').length, 1);
    }
  });
});

describe('secrets of a node', () => {
  const secret = 'Zq7pX2vK9mW4tB';
  let node: NodeRoot;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'crb-secrets-'));
    const journal = plantedTexts.filter(([path]) => path === 'journal').map(([, text]) => text(secret));
    const files = plantedTexts.filter(([path]) => path !== 'journal').map(([path, text]) => [path, text(secret)] as const);
    const config = `imports = ["/etc/containerd/conf.d/*.toml"]\n${plantedTexts.find(([path]) => path.endsWith('/config.toml'))?.[1](secret) ?? ''}`;
    node = nodeRoot({
      containerd: 'v1.7.24',
      dump: config,
      journal: journal.join(''),
      files: { ...Object.fromEntries(files), '/etc/containerd/config.toml': config },
    });
  });
  after(() => {
    node.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are in no output and in no bundle', async () => {
    for (const format of ['text', 'json', 'ndjson']) {
      const { stdout, stderr } = await call(['diagnose', 'a.invalid/b:1', '--node', node.node, '--format', format], folder);
      assert.ok(stdout.length > 500);
      assert.ok(!`${stdout}${stderr}`.includes(secret), format);
    }
    await call(['collect', '-o', 'bundle', '--node', node.node], folder);
    const bundle = readFileSync(join(folder, 'bundle'), 'utf8');
    assert.ok(bundle.includes('hosts.toml') && !bundle.includes(secret));
    const lint = await call(['config', 'lint', '--node', node.node, '--format', 'json'], folder);
    assert.ok(!lint.stdout.includes(secret));
  });

  it("are taken out by the printed script's awk, as mawk and busybox run it", () => {
    const input = plantedTexts.map(([path, text]) => `@@00 ${path === 'journal' ? 'begin' : 'file'} ${path}\n${text(secret)}`).join('');
    for (const [program, ...words] of [['awk'], ['busybox', 'awk']] as const) {
      const output = execFileSync(program, [...words, redactAwk], { input, encoding: 'utf8' });
      assert.ok(output.split('\n').length > plantedTexts.length);
      for (const line of output.split('\n')) assert.ok(!line.includes(secret), `${program}: ${line}`);
    }
  });

  it("are told from a registry's challenge by that awk", () => {
    const said = [
      'level=debug msg="fetch response received" response.header.www-authenticate="Bearer realm=\\"https://a.example/token\\",service=\\"r\\"" response.status="401 Unauthorized" url="https://r.example/v2/a/manifests/1"',
      'level=debug msg=Unauthorized header="Bearer realm=\\"https://a.example/token\\",service=\\"r\\",scope=\\"repository:a:pull\\""',
      'www-authenticate: Basic realm="team registry"',
      'Bearer error="invalid_token"',
    ];
    const input = `@@00 begin journal\n${said.join('\n')}\nheader="Basic ${secret}"\n@@00 end journal 0\nheader = "${secret}"\n`;
    for (const [program, ...words] of [['awk'], ['busybox', 'awk']] as const) {
      const output = execFileSync(program, [...words, redactAwk], { input, encoding: 'utf8' });
      assert.deepEqual(output.split('\n').slice(1, said.length + 1), said, program);
      assert.ok(!output.includes(secret));
    }
  });

  it('are taken out by the printed script before it prints, and it tells the same', async () => {
    const { stdout: script } = await call(['collect', '--print-script']);
    const enter = node.node.slice('exec:'.length).split(' ');
    const [program = '', ...words] = enter;
    node.write({ '/tmp/script.sh': script });
    const raw = execFileSync(program, [...words, 'sh', '/tmp/script.sh'], { encoding: 'utf8' });
    for (const line of raw.split('\n')) assert.ok(!line.includes(secret), line);
    writeFileSync(join(folder, 'raw.txt'), raw);
    const read = JSON.parse((await call(['diagnose', '--bundle', 'raw.txt', '--format', 'json'], folder)).stdout) as DiagnoseDocument;
    const live = JSON.parse((await call(['diagnose', '--node', node.node, '--format', 'json'], folder)).stdout) as DiagnoseDocument;
    assert.deepEqual(
      read.configuration.files.map(({ path, outcome }) => [path, outcome]),
      live.configuration.files.map(({ path, outcome }) => [path, outcome]),
    );
    assert.deepEqual(
      read.journal.groups.map((group) => group.class),
      live.journal.groups.map((group) => group.class),
    );
  });
});
