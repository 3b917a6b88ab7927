import type { ServerCapabilities } from 'vscode-languageserver';
import { capabilities } from '../server/handlers/initialize';

type Provider = keyof Omit<ServerCapabilities, 'positionEncoding' | 'textDocumentSync' | 'workspace'>;

interface Feature {
  readonly request: string;
  readonly hosts: string;
  readonly config: string;
  readonly log: string;
}

const none = '–';
const both = (text: string) => ({ hosts: text, config: text, log: none });

/** What each request of the protocol is answered with, by kind of file. */
const features: Readonly<Partial<Record<Provider, Feature>>> = {
  diagnosticProvider: {
    request: '`textDocument/diagnostic`, `workspace/diagnostic`, `publishDiagnostics` for clients that do not pull',
    hosts: 'findings of the [rules](rules/README.md), with the certificates beside the file',
    config: 'findings of the [rules](rules/README.md), with imports and drop-ins, unsaved ones too',
    log: 'pull errors, by [class](../README.md#error-classes)',
  },
  completionProvider: {
    request: '`textDocument/completion`',
    hosts: 'keys, values, tables of hosts, whole files for usual cases',
    config: 'tables of plugins, keys, values, of the judged release',
    log: none,
  },
  hoverProvider: {
    request: '`textDocument/hover`',
    hosts: 'what a key means, the requests that a host gets',
    config: 'what a key means, its default, since and until when, where version 3 has it',
    log: 'class, cause and next step',
  },
  inlayHintProvider: {
    request: '`textDocument/inlayHint`',
    hosts: 'the URL that requests begin with, the order, the upstream behind the last host',
    config: none,
    log: none,
  },
  codeLensProvider: {
    request: '`textDocument/codeLens`',
    hosts: 'what the release does with the file; _Replay a resolve_',
    config: 'what the release does with the file',
    log: '_Explain_',
  },
  codeActionProvider: {
    request: '`textDocument/codeAction`',
    hosts: 'fixes, all safe fixes, _ignore this rule here_, the page of a rule',
    config: 'the same; migrations to certs.d and to version 3',
    log: none,
  },
  definitionProvider: {
    request: '`textDocument/definition`',
    hosts: 'certificates and keys',
    config: 'imports, `config_path`, certificates, the table of the default runtime',
    log: none,
  },
  documentLinkProvider: {
    request: '`textDocument/documentLink`',
    hosts: '`ca`, `client`',
    config: '`imports`, `config_path`, certificates and keys',
    log: none,
  },
  documentSymbolProvider: { request: '`textDocument/documentSymbol`', ...both('tables as they nest, with their keys') },
  foldingRangeProvider: { request: '`textDocument/foldingRange`', ...both('tables, long values, runs of comments') },
};

/** docs/language-server.md between its markers: a row for each provider that the server announces, and for no other. */
export function serverTable(): string {
  const rows = Object.keys(capabilities)
    .filter((name): name is Provider => name.endsWith('Provider'))
    .map((name) => {
      const feature = features[name];
      if (!feature) throw new Error(`scripts/serverDocs.ts says nothing of ${name}`);
      return `| ${feature.request} | ${feature.hosts} | ${feature.config} | ${feature.log} |`;
    });
  if (rows.length !== Object.keys(features).length) throw new Error('scripts/serverDocs.ts describes what the server does not announce');
  return ['| Request | hosts.toml | config.toml | Logs |', '|---|---|---|---|', ...rows].join('\n');
}
