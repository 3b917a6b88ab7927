import assert from 'node:assert/strict';
import { CodeActionRequest, CodeLensRequest, HoverRequest, InlayHintRequest, type CodeAction } from 'vscode-languageserver/node';
import { withServer, type LspClient } from '../fixtures/lspClient';

const uri = 'file:///etc/containerd/certs.d/docker.io/hosts.toml';
const text = 'server = "https://registry-1.docker.io"\n\n[host."https://mirror.example.com"]\n  skip_verfy = true\n';
const range = { start: { line: 0, character: 0 }, end: { line: 10, character: 0 } };

/** All that a person reads of one file. */
async function saidBy(client: LspClient): Promise<Readonly<Record<string, string>>> {
  await client.open(uri, text);
  const textDocument = { uri };
  const { connection } = client;
  const diagnostics = [...(await client.pull(uri))];
  const message = diagnostics[0]?.message;
  const actions = (await connection.sendRequest(CodeActionRequest.type, { textDocument, range, context: { diagnostics } })) as CodeAction[];
  return {
    diagnostic: typeof message === 'string' ? message : '',
    fix: actions.find(({ kind }) => kind === 'quickfix')?.title ?? '',
    hover: JSON.stringify(await connection.sendRequest(HoverRequest.type, { textDocument, position: { line: 2, character: 10 } })),
    hints: JSON.stringify(await connection.sendRequest(InlayHintRequest.type, { textDocument, range })),
    lenses: JSON.stringify(await connection.sendRequest(CodeLensRequest.type, { textDocument })),
  };
}

describe('language of the editor', () => {
  it('is that of the client', async () => {
    await withServer({ locale: 'zh-cn' }, async (client) => {
      const said = await saidBy(client);
      assert.equal(said['diagnostic'], 'containerd 在此处没有键“skip_verfy”，会不加提示地忽略它。是否想写“skip_verify”？');
      assert.equal(said['fix'], '改为“skip_verify”');
      assert.match(said['hover'] ?? '', /第 1 个尝试，共 2 个/);
      assert.match(said['hints'] ?? '', /1\/2：https:\/\/mirror\.example\.com\/v2/);
      assert.match(said['lenses'] ?? '', /忽略其中 1 个键/);
      assert.deepEqual(client.log, []);
    });
  });

  it('is English where there is no table', async () => {
    for (const locale of ['en', 'fr', 'zh-tw']) {
      await withServer({ locale }, async (client) => {
        const said = await saidBy(client);
        assert.match(said['diagnostic'] ?? '', /^containerd has no key "skip_verfy" here/, locale);
        for (const shown of Object.values(said)) assert.doesNotMatch(shown, /\p{Script=Han}/u);
      });
    }
  });
});
