import type { CodeActionClientCapabilities, InitializeParams } from 'vscode-languageserver';

/** What the client said of itself at initialize, reduced to the questions the handlers ask. */
export interface Client {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesInlayHints: boolean;
  readonly refreshesCodeLenses: boolean;
  readonly answersConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  /** Can create files as part of an edit. */
  readonly takesNewFiles: boolean;
  /** Shows a description of an edit, and asks before it is applied. */
  readonly takesAnnotations: boolean;
  /** Asks for the edit of a code action when a person has chosen it. */
  readonly asksForEdits: boolean;
  readonly tellsFolders: boolean;
  readonly takesDocumentChanges: boolean;
  readonly takesHierarchicalSymbols: boolean;
  readonly takesMarkdown: boolean;
  readonly takesSnippets: boolean;
  /** Scheme of links that the editor opens itself (`vscode`); without one, findings carry no link to their page. */
  readonly uriScheme: string | undefined;
  /** Wants to be told which release a document is judged for. */
  readonly takesJudgedVersions: boolean;
  /** Reads for the server what stands around documents that are no files of this machine. */
  readonly answersFilesAround: boolean;
}

export function clientOf(params: Pick<InitializeParams, 'capabilities' | 'initializationOptions'>): Client {
  const { workspace, textDocument } = params.capabilities;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    answersConfiguration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    takesNewFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    takesAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    asksForEdits: asksForEdits(textDocument?.codeAction),
    tellsFolders: workspace?.workspaceFolders === true,
    takesDocumentChanges: workspace?.workspaceEdit?.documentChanges === true,
    takesHierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    takesMarkdown: textDocument?.hover?.contentFormat?.includes('markdown') ?? true,
    takesSnippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    uriScheme: uriSchemeOf(params.initializationOptions),
    takesJudgedVersions: optionsOf(params.initializationOptions)['judgedVersions'] === true,
    answersFilesAround: optionsOf(params.initializationOptions)['filesAround'] === true,
  };
}

function asksForEdits(codeAction: CodeActionClientCapabilities | undefined): boolean {
  return codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes('edit') === true;
}

/** A scheme as RFC 3986 allows it; anything else would make a broken link. */
function uriSchemeOf(options: unknown): string | undefined {
  const scheme = optionsOf(options)['uriScheme'];
  return typeof scheme === 'string' && /^[a-z][a-z\d+.-]*$/i.test(scheme) ? scheme : undefined;
}

function optionsOf(options: unknown): Readonly<Record<string, unknown>> {
  return typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : {};
}
