import type { LogError } from '../../core/errors/triage';
import type { TriageDocument, TriageGroupDocument } from '../../core/protocol';

/** What `explain` prints of a file or stream. */
export function triageText(document: TriageDocument, color: boolean): string {
  if (document.errors === 0) return 'No pull error in this text.\n';
  const head =
    document.errors === 1 ? '' : `${document.errors} pull errors in ${document.lines} lines, ${causes(document.groups.length)}.\n\n`;
  const certainty = document.groups.length === 1 && document.errors === 1 ? [confidenceLine(document)] : [];
  return (
    head +
    document.groups
      .map((group) => [...groupLines(group, color), ...certainty, `  more    containerd-runbooks help ${group.class}`, ''].join('\n'))
      .join('\n')
  );
}

/** One line per error while a log is followed. */
export function errorLine({ line, time, class: errorClass, result }: LogError, color: boolean): string {
  const { reference, host } = result.captures;
  return `${[time ?? `line ${line}`, bold(errorClass.id, color), reference ?? host ?? ''].join('  ').trimEnd()}\n`;
}

function groupLines(group: TriageGroupDocument, color: boolean): readonly string[] {
  const seen = group.count === 1 ? `line ${group.firstLine}` : `${group.count} times, lines ${group.firstLine} to ${group.lastLine}`;
  const between =
    group.firstSeen === null
      ? ''
      : group.firstSeen === group.lastSeen
        ? `, ${group.firstSeen}`
        : `, ${group.firstSeen} to ${group.lastSeen ?? '?'}`;
  return [
    `${bold(group.class, color)} (${seen}${between})`,
    `  cause   ${group.cause}`,
    `  next    ${group.nextStep}`,
    ...(group.references.length === 0
      ? []
      : [`  image   ${group.references.slice(0, 5).join(', ')}${group.references.length > 5 ? ', …' : ''}`]),
    ...(group.host === null ? [] : [`  host    ${group.host}`]),
    `  text    ${group.sample}`,
  ];
}

function confidenceLine(document: TriageDocument): string {
  const others = document.alternatives.slice(0, 3).map((one) => `${one.class} ${percent(one.confidence)}`);
  const hidden = document.masked === null ? '' : `; may hide ${document.masked}`;
  return `  sure    ${percent(document.confidence)}${others.length === 0 ? '' : ` (else ${others.join(', ')})`}${hidden}${document.retriable === true ? '; a retry may help' : ''}`;
}

function causes(count: number): string {
  return count === 1 ? 'one cause' : `${count} causes`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function bold(text: string, color: boolean): string {
  return color ? `\u001b[1m${text}\u001b[0m` : text;
}
