import assert from 'node:assert/strict';
import type { Cancellation } from '../../core/ports';
import type { AttemptDocument } from '../../core/protocol/resolve';
import { CancellationSource } from '../../cli/serve/session';
import type { Io } from '../../cli/command';
import type { JsonInput } from '../../cli/jsonInput';
import { requestOfJson, type ReplayRequest } from '../../cli/replay/request';
import { call } from '../fixtures/call';
import { certsD, type CertsD } from '../fixtures/certsD';
import type { CliResult } from '../fixtures/cli';
import { tinyImage } from '../fixtures/image';
import { scriptedRegistry, type ScriptedRegistry } from '../fixtures/scriptedRegistry';

const image = tinyImage('runs');

describe('one replay after the other', () => {
  let hosts: CertsD;
  let registry: ScriptedRegistry;
  before(async () => {
    registry = await scriptedRegistry(image, ({ method }) => (method === 'HEAD' ? { status: 404 } : undefined));
    hosts = certsD(registry.host);
  });
  after(async () => {
    await registry.close();
    hosts.remove();
  });
  const resolve = (more: readonly string[], onStdout?: (text: string) => void, cancellation?: Cancellation): Promise<CliResult> => {
    const reference = `${registry.host}/a/b@${image.manifest.digest}`;
    const given = ['--certs-d', hosts.folder, '--containerd', '2.1', '--platform', 'linux/amd64', '--proxy', 'none', ...more];
    return call(['resolve', reference, ...given], hosts.folder, {}, onStdout, cancellation);
  };

  it('makes its connections anew, as containerd does: what fails now and then is often the connection', async () => {
    const { stdout } = await resolve(['--repeat', '3', '--format', 'ndjson']);
    const lines = stdout.split('\n').slice(0, -2);
    const attempts = lines.map((line) => (JSON.parse(line) as { readonly attempt: AttemptDocument }).attempt);
    assert.deepEqual(
      attempts.map(({ url, timings }) => [/manifests|blobs/.exec(url)?.[0], 'connect' in timings]),
      Array(3)
        .fill([
          ['manifests', true],
          ['blobs', false],
        ])
        .flat(),
    );
  });

  it('tells how many of the runs there were when it is interrupted, and by its status that it was not the end', async () => {
    const interrupted = (format: string): ReturnType<typeof call> => {
      const cancellation = new CancellationSource();
      let runs = 0;
      const onStdout = (text: string): void => {
        if (/run 2 |\/blobs\//.test(text) && (format === 'text' || ++runs === 2)) cancellation.cancel();
      };
      return resolve(['--repeat', '9', '--every', '0.1', '--format', format], onStdout, cancellation);
    };
    const text = await interrupted('text');
    assert.equal(text.status, 2);
    assert.match(text.stdout, /\n2 of 9 runs, then it was interrupted:\n {2}2 of 2 \(100\.0 %\): /);
    const json = await interrupted('ndjson');
    const { repeat } = JSON.parse(json.stdout.split('\n').at(-2) ?? '') as { readonly repeat: { runs: number; asked: number } };
    assert.deepEqual([json.status, repeat.runs, repeat.asked], [2, 1, 9]);
  });

  it('refuses what would change nothing', async () => {
    const refused = async (...words: readonly string[]): Promise<string> => {
      const { status, stdout, stderr } = await call(['resolve', ...words]);
      assert.deepEqual([status, stdout], [2, '']);
      return stderr;
    };
    const every = /^containerd-runbooks: --every 5: it needs --repeat N, how many runs there are to be\n$/;
    assert.match(await refused('r.example/a:1', '--every', '5'), every);
    for (const seconds of ['x', '3000000'])
      assert.match(
        await refused('r.example/a:1', '--repeat', '2', '--every', seconds),
        /: it must be a number of seconds, up to 1000000\n$/,
      );
    for (const [name, value] of [
      ['repeat', '2'],
      ['every', '5'],
      ['transcript', 'f'],
      ['guide', 'f'],
    ] as const)
      assert.equal(
        await refused('--jsonl', `--${name}`, value),
        `containerd-runbooks: --${name} is for one reference; leave it out with --jsonl\n`,
      );
  });

  it('gives a transcript what other releases asked too, and says what one does not hold', async () => {
    const saved = await resolve(['--transcript', 'a']);
    assert.match(saved.stdout, /1\.6: unknown: it would have asked HEAD \S+ \(--predict asks\)\n/);
    const short = await resolve(['--replay', 'a', '--predict']);
    assert.match(short.stdout, /1\.6: unknown: it would have asked HEAD \S+\n/);
    await resolve(['--transcript', 'b', '--predict']);
    assert.doesNotMatch((await resolve(['--replay', 'b'])).stdout, /unknown/);
    const other = await call(['resolve', `${registry.host}/a/b:2`, '--certs-d', hosts.folder, '--replay', 'b'], hosts.folder);
    assert.match(
      other.stdout,
      /holds no answer to HEAD \S+\/manifests\/2\. Where it was saved, save it again with the options of this call\./,
    );
  });

  it('says that a transcript was saved without --download', async () => {
    const good = await scriptedRegistry(image);
    try {
      const words = [
        'resolve',
        `${good.host}/a/b:1`,
        '--containerd',
        '2.1',
        '--platform',
        'linux/amd64',
        '--proxy',
        'none',
        '--via',
        'ctr-local',
      ];
      assert.match((await call([...words, '--transcript', 'c'], hosts.folder)).stdout, /^Pulled: /m);
      const { stdout, status } = await call([...words, '--replay', 'c', '--download'], hosts.folder);
      assert.match(
        stdout,
        /the answer to GET \S+, and not what came with it: save it again with --download, or leave out --download here\./,
      );
      assert.equal(status, 1);
    } finally {
      await good.close();
    }
  });
});

describe('what a replay is asked for', () => {
  const line = { positionals: [], values: { download: true } };
  const io = { cwd: '/', env: {} } as unknown as Io;
  const asked = (more: JsonInput): ReplayRequest => requestOfJson({ reference: 'r.example/a:1', ...more }, line, io, undefined);

  it('takes from the call what a line leaves out, and refuses another type', () => {
    assert.deepEqual(
      [asked({}), asked({ download: false, predict: true })].map(({ download, predict }) => [download, predict]),
      [
        [true, false],
        [false, true],
      ],
    );
    assert.throws(() => asked({ download: 'yes' }), /^Error: "download" must be true or false$/);
    assert.throws(() => asked({ auth: { username: 5 } }), /username must be a string in the AuthConfig/);
  });

  it('says what an AuthConfig is in words that are not taken for a secret', async () => {
    const { status, stderr } = await call(['resolve', 'r.example/a:1', '--auth-stdin']);
    assert.equal(status, 2);
    assert.match(stderr, /^containerd-runbooks: --auth-stdin: standard input is no JSON; it must be .* with username and password\n$/);
  });
});
