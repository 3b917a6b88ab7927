import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { main } from '../../cli/main';
import { CancellationSource } from '../../cli/serve/session';

async function gate(...words: readonly string[]): Promise<string> {
  let stdout = '';
  const status = await main(['ready', '--print-gate', ...words], {
    env: process.env,
    cwd: process.cwd(),
    color: false,
    cancellation: new CancellationSource(),
    stdout: (text) => (stdout += text),
    stderr: (text) => (stdout += text),
    readStdin: () => Promise.resolve(''),
    stdinLines: () => (async function* () {})(),
  });
  return `${status} ${stdout}`;
}

async function line(...words: readonly string[]): Promise<string> {
  const printed = await gate(...words);
  assert.match(printed, /^0 [^\n]+\n$/, 'one line');
  return printed.slice(2);
}

const shells = [['/usr/bin/dash'], ['/usr/bin/busybox', 'sh']] as const;

/** Without blocking: the server that is waited for runs in this process. */
function run([file, ...args]: (typeof shells)[number], script: string, env = process.env): Promise<number | null> {
  const child = spawn(file, [...args, '-c', script], { stdio: 'ignore', env });
  return new Promise((resolve) => child.once('close', resolve));
}

describe('the gate for boot scripts', () => {
  for (const shell of shells) {
    it(`waits for interfaces under ${shell.join(' ')}`, async () => {
      const names = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
        addresses.some(({ internal }) => !internal) && /^\w+$/.test(name) ? [name] : [],
      );
      const bare = { PATH: '/nonexistent' };
      for (const name of names) {
        const script = await line('--interface', name, '--timeout', '1');
        assert.equal(await run(shell, script), 0, `${name} with ip`);
        assert.equal(await run(shell, script, bare), 0, `${name} from /proc alone`);
      }
      for (const name of ['lo', 'crb-none']) {
        assert.equal(await run(shell, await line('--interface', name, '--timeout', '1')), 1, name);
      }
      const after = await line('--interface', 'lo', '--timeout', '1');
      assert.equal(await run(shell, `${after.trim()} || true; exit 7`), 7, 'the script around it goes on');
    });

    it(`waits for registries under ${shell.join(' ')}`, async () => {
      const server = createServer((_request, response) => void response.writeHead(401).end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const script = await line('--registry', url, '--timeout', '2');
      assert.equal(await run(shell, script), 0);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      assert.equal(await run(shell, script), 1);
    });
  }

  it('asks by the proxy that containerd would take from the same environment', async () => {
    const asked: string[] = [];
    const proxy = createServer(({ url }, response) => {
      asked.push(url ?? '');
      response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const way = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const env = { PATH: process.env['PATH'], http_proxy: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1' };
    const script = `set -eu; ${await line('--registry', 'http://registry.invalid', '--timeout', '1')}`;
    for (const shell of shells) {
      asked.length = 0;
      assert.equal(await run(shell, script, { ...env, HTTP_PROXY: way }), 0);
      assert.deepEqual(asked, ['http://registry.invalid/v2/']);
      assert.equal(await run(shell, script, { ...env, HTTP_PROXY: way, NO_PROXY: 'registry.invalid' }), 1);
      assert.equal(await run(shell, script, env), 1);
    }
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('waits at boot time as long as it takes, and quotes what it is given', async () => {
    const script = await line('--interface', 'eth1', '--registry', 'registry.example:5000');
    assert.doesNotMatch(script, /exit 1 *; sleep/);
    assert.match(script, /up 'eth1' && answers 'https:\/\/registry\.example:5000\/v2\/' 'eth1'/);
    assert.equal(spawnSync('dash', ['-n', '-c', script]).status, 0);
    const hostile = await line('--interface', "a'b$(id)");
    assert.ok(hostile.includes(`up 'a'\\''b$(id)'`));
  });

  it('says what it needs', async () => {
    assert.match(await gate(), /^2 .*needs something to wait for/);
    assert.match(await gate('--interface', 'a/b'), /^2 .*no interface is called so/);
    assert.match(await gate('--registry', 'a b'), /^2 /);
  });
});
