import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

/** Languages of package.json; the server looks at the id first, then at the path. */
const languages = ['containerd-hosts', 'containerd-config', 'containerd-log'] as const;

export function createLanguageClient(serverModule: string, output: vscode.LogOutputChannel): LanguageClient {
  const server = { module: serverModule, transport: TransportKind.ipc };
  return new LanguageClient(
    'containerdRunbooks',
    'containerd Runbooks',
    { run: server, debug: server },
    {
      documentSelector: languages.map((language) => ({ language })),
      outputChannel: output,
      initializationOptions: { uriScheme: vscode.env.uriScheme, judgedVersions: true, filesAround: true },
    },
  );
}
