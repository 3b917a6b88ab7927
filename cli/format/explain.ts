import type { LogError } from '../../core/errors/triage';
import { printableText } from '../../core/text/display';
import type { NodeTriagesDocument, PullsDocument, TriageDocument, TriageGroupDocument } from '../../core/protocol/explain';
import { padded, sayIn, type Phrase, type Say } from './phrases';
import type { TextStyle } from './text';

/** What `explain` prints of a file or stream. The document is in the language of the style already. */
export function triageText(document: TriageDocument, { color, catalogs }: TextStyle): string {
  const say = sayIn(catalogs);
  if (document.errors === 0) return `${say('no-pull-error')}\n\n${pullLines(document.pulls, say)}`.trimEnd() + '\n';
  const { errors, lines, groups } = document;
  const head = errors === 1 ? '' : `${say('pull-errors', { errors, lines, causes: causes(groups.length, say) })}\n\n`;
  const certainty = groups.length === 1 && errors === 1 ? [labelled('sure', confidence(document, say), say)] : [];
  const pulls = pullLines(document.pulls, say);
  const help = (group: TriageGroupDocument): string => labelled('more', `containerd-runbooks help ${group.class}`, say);
  return head + pulls + groups.map((group) => [...groupLines(group, color, say), ...certainty, help(group), ''].join('\n')).join('\n');
}

/** What `explain --node` prints: each node with what was read of it, then as a file. */
export function nodeTriageText(documents: NodeTriagesDocument['nodes'], style: TextStyle): string {
  const say = sayIn(style.catalogs);
  const parts = documents.map((document) => {
    const node = bold(printableText(document.node), style.color);
    if ('error' in document) return `${node}: ${printableText(document.error)}\n`;
    const { source, sinceSeconds, cut, refused } = document;
    const read = say('journal-read', { node, source, span: span(sinceSeconds) });
    const notes = [cut ? say('journal-cut') : '', refused === null ? '' : say('journal-refused', { reason: printableText(refused) })];
    return `${[read, ...notes].filter(Boolean).join(' ')}\n${triageText(document, style)}`;
  });
  return parts.join('\n');
}

function span(total: number): string {
  const [unit, length] = (
    [
      ['d', 86_400],
      ['h', 3600],
      ['m', 60],
    ] as const
  ).find(([, one]) => total % one === 0) ?? ['s', 1];
  return `${total / length}${unit}`;
}

/** How the pulls of a log ended, and at which registries they took long. */
function pullLines({ succeeded, failed, registries }: PullsDocument, say: Say): string {
  const pulls = succeeded + failed;
  if (pulls < 2) return '';
  const lines = registries.slice(0, MAX_REGISTRIES).map(({ host, pulls: count, failed: lost, meanSeconds, maxSeconds }) => {
    const took = meanSeconds === null || maxSeconds === null ? '' : say('took', { mean: seconds(meanSeconds), max: seconds(maxSeconds) });
    return `  ${say('registry-pulls', { host: printableText(host), pulls: count, share: percent(lost / count) })}${took}`;
  });
  return `${[say('pulls', { pulls, failed, share: percent(failed / pulls) }), ...lines].join('\n')}\n\n`;
}

const MAX_REGISTRIES = 10;

function seconds(count: number): string {
  return count < 10 ? count.toFixed(1) : String(Math.round(count));
}

/** One line per error while a log is followed. */
export function errorLine({ line, time, class: errorClass, result }: LogError, { color, catalogs }: TextStyle): string {
  const { reference, host } = result.captures;
  const seen = printableText(time ?? sayIn(catalogs)('line', { line }));
  return `${[seen, bold(errorClass.id, color), printableText(reference ?? host ?? '')].join('  ').trimEnd()}\n`;
}

function groupLines(group: TriageGroupDocument, color: boolean, say: Say): readonly string[] {
  const { count, firstLine, lastLine, firstSeen, lastSeen, references, host } = group;
  const seen = count === 1 ? say('line', { line: firstLine }) : say('times', { count, first: firstLine, last: lastLine });
  const between = firstSeen === lastSeen ? firstSeen : say('span', { first: firstSeen ?? '?', last: lastSeen ?? '?' });
  const more = references.length > 5 ? ', …' : '';
  return [
    `${bold(group.class, color)} (${[seen, ...(firstSeen === null || between === null ? [] : [printableText(between)])].join(', ')})`,
    labelled('cause', group.cause, say),
    labelled('next', group.nextStep, say),
    ...(references.length === 0 ? [] : [labelled('image', `${references.slice(0, 5).join(', ')}${more}`, say)]),
    ...(host === null ? [] : [labelled('host', host, say)]),
    labelled('text', group.sample, say),
  ];
}

/** What a log says, or what is made of it, must not steer the terminal. */
function labelled(label: Phrase, text: string, say: Say): string {
  return `  ${padded(say(label), 7)} ${printableText(text)}`;
}

function confidence({ confidence: share, alternatives, masked, retriable }: TriageDocument, say: Say): string {
  const others = alternatives.slice(0, 3).map((one) => `${one.class} ${percent(one.confidence)}`);
  const sure = others.length === 0 ? percent(share) : say('else', { certainty: percent(share), others: others.join(', ') });
  const hiding = masked === null ? sure : say('may-hide', { certainty: sure, class: masked });
  return retriable === true ? say('may-retry', { certainty: hiding }) : hiding;
}

function causes(count: number, say: Say): string {
  return count === 1 ? say('one-cause') : say('causes', { count });
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function bold(text: string, color: boolean): string {
  return color ? `\u001b[1m${text}\u001b[0m` : text;
}
