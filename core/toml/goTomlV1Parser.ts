/** The token stream of go-toml v1 with one token of look-ahead, and how v1 words what it does not expect (parser.go, token.go). */
import type { TomlErrorCode } from './document';
import type { Lexer, Token, TokenKind } from './goTomlV1Lexer';
import { nextToken } from './goTomlV1Tokens';
import type { SeenHeaders, Tree, TreeValue } from './goTomlV1Tree';

export interface V1Refusal {
  readonly start: number;
  readonly code: TomlErrorCode;
  /** Without the position; undefined where Go prints its own values. */
  readonly text: string | undefined;
}

export interface Parser {
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

export function peek(p: Parser): Token {
  p.ahead ??= nextToken(p.lexer) ?? behindError;
  return p.ahead;
}

export function take(p: Parser): Token {
  const token = peek(p);
  p.ahead = undefined;
  return token;
}

export function refuse(p: Parser, token: Token, code: TomlErrorCode, text?: string): undefined {
  p.refusal ??= { start: token.start, code: token.code ?? code, text };
}

export function expectToken(p: Parser, kind: TokenKind, code: TomlErrorCode): boolean {
  const token = take(p);
  if (token.kind === kind) return true;
  refuse(p, token, code, `was expecting token ${kindName({ ...token, kind })}, but got ${shown(token)} instead`);
  return false;
}

/** token.String. */
export function shown(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  return token.kind === 'error' ? token.text : JSON.stringify(token.text);
}

/** tokenType.String; v1 has the names of `[[` and `]]` the wrong way round. */
export function kindName(token: Token): string {
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
