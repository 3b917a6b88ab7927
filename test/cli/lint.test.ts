import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../cli/main';
import type { ExitStatus, Io } from '../../cli/command';
import type { LintDocument } from '../../core/protocol/lint';

const good = 'server = "https://registry-1.docker.io"\n\n[host."https://mirror.example.com"]\n  capabilities = ["pull", "resolve"]\n';
const badConfig = 'version = "3"\n';

describe('lint', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lint-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function put(path: string, text: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }
  async function run(words: readonly string[], stdin = ''): Promise<{ status: ExitStatus; out: string; err: string }> {
    let [out, err] = ['', ''];
    const io: Io = {
      env: {},
      cwd: folder,
      color: false,
      cancellation: { cancelled: false, onCancelled: () => () => undefined },
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
      readStdin: () => Promise.resolve(stdin),
      stdinLines: () => linesOf(stdin),
    };
    const status = await main(words, io);
    return { status, out, err };
  }

  it('says nothing wrong with 0, something with 1, and 2 for what cannot be read', async () => {
    put('certs.d/docker.io/hosts.toml', good);
    put('containerd/config.toml', badConfig);
    assert.equal((await run(['lint', 'certs.d'])).status, 0);
    assert.equal((await run(['lint', '.'])).status, 1);
    const missing = await run(['lint', 'gone.toml']);
    assert.deepEqual([missing.status, missing.err], [2, 'containerd-runbooks: gone.toml: no such file or directory\n']);
  });

  it('counts from the severity asked for', async () => {
    put(
      'containerd/config.toml',
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\n  endpoint = ["https://m.example.com"]\n',
    );
    assert.equal((await run(['lint', '.'])).status, 0);
    assert.equal((await run(['lint', '.', '--fail-on', 'info'])).status, 1);
    assert.equal((await run(['lint', '.', '--fail-on', 'often'])).status, 2);
  });

  it('takes a folder as the root of a node, with imports', async () => {
    put('node/etc/containerd/config.toml', 'version = 3\nimports = ["/etc/containerd/extra/*.toml"]\n');
    put('node/etc/containerd/extra/a.toml', 'oom_score = "x"\n');
    const { status, out } = await run(['lint', '--root', 'node', '/etc/containerd/config.toml', '--format', 'json', '--containerd', '2.1']);
    const document = JSON.parse(out) as LintDocument;
    assert.equal(status, 1);
    assert.deepEqual([document.schema, document.containerd], [1, '2.1']);
    assert.deepEqual(
      document.files.map(({ path, outcome }) => [path, outcome]),
      [
        ['/etc/containerd/config.toml', 'fatal'],
        ['/etc/containerd/extra/a.toml', 'fatal'],
      ],
    );
    assert.deepEqual(document.files[1]?.findings[0]?.range, { start: { line: 0, character: 12 }, end: { line: 0, character: 15 } });
  });

  it('applies safe fixes and keeps the mode', async () => {
    const file = put('containerd/config.toml', badConfig);
    chmodSync(file, 0o600);
    assert.equal((await run(['lint', '--fix', '.'])).status, 0);
    assert.equal(readFileSync(file, 'utf8'), 'version = 3\n');
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('reads standard input, and with --fix writes it fixed', async () => {
    assert.match((await run(['lint', '-', '--stdin-path', '/etc/containerd/config.toml'], badConfig)).out, /config\.toml:1:11: error: /);
    const fixed = await run(['lint', '-', '--fix', '--kind', 'config'], badConfig);
    assert.deepEqual([fixed.status, fixed.out], [0, 'version = 3\n']);
  });

  it('answers each line of --jsonl with one document, in order', async () => {
    const file = put('containerd/config.toml', badConfig);
    const lines = [
      '{"id":1,"paths":["gone"]}',
      'no json',
      '{"id":"b","paths":7}',
      `{"id":2,"paths":[${JSON.stringify(file)}],"containerd":"1.7"}`,
      `{"id":3,"paths":["gone",${JSON.stringify(file)}]}`,
    ];
    const { status, out } = await run(['lint', '--jsonl', '--format', 'sarif'], lines.join('\n'));
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown; error?: string; files?: readonly { outcome: string }[] });
    assert.equal(status, 0);
    assert.deepEqual(
      answers.map(({ id }) => id),
      [1, null, 'b', 2, 3],
    );
    assert.deepEqual(
      answers.map(({ error }) => typeof error),
      ['string', 'string', 'string', 'undefined', 'string'],
    );
    for (const read of [answers[3], answers[4]])
      assert.equal(read?.files?.[0]?.outcome, 'fatal', 'a file that cannot be read hides no other');
  });

  it('speaks SARIF and GitHub', async () => {
    put('containerd/config.toml', badConfig);
    const sarif = JSON.parse((await run(['lint', '.', '--format', 'sarif'])).out) as {
      version: string;
      runs: { results: { ruleId: string; level: string }[] }[];
    };
    assert.equal(sarif.version, '2.1.0');
    assert.deepEqual(
      sarif.runs[0]?.results.map(({ ruleId, level }) => [ruleId, level]),
      [['config-wrong-type', 'error']],
    );
    assert.match(
      (await run(['lint', '.', '--format', 'github'])).out,
      /^::error file=.*config\.toml,line=1,endLine=1,col=11,endColumn=14,title=config-wrong-type::"version" must be/,
    );
  });

  it('shows control characters of a file instead of sending them to the terminal', async () => {
    put('containerd/config.toml', 'version = 3\nfoo\u{9b} = 1 # \u001b[31m \u202e\n');
    const { out } = await run(['lint', '.']);
    for (const sign of ['\u001b', '\u009b', '\u202e']) assert.ok(!out.includes(sign));
  });
});

async function* linesOf(text: string): AsyncIterable<string> {
  for (const line of text.split('\n')) yield await Promise.resolve(line);
}
