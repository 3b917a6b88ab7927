import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { collect } from '../../cli/diagnosis/collect';
import { diagnoseIn, readyIn, resolveIn } from '../../cli/serve/inLanguage';
import { createHandlers } from '../../cli/serve/handlers';
import { NodePool } from '../../cli/serve/nodePool';
import { Requests } from '../../cli/serve/requests';
import { CancellationSource } from '../../cli/serve/session';
import { unreachable } from '../../cli/transport/sshErrors';
import type { Io } from '../../cli/command';
import { diagnose } from '../../core/diagnosis/diagnose';
import { emptyEvidence } from '../../core/diagnosis/evidence';
import type { Node } from '../../core/ports';
import { configDumpProbe } from '../../core/probes/configDump';
import { quote } from '../../core/probes/quote';
import type { Step } from '../../core/protocol/progress';
import type { CheckDocument, ReadyDocument } from '../../core/protocol/ready';
import type { ResolveDocument } from '../../core/protocol/resolve';
import type { ServeEvent, ServeRequest } from '../../core/serve';
import { message } from '../../core/text/message';
import { catalogsFor } from '../../files/language';
import { nodeRoot } from '../fixtures/nodeRoot';
import { until } from '../fixtures/until';

const chinese = catalogsFor('zh-cn');

describe('serve in the language of the editor', () => {
  it('explains in it, and in English without one', async () => {
    const io = { env: {}, cwd: process.cwd() } as Io;
    const text = 'dial tcp 10.0.0.5:443: connect: connection refused';
    const session = { cancellation: new CancellationSource(), ask: () => Promise.resolve(null), step: () => undefined };
    const causeIn = async (catalogs: typeof chinese) =>
      (
        await createHandlers(io, new NodePool({}), catalogs).explain(
          { text: `failed to do request: Head "https://r.example/v2/": ${text}` },
          session,
        )
      ).cause;
    assert.equal(await causeIn(chinese), '10.0.0.5:443（r.example）拒绝了连接：该端口没有服务监听，或被防火墙拒绝。');
    assert.match((await causeIn([])) ?? '', /^At 10\.0\.0\.5:443 \(r\.example\) the connection was refused/);
  });

  it('tells the steps of a run in it', async () => {
    const steps: Step[] = [];
    const pool = new NodePool(process.env);
    const session = {
      cancellation: new CancellationSource(),
      ask: () => Promise.resolve(null),
      step: (step: Step) => void steps.push(step),
    };
    const handlers = createHandlers({ env: {}, cwd: process.cwd() } as Io, pool, chinese);
    await handlers.ready({ node: 'local', interfaces: ['missing0'], registries: [] }, session);
    const { label, detail } = steps.find(({ status }) => status === 'fail') ?? assert.fail();
    assert.equal(label, 'local 的状态');
    assert.match(detail ?? '', /^没有接口 missing0/);
    await assert.rejects(handlers.readFile({ node: 'exec:false', path: '/etc/hosts' }, session));
    assert.equal(steps.at(-1)?.label, '连接 exec:false');
    await pool.close();
  });

  it('says in it why a call failed, and redacts it there too', async () => {
    const pool = new NodePool(process.env);
    const failureOf = async (catalogs: typeof chinese, call: Partial<ServeRequest>): Promise<string> => {
      const events: ServeEvent[] = [];
      const io = { env: {}, cwd: process.cwd() } as Io;
      const requests = new Requests(createHandlers(io, pool, catalogs), (event) => events.push(event), catalogs);
      requests.receive({ id: 1, ...call } as ServeRequest);
      await until(() => events.some((event) => 'error' in event), 'it did not fail');
      const end = events.at(-1);
      return end && 'error' in end ? end.error.message : '';
    };
    const read = { command: 'readFile', params: { node: 'local', path: '/nowhere' } } as const;
    assert.equal(await failureOf(chinese, read), 'local 上的 /nowhere：没有这个文件');
    assert.equal(await failureOf([], read), '/nowhere on local: there is no such file');
    const node = `exec:sh -c 'echo "no way: https://u:hunter2@proxy.example" >&2; exit 3'`;
    const said = await failureOf(chinese, { command: 'tree', params: { node } });
    assert.match(said, /^无法连接 exec:.*该命令没有启动 shell：no way: .*docker exec 需要 -i/s);
    assert.doesNotMatch(said, /hunter2/);
    const session = { cancellation: new CancellationSource(), ask: () => Promise.resolve(null), step: () => undefined };
    const write = { node: 'local', path: '/proc', base: 'old', text: 'new' };
    assert.deepEqual(await createHandlers({ env: {}, cwd: '/' } as Io, pool, chinese).writeFile(write, session), {
      status: 'refused',
      reason: '它不是普通文件',
    });
    await pool.close();
  });

  it('says in it why a stage of a diagnosis gave nothing, in its step and in the document', async () => {
    const steps: Step[] = [];
    const node: Node<Duplex> = {
      name: 'n1',
      run: (script) =>
        script.includes(quote(configDumpProbe.script()))
          ? Promise.reject(unreachable('n1', message('failure/closed')))
          : new Promise(() => undefined),
      dial: () => Promise.reject(new Error('nothing is dialled')),
      close: () => Promise.resolve(),
    };
    const io = { env: {}, cwd: process.cwd() } as Io;
    const context = { node, io, cancellation: new CancellationSource(), onStep: (step: Step) => void steps.push(step), catalogs: chinese };
    await assert.rejects(
      collect({ reference: undefined, stageTimeoutMs: 200 }, context),
      /^Error: cannot reach n1: the connection was closed$/,
    );
    const details = steps.filter(({ status }) => status === 'fail').map(({ detail }) => detail);
    assert.deepEqual(details, ['无法连接 n1：连接已关闭', '在 0.2 秒内没有完成', '在 0.2 秒内没有完成']);
    const args = { what: 'what/journal', reason: message('failure/closed') };
    const document = diagnose({ ...emptyEvidence('n1', 0), gaps: [{ stage: 'journal', id: 'gap/failed', args }] }, () => []);
    const gapOf = ({ stages }: typeof document): unknown => stages.find(({ id }) => id === 'journal')?.gaps[0]?.message;
    assert.equal(gapOf(document), 'Reading the journal could not be carried out: the connection was closed');
    assert.equal(gapOf(diagnoseIn(document, chinese)), '读取 journal无法执行：连接已关闭');
  });

  it('puts checks, findings, causes and next steps into it, and leaves what it cannot say', () => {
    const check: CheckDocument = {
      id: 'default-route',
      subject: '',
      status: 'warn',
      message: 'English',
      messageId: 'default-route/unknown',
      args: {},
      evidence: 'as it was',
    };
    const ready: ReadyDocument = {
      schema: 1,
      node: 'n',
      ready: true,
      checks: [check, { ...check, messageId: 'of/another-release' }],
      findings: [],
    };
    assert.deepEqual(
      readyIn(ready, chinese).checks.map(({ message, evidence }) => [message, evidence]),
      [
        ['无法读取节点的路由。', 'as it was'],
        ['English', 'as it was'],
      ],
    );
    const args = { host: 'r.example', reason: 'x' };
    const rootCause = { attempt: 0, class: 'net.timeout', message: 'English', messageId: 'verdict/net.timeout', args };
    const step = { nextStep: 'English', nextStepMessage: { id: 'net.timeout/nextStep', args: {} } };
    const document = { rootCause: { ...rootCause, ...step }, findings: [] } as unknown as ResolveDocument;
    const { message, nextStep } = resolveIn(document, chinese).rootCause ?? assert.fail();
    assert.equal(message, 'r.example 没有及时应答。');
    assert.match(nextStep, /^从节点对该主机执行 curl/);
    assert.deepEqual(resolveIn(document, []), document);
  });

  it('puts words within a text, what a check is about and the evidence of a verdict into it', async () => {
    const io = { env: {}, cwd: process.cwd() } as Io;
    const root = nodeRoot({ containerd: 'v2.1.4', journal: failedPull });
    const session = { cancellation: new CancellationSource(), ask: () => Promise.resolve(null), step: () => undefined };
    const pool = new NodePool(process.env);
    const { readiness, verdict } = await createHandlers(io, pool, chinese).diagnose({ node: root.node }, session);
    await pool.close();
    root.remove();
    assert.equal(readiness.find(({ id }) => id === 'cri-plugin')?.message, '无法判断 CRI 插件是否已加载：containerd 没有套接字。');
    assert.ok(readiness.some(({ subject }) => subject === '默认路由'));
    const evidence = verdict.evidence.map(({ text }) => text).join('\n');
    assert.match(evidence, /^1 × \S+（r\.example），最后一次 2026-11-21/m);
  });
});

const failedPull =
  'time="2026-11-21T10:00:00Z" level=error msg="PullImage \\"r.example/a:1\\" failed" error="failed to resolve reference \\"r.example/a:1\\": r.example/a:1: not found"\n';
