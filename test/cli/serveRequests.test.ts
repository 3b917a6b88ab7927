import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import type { ReadyDocument } from '../../core/protocol/ready';
import type { ServeEvent } from '../../core/serve';
import type { Node } from '../../core/ports';
import { CallError } from '../../cli/command';
import { NodePool } from '../../cli/serve/nodePool';
import { Requests, type Handlers } from '../../cli/serve/requests';
import { CancellationSource, type Session } from '../../cli/serve/session';
import type { Ask } from '../../cli/transport';

const readyDocument: ReadyDocument = { schema: 1, node: 'n', ready: true, checks: [], findings: [] };
const params = { node: 'n', interfaces: [], registries: [] };

function requestsWith(ready: Handlers['ready']): { requests: Requests; events: ServeEvent[] } {
  const unused = (): Promise<never> => Promise.reject(new Error('not asked for here'));
  const events: ServeEvent[] = [];
  const handlers: Handlers = {
    ready,
    resolve: unused,
    explain: unused,
    explainJournal: unused,
    follow: unused,
    diagnose: unused,
    diagnoseBundle: unused,
    collect: unused,
    nodes: unused,
    tree: unused,
    readFile: unused,
    writeFile: unused,
    steps: unused,
    planStep: unused,
    shownStep: unused,
    runStep: unused,
    restart: unused,
  };
  return { requests: new Requests(handlers, (event) => events.push(event)), events };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('serve: requests', () => {
  it('sends steps as they come and exactly one result', async () => {
    const { requests, events } = requestsWith((_params, session) => {
      session.step({ id: 's', label: 'one', status: 'running' });
      return Promise.resolve(readyDocument);
    });
    requests.receive({ id: 7, command: 'ready', params });
    await settled();
    assert.deepEqual(events, [
      { id: 7, step: { id: 's', label: 'one', status: 'running' } },
      { id: 7, result: readyDocument },
    ]);
  });

  it('says what kind of failure it was, and never sends a stack', async () => {
    const { requests, events } = requestsWith((given) =>
      Promise.reject(given.node === 'n' ? new CallError('n: connection refused', 'unreachable') : new TypeError('our bug')),
    );
    requests.receive({ id: 1, command: 'ready', params });
    requests.receive({ id: 2, command: 'ready', params: { ...params, node: 'm' } });
    await settled();
    assert.deepEqual(events, [
      { id: 1, error: { kind: 'unreachable', message: 'n: connection refused' } },
      { id: 2, error: { kind: 'internal', message: 'our bug' } },
    ]);
  });

  it('brings a question to the parent and the answer back, by request', async () => {
    const answers: (string | null)[] = [];
    const { requests, events } = requestsWith(async (_params, session) => {
      answers.push(await session.ask({ text: 'Passphrase:', secret: true }));
      return readyDocument;
    });
    requests.receive({ id: 1, command: 'ready', params });
    requests.receive({ id: 2, command: 'ready', params });
    assert.deepEqual(events, [
      { id: 1, promptId: 1, prompt: 'Passphrase:', secret: true },
      { id: 2, promptId: 2, prompt: 'Passphrase:', secret: true },
    ]);
    requests.receive({ id: 1, promptId: 2, answer: 'for another request' });
    requests.receive({ id: 2, promptId: 2, answer: 'two' });
    requests.receive({ id: 1, promptId: 1, answer: null });
    await settled();
    assert.deepEqual(answers, ['two', null]);
  });

  it('cancels the work, takes its question back and ends as cancelled whatever the work makes of it', async () => {
    const { requests, events } = requestsWith(async (_params, session) => {
      assert.equal(await session.ask({ text: '?', secret: false }), null);
      assert.equal(session.cancellation.cancelled, true);
      throw new Error('socket closed');
    });
    requests.receive({ id: 3, command: 'ready', params });
    requests.receive({ id: 3, cancel: true });
    await settled();
    assert.deepEqual(events.at(-1), { id: 3, error: { kind: 'cancelled', message: 'Cancelled.' } });
    requests.receive({ id: 3, cancel: true });
    assert.equal(events.length, 2);
  });
});

function session(answer: string): Session {
  return { cancellation: new CancellationSource(), ask: () => Promise.resolve(answer), step: () => undefined };
}

function nodeNamed(name: string, closed: string[]): Node<Duplex> {
  return {
    name,
    run: () => Promise.reject(new Error('unused')),
    dial: () => Promise.reject(new Error('unused')),
    close: () => {
      closed.push(name);
      return Promise.resolve();
    },
  };
}

describe('serve: node pool', () => {
  it('opens a node once, and another ssh configuration apart', async () => {
    const opened: (string | undefined)[] = [];
    const pool = new NodePool({}, (name, { sshConfig }) => {
      opened.push(sshConfig);
      return Promise.resolve(nodeNamed(name, []));
    });
    const use = (node: Node<Duplex>): Promise<Node<Duplex>> => Promise.resolve(node);
    const first = await pool.with('a', undefined, session(''), use);
    assert.equal(await pool.with('a', undefined, session(''), use), first);
    await pool.with('a', '/config', session(''), use);
    assert.deepEqual(opened, [undefined, '/config']);
  });

  it('forgets a connection that failed and closes it; an error of the request alone keeps it', async () => {
    const closed: string[] = [];
    let opened = 0;
    const pool = new NodePool({}, (name) => Promise.resolve(nodeNamed(`${name}${++opened}`, closed)));
    await assert.rejects(pool.with('a', undefined, session(''), () => Promise.reject(new Error('our bug'))));
    await assert.rejects(pool.with('a', undefined, session(''), () => Promise.reject(new CallError('gone', 'unreachable'))));
    await pool.with('a', undefined, session(''), (node) => Promise.resolve(node));
    assert.deepEqual([opened, closed], [2, ['a1']]);
    await pool.close();
    assert.deepEqual(closed, ['a1', 'a2']);
  });

  it('asks the person who uses the connection now', async () => {
    let ask: Ask | undefined;
    const pool = new NodePool({}, (name, { prompt }) => {
      if (typeof prompt === 'function') ask = prompt;
      return Promise.resolve(nodeNamed(name, []));
    });
    const use = (): Promise<string | null | undefined> => Promise.resolve(ask?.({ text: '?', secret: false }));
    assert.equal(await pool.with('a', undefined, session('first'), use), 'first');
    assert.equal(await pool.with('a', undefined, session('second'), use), 'second');
  });

  it('takes no connection away from a request that still uses it', async () => {
    const closed: string[] = [];
    let opened = 0;
    const pool = new NodePool({}, (name) => Promise.resolve(nodeNamed(`${name}${++opened}`, closed)));
    let finish = (): void => undefined;
    const long = pool.with('a', undefined, session(''), (node) => new Promise<string>((resolve) => (finish = () => resolve(node.name))));
    await assert.rejects(pool.with('a', undefined, session(''), () => Promise.reject(new CallError('cancelled', 'cancelled'))));
    assert.deepEqual(closed, []);
    assert.equal(await pool.with('a', undefined, session(''), ({ name }) => Promise.resolve(name)), 'a2');
    finish();
    assert.equal(await long, 'a1');
    assert.deepEqual(closed, ['a1']);
  });

  it('goes on connecting, and asking, while one request of several waits', async () => {
    let ask: Ask | undefined;
    let stopped = 0;
    let connected: ((node: Node<Duplex>) => void) | undefined;
    const pool = new NodePool({}, (_name, { prompt, cancellation }) => {
      if (typeof prompt === 'function') ask = prompt;
      cancellation?.onCancelled(() => stopped++);
      return new Promise((resolve) => (connected = resolve));
    });
    const leaving = new CancellationSource();
    const asked = (): Promise<null> => new Promise((resolve) => void leaving.onCancelled(() => resolve(null)));
    const name = (node: Node<Duplex>): Promise<string> => Promise.resolve(node.name);
    const stays = pool.with('a', undefined, session('the one who stays'), name);
    const leaves = pool.with('a', undefined, { ...session(''), cancellation: leaving, ask: asked }, name);
    const answer = ask?.({ text: 'Passphrase:', secret: true });
    leaving.cancel();
    assert.equal(await answer, 'the one who stays');
    assert.equal(stopped, 0);
    connected?.(nodeNamed('a', []));
    assert.equal(await stays, 'a');
    await leaves;
  });

  it('stops connecting when nobody waits any more', async () => {
    let stopped = 0;
    const pool = new NodePool({}, (_name, { cancellation }) => {
      return new Promise((_resolve, reject) => {
        cancellation?.onCancelled(() => {
          stopped++;
          reject(new CallError('cancelled', 'cancelled'));
        });
      });
    });
    const sessions = ['', ''].map((text) => ({ ...session(text), cancellation: new CancellationSource() }));
    const waiting = sessions.map((one) =>
      pool.with('a', undefined, one, (node) => Promise.resolve(node)).catch((error: unknown) => String(error)),
    );
    for (const { cancellation } of sessions) cancellation.cancel();
    assert.deepEqual(await Promise.all(waiting), ['Error: cancelled', 'Error: cancelled']);
    assert.equal(stopped, 1);
  });
});
