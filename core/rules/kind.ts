import { isTemplate } from '../config/template';
import type { DocumentKind } from './rule';
import { withoutTemplateEnding } from './templateText';

const kindOfLanguage: ReadonlyMap<string, DocumentKind> = new Map([
  ['containerd-hosts', 'hosts'],
  ['containerd-config', 'config'],
]);

/**
 * What containerd would read at `path`: hosts.toml anywhere, config.toml and its conf.d under a folder named after containerd, and the
 * templates that one of them is made from. A language chosen by a person wins. Undefined: no file of containerd.
 */
export function kindOf(path: string, languageId?: string): DocumentKind | undefined {
  const chosen = languageId === undefined ? undefined : kindOfLanguage.get(languageId);
  if (chosen) return chosen;
  const segments = path.split(/[\\/]/);
  const written = segments.at(-1) ?? '';
  const name = isTemplate(written) ? written : withoutTemplateEnding(written);
  if (name === 'hosts.toml') return 'hosts';
  return isConfigName(name, segments.slice(0, -1)) ? 'config' : undefined;
}

function isConfigName(name: string, folders: readonly string[]): boolean {
  if (isTemplate(name) || name === 'containerd.toml' || name === 'containerd-config.toml') return true;
  const ofContainerd = folders.some((folder) => /containerd/i.test(folder));
  if (!ofContainerd || !name.endsWith('.toml')) return false;
  return name === 'config.toml' || folders.at(-1) === 'conf.d';
}
