/** encoding/json: what decoding into typed values refuses, and in which words. They follow the Go that a program was built with. */
import { jsonKind, minorOf, overV2 } from './json';
import { timeProblem } from './time';

/** A Go type as far as decoding and its errors know it. `raw` takes anything. */
export type GoType =
  | { readonly kind: 'string' | 'int' | 'bool' | 'raw'; readonly name: string }
  | { readonly kind: 'time' }
  | { readonly kind: 'slice' | 'map'; readonly of: GoType }
  | GoStruct;

export interface GoStruct {
  readonly kind: 'struct';
  /** With its package: `v1.Manifest`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, GoType>>;
  /** Structs without a field name of their own; their fields count as this one's. */
  readonly embedded?: readonly GoStruct[];
}

export const goString: GoType = { kind: 'string', name: 'string' };
export const goInt: GoType = { kind: 'int', name: 'int' };
export const goBool: GoType = { kind: 'bool', name: 'bool' };
export const goRaw: GoType = { kind: 'raw', name: 'json.RawMessage' };
export const goTime: GoType = { kind: 'time' };
export const sliceOf = (of: GoType): GoType => ({ kind: 'slice', of });
export const mapOf = (of: GoType): GoType => ({ kind: 'map', of });

/** UnmarshalTypeError, or the error of a time, for the first value that does not fit; undefined when all do. `go`: `1.24`. */
export function unmarshalTypeError(value: unknown, type: GoStruct, go: string): string | undefined {
  return problem(value, type, { root: shortName(type), struct: '', path: [] }, minorOf(go));
}

interface Place {
  readonly root: string;
  /** The innermost struct. */
  readonly struct: string;
  readonly path: readonly string[];
}

function problem(value: unknown, type: GoType, place: Place, go: number): string | undefined {
  if (value === null || type.kind === 'raw') return undefined;
  switch (type.kind) {
    case 'time':
      return typeof value !== 'string' && go >= overV2 ? mismatch(value, type, place, go) : timeProblem(value, go);
    case 'slice':
      return Array.isArray(value) ? first(value.entries(), type.of, place, go) : mismatch(value, type, place, go);
    case 'map':
      return isObject(value) ? first(Object.entries(value), type.of, place, go) : mismatch(value, type, place, go);
    case 'struct':
      return isObject(value) ? structProblem(value, type, place, go) : mismatch(value, type, place, go);
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) ? undefined : mismatch(value, type, place, go);
    default:
      return jsonKind(value) === type.kind ? undefined : mismatch(value, type, place, go);
  }
}

/** Elements of an array or a map: only the newer encoding/json names them. */
function first(entries: Iterable<readonly [string | number, unknown]>, type: GoType, place: Place, go: number): string | undefined {
  for (const [key, element] of entries) {
    const inside = go >= overV2 ? { ...place, path: [...place.path, String(key)] } : place;
    const found = problem(element, type, inside, go);
    if (found !== undefined) return found;
  }
  return undefined;
}

function structProblem(value: object, type: GoStruct, place: Place, go: number): string | undefined {
  for (const [key, member] of Object.entries(value)) {
    const field = fieldOf(type, key, go);
    const inside = field && { ...place, struct: shortName(type), path: [...place.path, ...field.path] };
    const found = field && inside && problem(member, field.type, inside, go);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A field by its exact name, else in any case. Go 1.24 to 1.26 put the name of an embedded struct before it. */
function fieldOf(type: GoStruct, key: string, go: number): { readonly path: readonly string[]; readonly type: GoType } | undefined {
  const name =
    Object.keys(type.fields).find((one) => one === key) ?? Object.keys(type.fields).find((one) => one.toLowerCase() === key.toLowerCase());
  const own = name === undefined ? undefined : type.fields[name];
  if (name !== undefined && own) return { path: [name], type: own };
  for (const embedded of type.embedded ?? []) {
    const found = fieldOf(embedded, key, go);
    if (found) return go >= 24 && go < overV2 ? { ...found, path: [shortName(embedded), ...found.path] } : found;
  }
  return undefined;
}

function mismatch(value: unknown, type: GoType, { root, struct, path }: Place, go: number): string {
  const said = type.kind === 'int' && typeof value === 'number' ? `number ${value}` : jsonKind(value);
  const name = typeName(type);
  if (path.length === 0) return `json: cannot unmarshal ${said} into Go value of type ${name}`;
  const isElement = /^\d+$/.test(path.at(-1) ?? '');
  const where = `${go >= overV2 ? root : struct}.${path.join('.')}`;
  return `json: cannot unmarshal ${said} into ${isElement ? '' : 'Go struct field '}${where} of type ${name}`;
}

function typeName(type: GoType): string {
  switch (type.kind) {
    case 'time':
      return 'time.Time';
    case 'slice':
      return `[]${typeName(type.of)}`;
    case 'map':
      return `map[string]${typeName(type.of)}`;
    default:
      return type.name;
  }
}

function shortName({ name }: GoStruct): string {
  return name.slice(name.indexOf('.') + 1);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
