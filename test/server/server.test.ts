import assert from 'node:assert/strict';
import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentDiagnosticRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  type CodeAction,
  type CompletionItem,
  type LocationLink,
} from 'vscode-languageserver/node';
import { applied, startServer, type LspClient } from '../fixtures/lspClient';

const hosts = (name: string) => `file:///etc/containerd/certs.d/${name}/hosts.toml`;
const whole = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
const typo = 'server = "https://registry-1.docker.io"\n\n[host."https://mirror.example.com"]\n  skip_verfy = true\n';

describe('language server', () => {
  let client: LspClient;
  let stopped = false;
  before(async () => {
    client = await startServer({ initializationOptions: { uriScheme: 'vscode' } });
  });
  after(async () => {
    if (!stopped) await client.stop();
  });

  it('tells what it can do', () => {
    const { capabilities } = client.initialized;
    assert.equal(capabilities.positionEncoding, 'utf-16');
    assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2, save: { includeText: false } });
    assert.ok(capabilities.diagnosticProvider && capabilities.hoverProvider && capabilities.codeActionProvider);
  });

  it('reports a finding with its id, its page and its place', async () => {
    const uri = hosts('typo.example');
    await client.open(uri, typo);
    const [found, ...others] = await client.pull(uri);
    assert.equal(others.length, 0);
    assert.equal(found?.code, 'hosts-unknown-key');
    assert.equal(found.source, 'containerd');
    assert.equal(found.codeDescription?.href, 'vscode://containerd-runbooks.containerd-runbooks/rules/hosts-unknown-key');
    assert.deepEqual(found.range, { start: { line: 3, character: 2 }, end: { line: 3, character: 12 } });
  });

  it('answers `unchanged` until the text changes', async () => {
    const uri = hosts('unchanged.example');
    await client.open(uri, typo);
    const request = (previousResultId?: string) =>
      client.connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri },
        ...(previousResultId !== undefined && { previousResultId }),
      });
    const first = await request();
    assert.equal(first.kind, 'full');
    assert.deepEqual(await request(first.resultId), { kind: 'unchanged', resultId: first.resultId });
    await client.change(uri, { text: `${typo}\n` });
    assert.equal((await request(first.resultId)).kind, 'full');
  });

  it('offers a quick fix that leaves an empty report', async () => {
    const uri = hosts('fix.example');
    await client.open(uri, typo);
    const diagnostics = [...(await client.pull(uri))];
    const actions = (await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: diagnostics[0]?.range ?? whole,
      context: { diagnostics },
    })) as CodeAction[];
    const fix = actions.find(({ kind, edit }) => kind === 'quickfix' && edit);
    assert.deepEqual(fix?.diagnostics, diagnostics);
    const text = applied(typo, fix.edit?.changes?.[uri] ?? []);
    assert.equal(text, typo.replace('skip_verfy', 'skip_verify'));
    await client.change(uri, { text });
    assert.deepEqual(await client.pull(uri), []);
    const page = actions.find(({ command }) => command?.command === 'containerdRunbooks.openPage');
    assert.deepEqual(page?.command?.arguments, ['rules/hosts-unknown-key']);
  });

  it('gives only the asked kinds of code action', async () => {
    const uri = hosts('kinds.example');
    await client.open(uri, typo);
    const ask = async (only: string[]) =>
      (await client.connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: whole,
        context: { diagnostics: [], only },
      })) as CodeAction[];
    assert.deepEqual(await ask(['refactor']), []);
    const all = await ask(['source.fixAll']);
    assert.deepEqual(
      all.map(({ kind }) => kind),
      all.map(() => 'source.fixAll.containerd'),
    );
  });

  it('answers hover, links, symbols, folding, hints, lenses, completion and definition', async () => {
    const uri = hosts('docker.io');
    await client.open(uri, `${typo.replace('skip_verfy', 'skip_verify')}  ca = "certs/ca.crt"\n`);
    const textDocument = { uri };
    const { connection } = client;
    const hover = await connection.sendRequest(HoverRequest.type, { textDocument, position: { line: 3, character: 5 } });
    assert.match(JSON.stringify(hover?.contents), /`skip_verify`/);
    const links = await connection.sendRequest(DocumentLinkRequest.type, { textDocument });
    assert.deepEqual(
      links?.map(({ target }) => target),
      ['file:///etc/containerd/certs.d/docker.io/certs/ca.crt'],
    );
    const definition = (await connection.sendRequest(DefinitionRequest.type, { textDocument, position: { line: 4, character: 10 } })) as
      LocationLink[] | null;
    assert.equal(definition?.[0]?.targetUri, links[0]?.target);
    assert.equal((await connection.sendRequest(DocumentSymbolRequest.type, { textDocument }))?.length, 4);
    assert.deepEqual(await connection.sendRequest(FoldingRangeRequest.type, { textDocument }), [{ startLine: 2, endLine: 4 }]);
    const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument, range: whole });
    assert.match(JSON.stringify(hints), /1 of 2: https:\/\/mirror\.example\.com\/v2/);
    const lenses = await connection.sendRequest(CodeLensRequest.type, { textDocument });
    assert.deepEqual(
      lenses?.map(({ command }) => command?.command),
      ['', 'containerdRunbooks.replayResolve'],
    );
    const items = (await connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position: { line: 5, character: 0 },
    })) as CompletionItem[];
    assert.ok(items.some(({ label }) => label === 'override_path'));
    assert.ok(!items.some(({ label }) => label === 'ca'));
  });

  it('takes edits by range, in UTF-16', async () => {
    const uri = hosts('utf16.example');
    await client.open(uri, '# 𝒙\nserver = "https://m.example"\n[host."https://m.example"]\nskip_verify = true # ß\n');
    await client.change(
      uri,
      { range: { start: { line: 0, character: 4 }, end: { line: 0, character: 4 } }, text: ' 🙂' },
      { range: { start: { line: 3, character: 0 }, end: { line: 3, character: 11 } }, text: 'skip_verfy' },
    );
    assert.equal(client.textOf(uri), '# 𝒙 🙂\nserver = "https://m.example"\n[host."https://m.example"]\nskip_verfy = true # ß\n');
    const [found] = await client.pull(uri);
    assert.deepEqual(found?.range, { start: { line: 3, character: 0 }, end: { line: 3, character: 10 } });
  });

  it('takes the language for the kind, and leaves other files alone', async () => {
    await client.open('file:///work/notes.toml', typo, 'containerd-hosts');
    const finds = async (uri: string) => (await client.pull(uri)).some(({ code }) => code === 'hosts-unknown-key');
    assert.ok(await finds('file:///work/notes.toml'));
    await client.open('untitled:Untitled-1', typo, 'containerd-hosts');
    assert.ok(await finds('untitled:Untitled-1'));
    assert.equal((await client.pull('untitled:Untitled-1')).length, 1, 'an unsaved text has no place that could be wrong');
    await client.open('file:///work/Cargo.toml', 'nonsense', 'toml');
    assert.deepEqual(await client.pull('file:///work/Cargo.toml'), []);
    assert.deepEqual(await client.pull('file:///work/closed.toml'), []);
  });

  it('obeys a cancellation', async () => {
    const uri = hosts('cancel.example');
    await client.open(uri, typo);
    const { CancellationTokenSource } = await import('vscode-languageserver/node');
    // The server is busy with this one while the request and its cancellation arrive.
    const large = hosts('large.example');
    await client.open(large, typo + '# \n[host."https://m.example"]\n'.repeat(10_000));
    const busy = client.pull(large);
    const source = new CancellationTokenSource();
    const answer = client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } }, source.token);
    source.cancel();
    await assert.rejects(answer, { code: -32800 });
    await busy;
    assert.equal((await client.pull(uri)).length, 1);
  });

  it('wrote nothing to the log, and ends when asked', async () => {
    assert.deepEqual(client.log, []);
    stopped = true;
    assert.equal(await client.stop(), 0);
  });
});
