import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CancellationTokenSource,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  WorkspaceDiagnosticRequest,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import { scan, usualLimits } from '../../server/workspaceFiles';
import { withServer, type LspClient } from '../fixtures/lspClient';

const typo = 'server = "https://m.example"\n[host."https://n.example"]\nskip_verfy = true\n';
const right = 'server = "https://m.example"\n[host."https://n.example"]\nskip_verify = true\n';

describe('workspace/diagnostic', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crb-workspace-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, text: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return pathToFileURL(file).href;
  }

  async function ask({ connection }: LspClient, previous: readonly WorkspaceDocumentDiagnosticReport[] = []) {
    const previousResultIds = previous.map(({ uri, resultId = '' }) => ({ uri, value: resultId }));
    const { items } = await connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds });
    return items;
  }

  function codesOf(items: readonly WorkspaceDocumentDiagnosticReport[]) {
    return items.map((item) => [item.uri, item.kind === 'full' ? item.items.map(({ code }) => code) : item.kind]);
  }

  const folders = () => [pathToFileURL(folder).href];

  it('finds the files of containerd, and says `unchanged` of what it has said', async () => {
    const bad = write('nodes/a/certs.d/m.example/hosts.toml', typo);
    const good = write('nodes/b/certs.d/m.example/hosts.toml', right);
    write('node_modules/x/certs.d/m.example/hosts.toml', typo);
    write('other/hosts.toml', 'not = "ours"\n');
    await withServer({ folders: folders() }, async (client) => {
      const first = await ask(client);
      assert.deepEqual(codesOf(first), [
        [bad, ['hosts-unknown-key']],
        [good, []],
      ]);
      assert.deepEqual(codesOf(await ask(client, first)), [
        [bad, 'unchanged'],
        [good, 'unchanged'],
      ]);
    });
  });

  it('judges anew what was changed on disk, and empties what is gone', async () => {
    const changed = write('certs.d/a.example/hosts.toml', typo);
    const removed = write('certs.d/b.example/hosts.toml', typo);
    await withServer({ folders: folders() }, async (client) => {
      const first = await ask(client);
      assert.equal(first.length, 2);
      write('certs.d/a.example/hosts.toml', right);
      utimesSync(join(folder, 'certs.d/a.example/hosts.toml'), 1, 1);
      rmSync(join(folder, 'certs.d/b.example/hosts.toml'));
      const changes = [changed, removed].map((uri, at) => ({ uri, type: at === 0 ? (2 as const) : (3 as const) }));
      await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
      assert.deepEqual(codesOf(await ask(client, first)), [
        [changed, []],
        [removed, []],
      ]);
    });
  });

  it('takes an open document as it stands in the editor', async () => {
    const uri = write('certs.d/m.example/hosts.toml', typo);
    await withServer({ folders: folders() }, async (client) => {
      const first = await ask(client);
      assert.equal(first[0]?.version, null);
      await client.open(uri, right);
      const [open] = await ask(client, first);
      assert.deepEqual([open?.version, open?.kind === 'full' && open.items], [1, []]);
    });
  });

  it('follows the folders of the workspace', async () => {
    write('certs.d/m.example/hosts.toml', typo);
    const capabilities = { workspace: { workspaceFolders: true } };
    await withServer({ folders: [], capabilities }, async (client) => {
      assert.deepEqual(await ask(client), []);
      const added = folders().map((uri) => ({ uri, name: 'one' }));
      await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event: { added, removed: [] } });
      const found = await ask(client);
      assert.equal(found.length, 1);
      await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event: { added: [], removed: added } });
      assert.deepEqual(codesOf(await ask(client, found)), [[found[0]?.uri, []]]);
    });
  });

  it('keeps to its limits, follows no links, and stops when cancelled', async () => {
    for (const name of ['a', 'b', 'c']) write(`certs.d/${name}.example/hosts.toml`, typo);
    symlinkSync(folder, join(folder, 'loop'));
    const { token, cancel } = cancellation();
    const all = await scan([folder], token);
    assert.deepEqual([all.files.length, all.isCut], [3, false]);
    const cut = async (limits: Partial<typeof usualLimits>) => {
      const { files, isCut } = await scan([folder], token, { ...usualLimits, ...limits });
      return [files.length, isCut];
    };
    assert.deepEqual(await cut({ files: 2 }), [2, true]);
    assert.deepEqual(await cut({ bytes: typo.length }), [1, true]);
    assert.deepEqual(await cut({ folders: 3 }), [1, true]);
    assert.deepEqual(await cut({ milliseconds: -1 }), [0, true]);
    assert.deepEqual(await cut({ depth: 1 }), [0, false]);
    cancel();
    assert.deepEqual(await cut({}), [0, true]);
  });

  function cancellation() {
    const source = new CancellationTokenSource();
    return { token: source.token, cancel: () => source.cancel() };
  }
});
