import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
} from 'vscode-languageserver/node';
import { judgedVersionMethod, type JudgedVersionParams } from '../../core/protocol/judgedVersion';
import { formatVersion, newestVersion, parseVersion } from '../../core/versions/versions';
import { withServer } from '../fixtures/lspClient';

const uri = 'file:///etc/containerd/certs.d/docker.io/hosts.toml';
const head = 'server = "https://s.example"\n[host."https://m.example"]\n';
const typo = `${head}  skip_verfy = true\n`;
const codes = (diagnostics: readonly { readonly code?: string | number }[]) => diagnostics.map(({ code }) => code);

describe('what clients differ in', () => {
  it('publishes to a client that does not pull, the newest text only', async () => {
    await withServer({ capabilities: {} }, async (client) => {
      const first = client.published(uri);
      await client.open(uri, typo);
      assert.deepEqual(codes((await first).diagnostics), ['hosts-unknown-key']);
      const next = client.published(uri);
      for (const text of ['[', '[host', typo, `${head}  skip_verify = true\n`]) await client.change(uri, { text });
      const { diagnostics, version } = await next;
      assert.deepEqual(diagnostics, []);
      assert.equal(version, 5);
    });
  });

  it('judges by the settings of the document, and anew when they change', async () => {
    let settings: unknown = { containerdVersion: '1.6', rules: { 'hosts-unknown-key': 'off' } };
    await withServer({ settings: () => settings }, async (client) => {
      await client.open(uri, `${typo}  dial_timeout = "3s"\n`);
      assert.deepEqual(codes(await client.pull(uri)), ['hosts-key-too-new']);
      settings = { rules: { 'hosts-unknown-key': 'hint' } };
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      assert.deepEqual(
        (await client.pull(uri)).map(({ code, severity }) => [code, severity]),
        [['hosts-unknown-key', 4]],
      );
      settings = { containerdVersion: 7, rules: ['nonsense'] };
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      assert.deepEqual(codes(await client.pull(uri)), ['hosts-unknown-key']);
    });
  });

  it('tells a client that asked for it which release a document is judged for', async () => {
    let settings: unknown = { containerdVersion: '1.6' };
    await withServer({ settings: () => settings, initializationOptions: { judgedVersions: true } }, async (client) => {
      const told: JudgedVersionParams[] = [];
      client.connection.onNotification(judgedVersionMethod, (params: JudgedVersionParams) => void told.push(params));
      await client.open(uri, typo);
      await client.pull(uri);
      await client.pull(uri);
      settings = {};
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      await client.pull(uri);
      assert.deepEqual(told, [
        { uri, containerd: formatVersion(parseVersion('1.6') ?? newestVersion), chosen: true },
        { uri, containerd: formatVersion(newestVersion), chosen: false },
      ]);
    });
  });

  it('takes settings that are sent along by a client that cannot be asked', async () => {
    await withServer({}, async (client) => {
      await client.open(uri, typo);
      assert.equal((await client.pull(uri)).length, 1);
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, {
        settings: { containerdRunbooks: { rules: { 'hosts-unknown-key': 'off' } } },
      });
      assert.equal((await client.pull(uri)).length, 0);
    });
  });

  it('speaks over the IPC channel of a process that forked it', async () => {
    await withServer({ transport: 'ipc' }, async (client) => {
      await client.open(uri, typo);
      assert.deepEqual(codes(await client.pull(uri)), ['hosts-unknown-key']);
    });
  });

  it('finds the byte order mark that an editor keeps to itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runbooks-'));
    const path = join(folder, 'certs.d', 'docker.io', 'hosts.toml');
    mkdirSync(dirname(path), { recursive: true });
    const text = `${head}  skip_verify = true\n`;
    const document = pathToFileURL(path).href;
    try {
      await withServer({}, async (client) => {
        writeFileSync(path, text);
        await client.open(document, text);
        assert.deepEqual(codes(await client.pull(document)), []);
        writeFileSync(path, `\uFEFF${text}`);
        await client.change(document, { text: `${text}\n` });
        const [found] = await client.pull(document);
        assert.equal(found?.severity, 1);
        assert.deepEqual(found.range.start, { line: 0, character: 0 });
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('looks again when a file that a document names appears', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runbooks-'));
    const namespace = join(folder, 'certs.d', 'docker.io');
    mkdirSync(namespace, { recursive: true });
    const capabilities = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };
    try {
      await withServer({ capabilities }, async (client) => {
        const refreshed = new Promise<void>((resolve) => {
          client.connection.onRequest(DiagnosticRefreshRequest.type, () => resolve());
        });
        const document = pathToFileURL(join(namespace, 'hosts.toml')).href;
        await client.open(document, `${head}  ca = "ca.crt"\n`);
        const before = await client.pull(document);
        assert.equal(before.length, 1);
        const ca = join(namespace, 'ca.crt');
        writeFileSync(ca, 'no certificate');
        await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
          changes: [{ uri: pathToFileURL(ca).href, type: 1 }],
        });
        await refreshed;
        assert.notDeepEqual(await client.pull(document), before);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
