import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CodeActionRequest,
  CompletionRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { startServer, type LspClient } from '../fixtures/lspClient';

const start = { line: 0, character: 0 };
const whole = { start, end: { line: 100_000, character: 0 } };

/** Texts as people and programs leave them; none may cost more than an answer. */
const texts: Readonly<Record<string, string>> = {
  empty: '',
  blank: ' \n\t\r\n',
  'byte order mark': '\uFEFFserver = "https://s.example"\n',
  'CR LF': 'server = "https://s.example"\r\n\r\n[host."https://m.example"]\r\n  skip_verify = true\r\n',
  'lone CR': 'server = "https://s.example"\r[host."https://m.example"]\r',
  'binary bytes': Array.from({ length: 20_000 }, (_, i) => String.fromCharCode((i * 7919) % 256)).join(''),
  'lone surrogates': 'server = "\uD800\uDC00\uDC00\uD800"\n\uDFFF = 1\n',
  'deep arrays': `a = ${'['.repeat(20_000)}`,
  'deep tables': `${'{ a = '.repeat(20_000)}\n[${'a.'.repeat(20_000)}b]\n`,
  'one long line': `a = "${'x'.repeat(1_000_000)}"`,
  'many errors': '= = =\n'.repeat(20_000),
  'many brackets': '[host."'.repeat(20_000),
  'prototype names': '[__proto__]\nconstructor = 1\n[host.__proto__]\ntoString = "x"\n["hasOwnProperty"]\n',
};

/** Those that containerd can read as TOML with the right types. */
const sound: ReadonlySet<string> = new Set(['empty', 'blank', 'CR LF', 'one long line', 'prototype names']);

const halfTyped = [
  '[',
  '[[',
  '[host',
  '[host.',
  '[host."',
  '[host."https://m',
  '[host."https://m.example"',
  's',
  'server',
  'server =',
  'server = "',
  'server = "https',
  '[host."https://m.example"]\nc',
  '[host."https://m.example"]\ncapabilities =',
  '[host."https://m.example"]\ncapabilities = [',
  '[host."https://m.example"]\ncapabilities = ["',
  '[host."https://m.example"]\ncapabilities = ["pull", "res',
  '[host."https://m.example"]\nclient = [["a.crt", ',
  '[host."https://m.example"]\nskip_verify = t',
  'version = ',
  '[plugins."io.containerd.cri.v1.images".',
  "[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '",
];

describe('language server under hostile texts', () => {
  let client: LspClient;
  let count = 0;
  before(async () => {
    client = await startServer();
  });
  after(async () => {
    await client.stop();
  });

  const opened = async (text: string, kind: 'hosts' | 'config'): Promise<string> => {
    const uri = `file:///etc/containerd/certs.d/h${count++}.example/hosts.toml`;
    await client.open(uri, text, `containerd-${kind}`);
    return uri;
  };

  /** Asks everything that has an answer for any text, at its end. */
  const askAll = async (uri: string, text: string): Promise<void> => {
    const textDocument = { uri };
    const position = TextDocument.create(uri, '', 1, text).positionAt(text.length);
    const { connection } = client;
    await Promise.all([
      connection.sendRequest(HoverRequest.type, { textDocument, position }),
      connection.sendRequest(CompletionRequest.type, { textDocument, position }),
      connection.sendRequest(DocumentLinkRequest.type, { textDocument }),
      connection.sendRequest(DocumentSymbolRequest.type, { textDocument }),
      connection.sendRequest(FoldingRangeRequest.type, { textDocument }),
      connection.sendRequest(InlayHintRequest.type, { textDocument, range: whole }),
      connection.sendRequest(CodeActionRequest.type, { textDocument, range: whole, context: { diagnostics: [] } }),
    ]);
  };

  for (const [name, text] of Object.entries(texts)) {
    it(`answers for ${name}`, async () => {
      for (const kind of ['hosts', 'config'] as const) {
        const uri = await opened(text, kind);
        const found = await client.pull(uri);
        assert.ok(found.length <= 500, `${found.length} diagnostics`);
        if (kind === 'hosts')
          assert.equal(
            found.some(({ severity }) => severity === 1),
            !sound.has(name),
          );
        await askAll(uri, text);
      }
      assert.deepEqual(client.log, []);
    });
  }

  it('answers for half-typed text', async () => {
    for (const text of halfTyped) {
      for (const kind of ['hosts', 'config'] as const) {
        const uri = await opened(text, kind);
        await client.pull(uri);
        await askAll(uri, text);
      }
    }
    assert.deepEqual(client.log, []);
  });

  it('says of a file of 6 MB only that it was not checked', async () => {
    const uri = await opened(`# ${'x'.repeat(6 * 1024 * 1024)}\nnonsense`, 'hosts');
    const found = await client.pull(uri);
    assert.deepEqual(
      found.map(({ message, severity }) => [message, severity]),
      [['This file is larger than 4 MiB and was not checked.', 3]],
    );
  });

  it('checks a file just below the limit', async () => {
    const uri = await opened(`${'# x\n'.repeat(262_000 - 3)}nonsense`, 'hosts');
    assert.equal((await client.pull(uri)).length, 1);
  });

  it('knows after any edits what it would know of the whole text', async () => {
    const pieces = fc.constantFrom(
      '[',
      ']',
      '"',
      '=',
      '\n',
      '\r\n',
      ' ',
      '#',
      'host',
      '[host."https://m.example"]\n',
      'ca = "x"\n',
      'skip_verfy = true\n',
      '🙂',
      '{',
      ',',
    );
    const edit = fc.tuple(fc.nat(200), fc.nat(20), fc.array(pieces, { maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), async (edits) => {
        const uri = await opened('server = "https://s.example"\n[host."https://m.example"]\nskip_verify = true\n', 'hosts');
        for (const [from, length, inserted] of edits) {
          const document = TextDocument.create(uri, '', 1, client.textOf(uri));
          const size = document.getText().length;
          const [first, last] = [from % (size + 1), Math.min(size, (from % (size + 1)) + length)];
          await client.change(uri, {
            range: { start: document.positionAt(first), end: document.positionAt(last) },
            text: inserted.join(''),
          });
        }
        const fresh = await opened(client.textOf(uri), 'hosts');
        assert.deepEqual(await client.pull(uri), await client.pull(fresh));
      }),
      { seed: 20261121, numRuns: 60 },
    );
  });
});
