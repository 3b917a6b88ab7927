import { configureHosts } from '../hosts/configureHosts';
import { hostOfFolder, hostsPathOf, isHostsFileRead } from '../hosts/directory';
import type { HostsContext } from '../rules/rule';
import { urlOf } from './hostsHover';

/**
 * The registry host whose references lead to a hosts.toml; undefined where none or more than one does (`_default`).
 */
export function hostNamespace({ path, version, tree, certsDirs }: Omit<HostsContext, 'file' | 'parsed'>): string | undefined {
  if (!isHostsFileRead(path, version, tree, certsDirs)) return undefined;
  const [folder] = hostsPathOf(path, certsDirs).names;
  return folder === undefined || folder === '_default' ? undefined : hostOfFolder(folder);
}

/** Where requests begin that no entry takes: what ConfigureHosts makes of a namespace that has no folder. */
export function upstreamUrl(namespace: string, { tree, version }: Pick<HostsContext, 'tree' | 'version'>): string | undefined {
  const [host] = configureHosts(namespace, { tree, version, hostsDirs: [] }).hosts;
  return host && urlOf({ host });
}
