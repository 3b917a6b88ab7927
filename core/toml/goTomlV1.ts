/**
 * What pelletier/go-toml v1 refuses (parser.go). It reads tokens one after another and stops at the first thing it cannot take, so a
 * broken line behind a duplicate table is never reached.
 */
import type { TomlErrorCode } from './document';
import { cutKey } from './goTomlV1Keys';
import type { Lexer, Token, TokenKind, V1Dialect } from './goTomlV1Lexer';
import { lexerOf } from './goTomlV1Lexer';
import { numberProblem, temporalProblem } from './goTomlV1Numbers';
import { nextToken } from './goTomlV1Tokens';
import type { SeenHeaders, Tree, TreeValue } from './goTomlV1Tree';
import { asTree, makeTrees, seenAt, seenHeaders, setPath, treeOf, valueAtPath } from './goTomlV1Tree';
import { depthLimit } from './keys';

export interface V1Refusal {
  readonly start: number;
  readonly code: TomlErrorCode;
  /** Without the position; undefined where Go prints its own values. */
  readonly text: string | undefined;
}

export function refusalOfV1(text: string, dialect: V1Dialect): V1Refusal | undefined {
  const root = treeOf();
  const lexer = lexerOf(text, dialect);
  const p: Parser = { lexer, ahead: undefined, root, path: [], target: root, seen: seenHeaders(), depth: 0, refusal: undefined };
  while (!p.refusal && statement(p));
  return p.refusal;
}

interface Parser {
  readonly lexer: Lexer;
  ahead: Token | undefined;
  readonly root: Tree;
  /** The header that assignments belong to, and what the tree holds there. */
  path: readonly string[];
  target: TreeValue | undefined;
  readonly seen: SeenHeaders;
  depth: number;
  refusal: V1Refusal | undefined;
}

const behindError: Token = { kind: 'eof', start: 0, text: '' };

function peek(p: Parser): Token {
  p.ahead ??= nextToken(p.lexer) ?? behindError;
  return p.ahead;
}

function take(p: Parser): Token {
  const token = peek(p);
  p.ahead = undefined;
  return token;
}

function refuse(p: Parser, token: Token, code: TomlErrorCode, text?: string): undefined {
  p.refusal ??= { start: token.start, code: token.code ?? code, text };
}

function expectToken(p: Parser, kind: TokenKind, code: TomlErrorCode): boolean {
  const token = take(p);
  if (token.kind === kind) return true;
  refuse(p, token, code, `was expecting token ${kindName({ ...token, kind })}, but got ${shown(token)} instead`);
  return false;
}

/** One header or assignment; false at the end. */
function statement(p: Parser): boolean {
  const token = peek(p);
  if (token.kind === 'eof') return false;
  if (token.kind === '[[') arrayHeader(p);
  else if (token.kind === '[') header(p);
  else if (token.kind === 'key') assignment(p);
  else if (token.kind === 'error') refuse(p, token, 'expected-key', `parsing error: ${token.text}`);
  else refuse(p, token, 'expected-newline', `unexpected token ${kindName(token)}`);
  return true;
}

function headerPath(
  p: Parser,
  kind: 'headerKey' | 'arrayHeaderKey',
): { readonly key: Token; readonly path: readonly string[] } | undefined {
  take(p);
  const key = take(p);
  const wanted = kind === 'headerKey' ? 'a table key' : 'a table array key';
  if (key.kind !== kind) {
    refuse(p, key, 'expected-key', `unexpected token ${shown(key)}, was expecting ${wanted}`);
    return;
  }
  if (kind === 'headerKey' && seenAt(p.seen, key.text).seen) {
    refuse(p, key, 'duplicate-table', 'duplicated tables');
    return;
  }
  const path = cutKey(key.text);
  if (typeof path === 'string') {
    refuse(p, key, 'expected-key', `invalid table array key: ${path}`);
    return;
  }
  if (path.length <= depthLimit) return { key, path };
  refuse(p, key, 'too-deep');
  return undefined;
}

/** `[a]` is a duplicate only of the same text: `["a"]`, `[ a ]` and tables made by dotted keys are merged. */
function header(p: Parser): void {
  const head = headerPath(p, 'headerKey');
  if (!head) return;
  seenAt(p.seen, head.key.text).seen = true;
  if (!makeTrees(p.root, head.path)) {
    refuse(p, head.key, 'not-a-table');
    return;
  }
  const target = valueAtPath(p.root, head.path);
  if (target?.kind === 'tree' && target.inline) {
    refuse(p, head.key, 'extends-inline-table', `could not re-define exist inline table or its sub-table : ${head.path.join('.')}`);
    return;
  }
  if (expectToken(p, ']', 'expected-closing-bracket')) open(p, head.path);
}

function arrayHeader(p: Parser): void {
  const head = headerPath(p, 'arrayHeaderKey');
  if (!head) return;
  // The result is not looked at in Go either: below a value the new array lands in the table around it.
  makeTrees(p.root, head.path.slice(0, -1));
  const present = valueAtPath(p.root, head.path);
  if (present && present.kind !== 'trees') {
    refuse(p, head.key, 'duplicate-table', `key ${shown(head.key)} is already assigned and not of type table array`);
    return;
  }
  if (present) present.items.push(treeOf());
  else setPath(p.root, head.path, { kind: 'trees', items: [treeOf()] });
  const seen = seenAt(p.seen, head.key.text);
  seen.seen = true;
  seen.below.clear();
  if (expectToken(p, ']]', 'expected-closing-bracket')) open(p, head.path);
}

function open(p: Parser, path: readonly string[]): void {
  p.path = path;
  p.target = valueAtPath(p.root, path);
}

function assignment(p: Parser): void {
  const key = take(p);
  if (!expectToken(p, '=', 'expected-equals')) return;
  const path = cutKey(key.text);
  if (typeof path === 'string') {
    refuse(p, key, 'expected-key', `invalid key: ${path}`);
    return;
  }
  if (path.length > depthLimit) {
    refuse(p, key, 'too-deep');
    return;
  }
  const value = rvalue(p);
  if (value) assign(p, key, path, value);
}

function assign(p: Parser, key: Token, path: readonly string[], value: TreeValue): void {
  const prefix = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  const from = p.target && asTree(p.target);
  const present = prefix.length === 0 ? p.target : from && valueAtPath(from, prefix);
  const table = [...p.path, ...prefix].join('.');
  if (present?.kind === 'value') {
    refuse(p, key, 'not-a-table', `Unknown table type for path: ${table}`);
    return;
  }
  const target = present ? asTree(present) : from && makeTrees(from, prefix);
  if (!target) {
    refuse(p, key, 'not-a-table');
    return;
  }
  if (target.inline) {
    refuse(p, key, 'extends-inline-table', `could not add key or sub-table to exist inline table or its sub-table : ${table}`);
    return;
  }
  if (target.values.has(name)) {
    refuse(p, key, 'duplicate-key', `The following key was defined twice: ${[...p.path, ...path].join('.')}`);
    return;
  }
  target.values.set(name, value);
}

function rvalue(p: Parser): TreeValue | undefined {
  const token = take(p);
  switch (token.kind) {
    case 'string':
    case 'bool':
    case 'infinite':
      return { kind: 'value' };
    case 'integer':
    case 'float':
      return checked(p, token, 'bad-number', numberProblem(token.text, token.kind, p.lexer.dialect));
    case 'date':
    case 'time':
      return temporal(p, token);
    case '[':
      return nested(p, token, array);
    case '{':
      return nested(p, token, inlineTable);
    case 'eof': {
      refuse(p, token, 'expected-value', 'expecting a value');
      return;
    }
    case '=': {
      refuse(p, token, 'expected-value', 'cannot have multiple equals for the same key');
      return;
    }
    case 'error': {
      refuse(p, token, 'expected-value', token.text);
      return;
    }
    default: {
      refuse(p, token, 'expected-value');
      return;
    }
  }
}

/** `problem` is empty where we do not know Go's words. */
function checked(p: Parser, token: Token, code: TomlErrorCode, problem: string | undefined): TreeValue | undefined {
  if (problem === undefined) return { kind: 'value' };
  refuse(p, token, code, problem === '' ? undefined : problem);
}

function temporal(p: Parser, token: Token): TreeValue | undefined {
  const time = token.kind === 'date' && peek(p).kind === 'time' ? take(p).text : undefined;
  const offset = time !== undefined && peek(p).kind === 'offset' ? take(p).text : undefined;
  const [date, clock] = token.kind === 'date' ? [token.text, time] : [undefined, token.text];
  return checked(p, token, 'bad-date', temporalProblem(date, clock, offset));
}

/** Go has no limit here; ours keeps a hostile text from exhausting the stack. */
function nested(p: Parser, token: Token, read: (p: Parser) => TreeValue | undefined): TreeValue | undefined {
  if (p.depth >= depthLimit) {
    refuse(p, token, 'too-deep');
    return;
  }
  p.depth++;
  const value = read(p);
  p.depth--;
  return value;
}

function array(p: Parser): TreeValue | undefined {
  const items: TreeValue[] = [];
  for (;;) {
    if (peek(p).kind === 'eof') {
      refuse(p, peek(p), 'unterminated-array', 'unterminated array');
      return;
    }
    if (peek(p).kind === ']') break;
    const item = rvalue(p);
    if (!item) return undefined;
    items.push(item);
    const follow = peek(p);
    if (follow.kind === 'eof') {
      refuse(p, follow, 'unterminated-array', 'unterminated array');
      return;
    }
    if (follow.kind !== ']' && follow.kind !== ',') {
      refuse(p, follow, 'expected-comma', 'missing comma');
      return;
    }
    if (follow.kind === ',') take(p);
  }
  take(p);
  const trees = items.filter((item) => item.kind === 'tree');
  return trees.length > 0 && trees.length === items.length ? { kind: 'trees', items: trees } : { kind: 'value' };
}

/** Duplicate keys in it overwrite each other without a word. */
function inlineTable(p: Parser): TreeValue | undefined {
  const tree = treeOf();
  let previous: Token | undefined;
  for (let follow = peek(p); follow.kind !== '}'; follow = peek(p)) {
    if (follow.kind === 'eof') {
      refuse(p, follow, 'unterminated-inline-table', 'unterminated inline table');
      return;
    }
    if (follow.kind === ',') {
      if (previous?.kind === ',') {
        refuse(p, follow, 'expected-key', 'need field between two commas in inline table');
        return;
      }
      take(p);
    } else if (!inlineEntry(p, tree, follow, previous)) return undefined;
    previous = follow;
  }
  const closing = take(p);
  if (previous?.kind === ',') {
    refuse(p, { ...closing, start: previous.start }, 'trailing-comma-in-inline-table', 'trailing comma at the end of inline table');
    return;
  }
  tree.inline = true;
  return tree;
}

function inlineEntry(p: Parser, tree: Tree, follow: Token, previous: Token | undefined): boolean {
  if (follow.kind !== 'key' && follow.kind !== 'integer' && follow.kind !== 'string') {
    refuse(p, follow, 'expected-key', `unexpected token type in inline table: ${shown(follow)}`);
    return false;
  }
  if (previous && previous.kind !== ',') {
    refuse(p, follow, 'expected-comma', 'comma expected between fields in inline table');
    return false;
  }
  take(p);
  if (!expectToken(p, '=', 'expected-equals')) return false;
  const path = cutKey(follow.text);
  if (typeof path === 'string' || path.length > depthLimit) {
    refuse(p, follow, 'expected-key', typeof path === 'string' ? `invalid key: ${path}` : undefined);
    return false;
  }
  const value = rvalue(p);
  if (value) setPath(tree, path, value);
  return value !== undefined;
}

/** token.String. */
function shown(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  return token.kind === 'error' ? token.text : JSON.stringify(token.text);
}

/** tokenType.String; v1 has the names of `[[` and `]]` the wrong way round. */
function kindName(token: Token): string {
  const names: Partial<Record<TokenKind, string>> = {
    key: 'Key',
    headerKey: 'KeyGroup',
    arrayHeaderKey: 'KeyGroupArray',
    '[[': ']]',
    ']]': '[[',
    string: 'String',
    bool: token.text === 'true' ? 'True' : 'False',
    infinite: token.text.endsWith('inf') ? 'Inf' : 'NaN',
    integer: 'Integer',
    float: 'Float',
    date: 'LocalDate',
    time: 'LocalTime',
    offset: 'TimeOffset',
  };
  return names[token.kind] ?? token.kind;
}
