/**
 * What pelletier/go-toml v1 refuses (parser.go). It reads tokens one after another and stops at the first thing it cannot take, so a
 * broken line behind a duplicate table is never reached.
 */
import { cutKey } from './goTomlV1Keys';
import type { Token, V1Dialect } from './goTomlV1Lexer';
import { lexerOf } from './goTomlV1Lexer';
import type { Parser, V1Refusal } from './goTomlV1Parser';
import { expectToken, kindName, peek, refuse, shown, take } from './goTomlV1Parser';
import type { TreeValue } from './goTomlV1Tree';
import { asTree, makeTrees, seenAt, seenHeaders, setPath, treeOf, valueAtPath } from './goTomlV1Tree';
import { rvalue } from './goTomlV1Values';
import { depthLimit } from './keys';

export function refusalOfV1(text: string, dialect: V1Dialect): V1Refusal | undefined {
  const root = treeOf();
  const lexer = lexerOf(text, dialect);
  const p: Parser = { lexer, ahead: undefined, root, path: [], target: root, seen: seenHeaders(), depth: 0, refusal: undefined };
  while (!p.refusal && statement(p));
  return p.refusal;
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
