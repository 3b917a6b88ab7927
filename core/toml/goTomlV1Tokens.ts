/**
 * The tokens that pelletier/go-toml v1 cuts a text into (lexer.go, v1.8.1 to v1.9.5). It knows two moods: *void*, where a key or header
 * may come, and *value*, after `=`, `[` or `,`. A line break ends the value mood unless the innermost bracket is `[`. Most of what it
 * accepts beyond TOML 1.0 follows from that.
 */
import type { Lexer, Token } from './goTomlV1Lexer';
import { characterAt, emit, fail, isBare, isBlank } from './goTomlV1Lexer';
import { lexScalar, quotedText } from './goTomlV1Scalars';

/** The next token; `undefined` behind `eof` or the first error. */
export function nextToken(l: Lexer): Token | undefined {
  while (l.ready.length === 0 && l.mood !== 'done') {
    if (l.mood === 'void') lexVoid(l);
    else lexValue(l);
  }
  return l.ready.shift();
}

function lexVoid(l: Lexer): void {
  const c = characterAt(l);
  if (c === '\n' || c === '\r' || isBlank(c)) l.pos++;
  else if (c === '') end(l);
  else if (c === '}') closeBrace(l);
  else if (c === '[') lexHeader(l);
  else if (c === '#') skipComment(l);
  else if (c === '=') punctuation(l, '=', 'value');
  else lexKey(l);
}

function lexValue(l: Lexer): void {
  const c = characterAt(l);
  if (isBlank(c)) l.pos++;
  else if (c === '') end(l);
  else if (c === '\n' || c === '\r') {
    l.pos++;
    if (l.open.at(-1) !== '[') l.mood = 'void';
  } else if (c === '#') skipComment(l);
  else if (!lexPunctuation(l, c)) lexScalar(l, c);
}

function end(l: Lexer): void {
  emit(l, 'eof', l.pos, '');
  l.mood = 'done';
}

function lexPunctuation(l: Lexer, c: string): boolean {
  if (c === '=') punctuation(l, '=', 'value');
  else if (c === ',') punctuation(l, ',', l.open.at(-1) === '{' ? 'void' : 'value');
  else if (c === '[' || c === '{') {
    punctuation(l, c, c === '[' ? 'value' : 'void');
    l.open.push(c);
  } else if (c === ']') {
    punctuation(l, ']', 'value');
    if (l.open.pop() !== '[') fail(l, l.pos, 'expected-newline', "cannot have ']' here");
  } else if (c === '}') closeBrace(l);
  else return false;
  return true;
}

function closeBrace(l: Lexer): void {
  punctuation(l, '}', 'value');
  if (l.open.pop() !== '{') fail(l, l.pos, 'expected-key', "cannot have '}' here");
}

function punctuation(l: Lexer, kind: '=' | ',' | '[' | ']' | '{' | '}', mood: Lexer['mood']): void {
  l.pos++;
  emit(l, kind, l.pos - 1);
  l.mood = mood;
}

function skipComment(l: Lexer): void {
  while (l.pos < l.text.length && l.text[l.pos] !== '\n' && !l.text.startsWith('\r\n', l.pos)) l.pos++;
}

/** Everything up to the first `]`, quotes or not: the reason why `[host."https://[::1]:5000"]` fails. */
function lexHeader(l: Lexer): void {
  const start = l.pos;
  const array = l.text.startsWith('[[', start);
  l.pos += array ? 2 : 1;
  emit(l, array ? '[[' : '[', start);
  for (let from = l.pos; l.mood === 'void'; from = l.pos - 1) {
    l.pos = nextBracket(l);
    if (l.text[l.pos] !== ']') {
      unclosedHeader(l, from, array);
      return;
    }
    if (l.pos > from) emit(l, array ? 'arrayHeaderKey' : 'headerKey', from);
    l.pos++;
    if (!array) {
      emit(l, ']', l.pos - 1);
      return;
    }
    if (l.text[l.pos] === ']') {
      l.pos++;
      emit(l, ']]', l.pos - 2);
      return;
    }
    // A single `]` in `[[…` begins one more key token, which the parser then refuses.
  }
}

function unclosedHeader(l: Lexer, from: number, array: boolean): void {
  const kind = array ? 'table array key' : 'table key';
  fail(l, from, 'expected-closing-bracket', l.pos < l.text.length ? `${kind} cannot contain ']'` : `unclosed ${kind}`);
}

function nextBracket(l: Lexer): number {
  let at = l.pos;
  while (at < l.text.length && l.text[at] !== ']' && l.text[at] !== '[') at++;
  return at;
}

/** A key before `=`, dotted and quoted parts together. Escapes in it are replaced before it is cut into parts (parseKey). */
function lexKey(l: Lexer): void {
  const start = l.pos;
  const parts: string[] = [];
  for (let c = characterAt(l); c !== '' && c !== '='; c = characterAt(l)) {
    if (c === '"' || c === "'") {
      l.pos++;
      const quoted = quotedText(l, c, true);
      if (typeof quoted !== 'string') {
        fail(l, start, quoted.code, quoted.problem);
        return;
      }
      parts.push(c, quoted, c);
      l.pos++;
    } else if (isBlank(c)) {
      if (!blanksAroundDot(l, parts)) break;
    } else if (c === '\n') {
      fail(l, start, 'expected-equals', 'keys cannot contain new lines');
      return;
    } else if (c !== '.' && !isBare(c)) {
      fail(l, start, 'expected-key', `keys cannot contain ${c} character`);
      return;
    } else {
      parts.push(c);
      l.pos++;
    }
  }
  emit(l, 'key', start, parts.join(''));
}

/** `a . b` is one key, `a. b` and `a b` are two (and then an error). */
function blanksAroundDot(l: Lexer, parts: string[]): boolean {
  const before = takeBlanks(l);
  if (characterAt(l) !== '.') return false;
  l.pos++;
  parts.push(` ${before.slice(1)}.${takeBlanks(l)}`);
  return true;
}

function takeBlanks(l: Lexer): string {
  const start = l.pos;
  while (isBlank(characterAt(l))) l.pos++;
  return l.text.slice(start, l.pos);
}
