import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExplainDocument } from '../../core/protocol/explain';
import type { LintDocument, LintedFile } from '../../core/protocol/lint';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { runCli } from '../fixtures/cli';
import { tinyImage } from '../fixtures/image';
import { scriptedRegistry } from '../fixtures/scriptedRegistry';

/**
 * Three texts that sent people the wrong way, and what is true of them: a blog post on 1.7 authentication, a report of masked errors
 * after a migration to 2.0, and a note on images of 2015.
 */
describe('the texts that started this', () => {
  let root: string;
  before(() => (root = mkdtempSync(join(tmpdir(), 'root-'))));
  after(() => rmSync(root, { recursive: true, force: true }));

  async function lint(files: Readonly<Record<string, string>>, containerd: string): Promise<readonly LintedFile[]> {
    const node = mkdtempSync(join(root, 'node-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(node, path)), { recursive: true });
      writeFileSync(join(node, path), text);
    }
    const { stdout, stderr } = await runCli(['lint', '--root', node, '--containerd', containerd, '--format', 'json', '/etc/containerd']);
    assert.equal(stderr, '');
    return (JSON.parse(stdout) as LintDocument).files;
  }

  const hub = 'etc/containerd/certs.d/docker.io/hosts.toml';

  it('credential_helper is ignored, and said to be', async () => {
    const text =
      'server = "https://registry-1.docker.io"\n[host."https://registry-1.docker.io"]\ncapabilities = ["pull", "resolve", "push"]\ncredential_helper = "docker-credential-desktop"\n';
    for (const release of ['1.7', '2.1']) {
      const [file] = await lint({ [hub]: text }, release);
      assert.equal(file?.outcome, 'partly-ignored');
      assert.deepEqual(file.ignoredKeys, ['host."https://registry-1.docker.io".credential_helper']);
      assert.ok(file.findings.some(({ severity, message }) => severity === 'warning' && message.includes('credential_helper')));
    }
  });

  it('override_path is no fallback: without /v2 in the path every request goes astray', async () => {
    const text =
      'server = "https://mirror.example.com"\n[host."https://mirror.example.com"]\ncapabilities = ["pull", "resolve"]\noverride_path = true\n';
    const [file] = await lint({ 'etc/containerd/certs.d/mirror.example.com/hosts.toml': text }, '1.7');
    assert.ok(file?.findings.some(({ id }) => id === 'hosts-override-path-without-v2'));
  });

  it('mirrors beside config_path stop the CRI plugin', async () => {
    const text = `version = 2
[debug]
level = "debug"
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "/etc/containerd/certs.d"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors]
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
endpoint = ["https://registry-1.docker.io"]
`;
    for (const release of ['1.7', '2.1']) {
      const [file] = await lint({ 'etc/containerd/config.toml': text }, release);
      assert.equal(file?.outcome, 'fatal');
      assert.ok(file.findings.some(({ id, severity }) => id === 'config-mirrors-beside-config-path' && severity === 'error'));
    }
  });

  it('a second [host] table appended by tee -a drops the file', async () => {
    const first =
      '[host."https://registry-1.docker.io"]\ncapabilities = ["pull", "resolve"]\n[host."https://registry-1.docker.io".header]\nauthorization = "Basic aaaa"\n';
    const appended = '[host."https://registry-1.docker.io".header]\nauthorization = "Basic bbbb"\n';
    for (const release of ['1.7', '2.1']) {
      const [file] = await lint({ [hub]: first + appended }, release);
      assert.equal(file?.outcome, 'dropped');
      assert.ok(file.findings.some(({ severity }) => severity === 'error'));
    }
  });

  async function explain(text: string, version: string): Promise<ExplainDocument> {
    const { stdout, status } = await runCli(['explain', '--jsonl'], { stdin: `${JSON.stringify({ id: 1, text, version })}\n` });
    assert.equal(status, 0);
    return JSON.parse(stdout) as ExplainDocument;
  }

  const digest = 'sha256:9cb6ab9c8852d7e1e63f43299dca0628e92448d1c7589f7ed40344e7f61aad59';

  it('the 401 on /blobs/ after a migration to 2.0 is a masked error', async () => {
    const reference = `public.ecr.aws/aws-cli/aws-cli:2.31.5@${digest}`;
    const text = `FATA[0031] failed to resolve reference "${reference}": unexpected status from HEAD request to https://public.ecr.aws/v2/aws-cli/aws-cli/blobs/${digest}: 401 Unauthorized`;
    assert.equal((await explain(text, '2.0.5')).class, 'masked.blob-fallback');
  });

  it('the not found of a digest after half a minute of silence is a masked error', async () => {
    const reference = `123456789012.dkr.ecr.us-west-2.amazonaws.com/xxxx@${digest}`;
    const document = await explain(`FATA[0031] failed to resolve reference "${reference}": ${reference}: not found`, '2.0.5');
    assert.equal(document.class, 'masked.blob-fallback');
  });

  it('the redis image of 2015 is named for its octet-stream config', async () => {
    const text = `FATA[0001] pulling image failed: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/redis:2.8.23": failed to unpack image on snapshotter overlayfs: failed to extract layer sha256:4dcab49015d47e8f300ec33400a02cebc7b54cadd09c37e49eccbc655279da90: failed to get reader from content store: content digest sha256:51f5c6a04d83efd2d45c5fd59537218924bc46705e3de6ffc8bc07b51481610b: not found`;
    const document = await explain(text, '1.4.3');
    assert.equal(document.class, 'manifest.legacy-config');
    assert.match(document.cause ?? '', /octet-stream/);
  });

  for (const [status, shows, masking] of [
    [401, /unexpected status from HEAD request to http:\/\/\S+\/blobs\/sha256:\w+: 401 Unauthorized$/, 'auth.no-credentials'],
    [404, /@sha256:\w+: not found$/, 'notfound.manifest'],
  ] as const) {
    it(`a manifest that timed out hides behind the ${status} of the blob from 2.0 on; the page for it names every step`, async () => {
      const image = tinyImage(`masked ${status}`);
      const registry = await scriptedRegistry(image, ({ url }) => (url.includes('/blobs/') ? { status } : undefined));
      const reference = `${registry.host}/rig/tiny@${image.manifest.digest}`;
      const certs = join(mkdtempSync(join(root, 'certs-')), registry.host);
      mkdirSync(certs);
      writeFileSync(join(certs, 'hosts.toml'), `server = "http://${registry.host}"\n`);
      const guide = join(root, `guide-${status}.md`);
      const fault = ['--fault', 'HEAD */manifests/*=timeout', '--guide', guide];
      const args = [
        'resolve',
        reference,
        '--certs-d',
        dirname(certs),
        '--containerd',
        '2.1.9',
        '--via',
        'ctr',
        '--format',
        'json',
        ...fault,
      ];
      const { stdout, stderr } = await runCli(args).finally(() => registry.close());
      assert.equal(stderr, '');
      const document = JSON.parse(stdout) as ResolveDocument;
      assert.match(document.reported ?? '', shows);
      assert.deepEqual([document.rootCause?.attempt, document.rootCause?.class], [0, 'net.timeout']);
      assert.deepEqual(document.masked, { by: masking, versions: '>=2.0.0' });
      const old = document.predictions?.['1.7'];
      assert.match((old && 'reported' in old && old.reported) || '', /\/manifests\/sha256:\w+": dial tcp \S+: i\/o timeout$/);
      const page = readFileSync(guide, 'utf8');
      for (const words of [
        `'${reference}' &`,
        'iptables',
        `--dport ${registry.host.split(':')[1] ?? ''}`,
        'sleep 32',
        'crictl pull',
        'nerdctl',
      ])
        assert.ok(page.includes(words), words);
    });
  }
});
