import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { checked } from '../../cli/commands/ready';
import { main } from '../../cli/main';
import { runReadiness } from '../../cli/readiness/run';
import { createHttp } from '../../cli/registry/http';
import { CancellationSource } from '../../cli/serve/session';
import { localNode } from '../../cli/transport/local';
import type { ReadyDocument } from '../../core/protocol/ready';
import { startNamedContainerd } from '../fixtures/containerd';
import { startDockerRegistry, type DockerRegistry } from '../fixtures/dockerRegistry';
import { createPki } from '../fixtures/pki';
import { freePort, startSshd, type Sshd } from '../fixtures/sshd';

describe('ready', () => {
  let sshd: Sshd;
  let plain: DockerRegistry;
  let containerd: { stop(): Promise<void> };
  before(async () => {
    [sshd, plain, containerd] = await Promise.all([startSshd(), startDockerRegistry(), startNamedContainerd()]);
  });
  after(() => Promise.all([sshd.stop(), plain.stop(), containerd.stop()]));

  async function ready(
    ...words: readonly string[]
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
    let stdout = '';
    let stderr = '';
    const status = await main(['ready', ...words], {
      env: process.env,
      cwd: process.cwd(),
      color: false,
      cancellation: new CancellationSource(),
      stdout: (text) => (stdout += text),
      stderr: (text) => (stderr += text),
      readStdin: () => Promise.resolve(''),
      stdinLines: () => (async function* () {})(),
    });
    return { status, stdout, stderr };
  }

  const onNode = () => ['--node', sshd.name, '--ssh-config', sshd.config];

  it('asks for the state and the files of a node in one script', async () => {
    const local = localNode(process.env);
    const scripts: string[] = [];
    let [running, most] = [0, 0];
    const node: typeof local = {
      ...local,
      run: async (script, options) => {
        scripts.push(script);
        most = Math.max(most, ++running);
        return local.run(script, options).finally(() => running--);
      },
    };
    const { checks } = await checked(node, { interfaces: [], registries: [] }, () => undefined, new CancellationSource());
    assert.match(scripts[0] ?? '', /crb_probe 'storage'.*crb_walk .{0,8}\/etc\/containerd/s);
    assert.equal(most, 1);
    assert.ok(checks.some(({ id }) => id === 'containerd-config') && checks.some(({ id }) => id === 'kernel-overlay'));
  });

  it('checks a node over ssh, and its registries from there', async () => {
    const { status, stdout, stderr } = await ready(...onNode(), '--registry', `http://${plain.host}`, '--format', 'json');
    assert.equal(stderr, '');
    const document = JSON.parse(stdout) as ReadyDocument;
    assert.deepEqual([document.schema, document.node, document.ready, status], [1, 'test-node', true, 0]);
    assert.deepEqual(
      document.checks.filter(({ subject }) => subject.includes(plain.host)).map(({ id, status: one }) => `${id} ${one}`),
      ['dns pass', 'tcp pass', 'tls skip', 'registry-v2 pass', 'clock-registry pass'],
    );
    assert.ok(document.checks.some(({ id }) => id === 'kernel-overlay'));
  });

  it('fails for a named interface that is missing and for a registry that does not answer', async () => {
    const dead = await freePort();
    const { status, stdout } = await ready(
      ...onNode(),
      '--interface',
      'crb-none',
      '--registry',
      `127.0.0.1:${dead}`,
      '--registry',
      plain.host,
    );
    assert.equal(status, 1);
    assert.match(stdout, /^FAIL +interface-running +There is no interface crb-none/m);
    assert.match(stdout, new RegExp(`^FAIL +tcp +No connection to 127\\.0\\.0\\.1 on port ${dead}: .*connection refused`, 'm'));
    assert.match(stdout, /^FAIL +tls .*server gave HTTP response to HTTPS client/m);
    assert.match(stdout, /test-node is not ready/);
  });

  it('shows its steps as lines, the document last', async () => {
    const { stdout } = await ready(...onNode(), '--registry', `http://${plain.host}`, '--format', 'ndjson');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly step?: { readonly id: string; readonly status: string }; readonly ready?: boolean });
    assert.deepEqual(
      lines
        .slice(0, -1)
        .map(({ step }) => `${step?.id ?? ''} ${step?.status === 'running' ? 'running' : 'end'}`)
        .sort(),
      ['node-state end', 'node-state running', `registry http://${plain.host} end`, `registry http://${plain.host} running`],
    );
    assert.equal(lines.at(-1)?.ready, true);
  });

  it('waits until the node is ready, or until the time is over', async () => {
    const late = await freePort();
    const url = `http://127.0.0.1:${late}`;
    const { status, stdout } = await ready('--registry', url, '--watch', '--timeout', '0.5');
    assert.equal(status, 1);
    assert.match(stdout, /local is not ready/);
    const server = createServer((_request, response) => void response.writeHead(401).end());
    setTimeout(() => server.listen(late, '127.0.0.1'), 300);
    try {
      const waited = await ready('--registry', url, '--watch', '--timeout', '15');
      assert.equal(waited.status, 0);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('trusts a registry as containerd on the node does', async () => {
    const pki = createPki();
    const ca = pki.authority('Own CA');
    const registry = await startDockerRegistry({ tls: pki.leaf('own', ca, { names: 'IP:127.0.0.1' }) });
    const node = localNode(process.env);
    const http = createHttp({ node, readFile: (path) => readFile(path, 'utf8'), systemCa: () => Promise.resolve('') });
    const asked: string[] = [];
    const check = async (caFiles: readonly string[] | undefined) => {
      const { checks } = await runReadiness(
        { interfaces: [], registries: [registry.host] },
        {
          node,
          requests: () => http.send,
          onStep: () => undefined,
          cancellation: new CancellationSource(),
          clock: { monotonicMs: () => performance.now(), nowMs: () => Date.now() },
          tlsOf: (authority) => {
            asked.push(authority);
            return Promise.resolve(caFiles && { skipVerify: false, caFiles, clientCertificates: [] });
          },
        },
      );
      return checks.filter(({ id }) => id === 'tls' || id === 'registry-v2').map(({ id, status }) => `${id} ${status}`);
    };
    assert.deepEqual(await check(undefined), ['tls fail', 'registry-v2 fail']);
    assert.deepEqual(await check([ca.certFile]), ['tls pass', 'registry-v2 pass']);
    assert.deepEqual(asked, [registry.host, registry.host]);
    await http.close();
    await registry.stop();
    pki.remove();
  });

  it('ends with 2 when the call cannot be carried out', async () => {
    for (const words of [
      ['--registry', 'a b'],
      ['--timeout', '3'],
      ['--watch', '--timeout', 'soon'],
      ['extra'],
      ['--format', 'xml'],
      ['--node', 'no-such-host.invalid'],
    ]) {
      const { status, stdout, stderr } = await ready(...words);
      assert.deepEqual([status, stdout, stderr.trim().split('\n').length], [2, '', 1], words.join(' '));
    }
  });
});
