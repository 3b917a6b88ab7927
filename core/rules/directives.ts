/** Comments that steer lint: `# containerd-runbooks: ignore <rule>[, …]` and `# containerd-runbooks: ignore-file <rule>[, …]`. */
import { lineIndex, type LineIndex } from '../text/lineIndex';
import type { TextRange } from '../text/ranges';
import type { TomlDocument } from '../toml/document';

export const directiveMark = '# containerd-runbooks:';
export const directiveVerbs = ['ignore', 'ignore-file'] as const;
type Verb = (typeof directiveVerbs)[number];

export interface Directive {
  /** The whole comment. */
  readonly range: TextRange;
  readonly verb: Word;
  readonly rules: readonly Word[];
  /** Whose findings it hides: those that begin on one of these lines, or on any. Empty when the verb is unknown. */
  readonly lines: readonly number[] | 'all';
}

export interface Word {
  readonly text: string;
  readonly range: TextRange;
}

export function directivesIn(document: TomlDocument, lines: LineIndex = lineIndex(document.text)): readonly Directive[] {
  // From the last to the first: of those above each other, each goes on where the one below it leads.
  const nextLines = new Map<number, number>();
  const found = document.comments.toReversed().flatMap((range) => {
    const directive = directiveAt(document.text.slice(range.start, range.end), range.start);
    return directive ? [{ range, ...directive, lines: linesOf(directive.verb.text, range, lines, nextLines) }] : [];
  });
  return found.reverse();
}

/** Says where a directive's word for a finding's rule stands; undefined when none hides it. Of several, that for the whole file counts. */
export function hidingWords(directives: readonly Directive[], lines: LineIndex): (finding: Hideable) => Word | undefined {
  const words = new Map<string, Word>();
  for (const directive of directives)
    for (const word of directive.rules)
      for (const line of directive.lines === 'all' ? ['all'] : directive.lines) {
        const key = `${line} ${word.text}`;
        if (!words.has(key)) words.set(key, word);
      }
  return ({ rule, range }) => words.get(`all ${rule}`) ?? words.get(`${lines.positionAt(range.start).line} ${rule}`);
}

export interface Hideable {
  readonly rule: string;
  readonly range: TextRange;
}

/** Words end where a reason begins: `ignore hosts-bad-url -- the proxy rewrites it`. */
function directiveAt(comment: string, offset: number): Pick<Directive, 'verb' | 'rules'> | undefined {
  const mark = /^#[ \t]*containerd-runbooks:/.exec(comment)?.[0];
  if (mark === undefined) return undefined;
  const reason = comment.indexOf(' --', mark.length);
  const words = wordsIn(comment.slice(0, reason < 0 ? comment.length : reason), mark.length, offset);
  const end = offset + mark.length;
  return { verb: words[0] ?? { text: '', range: { start: offset, end } }, rules: words.slice(1) };
}

function wordsIn(comment: string, from: number, offset: number): readonly Word[] {
  return [...comment.slice(from).matchAll(/[^\s,]+/g)].map(({ 0: text, index }) => {
    const start = offset + from + index;
    return { text, range: { start, end: start + text.length } };
  });
}

/**
 * Behind a key or value a directive is about its own line. On a line of its own it is about the next one that is no comment, so that
 * several may stand above each other; about its own too, where what is said of a whole file begins.
 */
function linesOf(verb: string, range: TextRange, lines: LineIndex, nextLines: Map<number, number>): readonly number[] | 'all' {
  if (!isVerb(verb)) return [];
  if (verb === 'ignore-file') return 'all';
  const { line, character } = lines.positionAt(range.start);
  if (lines.lineText(line).slice(0, character).trim() !== '') return [line];
  let next = line + 1;
  while (lines.lineText(next).trimStart().startsWith('#')) next = nextLines.get(next) ?? next + 1;
  nextLines.set(line, next);
  return [line, next];
}

function isVerb(text: string): text is Verb {
  return directiveVerbs.some((verb) => verb === text);
}
