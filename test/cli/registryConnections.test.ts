import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as tcpServer, type AddressInfo } from 'node:net';
import { createHttp } from '../../cli/registry/http';
import { localNode } from '../../cli/transport/local';
import { failureText } from '../../core/go/netErrors';
import type { HttpOutcome, HttpRequest } from '../../core/ports';

describe('a HEAD whose answer has a length and chunks', () => {
  for (const order of [
    ['content-length: 7', 'transfer-encoding: chunked'],
    ['transfer-encoding: chunked', 'content-length: 7'],
  ]) {
    it(`has that length, as Go reads it: ${order.join(', ')}`, async () => {
      const server = tcpServer((socket) =>
        socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nX-A: a:b\r\n${order.join('\r\n')}\r\n\r\n`)),
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const http = createHttp({ node: localNode(process.env), readFile: () => Promise.resolve(''), systemCa: () => Promise.resolve('') });
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const want = { body: 'none' } as const;
      const outcome = await http.send({ method: 'HEAD', url, headers: [], tls: undefined, dialTimeoutMs: 2000, want }, undefined);
      await http.close();
      server.close();
      assert.ok(outcome.ok);
      const about = (name: string) => outcome.headers.find(([key]) => key === name)?.[1];
      assert.deepEqual([outcome.status, about('content-length'), about('x-a')], [200, '7', 'a:b']);
    });
  }
});

describe('an answer of a GET that has a length and chunks', () => {
  const ask = async (pieces: readonly string[]): Promise<HttpOutcome> => {
    const server = tcpServer((socket) =>
      socket.once('data', () => {
        for (const [index, piece] of pieces.entries()) setTimeout(() => socket.write(piece), 20 * index);
      }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const http = createHttp({ node: localNode(process.env), readFile: () => Promise.resolve(''), systemCa: () => Promise.resolve('') });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const want = { body: 'text', maxBytes: 99 } as const;
    const outcome = await http.send({ method: 'GET', url, headers: [], tls: undefined, dialTimeoutMs: 2000, want }, undefined);
    await http.close();
    server.close();
    return outcome;
  };
  const fields = 'Content-Length: 70\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n';

  it('is its chunks, as Go reads it, in whatever pieces it comes', async () => {
    for (const pieces of [
      [`HTTP/1.1 200 OK\r\n${fields}\r\n4\r\nhere\r\n0\r\n\r\n`],
      ['HTT', 'P/1.1 200 OK\r\nContent-', `Type: a\r\n${fields}\r`, '\n4\r\nhe', 're\r\n0\r\n\r\n'],
    ]) {
      const outcome = await ask(pieces);
      assert.ok(outcome.ok && outcome.bodyFailure === undefined);
      const names = outcome.headers.map(([name]) => name).filter((name) => name !== 'content-type');
      assert.deepEqual([outcome.body, names], ['here', ['transfer-encoding', 'x-a']]);
    }
  });

  it('what is no answer is told at once', async () => {
    for (const line of ['SSH-2.0-OpenSSH_9.2', 'HTTQ/1.1 200 OK']) {
      const outcome = await ask([`${line}\r\n`]);
      assert.ok(!outcome.ok);
      assert.deepEqual(outcome.failure, { kind: 'malformed-response', line });
    }
  });
});

describe('what an earlier request leaves behind', () => {
  const get = { method: 'GET', headers: [], tls: undefined, dialTimeoutMs: 2000, want: { body: 'text', maxBytes: 99 } } as const;
  for (const [title, first, second, tries] of [
    ['a connection that breaks when it is used again is tried anew', {}, {}, 2],
    ['not one of another transport', { transport: 'resolve' }, { transport: 'fetch' }, 1],
    ['nor one whose answer containerd closes unread', { path: '/401', closesUnread: (status: number) => status === 401 }, {}, 1],
    ['but where it reads such an answer', { path: '/401', closesUnread: (status: number) => status === 404 }, {}, 2],
  ] as const)
    it(title, async () => {
      let cut = 0;
      const server = createServer((incoming, response) => {
        if (incoming.url === '/cut') {
          cut += 1;
          incoming.socket.destroy();
        } else response.writeHead(incoming.url === '/401' ? 401 : 200).end('here');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const http = createHttp({ node: localNode(process.env), readFile: () => Promise.resolve(''), systemCa: () => Promise.resolve('') });
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        const { path, ...more } = { path: '/', ...first };
        assert.ok((await http.send({ ...get, ...more, url: `${origin}${path}` }, undefined)).ok);
        const outcome = await http.send({ ...get, ...second, url: `${origin}/cut` }, undefined);
        assert.deepEqual([outcome.ok, cut], [false, tries]);
      } finally {
        await http.close();
        server.close();
      }
    });
});

describe('requests at the same moment', () => {
  it('have a connection each, and each is told what happened to it', async () => {
    let connections = 0;
    const server = createServer((incoming, response) => {
      if (incoming.url === '/cut') incoming.socket.destroy();
      else setTimeout(() => response.end('here'), 50);
    });
    server.on('connection', () => (connections += 1)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const http = createHttp({ node: localNode(process.env), readFile: () => Promise.resolve(''), systemCa: () => Promise.resolve('') });
    const ask = async (path: string): Promise<string> => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
      const request: HttpRequest = {
        method: 'GET',
        url,
        headers: [],
        tls: undefined,
        dialTimeoutMs: 2000,
        want: { body: 'text', maxBytes: 99 },
      };
      const outcome: HttpOutcome = await http.send(request, undefined);
      return outcome.ok ? String(outcome.status) : failureText(outcome.failure, '1.26');
    };
    try {
      assert.equal(await ask('/'), '200');
      // The kept connection goes to one of the two.
      assert.deepEqual(await Promise.all([ask('/slow'), ask('/cut')]), ['200', 'EOF']);
      assert.equal(connections, 2);
    } finally {
      await http.close();
      server.close();
      server.closeAllConnections();
    }
  });
});
