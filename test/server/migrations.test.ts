import assert from 'node:assert/strict';
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  ShowMessageRequest,
  TextDocumentEdit,
  type CodeAction,
  type ClientCapabilities,
} from 'vscode-languageserver/node';
import { applied, withServer, type LspClient } from '../fixtures/lspClient';

const uri = 'file:///repo/nodes/a/etc/containerd/config.toml';
const text = `version = 2
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."quay.io"]
  endpoint = ["https://m.example"]
`;
const capable: ClientCapabilities = {
  textDocument: { diagnostic: {} },
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'], changeAnnotationSupport: {} } },
};

async function actionsAt({ connection }: LspClient, line: number): Promise<readonly CodeAction[]> {
  const start = { line, character: 0 };
  return (await connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: { start, end: start },
    context: { diagnostics: [], only: ['refactor'] },
  })) as CodeAction[];
}

describe('migrations as code actions', () => {
  it('create the hosts.toml files and change config.toml, after a confirmation', async () => {
    await withServer({ capabilities: capable }, async (client) => {
      await client.open(uri, text);
      const [action] = await actionsAt(client, 2);
      assert.equal(action?.kind, 'refactor.rewrite');
      const { documentChanges = [], changeAnnotations = {} } = action.edit ?? {};
      const [create, fill, change, ...others] = documentChanges;
      const place = 'file:///repo/nodes/a/etc/containerd/certs.d/quay.io/hosts.toml';
      assert.deepEqual(create, {
        kind: 'create',
        uri: place,
        options: { overwrite: false, ignoreIfExists: false },
        annotationId: 'migration',
      });
      assert.ok(TextDocumentEdit.is(fill) && TextDocumentEdit.is(change));
      assert.deepEqual(fill.textDocument, { uri: place, version: null });
      assert.match(JSON.stringify(fill.edits), /https:\/\/m\.example/);
      assert.deepEqual(change.textDocument, { uri, version: 1 });
      const edits = change.edits.flatMap((edit) => ('newText' in edit ? [edit] : []));
      assert.equal(
        applied(text, edits),
        'version = 2\n\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n',
      );
      assert.equal(changeAnnotations['migration']?.needsConfirmation, true);
      assert.deepEqual(others, []);
    });
  });

  it('are offered where they belong, and only to clients that can create files', async () => {
    await withServer({ capabilities: capable }, async (client) => {
      await client.open(uri, text);
      const titles = async (line: number) => (await actionsAt(client, line)).map(({ title }) => title);
      const [first] = await titles(0);
      assert.match(first ?? '', /config version 3/);
      assert.equal((await titles(1)).length, 2);
      assert.equal((await titles(2)).length, 1);
    });
    await withServer({}, async (client) => {
      await client.open(uri, text);
      assert.deepEqual(await actionsAt(client, 1), []);
    });
  });

  it('say what they leave out when one is chosen, before its edits are applied', async () => {
    const codeAction = { dataSupport: true, resolveSupport: { properties: ['edit'] } };
    await withServer({ capabilities: { ...capable, textDocument: { diagnostic: {}, codeAction } } }, async (client) => {
      const said: string[] = [];
      client.connection.onRequest(ShowMessageRequest.type, ({ message }) => {
        said.push(message);
        return null;
      });
      await client.open(uri, `${text}[plugins."io.containerd.grpc.v1.cri".registry.configs."m.example".auth]\n  username = "u"\n`);
      const [action] = await actionsAt(client, 2);
      assert.ok(action && action.edit === undefined);
      assert.deepEqual(said, []);
      const { edit } = await client.connection.sendRequest(CodeActionResolveRequest.type, action);
      assert.equal(edit?.documentChanges?.length, 3);
      assert.match(said.join('\n'), /^Move registry\.mirrors .*: The credentials of m\.example stay in config\.toml/);
    });
  });
});
