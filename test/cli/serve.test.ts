import assert from 'node:assert/strict';
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ServeEvent, ServeRequest } from '../../core/serve';
import { startRegistry, type Registry } from '../../scripts/playground/registries';

/** The child as the extension starts it. */
class Child {
  readonly events: ServeEvent[] = [];
  readonly process: ChildProcess = fork('dist/cli.js', ['serve'], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });

  constructor() {
    this.process.on('message', (event) => this.events.push(event as ServeEvent));
  }

  /** The event that ends a request. */
  async ask(request: ServeRequest): Promise<ServeEvent> {
    this.process.send(request);
    for (;;) {
      const end = this.events.find((event) => event.id === request.id && ('result' in event || 'error' in event));
      if (end) return end;
      await once(this.process, 'message');
    }
  }
}

describe('serve', () => {
  let child: Child;
  let registry: Registry;

  before(async () => {
    child = new Child();
    registry = await startRegistry('good', 'good');
  });

  after(async () => {
    child.process.kill();
    await registry.close();
  });

  it('explains', async () => {
    const end = await child.ask({ id: 1, command: 'explain', params: { text: 'dial tcp 10.0.0.1:443: connect: connection refused' } });
    assert.ok('result' in end && 'class' in end.result);
    assert.equal(end.result.class, 'net.refused-or-no-route');
  });

  it('checks readiness of this machine, step by step', async () => {
    const registries = [`http://127.0.0.1:${registry.port}`];
    const end = await child.ask({ id: 2, command: 'ready', params: { node: 'local', interfaces: ['missing0'], registries } });
    assert.ok('result' in end && 'checks' in end.result);
    const { checks, ready } = end.result;
    assert.equal(ready, false);
    assert.ok(checks.some(({ subject, status }) => subject === 'missing0' && status === 'fail'));
    assert.ok(checks.some(({ message, status }) => message.includes('/v2/') && status === 'pass'));
    assert.ok(child.events.some((event) => event.id === 2 && 'step' in event));
  });

  it('replays a resolve with a fault', async () => {
    const reference = `127.0.0.1:${registry.port}/app:1`;
    const params = { node: 'local', reference, containerd: '2.1', fault: 'HEAD */manifests/*=403' };
    const end = await child.ask({ id: 3, command: 'resolve', params });
    assert.ok('result' in end && 'attempts' in end.result);
    assert.match(end.result.reported ?? '', /403 Forbidden/);
  });

  it('says that a node cannot be reached, and goes on', async () => {
    const end = await child.ask({ id: 4, command: 'ready', params: { node: 'exec:false', interfaces: [], registries: [] } });
    assert.ok('error' in end);
    assert.equal(end.error.kind, 'unreachable');
    assert.ok('result' in (await child.ask({ id: 5, command: 'explain', params: { text: 'x' } })));
  });

  it('cancels', async () => {
    const registries = ['http://192.0.2.1:5000'];
    child.process.send({ id: 6, command: 'ready', params: { node: 'local', interfaces: [], registries } });
    const end = await child.ask({ id: 6, cancel: true });
    assert.ok('error' in end);
    assert.equal(end.error.kind, 'cancelled');
  });

  it('ends when its parent goes', async () => {
    child.process.disconnect();
    const [code] = (await once(child.process, 'exit')) as [number | null];
    assert.equal(code, 0);
  });

  it('is not for terminals', () => {
    const { status, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'serve'], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /started by an editor/);
  });
});
