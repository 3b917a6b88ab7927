/** Above the first line: what this release does with the whole file, and the way to see it happen. */
import type { DocumentContext } from '../rules/context';
import type { HostsContext } from '../rules/rule';
import type { LintResult } from '../rules/lint';
import { catalogOf, message, type Message } from '../text/message';
import { formatVersion } from '../versions/versions';
import { hostNamespace } from './hostNamespace';

export interface CodeLens {
  readonly title: Message;
  /** Undefined: the lens only says something. */
  readonly command: { readonly id: string; readonly args: readonly unknown[] } | undefined;
}

export const codeLensTexts = catalogOf('code-lens', {
  'hosts-used': 'containerd {version} uses this file, hosts to try: {count}',
  'config-used': 'containerd {version} uses this file',
  'partly-ignored': 'containerd {version} uses this file, keys it ignores: {count}',
  dropped: 'containerd {version} ignores this whole file and goes to the registry itself',
  'hosts-fatal': 'containerd {version} fails every pull that comes to this file',
  'config-fatal': 'containerd {version} does not start, or has no CRI, with this file',
  'not-read': 'containerd {version} never reads this file',
  replay: 'Replay a resolve through it…',
});

export function codeLenses(context: DocumentContext, { outcome, ignoredKeys }: LintResult): readonly CodeLens[] {
  const version = formatVersion(context.kind === 'hosts' ? context.hosts.version : context.config.version);
  const count = outcome === 'partly-ignored' ? ignoredKeys.length : context.kind === 'hosts' ? context.hosts.file.entries.length : 0;
  const ofKind = outcome === 'used' || outcome === 'fatal' ? `${context.kind}-${outcome}` : outcome;
  const says: CodeLens = { title: message(`code-lens/${ofKind}`, { version, count }), command: undefined };
  return context.kind === 'hosts' ? [says, replayLens(context.hosts)] : [says];
}

function replayLens(context: HostsContext): CodeLens {
  const { path } = context;
  const registry = hostNamespace(context);
  return {
    title: message('code-lens/replay'),
    command: { id: 'containerdRunbooks.replayResolve', args: [{ path, ...(registry !== undefined && { registry }) }] },
  };
}
