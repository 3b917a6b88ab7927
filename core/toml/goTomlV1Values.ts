import type { TomlErrorCode } from './document';
import { cutKey } from './goTomlV1Keys';
import type { Token } from './goTomlV1Lexer';
import { numberProblem, temporalProblem } from './goTomlV1Numbers';
import type { Parser } from './goTomlV1Parser';
import { expectToken, peek, refuse, shown, take } from './goTomlV1Parser';
import type { Tree, TreeValue } from './goTomlV1Tree';
import { setPath, treeOf } from './goTomlV1Tree';
import { depthLimit } from './keys';

export function rvalue(p: Parser): TreeValue | undefined {
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
  if (p.lexer.dialect === 'regexp') {
    const parts = /^(\d+-\d\d-\d\d)?(?:[T ]?(\d\d:\d\d:\d\d(?:\.\d+)?))?(Z|[+-].{5})?$/.exec(token.text);
    const glued = /^\d+-\d\d-\d{4}:/.test(token.text);
    return checked(p, token, 'bad-date', parts && !glued ? temporalProblem(parts[1], parts[2], parts[3]) : '');
  }
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
