import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttp } from '../../cli/registry/http';
import { connect } from '../../cli/transport';
import { localNode } from '../../cli/transport/local';
import { readNodeFacts } from '../../cli/transport/nodeFacts';
import type { HttpRequest, Node } from '../../core/ports';
import { formatVersion, newestVersion } from '../../core/versions/versions';
import { startContainerd } from '../fixtures/containerd';

describe('what an open connection remembers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crb-facts-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const install = (version: string): void => {
    const file = join(folder, 'containerd');
    rmSync(file, { force: true });
    writeFileSync(file, `#!/bin/sh\necho asked >>${folder}/log\necho containerd github.com/containerd/containerd v${version} abc\n`);
    chmodSync(file, 0o755);
  };

  it("keeps containerd's release while its file is the same one, and asks again when it is another", async () => {
    // Process numbers of its own: no containerd of this machine is seen, and the one on PATH counts.
    const node = await connect('exec:unshare --pid --fork --mount-proc', {
      env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    });
    install('1.7.20');
    writeFileSync(join(folder, 'log'), '');
    const seen = [];
    for (const version of [undefined, undefined, '2.1.4-1']) {
      if (version !== undefined) install(version);
      seen.push((await readNodeFacts(node)).version?.minor);
    }
    assert.deepEqual(seen, [7, 7, 1]);
    const { stdout } = await node.run(`wc -l <${folder}/log`, { timeoutMs: 5000 });
    assert.equal(stdout.trim(), '2', 'asked once for each file');
    await node.close();
  });

  it('names the release that runs, whatever stands first on PATH', async () => {
    install('9.9.9');
    const node = localNode({ ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    const containerd = await startContainerd();
    try {
      const { version, go } = await readNodeFacts(node);
      assert.ok(version && version.major < 9, formatVersion(version ?? newestVersion));
      assert.match(go ?? '', /^1\.\d+$/, 'by the ctr beside it');
    } finally {
      await containerd.stop();
    }
  });

  it("keeps the proxies of containerd's process while it is the same one, and reads those of the next", async () => {
    const inside = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const tell = async (line: string): Promise<void> => {
      inside.stdin.write(`${line}; echo done\n`);
      await once(inside.stdout, 'data');
    };
    const run = (proxy: string): string =>
      `HTTPS_PROXY=${proxy} sh -c 'printf containerd >/proc/$$/comm; sleep 60; :' containerd --config /a.toml & ` +
      'until [ "$(cat /proc/$!/comm)" = containerd ]; do sleep 0.01; done';
    try {
      await tell(run('http://first:1'));
      const [shell = ''] = readFileSync(`/proc/${inside.pid}/task/${inside.pid}/children`, 'utf8').split(' ');
      const node = await connect(`exec:nsenter --target ${shell} --pid --mount`, { env: process.env });
      const told: boolean[] = [];
      const watched: Node = {
        ...node,
        run: async (script, options) => {
          const result = await node.run(script, options);
          told.push(result.stdout.includes('HTTPS_PROXY'));
          return result;
        },
      };
      const proxies = [];
      for (const next of ['', '', `kill $!; wait; ${run('http://second:2')}`]) {
        if (next !== '') await tell(next);
        proxies.push((await readNodeFacts(watched)).proxies.https);
      }
      assert.deepEqual(proxies, ['http://first:1', 'http://first:1', 'http://second:2']);
      assert.deepEqual(told, [true, false, true], 'the environment is read once for each process');
      await node.close();
    } finally {
      inside.kill('SIGKILL');
    }
  });
});

describe('an answer that only has to come', () => {
  const asked = async (body: Buffer, length: boolean): Promise<number> => {
    let connections = 0;
    const server = createServer((_incoming, response) => {
      response.writeHead(200, length ? { 'content-length': body.length } : {});
      response.end(body);
    });
    server.on('connection', () => connections++);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const http = createHttp({
      node: localNode(process.env),
      readFile: () => Promise.reject(new Error('none')),
      systemCa: () => Promise.resolve(''),
    });
    const request: HttpRequest = {
      method: 'GET',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/blob`,
      headers: [],
      tls: undefined,
      dialTimeoutMs: 2000,
      want: { body: 'none' },
    };
    for (let count = 0; count < 3; count++) {
      const outcome = await http.send(request, undefined);
      assert.ok(outcome.ok && outcome.status === 200 && outcome.body === undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await http.close();
    server.closeAllConnections();
    server.close();
    return connections;
  };

  it('is read out and leaves its connection for the next request, when it is short', async () => {
    assert.equal(await asked(Buffer.alloc(20_000), true), 1);
  });

  it('is cut off when it is long, or does not say how long it is', async () => {
    assert.ok((await asked(Buffer.alloc(5_000_000), true)) >= 3);
    assert.ok((await asked(Buffer.alloc(20_000), false)) >= 3);
  });
});
