/**
 * Random edits over three open documents that read each other: a config.toml, its drop-in and the hosts.toml that it leads to. What a server
 * knows after them must be what another one says of the same texts, opened for the first time.
 *
 * RANDOM_EDITS_SECONDS runs it for that long, RANDOM_EDITS_SEED begins elsewhere, RANDOM_EDITS_CORPUS takes the texts from a folder with
 * `hosts` and `config` below it.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DidCloseTextDocumentNotification,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { startServer, type LspClient } from '../fixtures/lspClient';

const seconds = Number(process.env.RANDOM_EDITS_SECONDS ?? 0);
const seed = Number(process.env.RANDOM_EDITS_SEED ?? 20261121);
const corpus = process.env.RANDOM_EDITS_CORPUS;

const folder = '/etc/containerd-of-random-edits';
const places = [
  { path: `${folder}/config.toml`, languageId: 'containerd-config', texts: textsOf('config') },
  { path: `${folder}/conf.d/drop-in.toml`, languageId: 'containerd-config', texts: textsOf('config') },
  { path: `${folder}/certs.d/docker.io/hosts.toml`, languageId: 'containerd-hosts', texts: textsOf('hosts') },
] as const;

const pieces = [
  ...['', '[', ']', '[[', ']]', '"', "'", '"""', "'''", '{', '}', '=', '.', ',', '\n', '\r\n', ' ', '#', '\\', '\0', '\t'],
  ...['\ufeff', '\ud800', '🙂', '%', '-', '5', 'é', '{{', '}}', '<', '>', '__proto__ = 1\n', 'constructor.prototype = 1\n'],
  ...['host', '[host."https://m.example"]\n', '[host."http://n.example:80/v2/p"]\n', '[header]\n', 'ca = "x"\n', 'client = [["a", "b"]]\n'],
  ...['skip_verfy = true\n', 'capabilities = ["pull", "x"]\n', 'server = "https://docker.io"\n', '# containerd-runbooks: ignore-file x\n'],
  ...['version = 2\n', 'version = 3\n', 'version = 4\n', `imports = ["${folder}/conf.d/*.toml"]\n`, 'imports = ["conf.d/drop-in.toml"]\n'],
  ...['[plugins."io.containerd.grpc.v1.cri".registry]\n', "[plugins.'io.containerd.cri.v1.images'.registry]\n"],
  ...[
    `config_path = "${folder}/certs.d"\n`,
    '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\n',
    'endpoint = ["http://e"]\n',
  ],
];

interface Edit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const edit = fc.record({
  at: fc.nat(20_000),
  length: fc.oneof(fc.nat(3), fc.nat(60), fc.nat(2_000)),
  text: fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((some) => some.join('')),
});
/** Several changes may come in one notification. */
const step = fc.record({ place: fc.nat(places.length - 1), edits: fc.array(edit, { minLength: 1, maxLength: 3 }), cursor: fc.nat(20_000) });
/** Few random edits lead from one file to the other, so the config.toml often begins with the import of the drop-in. */
const linked = fc.constantFrom('', `imports = ["${folder}/conf.d/drop-in.toml"]\n`);
const session = fc.record({
  texts: fc
    .tuple(linked, ...places.map(({ texts }) => fc.constantFrom(...texts)))
    .map(([imports, config, ...others]) => [`${imports}${config}`, ...others]),
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
});

describe('the server after random edits', () => {
  let edited: LspClient;
  let fresh: LspClient;
  before(async () => {
    [edited, fresh] = await Promise.all([startServer(), startServer()]);
  });
  after(async () => {
    await Promise.all([edited.stop(), fresh.stop()]);
  });

  it('says what a fresh one says of the same texts', async () => {
    const limit = seconds > 0 ? { numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000 } : { numRuns: 25 };
    const property = fc.asyncProperty(session, async ({ texts, steps }) => {
      await openAll(edited, texts);
      for (const { place, edits, cursor } of steps) {
        const uri = uriOf(place);
        for (const one of changesOf(edited.textOf(uri), edits)) await edited.change(uri, one);
        await openAll(
          fresh,
          places.map((_, i) => edited.textOf(uriOf(i))),
        );
        for (const i of places.keys()) assert.deepEqual(await answers(edited, i, cursor), await answers(fresh, i, cursor));
        await closeAll(fresh);
      }
      await closeAll(edited);
      assert.deepEqual([edited.log, fresh.log], [[], []]);
    });
    const details = await fc.check(property, { seed, ...limit });
    if (seconds > 0) console.log(`      ${details.numRuns} sessions with seed ${seed}`);
    assert.ok(!details.failed, fc.defaultReportMessage(details));
  }).timeout(300_000 + 2 * seconds * 1000);
});

/** Edits one after the other, each as the range of the text before it. */
function changesOf(text: string, edits: readonly Edit[]) {
  let document = TextDocument.create('file:///text', 'toml', 1, text);
  return edits.map(({ at, length, text: inserted }) => {
    const start = at % (document.getText().length + 1);
    const range = { start: document.positionAt(start), end: document.positionAt(start + length) };
    document = TextDocument.update(document, [{ range, text: inserted }], document.version + 1);
    return { range, text: inserted };
  });
}

async function openAll(client: LspClient, texts: readonly string[]): Promise<void> {
  for (const [i, { languageId }] of places.entries()) await client.open(uriOf(i), texts[i] ?? '', languageId);
}

async function closeAll({ connection }: LspClient): Promise<void> {
  for (const i of places.keys())
    await connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: uriOf(i) } });
}

/** All that an editor shows of a document, at a place of it and as a whole. */
async function answers(client: LspClient, place: number, cursor: number): Promise<readonly unknown[]> {
  const { connection } = client;
  const textDocument = { uri: uriOf(place) };
  const document = TextDocument.create(textDocument.uri, '', 1, client.textOf(textDocument.uri));
  const position = document.positionAt(cursor % (document.getText().length + 1));
  const whole = { start: { line: 0, character: 0 }, end: { line: document.lineCount, character: 0 } };
  return Promise.all([
    client.pull(textDocument.uri),
    connection.sendRequest(InlayHintRequest.type, { textDocument, range: whole }),
    connection.sendRequest(CodeLensRequest.type, { textDocument }),
    connection.sendRequest(DocumentLinkRequest.type, { textDocument }),
    connection.sendRequest(DocumentSymbolRequest.type, { textDocument }),
    connection.sendRequest(FoldingRangeRequest.type, { textDocument }),
    connection.sendRequest(CodeActionRequest.type, { textDocument, range: whole, context: { diagnostics: [] } }),
    connection.sendRequest(HoverRequest.type, { textDocument, position }),
    connection.sendRequest(DefinitionRequest.type, { textDocument, position }),
    connection.sendRequest(CompletionRequest.type, { textDocument, position }),
  ]);
}

function uriOf(place: number): string {
  return `file://${places[place]?.path ?? ''}`;
}

function textsOf(kind: 'hosts' | 'config'): readonly string[] {
  if (corpus !== undefined) return readdirSync(join(corpus, kind)).map((name) => readFileSync(join(corpus, kind, name), 'utf8'));
  if (kind === 'config') {
    const recorded = JSON.parse(readFileSync('test/data/config-outcomes.json', 'utf8')) as readonly { readonly config: string }[];
    return recorded.map(({ config }) => config);
  }
  const lines = readFileSync('test/data/hosts-recorded.jsonl', 'utf8').split('\n').filter(Boolean);
  return [...new Set(lines.flatMap((line) => (JSON.parse(line) as { readonly file?: string }).file ?? []))];
}
