/** What a key, table or value means to containerd of the judged release. What is wrong with it is a finding's matter. */
import type { DocumentContext } from '../rules/context';
import type { ConfigContext } from '../rules/rule';
import { fullPluginId } from '../schema/migration';
import type { Message } from '../text/message';
import type { TextRange } from '../text/ranges';
import { nodeAtOffset, type TomlNode } from '../toml/lookup';
import { configKeyHover, pluginHover } from './configHover';
import { hostsHover } from './hostsHover';

export interface Hover {
  readonly range: TextRange;
  /** Markdown, one after the other with an empty line between. */
  readonly paragraphs: readonly Message[];
}

export function hover(context: DocumentContext, offset: number): Hover | undefined {
  const { parsed } = context.kind === 'hosts' ? context.hosts : context.config;
  const node = nodeAtOffset(parsed.document, offset);
  const range = node.key?.range ?? node.value?.range;
  if (!range) return undefined;
  const paragraphs = context.kind === 'hosts' ? hostsHover(context.hosts, node) : configHover(context.config, node);
  return paragraphs.length > 0 ? { range, paragraphs } : undefined;
}

function configHover({ file, version }: ConfigContext, { path }: TomlNode): readonly Message[] {
  const [first, written = '', ...inPlugin] = path;
  if (first !== 'plugins') return configKeyHover('', path, version, file.configVersion);
  if (path.length === 1) return [];
  const plugin = file.configVersion === 1 ? fullPluginId(written) : written;
  return inPlugin.length === 0
    ? pluginHover(plugin, version, file.configVersion)
    : configKeyHover(plugin, inPlugin, version, file.configVersion);
}
