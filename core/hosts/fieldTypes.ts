/** Whether the decoder can put a value into containerd's Go struct, and what it says when it cannot. */
import { lineIndex, type LineIndex } from '../text/lineIndex';
import type { TextRange } from '../text/ranges';
import type { TomlTable, TomlValue } from '../toml/document';
import { tomlLibraryOf } from '../toml/goToml';
import { satisfies, type Version } from '../versions/versions';
import { goType, goValue } from './goValue';
import type { HostField, HostsProblem } from './hostsFile';
import { libraryOf, type Library } from './library';

/** A field of hosts.go hostFileConfig or of the struct in parseHostsFile. */
export interface GoField {
  /** As in Go: `Capabilities`. */
  readonly name: string;
  /** As Go prints its type. */
  readonly type: '[]string' | 'interface {}' | '*bool' | 'bool' | 'string' | 'map[string]interface {}' | 'map[string]config.hostFileConfig';
  /** What it takes, for our words. */
  readonly wanted: string;
}

export const goFields: ReadonlyMap<string, GoField> = new Map<string, GoField>([
  ['server', { name: 'Server', type: 'string', wanted: 'a string' }],
  ['host', { name: 'HostConfigs', type: 'map[string]config.hostFileConfig', wanted: 'tables like [host."https://…"]' }],
  ['capabilities', { name: 'Capabilities', type: '[]string', wanted: 'a list of strings' }],
  ['ca', { name: 'CACert', type: 'interface {}', wanted: 'a string or a list of strings' }],
  ['client', { name: 'Client', type: 'interface {}', wanted: 'a string or a list of strings and pairs' }],
  ['skip_verify', { name: 'SkipVerify', type: '*bool', wanted: 'true or false' }],
  ['header', { name: 'Header', type: 'map[string]interface {}', wanted: 'a table' }],
  ['override_path', { name: 'OverridePath', type: 'bool', wanted: 'true or false' }],
  ['dial_timeout', { name: 'DialTimeout', type: 'string', wanted: 'a string with a unit, like "5s"' }],
]);

const rootStruct =
  'struct { config.hostFileConfig; Server string "toml:\\"server\\""; HostConfigs map[string]config.hostFileConfig "toml:\\"host\\"" }';

export interface TypeContext {
  readonly version: Version;
  readonly library: Library;
  readonly where: 'top' | 'host';
  readonly lines: LineIndex;
}

export function typeContext(text: string, version: Version): (where: 'top' | 'host') => TypeContext {
  const shared = { version, library: libraryOf(version), lines: lineIndex(text) };
  return (where) => ({ ...shared, where });
}

/** The first value of a field that does not fit into it. */
export function typeProblem(name: string, field: HostField, context: TypeContext): HostsProblem | undefined {
  const go = goFields.get(name);
  if (!go) return undefined;
  const { value } = field;
  if (go.type === '[]string' && value.kind === 'array' && !value.ofTables) {
    const item = value.items.find((one) => one.kind !== 'string' && one.kind !== 'invalid');
    return item && misfit(name, go, field, item, 'string', context);
  }
  return fits(go, value) ? undefined : misfit(name, go, field, value, go.type, context);
}

function fits({ type }: GoField, value: TomlValue): boolean {
  if (value.kind === 'invalid') return true;
  switch (type) {
    case 'string':
      return value.kind === 'string';
    case 'bool':
    case '*bool':
      return value.kind === 'boolean';
    case '[]string':
      return false;
    case 'interface {}':
      return true;
    default:
      return value.kind === 'table';
  }
}

function misfit(
  name: string,
  go: GoField,
  field: HostField,
  value: TomlValue,
  target: string,
  context: TypeContext,
): HostsProblem | undefined {
  if (panicsOn(value, context.version)) return panics(name, value.range);
  const args = { key: name, wanted: go.wanted, found: kindWords(value) };
  const problem = { code: 'wrong-type', effect: 'dropped', range: rangeOf(field, value), args } as const;
  if (context.library === 'v1') return withText(problem, v1Text(field, value, target, context));
  if (value.kind === 'table') return tableMisfit(problem, value, target, context.version);
  return withText(problem, v2Text(go, value, target, context));
}

/** v2. Up to v2.3.0 a header is taken for a value of one piece, as long as nothing stands under it. */
function tableMisfit(problem: HostsProblem, table: TomlTable, target: string, version: Version): HostsProblem | undefined {
  const kind = target === '[]string' ? 'slice' : target.replace('*', '');
  if (table.form === 'inline') return { ...problem, text: `toml: cannot store inline table in Go type ${kind}` };
  if (!hasEarlyV2(version)) return problem;
  if (table.form === 'dotted') return { ...problem, text: `unhandled kv part: ${kind}` };
  if (kind === 'slice') return { ...problem, text: 'toml: cannot store a table in a slice' };
  const [first] = table.entries.values();
  if (table.form === 'header' && !first) return undefined;
  const passedThrough = table.form === 'implicit' || (first?.value.kind === 'table' && first.value.form === 'header');
  return passedThrough ? panics(String(problem.args['key']), problem.range) : { ...problem, text: `unhandled kv part: ${kind}` };
}

/** go-toml v2.2.x (unmarshaler.go unmarshalLocalDate …) sets a field to a date without a look at its type, and reflect panics. */
export function panicsOn({ kind }: TomlValue, version: Version): boolean {
  return kind === 'datetime' && hasEarlyV2(version) && tomlLibraryOf(version) === 'v2.2';
}

/**
 * go-toml v2.2.3 to v2.3.0, which panic where v2.4.3 returns an error. 2.1 is met in two builds, and without more than its number the
 * gentler one is told: Debian's.
 */
export function hasEarlyV2(version: Version): boolean {
  const library = tomlLibraryOf(version);
  return (library === 'v2.2' || library === 'v2.3') && !satisfies(version, '>=2.1.0 <2.2.0');
}

export function panics(key: string, range: TextRange): HostsProblem {
  return { code: 'panics', effect: 'fatal', range, args: { key } };
}

function withText(problem: HostsProblem, text: string | undefined): HostsProblem {
  return text === undefined ? problem : { ...problem, text };
}

/** go-toml v1 marshal.go valueFromToml, with the position of the key. */
function v1Text({ key }: HostField, value: TomlValue, target: string, { lines }: TypeContext): string | undefined {
  const { line, character } = lines.positionAt(key.range.start);
  const printed = value.kind === 'table' ? undefined : goValue(value);
  const type = goType(value);
  if (printed === undefined || type === undefined) return undefined;
  return `(${line + 1}, ${character + 1}): Can't convert ${printed}(${type}) to ${value.kind === 'array' ? 'a slice' : v1Target(target)}`;
}

function v1Target(target: string): string {
  if (target.startsWith('map')) return `${target}(map)`;
  return target === '[]string' ? '[]string(slice)' : target.replace('*', '');
}

/** go-toml v2 unmarshaler.go typeMismatchString and its neighbours, which each have words of their own. */
function v2Text(go: GoField, value: TomlValue, target: string, { where }: TypeContext): string | undefined {
  const kind = target.startsWith('map') ? 'map' : target === '[]string' ? 'slice' : target.replace('*', '');
  const place = `into struct field ${where === 'top' ? rootStruct : 'config.hostFileConfig'}.${go.name} of type ${go.type}`;
  switch (value.kind) {
    case 'boolean':
      return `toml: cannot assign boolean to a ${String(value.value)}`;
    case 'float':
      return `toml: float cannot be assigned to ${kind}`;
    case 'array':
      return `toml: cannot decode TOML ${value.ofTables ? 'array table' : 'array'} ${place}`;
    case 'string':
    case 'integer':
      return `toml: cannot decode TOML ${value.kind} ${place}`;
    default:
      return undefined;
  }
}

/** A table with a header of its own is shown by its key: its range is a whole section. */
function rangeOf(field: HostField, value: TomlValue): HostsProblem['range'] {
  const isSection = (value.kind === 'table' && value.form !== 'inline') || (value.kind === 'array' && value.ofTables);
  return isSection ? field.key.range : value.range;
}

export function kindWords(value: TomlValue): string {
  switch (value.kind) {
    case 'array':
      return value.ofTables ? 'a list of tables' : 'a list';
    case 'integer':
      return 'an integer';
    case 'datetime':
      return 'a date or time';
    case 'float':
      return 'a number';
    default:
      return `a ${value.kind}`;
  }
}
