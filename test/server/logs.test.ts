import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CodeLensRequest, DocumentDiagnosticRequest, HoverRequest } from 'vscode-languageserver/node';
import { startServer, type LspClient } from '../fixtures/lspClient';

const uri = 'file:///tmp/journal.log';
const textDocument = { uri };

describe('language server: a containerd-log document', () => {
  let client: LspClient;
  before(async () => {
    client = await startServer({ initializationOptions: { uriScheme: 'vscode' } });
    await client.open(uri, readFileSync('test/cases/errors/journal.log', 'utf8'), 'containerd-log');
  });
  after(() => client.stop());

  it('has a problem on each line of a pull error, and on no other', async () => {
    const { items } = (await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument })) as {
      items: { code: string; range: { start: { line: number } } }[];
    };
    assert.deepEqual(
      items.map(({ code, range }) => `${range.start.line} ${code}`),
      ['3 net.timeout', '6 net.timeout', '8 net.timeout', '11 masked.blob-fallback', '13 auth.no-credentials'],
    );
  });

  it('says cause and next step on hover', async () => {
    const hover = await client.connection.sendRequest(HoverRequest.type, { textDocument, position: { line: 3, character: 50 } });
    assert.match(JSON.stringify(hover?.contents), /net\.timeout/);
    assert.equal(await client.connection.sendRequest(HoverRequest.type, { textDocument, position: { line: 4, character: 50 } }), null);
  });

  it('offers the explanation, the page and the replay above the line', async () => {
    const lenses = (await client.connection.sendRequest(CodeLensRequest.type, { textDocument })) ?? [];
    assert.deepEqual(
      lenses.filter(({ range }) => range.start.line === 3).map(({ command }) => [command?.command, command?.arguments?.[0] as unknown]),
      [
        ['containerdRunbooks.explainError', { uri, line: 3 }],
        ['containerdRunbooks.openPage', 'errors/net.timeout'],
        ['containerdRunbooks.replayResolve', { reference: 'docker.io/library/nginx:1' }],
      ],
    );
  });
});
