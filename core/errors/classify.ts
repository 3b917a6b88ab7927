import type { Message } from '../text/message';
import type { TextRange } from '../text/ranges';
import { newestVersion, satisfies, type Version } from '../versions/versions';
import type { Captures } from './captures';
import { parseChain, type ErrorChain } from './chain';
import { pullContext, type PullContext } from './context';
import type { ErrorClass, Signal } from './errorClass';
import { explanationOf } from './explanation';
import { errorClasses } from './index';
import { mayBeCut } from './normalize';

export interface Classification {
  readonly class: ErrorClass | null;
  /** How likely `class` is right: 0 to 1. */
  readonly confidence: number;
  readonly alternatives: readonly { readonly class: ErrorClass; readonly confidence: number }[];
  readonly captures: Captures;
  readonly cause: Message | null;
  readonly nextStep: Message | null;
  /** A class whose failure the shown one may hide. */
  readonly masked: ErrorClass | null;
  readonly retriable: boolean | null;
  /** Spans of the given text that spoke for the class, heaviest first. */
  readonly evidence: readonly TextRange[];
}

/** What is known from elsewhere than the text, e.g. from an earlier line of the same log. */
export type Known = Partial<Pick<Captures, 'elapsedSeconds'>>;

interface Match {
  readonly class: ErrorClass;
  readonly weight: number;
  readonly spans: readonly Span[];
}

/** Offsets in the normalized text. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** The class of a pull error's text, null when it is none or says nothing that can be decided. */
export function classify(text: string, version: Version = newestVersion, known: Known = {}): Classification {
  const found = classifyAs(parseChain(text), version, known);
  if (found.class !== null || !mayBeCut(text)) return found;
  // Of two lines nobody can tell whether a terminal cut them in mid-word: the words that come out then tell it.
  const cut = classifyAs(parseChain(text, 'cut'), version, known);
  return cut.class === null ? found : cut;
}

function classifyAs(parsed: ErrorChain, version: Version, known: Known): Classification {
  const chain = { ...parsed, captures: { ...parsed.captures, ...known } };
  const matches = matchesOf(chain, version);
  const best = matches.find(mayLead);
  if (best === undefined)
    return {
      class: null,
      confidence: 0,
      alternatives: [],
      captures: chain.captures,
      cause: null,
      nextStep: null,
      masked: null,
      retriable: null,
      evidence: [],
    };
  const masked = maskedBy(best, matches);
  return {
    class: best.class,
    confidence: probability(best, matches),
    alternatives: matches
      .filter((match) => match !== best)
      .map((match) => ({ class: match.class, confidence: probability(match, matches) })),
    captures: chain.captures,
    ...explanationOf(best.class, chain),
    masked,
    retriable: best.class.retriable || masked?.retriable === true,
    evidence: best.spans.map(({ start, end }) => chain.sourceRange(start, end)),
  };
}

/** Words of everyday use are asked only where no other signal says what happened. */
function matchesOf(chain: ErrorChain, version: Version): readonly Match[] {
  const context = pullContext(chain);
  const exact = matchesIn(chain.text, { chain, context, version }, ({ scope }) => scope !== 'failedPull');
  if (exact.some(mayLead)) return exact;
  const words = context.words();
  return words.trim() === '' ? exact : matchesIn(words, { chain, context, version }, ({ scope }) => scope === 'failedPull');
}

interface Reading {
  readonly chain: ErrorChain;
  readonly context: PullContext;
  readonly version: Version;
}

function matchesIn(text: string, reading: Reading, isAsked: (signal: Signal) => boolean): readonly Match[] {
  const matches: Match[] = [];
  for (const errorClass of errorClasses) {
    const found = errorClass.signals
      .filter(isAsked)
      .map((signal) => ({ weight: signal.weight, span: spanOf(signal, text, reading) }))
      .filter(({ span }) => span !== null)
      .sort((a, b) => b.weight - a.weight);
    const [heaviest] = found;
    if (heaviest !== undefined)
      matches.push({ class: errorClass, weight: heaviest.weight, spans: found.flatMap(({ span }) => span ?? []) });
  }
  return matches.sort((a, b) => b.weight - a.weight || a.class.id.localeCompare(b.class.id, 'en'));
}

function spanOf(signal: Signal, text: string, { chain, context, version }: Reading): Span | null {
  if (signal.versions !== undefined && !satisfies(version, signal.versions)) return null;
  if (signal.with?.test(chain.text) === false) return null;
  let from = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const span = nextSpan(signal, text, from);
    if (span === null) return null;
    if (context[signal.scope ?? 'pull'](span.start, span.end)) return fits(signal, chain) ? span : null;
    from = span.end;
  }
  return null;
}

/** Places in one text at which the same words are tried. */
const MAX_TRIES = 8;
/** How far `then` looks. */
const REACH = 1000;

function nextSpan({ pattern, then }: Signal, text: string, from: number): Span | null {
  const found = pattern.exec(from === 0 ? text : text.slice(from));
  if (found === null) return null;
  const start = from + found.index;
  const end = start + Math.max(1, found[0].length);
  if (then === undefined) return { start, end };
  const rest = text.slice(end, end + REACH).split('\n', 1)[0] ?? '';
  const second = then.exec(rest);
  return second === null ? null : { start, end: end + second.index + second[0].length };
}

function fits(signal: Signal, chain: ErrorChain): boolean {
  return signal.unless?.test(chain.text) !== true && signal.when?.(chain) !== false;
}

/** A class four points behind is about half as likely; what no signal knows stands at 35. */
function probability(match: Match, all: readonly Match[]): number {
  const mass = (weight: number): number => Math.exp(weight / 7);
  const total = all.reduce((sum, { weight }) => sum + mass(weight), mass(35));
  return Math.round(1000 * Math.min(0.98, mass(match.weight) / total)) / 1000;
}

/** What an error may hide cannot be told from the hiding alone: a masked class leads only where its words prove it. */
function mayLead({ class: { id }, weight }: Match): boolean {
  return !id.startsWith('masked.') || weight >= 70;
}

/** Less likely than this, a masked failure is not worth mentioning beside the shown one. */
const WORTH_MENTIONING = 0.04;

function maskedBy(best: Match, matches: readonly Match[]): ErrorClass | null {
  const masked = matches.find((match) => match.class.id.startsWith('masked.') && match !== best);
  return masked !== undefined && probability(masked, matches) >= WORTH_MENTIONING ? masked.class : null;
}
