import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../fixtures/cli';

const secret = 'hunter2-S3cret';

describe('bad input on the command line', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'bad-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const calls: Readonly<Record<string, readonly string[]>> = {
    'no command': ['unknown'],
    'an unknown option': ['lint', '--frobnicate'],
    'a missing file': ['lint', '/nowhere/certs.d/docker.io/hosts.toml'],
    'a release that does not exist': ['lint', '--containerd', 'latest', '.'],
    'a reference that looks like an option': ['hosts', '--', '-oProxyCommand=x'],
    'a node that cannot be reached': ['ready', '--node', 'nobody@127.0.0.1:1'],
    'a node that looks like an option': ['ready', '--node', '-oProxyCommand=touch'],
    'a missing log': ['explain', '/nowhere/pull.log'],
    'a transcript that is none': ['resolve', 'example.com/a:b', '--replay', '/nowhere/transcript.json'],
    'a fault that is none': ['resolve', 'example.com/a:b', '--fault', 'nonsense'],
  };
  for (const [title, args] of Object.entries(calls)) {
    it(`${title}: one line and exit status 2`, async () => {
      const { status, stderr } = await runCli(args);
      assert.equal(status, 2, stderr);
      assert.match(stderr, /^containerd-runbooks: [^\n]+\n$/);
      assert.doesNotMatch(stderr, /\bat .*\.js:\d+|undefined|\[object/);
    });
  }

  it('a bad image reference: the document of what containerd says of it', async () => {
    const { status, stdout, stderr } = await runCli([
      'resolve',
      'Not A Reference',
      '--certs-d',
      '/nowhere',
      '--containerd',
      '2.3',
      '--format',
      'json',
    ]);
    assert.deepEqual([status, stderr], [1, '']);
    const { ok, reported, attempts } = JSON.parse(stdout) as { ok: boolean; reported: string; attempts: unknown[] };
    assert.deepEqual([ok, attempts], [false, []]);
    assert.equal(
      reported,
      'failed to parse image reference "Not A Reference": invalid reference format: repository name (library/Not A Reference) must be lowercase',
    );
  });

  const files: Readonly<Record<string, Buffer>> = {
    'an empty file': Buffer.alloc(0),
    'binary bytes': Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)),
    'a byte order mark': Buffer.from('\uFEFF[host."https://m.example"]\n'),
    CRLF: Buffer.from('server = "https://a.example"\r\n[host."https://m.example"]\r\n  capabilities = ["pull"]\r\n'),
    'deep nesting': Buffer.from(`a = ${'['.repeat(100_000)}`),
    'five megabytes of keys': Buffer.from(Array.from({ length: 260_000 }, (_, i) => `key_${i} = "value"\n`).join('')),
    'five megabytes in one line': Buffer.from(`a = "${'x'.repeat(5_000_000)}`),
  };
  for (const [title, bytes] of Object.entries(files)) {
    for (const kind of ['hosts', 'config']) {
      it(`${title} as ${kind}: a document, no crash`, async () => {
        const path = join(folder, 'file.toml');
        writeFileSync(path, bytes);
        const { status, stdout, stderr } = await runCli(['lint', '--kind', kind, '--format', 'json', path]);
        assert.equal(stderr, '');
        assert.ok(status === 0 || status === 1);
        assert.equal((JSON.parse(stdout) as { files: unknown[] }).files.length, 1);
      });
    }
  }

  it('shows no credential of a file, of the environment or of standard input', async () => {
    const certs = join(folder, 'certs.d', '127.0.0.1:1');
    mkdirSync(certs, { recursive: true });
    writeFileSync(
      join(certs, 'hosts.toml'),
      `[host."http://user:${secret}@127.0.0.1:1"]\n[host."http://127.0.0.1:1".header]\n  Authorization = "Basic ${secret}"\n`,
    );
    const env = { CONTAINERD_RUNBOOKS_USERNAME: 'u', CONTAINERD_RUNBOOKS_PASSWORD: secret };
    for (const format of ['text', 'json']) {
      const { stdout, stderr } = await runCli(['resolve', '127.0.0.1:1/a/b:c', '--certs-d', join(folder, 'certs.d'), '--format', format], {
        env,
      });
      assert.notEqual(stdout, '', stderr);
      assert.ok(!`${stdout}${stderr}`.includes(secret), stdout);
    }
    const explained = await runCli(['explain', '-', '--format', 'json'], {
      stdin: `failed to do request: Head "https://user:${secret}@reg.example/v2/?sig=${secret}": dial tcp 10.0.0.1:443: i/o timeout`,
    });
    assert.ok(!explained.stdout.includes(secret), explained.stdout);
  });
});
