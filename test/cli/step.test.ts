import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import type { StepPlanDocument } from '../../core/protocol/step';
import { createHandlers } from '../../cli/serve/handlers';
import { NodePool } from '../../cli/serve/nodePool';
import { CancellationSource } from '../../cli/serve/session';
import type { Io } from '../../cli/command';
import { call } from '../fixtures/call';
import { nodeRoot, type NodeRoot } from '../fixtures/nodeRoot';

const config = 'version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n[debug]\n  level = "warn"\n';
const secret = 'Tr0ub4dor3x';
const unit = '[Service]\nExecStart=/usr/bin/containerd\n';
/** `{"exp":1795255200}` as the middle of a token. */
const token = `eyJhbGciOiJub25lIn0.${Buffer.from('{"exp":1795255200}').toString('base64url')}.${secret}`;

describe('guided steps on a node', () => {
  const roots: NodeRoot[] = [];
  after(() => {
    for (const root of roots) root.remove();
  });

  function root(programs: Readonly<Record<string, string>> = {}, files: Readonly<Record<string, string>> = {}): NodeRoot {
    const made = nodeRoot({ containerd: 'v1.7.24', dump: config, files: { '/etc/containerd/config.toml': config, ...files } });
    for (const [name, text] of Object.entries(programs)) {
      made.write({ [`/bin/${name}`]: `#!/bin/sh\n${text}\n` });
      chmodSync(join(made.folder, 'bin', name), 0o755);
    }
    roots.push(made);
    return made;
  }

  const systemctl = `echo "$*" >>/tmp/systemctl.log
case "$*" in
'is-active --quiet containerd') ;;
is-active*) echo active ;;
'cat containerd') cat /etc/systemd/system/containerd.service /etc/systemd/system/containerd.service.d/*.conf 2>/dev/null ;;
'restart containerd'|daemon-reload) ;;
*) exit 3 ;;
esac`;
  const dropIn = '/etc/systemd/system/containerd.service.d/90-containerd-runbooks-debug-log.conf';

  it('turn the debug log on by a drop-in: shown first, told by every diagnosis, taken back whole', async () => {
    const { node, folder } = root({ systemctl }, { '/etc/systemd/system/containerd.service': unit });
    const shown = await call(['step', 'debug-log', '--node', node]);
    assert.equal(shown.stderr, '');
    assert.match(shown.stdout, /^--- \/dev\/null\n\+\+\+ \/etc\/systemd\/system\/containerd\.service\.d\/90-/);
    assert.match(shown.stdout, /\+ExecStart=\/usr\/bin\/containerd --log-level debug\n/);
    assert.match(shown.stdout, /Nothing was changed.*--apply.*systemctl daemon-reload && systemctl restart containerd/);
    assert.equal(existsSync(join(folder, dropIn)), false);
    assert.equal((await call(['step', 'debug-log', '--apply', '--node', node])).status, 0);
    assert.match(readFileSync(join(folder, dropIn), 'utf8'), /debug log on since 20/);
    assert.match((await call(['step', 'debug-log', '--node', node])).stdout, /is on already, since 20/);
    const diagnosed = JSON.parse((await call(['diagnose', '--node', node, '--format', 'json'])).stdout) as DiagnoseDocument;
    const finding = diagnosed.findings.find(({ id }) => id === 'debug-log-on');
    assert.deepEqual([finding?.path, finding?.severity], [dropIn, 'warning']);
    assert.match(finding?.message ?? '', /on since 20.*step debug-log --off/);
    assert.equal((await call(['step', 'debug-log', '--off', '--apply', '--node', node])).status, 0);
    assert.equal(existsSync(join(folder, dropIn)), false);
    const log = existsSync(join(folder, 'tmp/systemctl.log')) ? readFileSync(join(folder, 'tmp/systemctl.log'), 'utf8') : '';
    assert.ok(!log.includes('restart'), 'containerd is restarted only when a person asks for it');
  });

  it('turn it on in the file that decides where there is no systemd', async () => {
    const imported = '[debug]\n  level = "info"\n';
    const { node, folder } = root({}, { '/etc/containerd/conf.d/10-log.toml': imported });
    assert.equal((await call(['step', 'debug-log', '--apply', '--node', node])).status, 0);
    const path = join(folder, 'etc/containerd/conf.d/10-log.toml');
    assert.match(readFileSync(path, 'utf8'), /^ {2}level = "debug" {2}# .*before: {3}level = "info"$/m);
    assert.equal(readFileSync(join(folder, 'etc/containerd/config.toml'), 'utf8'), config);
    const diagnosed = await call(['diagnose', '--node', node]);
    assert.match(diagnosed.stdout, /debug log is on since/);
    assert.equal((await call(['step', 'debug-log', '--off', '--apply', '--node', node])).status, 0);
    assert.equal(readFileSync(path, 'utf8'), imported);
  });

  it('reload systemd before the restart that a drop-in asks for', async () => {
    const { node, folder } = root({ systemctl }, { '/etc/systemd/system/containerd.service': unit });
    const pool = new NodePool(process.env);
    const handlers = createHandlers({ env: {}, cwd: '/' } as Io, pool, []);
    const session = { cancellation: new CancellationSource(), ask: () => Promise.resolve(null), step: () => undefined };
    const plan: StepPlanDocument = await handlers.planStep({ node, step: 'debug-log', on: true }, session);
    assert.ok(plan.change);
    const { path, base, text } = plan.change;
    const written = await handlers.writeFile({ node, path, base, text }, session);
    assert.ok(written.status === 'written');
    assert.equal(written.restart, plan.change.restart);
    assert.deepEqual(await handlers.restart({ node, path }, session), { said: 'containerd: active' });
    assert.match(readFileSync(join(folder, 'tmp/systemctl.log'), 'utf8'), /daemon-reload\nrestart containerd\n/);
    await pool.close();
  });

  it('ask credential helpers, and no secret leaves the node', async () => {
    const { node } = root({
      'docker-credential-good': `read -r server; printf '{"ServerURL":"%s",\\n"Username":"robot","Secret":"${token}"}' "$server"`,
      'docker-credential-hub': `read -r server; [ "$server" = https://index.docker.io/v1/ ] && echo '{"ServerURL":"x","Username":"<token>","Secret":"a\\"Username\\":\\"${secret}"}'`,
      'docker-credential-none': 'echo credentials not found in native keychain; exit 1',
      'docker-credential-bad': `echo ${secret} >&2; echo ${secret}; exit 2`,
    });
    const shown = await call(['step', 'credential-helper', 'r.example', '--node', node]);
    assert.match(shown.stdout, /printf %s 'r\.example' \| docker-credential-NAME get/);
    const { stdout, stderr, status } = await call(['step', 'credential-helper', 'r.example', '--apply', '--node', node]);
    assert.match(stdout, /pass {2}docker-credential-good answered for r\.example: a user name of 5 characters/);
    assert.match(stdout, /good: its token for r\.example expires at 2026-11-21T10:00:00\.000Z/);
    assert.match(stdout, /docker-credential-none has no credentials/);
    assert.match(stdout, /docker-credential-bad failed for r\.example \(exit code 2\)/);
    assert.match(stdout, /containerd itself reads neither/);
    assert.equal(status, 1);
    const hub = await call(['step', 'credential-helper', 'docker.io', '--apply', '--node', node, '--format', 'json']);
    assert.match(hub.stdout, /an identity token instead of a user name|"id": "credential-helper\/token"/);
    assert.ok(![stdout, stderr, hub.stdout, hub.stderr].some((text) => text.includes(secret)));
  });

  it("run the kubelet's credential provider as it does, and keep what is secret on the node", async () => {
    const provider = `cat >/tmp/request; printf %s "$1 $REGION" >/tmp/called
echo '{"kind":"CredentialProviderResponse","cacheKeyType":"Registry","cacheDuration":"6h0m0s","auth":{'
echo '"*.r.example":{"username":"AWS","password":"${secret}}\\"{"},"other.example":{"password":"${secret}","username":"${secret}"},"eu.r.example/team":{"username":"u","password":""}}}'`;
    const { node, folder } = root(
      {},
      {
        '/proc/4242/comm': 'kubelet\n',
        '/proc/4242/cmdline': [
          'kubelet',
          '--image-credential-provider-config=/etc/p.yaml',
          '--image-credential-provider-bin-dir',
          '/opt/p',
          '',
        ].join('\0'),
        '/etc/p.yaml':
          'kind: CredentialProviderConfig\nproviders:\n- name: cloud\n  matchImages:\n  - "*.r.example"\n  apiVersion: credentialprovider.kubelet.k8s.io/v1\n  args: ["get it"]\n  env:\n  - name: REGION\n    value: eu\n- name: gone\n  matchImages: ["eu.r.example"]\n- name: not\n  matchImages: [r.example]\n',
        '/opt/p/cloud': `#!/bin/sh\n${provider}\n`,
      },
    );
    chmodSync(join(folder, 'opt/p/cloud'), 0o755);
    const shown = await call(['step', 'credential-provider', 'eu.r.example/team/a:1', '--node', node]);
    assert.match(shown.stdout, /"image":"eu\.r\.example\/team\/a"\}' \| BIN_DIR\/NAME/);
    assert.equal(existsSync(join(folder, 'tmp/request')), false);
    const { stdout, stderr, status } = await call(['step', 'credential-provider', 'eu.r.example/team/a:1', '--apply', '--node', node]);
    assert.deepEqual(stdout.trim().split('\n').slice(0, -1), [
      'pass  cloud is for eu.r.example/team/a: the pattern *.r.example matches.',
      'pass  gone is for eu.r.example/team/a: the pattern eu.r.example matches.',
      'pass  cloud answered for *.r.example: AWS, with a secret.',
      'warn  cloud answered for other.example, which does not match eu.r.example/team/a: the kubelet does not use that.',
      'warn  cloud answered for eu.r.example/team, but without a secret.',
      'pass  cloud: the kubelet keeps this answer for 6h0m0s.',
      'fail  gone is not in /opt/p, or cannot be run there.',
    ]);
    assert.match(stdout, /containerd itself never runs a credential provider/);
    assert.equal(status, 1);
    assert.equal(
      readFileSync(join(folder, 'tmp/request'), 'utf8'),
      '{"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/v1","image":"eu.r.example/team/a"}',
    );
    assert.equal(readFileSync(join(folder, 'tmp/called'), 'utf8'), 'get it eu');
    assert.ok(![stdout, stderr].some((text) => text.includes(secret)));
  });

  it("run the kubelet's credential providers of a folder of configurations", async () => {
    const { node } = root(
      {},
      {
        '/proc/4242/comm': 'kubelet\n',
        '/proc/4242/cmdline': [
          'kubelet',
          '--image-credential-provider-config=/etc/p',
          '--image-credential-provider-bin-dir=/opt/p',
          '',
        ].join('\0'),
        '/etc/p/20.json': '{"providers":[{"name":"late","matchImages":["r.example"]}]}',
        '/etc/p/10.yaml': 'providers:\n- name: early\n  matchImages: [r.example]\n',
        '/etc/p/readme.txt': 'providers:\n- name: never\n  matchImages: [r.example]\n',
      },
    );
    const { stdout } = await call(['step', 'credential-provider', 'r.example/a:1', '--apply', '--node', node]);
    assert.deepEqual(stdout.trim().split('\n').slice(0, 4), [
      'pass  early is for r.example/a: the pattern r.example matches.',
      'pass  late is for r.example/a: the pattern r.example matches.',
      'fail  early is not in /opt/p, or cannot be run there.',
      'fail  late is not in /opt/p, or cannot be run there.',
    ]);
  });

  it('pull with ctr and the hosts folder of the config.toml, only when asked', async () => {
    const { node, folder } = root(
      {
        ctr: 'echo "$*" >>/tmp/ctr.log; echo "ctr: failed to resolve reference \\"r.example/a:1\\": r.example/a:1: not found" >&2; exit 1',
      },
      {
        '/etc/containerd/config.toml':
          'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/c.d:/etc/docker/certs.d"\n',
      },
    );
    assert.match((await call(['step', 'verify-pull', 'r.example/a:1', '--node', node])).stdout, /crictl pull 'r\.example\/a:1'/);
    assert.equal(existsSync(join(folder, 'tmp/ctr.log')), false);
    const { stdout, status } = await call(['step', 'verify-pull', 'r.example/a:1', '--apply', '--node', node]);
    assert.equal(status, 1);
    assert.match(stdout, /fail {2}ctr --hosts-dir \/etc\/c\.d did not pull r\.example\/a:1: ctr: failed to resolve/);
    assert.match(readFileSync(join(folder, 'tmp/ctr.log'), 'utf8'), /images pull --hosts-dir \/etc\/c\.d r\.example\/a:1/);
  });

  it('pull with the hosts folder that an import sets, and with none where containerd reads none', async () => {
    const cri = (dir: string): string => `[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "${dir}"\n`;
    const tools = { ctr: 'echo "$*" >>/tmp/ctr.log' };
    const imported = root(tools, {
      '/etc/containerd/config.toml': `version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n${cri('/etc/old.d')}`,
      '/etc/containerd/conf.d/hosts.toml': `version = 2\n${cri('/etc/first.d:/etc/new.d')}`,
      '/etc/new.d/r.example/hosts.toml': 'server = "https://r.example"\n',
    });
    assert.equal((await call(['step', 'verify-pull', 'r.example/a:1', '--apply', '--node', imported.node])).status, 0);
    assert.match(readFileSync(join(imported.folder, 'tmp/ctr.log'), 'utf8'), /images pull --hosts-dir \/etc\/new\.d r\.example\/a:1/);
    const none = root(tools);
    await call(['step', 'verify-pull', 'r.example/a:1', '--apply', '--node', none.node]);
    assert.match(readFileSync(join(none.folder, 'tmp/ctr.log'), 'utf8'), /images pull r\.example\/a:1/);
  });

  it('ask the containerd that runs, not another one on PATH', async () => {
    const { node, folder } = root(
      { ctr: 'echo "$*" >>/tmp/ctr.log' },
      {
        '/etc/new.toml': 'version = 3\n[plugins."io.containerd.cri.v1.images".registry]\n  config_path = "/etc/new.d"\n',
        '/proc/4242/comm': 'containerd\n',
        '/proc/4242/cmdline': ['containerd', '--config', '/etc/new.toml', ''].join('\0'),
        '/opt/new/containerd': '#!/bin/sh\necho containerd github.com/containerd/containerd/v2 v2.1.4 abc\n',
      },
    );
    chmodSync(join(folder, 'opt/new/containerd'), 0o755);
    symlinkSync('/opt/new/containerd', join(folder, 'proc/4242/exe'));
    await call(['step', 'verify-pull', 'r.example/a:1', '--apply', '--node', node]);
    assert.match(readFileSync(join(folder, 'tmp/ctr.log'), 'utf8'), /images pull --hosts-dir \/etc\/new\.d r\.example\/a:1/);
  });

  it('refuse what is no step, no reference and no registry, in one line', async () => {
    for (const words of [
      ['nothing'],
      ['verify-pull'],
      ['verify-pull', 'UPPER'],
      ['credential-helper', '-x y'],
      ['debug-log', 'more'],
      ['verify-pull', 'a', '--off'],
    ]) {
      const { status, stderr } = await call(['step', '--node', 'local', '--', ...words]);
      assert.deepEqual([status, stderr.trim().split('\n').length], [2, 1], words.join(' '));
    }
    assert.match((await call(['step'])).stdout, /^debug-log\n {2}Turns the debug log on/);
  });
});
