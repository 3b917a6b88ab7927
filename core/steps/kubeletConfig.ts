/** The kubelet's CredentialProviderConfig, and which images a pattern of it is for. */

export interface CredentialProvider {
  readonly name: string;
  readonly apiVersion: string | undefined;
  readonly matchImages: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * JSON or YAML, as the kubelet's UniversalDecoder takes both (pkg/credentialprovider/plugin/config.go, decode). What is no such configuration
 * has no providers.
 */
export function credentialProviders(text: string): readonly CredentialProvider[] {
  return (text.trimStart().startsWith('{') ? jsonProviders(text) : yamlProviders(text)).map(providerOf);
}

function jsonProviders(text: string): readonly Fields[] {
  try {
    const { providers } = JSON.parse(text) as Fields;
    return many(providers).filter(isFields);
  } catch {
    return [];
  }
}

/** The block style with one value per line and lists in brackets, as guides have it. */
function yamlProviders(text: string): readonly Fields[] {
  const found: { [key: string]: unknown }[] = [];
  const lines = text
    .split('\n')
    .map(yamlLine)
    .filter(({ rest }) => rest !== '');
  const first = lines.findIndex(({ rest }) => /^"?providers"?:$/.test(rest));
  const depth = lines[first + 1]?.depth ?? 0;
  let list = '';
  for (const { depth: at, item, rest } of first < 0 ? [] : lines.slice(first + 1)) {
    if (at < depth || (at === depth && !item)) break;
    if (at === depth) found.push({});
    const provider = found.at(-1);
    if (!provider) break;
    const [, key = '', value = ''] = /^([a-z]+):(?: +(\S.*))?$/i.exec(rest) ?? [];
    const isField = at === depth || (!item && at === depth + 2);
    if (isField) list = key;
    if (isField && value !== '') provider[key] = value.startsWith('[') ? value.slice(1, -1).split(',').map(plain) : plain(value);
    else if (!isField && item) provider[list] = [...many(provider[list]), key === 'name' ? { name: plain(value) } : plain(rest)];
    else if (!isField && key === 'value') provider[list] = withValue(many(provider[list]), plain(value));
  }
  return found;
}

/** A line without its indent, its dash and its comment. */
function yamlLine(line: string) {
  const text = line.trimEnd();
  const body = text.trimStart();
  const item = body === '-' || body.startsWith('- ');
  const rest = item ? body.slice(1).trimStart() : body;
  const comment = ` ${rest}`.indexOf(' #');
  return { depth: text.length - body.length, item, rest: comment < 0 ? rest : rest.slice(0, comment).trimEnd() };
}

/** URLsMatchStr of pkg/credentialprovider/keyring.go: as many host parts, each by its glob, the same port, a path that begins with the pattern's. */
export function matchesImage(pattern: string, image: string): boolean {
  const [wanted, given] = [urlParts(pattern), urlParts(image)];
  if (wanted.port !== given.port || wanted.host.length !== given.host.length || !given.path.startsWith(wanted.path)) return false;
  return wanted.host.every((part, index) => globbed(part).test(given.host[index] ?? ''));
}

function urlParts(text: string) {
  const [, host = '', port = '', path = ''] = /^(?:https?:\/\/)?([^/:]*)(?::(\d*))?(\/.*)?$/.exec(text) ?? [];
  return { host: host.split('.'), port, path };
}

function globbed(part: string): RegExp {
  const source = part
    .replace(/[.+^${}()|\\[\]]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}

function providerOf(fields: Fields): CredentialProvider {
  const texts = (key: string): readonly string[] => many(fields[key]).filter((one): one is string => typeof one === 'string');
  const text = (key: string): string => (typeof fields[key] === 'string' ? fields[key] : '');
  return {
    name: text('name'),
    apiVersion: text('apiVersion') || undefined,
    matchImages: texts('matchImages'),
    args: texts('args'),
    env: many(fields['env']).flatMap(variable),
  };
}

/** ExecEnvVar: one without a value is set, and empty. */
function variable(entry: unknown): CredentialProvider['env'] {
  if (!isFields(entry)) return [];
  const { name, value = '' } = entry;
  return typeof name === 'string' && typeof value === 'string' ? [{ name, value }] : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withValue(list: readonly unknown[], value: string): readonly unknown[] {
  const last = list.at(-1);
  return isFields(last) ? [...list.slice(0, -1), { ...last, value }] : list;
}

function many(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function plain(text: string): string {
  const bare = text.trim();
  const quote = bare.charAt(0);
  return bare.length > 1 && (quote === '"' || quote === "'") && bare.endsWith(quote) ? bare.slice(1, -1) : bare;
}
