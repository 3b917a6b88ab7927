import assert from 'node:assert/strict';
import { DefinitionRequest, DocumentLinkRequest, type LocationLink } from 'vscode-languageserver/node';
import { filesAroundChangedMethod, type FilesAround, type FilePlace } from '../../core/nodeFiles';
import { withServer, type LspClient } from '../fixtures/lspClient';

const folder = '/etc/containerd/certs.d/registry.example.com';
const uriOn = (node: string, path: string): string => `containerd-node:/${encodeURIComponent(encodeURIComponent(node))}${path}`;
const hosts = (node: string): string => uriOn(node, `${folder}/hosts.toml`);
const withCa = 'server = "https://registry.example.com"\n[host."https://mirror.example.com"]\n  ca = "ca.crt"\n';
const withTimeout = 'server = "https://registry.example.com"\n[host."https://mirror.example.com"]\n  dial_timeout = "5s"\n';

function around(containerd: string | undefined, ...more: FilePlace[]): FilesAround {
  const parts = folder.split('/').slice(1);
  const folders = parts.map((_, index) => ({ path: `/${parts.slice(0, index + 1).join('/')}`, kind: 'directory' as const }));
  return { rooted: true, takenMs: 0, places: [...folders, ...more], ...(containerd !== undefined && { containerd }) };
}

const codes = async (client: LspClient, uri: string): Promise<readonly unknown[]> => (await client.pull(uri)).map(({ code }) => code);
const options = { initializationOptions: { uriScheme: 'vscode', filesAround: true, judgedVersions: true } };

describe("language server: a node's documents", () => {
  it('are judged with the files around them, which the client reads', async () => {
    const asked: string[] = [];
    const filesAround = (uri: string): FilesAround => {
      asked.push(uri);
      return around('2.1.4');
    };
    await withServer({ ...options, filesAround }, async (client) => {
      await client.open(hosts('worker'), withCa, 'containerd-hosts');
      assert.deepEqual(await codes(client, hosts('worker')), ['hosts-unusable-ca']);
      await client.change(hosts('worker'), { text: `${withCa}\n` });
      await codes(client, hosts('worker'));
      assert.deepEqual(asked, [hosts('worker')], 'one question, however often the text is judged');
    });
  });

  it('are judged for the release of their node, unless one was chosen', async () => {
    const filesAround = (uri: string): FilesAround => around(uri.includes('old') ? '1.6.20' : '2.3.0');
    const told: unknown[] = [];
    await withServer({ ...options, filesAround }, async (client) => {
      client.connection.onNotification('containerdRunbooks/judgedVersion', (params) => void told.push(params));
      for (const node of ['old', 'new']) await client.open(hosts(node), withTimeout, 'containerd-hosts');
      assert.ok((await codes(client, hosts('old'))).includes('hosts-key-too-new'));
      assert.ok(!(await codes(client, hosts('new'))).includes('hosts-key-too-new'));
      assert.deepEqual(told[0], { uri: hosts('old'), containerd: '1.6.20', chosen: false, node: 'old' });
    });
    await withServer({ ...options, filesAround, settings: () => ({ containerdVersion: '2.3' }) }, async (client) => {
      await client.open(hosts('old'), withTimeout, 'containerd-hosts');
      assert.ok(!(await codes(client, hosts('old'))).includes('hosts-key-too-new'));
    });
  });

  it('see what is open of their own node, and nothing of another or of this machine', async () => {
    const filesAround = (): FilesAround => around('2.1.4');
    const config = (node: string): string => uriOn(node, '/etc/containerd/config.toml');
    const link = 'version = 3\nimports = ["/etc/containerd/conf.d/a.toml"]\n';
    await withServer({ ...options, filesAround }, async (client) => {
      for (const node of ['a', 'b']) await client.open(config(node), link, 'containerd-config');
      await client.open(uriOn('a', '/etc/containerd/conf.d/a.toml'), 'version = 3\n', 'containerd-config');
      const missing = 'config-import-missing';
      assert.ok(!(await codes(client, config('a'))).includes(missing));
      assert.ok((await codes(client, config('b'))).includes(missing));
    });
  });

  it('link to files of the same node, whatever the node is called', async () => {
    const node = 'ssh://root@[::1]:22';
    await withServer(
      { ...options, filesAround: () => around('2.1.4', { path: `${folder}/ca.crt`, kind: 'file', text: '' }) },
      async (client) => {
        await client.open(hosts(node), withCa, 'containerd-hosts');
        const links = await client.connection.sendRequest(DocumentLinkRequest.type, { textDocument: { uri: hosts(node) } });
        assert.deepEqual(
          links?.map(({ target }) => target),
          [uriOn(node, `${folder}/ca.crt`)],
        );
        const position = { line: 2, character: 10 };
        const found = await client.connection.sendRequest(DefinitionRequest.type, { textDocument: { uri: hosts(node) }, position });
        assert.equal((found as LocationLink[])[0]?.targetUri, uriOn(node, `${folder}/ca.crt`));
      },
    );
  });

  it('are judged again when the client says that something changed', async () => {
    let files = around('2.1.4');
    await withServer({ ...options, filesAround: () => files }, async (client) => {
      await client.open(
        hosts('worker'),
        'server = "https://registry.example.com"\n[host."https://m"]\n  skip_verify = true\n',
        'containerd-hosts',
      );
      await client.open(
        uriOn('worker', '/etc/containerd/config.toml'),
        'version = 3\nimports = ["/etc/containerd/x.toml"]\n',
        'containerd-config',
      );
      const config = uriOn('worker', '/etc/containerd/config.toml');
      assert.ok((await codes(client, config)).includes('config-import-missing'));
      files = around('2.1.4', { path: '/etc/containerd/x.toml', kind: 'file', text: 'version = 3\n' });
      await client.connection.sendNotification(filesAroundChangedMethod, { uri: config });
      assert.ok(!(await codes(client, config)).includes('config-import-missing'));
    });
  });

  it('are judged by themselves when the client cannot read, answers nonsense, or not at all', async () => {
    for (const filesAround of [() => null, () => 'nonsense', () => new Promise(() => undefined)]) {
      await withServer({ ...options, filesAround }, async (client) => {
        await client.open(hosts('worker'), 'server = "https://x"\n[host."https://m"]\n  skip_verfy = true\n', 'containerd-hosts');
        assert.deepEqual(await codes(client, hosts('worker')), ['hosts-unknown-key']);
      });
    }
  });
});
