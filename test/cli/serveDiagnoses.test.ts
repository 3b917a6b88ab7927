import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../cli/command';
import { createHandlers } from '../../cli/serve/handlers';
import { NodePool } from '../../cli/serve/nodePool';
import { Requests } from '../../cli/serve/requests';
import { CancellationSource, type Session } from '../../cli/serve/session';
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import type { Step } from '../../core/protocol/progress';
import type { ServeEvent } from '../../core/serve';
import { catalogsFor } from '../../files/language';
import { nodeRoot, type NodeRoot } from '../fixtures/nodeRoot';
import { until } from '../fixtures/until';

const config = 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n';
const io = { env: process.env, cwd: tmpdir() } as Io;

describe('serve: whole diagnoses', () => {
  const pool = new NodePool(process.env);
  let root: NodeRoot;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'crb-serve-'));
    root = nodeRoot({
      containerd: 'v1.7.24',
      dump: config,
      journal: 'nothing of pulls\n',
      files: {
        '/etc/containerd/config.toml': config,
        '/etc/containerd/certs.d/127.0.0.1:9/hosts.toml': '[host."http://127.0.0.1:9"]\nskip_verfy = true\npassword = "hunter2hunter2"\n',
      },
    });
  });
  after(async () => {
    await pool.close();
    root.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function session(steps: Step[]): Session {
    return { cancellation: new CancellationSource(), ask: () => Promise.resolve(null), step: (step) => steps.push(step) };
  }

  it('diagnose tells each stage as it begins and ends', async () => {
    const steps: Step[] = [];
    const document = await createHandlers(io, pool, []).diagnose({ node: root.node, reference: '127.0.0.1:9/app:1' }, session(steps));
    assert.deepEqual([document.ok, document.verdict.id, document.containerd], [false, 'net.refused-or-no-route', 'v1.7.24']);
    const ended = steps.filter(({ status }) => status === 'pass').map(({ label }) => label);
    assert.deepEqual(
      [...ended].sort(),
      ['Reading the configuration', 'Reading the journal', 'The check of the node', 'The replay of 127.0.0.1:9/app:1'].sort(),
    );
    assert.deepEqual(steps.filter(({ status }) => status === 'running').length, ended.length);
  });

  it('speaks the language of the editor, verdict, stages, findings and steps', async () => {
    const steps: Step[] = [];
    const handlers = createHandlers(io, pool, catalogsFor('zh-cn'));
    const document = await handlers.diagnose({ node: root.node, reference: '127.0.0.1:9/app:1' }, session(steps));
    const finding = document.configuration.files.flatMap(({ findings }) => findings)[0];
    const texts = [document.verdict.cause, document.verdict.nextStep, finding?.message, steps[0]?.label];
    texts.push(...document.stages.map(({ message }) => message));
    for (const text of texts) assert.match(text ?? '', /\p{Script=Han}/u);
  });

  it('collect saves for its owner only, without secrets, and diagnoseBundle says the same of it', async () => {
    const output = join(folder, 'node.json');
    const params = { node: root.node, reference: '127.0.0.1:9/app:1' };
    const handlers = createHandlers(io, pool, []);
    const saved = await handlers.collect({ ...params, output }, session([]));
    assert.deepEqual([saved.bundle, saved.node], [output, root.node]);
    assert.equal(statSync(output).mode & 0o777, 0o600);
    assert.ok(!readFileSync(output, 'utf8').includes('hunter2'));
    const live = await handlers.diagnose(params, session([]));
    const offline = await handlers.diagnoseBundle({ bundle: output }, session([]));
    const comparable = ({ verdict, configuration, journal }: DiagnoseDocument) => [verdict.id, configuration, journal];
    assert.deepEqual(comparable(offline), comparable(live));
  });

  it('a bad reference, a bundle that is none and a folder that is not there are one line each', async () => {
    const events: ServeEvent[] = [];
    const requests = new Requests(createHandlers(io, pool, []), (event) => events.push(event));
    requests.receive({ id: 1, command: 'diagnose', params: { node: root.node, reference: 'UPPER' } });
    requests.receive({ id: 2, command: 'diagnoseBundle', params: { bundle: join(folder, 'none') } });
    requests.receive({ id: 3, command: 'collect', params: { node: root.node, output: join(folder, 'no', 'where') } });
    await until(() => events.filter((event) => 'error' in event).length === 3, 'a request did not end');
    for (const event of events.filter((one) => 'error' in one)) {
      assert.equal(event.error.kind, 'usage');
      assert.ok(!event.error.message.includes('\n'), event.error.message);
    }
  });

  it('is cancelled: the request ends at once, and says so', async () => {
    const events: ServeEvent[] = [];
    const requests = new Requests(createHandlers(io, pool, []), (event) => events.push(event));
    requests.receive({ id: 1, command: 'diagnose', params: { node: root.node, reference: '192.0.2.1/app:1' } });
    await until(() => events.some((event) => 'step' in event && event.step.label.includes('192.0.2.1')), 'the replay did not begin');
    const cancelled = Date.now();
    requests.receive({ id: 1, cancel: true });
    await until(() => events.some((event) => 'error' in event), 'the request did not end');
    assert.deepEqual(events.at(-1), { id: 1, error: { kind: 'cancelled', message: 'Cancelled.' } });
    assert.ok(Date.now() - cancelled < 15_000);
  });
});
