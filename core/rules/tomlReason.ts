/** Why a text is no TOML, for a reader: the parser's reason, and what the text looks like instead. */
import { catalogOf, message, type Message } from '../text/message';

/** Where an error of the parser or of containerd's library stands. */
export interface TomlFault {
  readonly code: string;
  readonly args: Readonly<Record<string, string | number>>;
  readonly range: { readonly start: number; readonly end: number };
}

export const lookAlikeTexts = catalogOf('look-alike', {
  reason: '{reason} {other}',
  quote: '{sign} is a typographic quote, as text programs and blogs make it: write " instead.',
  comment: 'A comment starts with #.',
  template: 'This is a template that a program has yet to fill in.',
  variable: 'A variable is not replaced here: containerd reads the text as it is.',
  yaml: 'This is how YAML is written: TOML has key = value.',
  shell: 'This is a line of a shell script.',
});

export function tomlReason({ code, args, range }: TomlFault, text: string): Message {
  const reason = message(`toml/${code}`, args);
  const other = isSyntax(code) ? lookAlike(lineAt(text, range.start), text.charAt(range.start)) : undefined;
  return other ? message('look-alike/reason', { reason, other }) : reason;
}

function isSyntax(code: string): boolean {
  return code.startsWith('expected-') || code === 'bad-number' || code === 'bad-date';
}

function lookAlike(line: string, sign: string): Message | undefined {
  const curly = /[\u2018-\u201f]/.exec(line)?.[0];
  if (curly !== undefined) return message('look-alike/quote', { sign: curly });
  const trimmed = line.trim();
  if (trimmed.startsWith('<!--') || trimmed.startsWith('//') || trimmed.startsWith('/*')) return message('look-alike/comment');
  if (/\{\{|<%|%\}/.test(line)) return message('look-alike/template');
  if (/^\$\s/.test(trimmed)) return message('look-alike/shell');
  if (/^[$@]/.test(trimmed) || (sign === '$' && /\$[({A-Z]/i.test(line))) return message('look-alike/variable');
  if (/^-?\s*[\w-]+:(?:\s|$)/.test(trimmed)) return message('look-alike/yaml');
  if (/^(?:cat|sed|echo|sudo|tee)\s|^EOF$/.test(trimmed)) return message('look-alike/shell');
  return undefined;
}

/** The line as far as it is near: one may be as long as the file. */
function lineAt(text: string, offset: number): string {
  const from = Math.max(0, offset - 200);
  const before = text.slice(from, offset);
  const after = text.slice(offset, offset + 300);
  return before.slice(before.lastIndexOf('\n') + 1) + (after.split('\n', 1)[0] ?? '');
}
