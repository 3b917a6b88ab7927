import type { AttemptDocument, Prediction, ResolveDocument } from '../../core/protocol';
import { printableText } from '../../core/text/display';

/** One line per attempt, while it happens. */
export function attemptText({ method, url, phase, status, error, timings, simulated }: AttemptDocument, color: boolean): string {
  const bad = status === null || status >= 400;
  const said = error ?? String(status ?? '');
  const ms = simulated ? 'simulated' : `${Math.round(timings['total'] ?? 0)} ms`;
  const line = printableText(`  ${phase.padEnd(8)} ${method.padEnd(4)} ${shortDigests(url)}  ${said}`);
  return `${bad && color ? `\u001b[31m${line}\u001b[0m` : line}  ${ms}\n`;
}

/** The verdict after the attempts: what containerd says, what that hides, what is wrong, what other releases would say. */
export function verdictText(document: ResolveDocument, color: boolean): string {
  const strong = (text: string): string => (color ? `\u001b[1m${text}\u001b[0m` : text);
  const lines: string[] = [''];
  const stopped = document.findings.find(({ id }) => id === 'replay-stopped');
  if (stopped) lines.push(strong('Stopped'), indented(stopped.message));
  else if (document.ok)
    lines.push(
      `${strong(stageText(document))}: containerd ${document.containerd} (${document.via}) gets ${printableText(document.digest ?? '')}, ${printableText(document.mediaType ?? '')}.`,
    );
  lines.push(...imageLines(document, strong));
  for (const { id, message } of document.findings)
    if (id !== 'replay-stopped') lines.push(strong('Warning:'), indented(`${message} [${id}]`));
  if (document.reported !== null) {
    lines.push(
      strong(
        `containerd ${document.containerd} (${document.via}) reports${document.grpcCode === null ? '' : `, code ${document.grpcCode}`}:`,
      ),
      indented(document.reported),
    );
  }
  if (document.rootCause)
    lines.push(strong('Root cause:'), indented(`${document.rootCause.message} [${document.rootCause.class}]`), ...attemptOf(document));
  if (document.masked)
    lines.push(
      strong('Hidden:'),
      indented(`The reported text shows ${document.masked.by} instead; ${releasesText(document.masked.versions)} the cause this way.`),
    );
  lines.push(...predictionLines(document, strong));
  if (document.rootCause) lines.push(strong('Next:'), indented(nextStep(document)));
  return `${lines.join('\n')}\n`;
}

/** How far a pull went that met no error: `--until` ends it early. */
function stageText({ image, findings }: ResolveDocument): string {
  if (!image) return 'Resolved';
  const waiting = image.pieces.some(({ kind, fetched }) => kind === 'config' && !fetched);
  return waiting && findings.length === 0 ? 'Manifest read' : 'Pulled';
}

function attemptOf({ attempts, rootCause }: ResolveDocument): string[] {
  const attempt = rootCause ? attempts[rootCause.attempt] : undefined;
  return attempt
    ? [
        indented(
          `attempt ${(rootCause?.attempt ?? 0) + 1}: ${attempt.method} ${shortDigests(attempt.url)}: ${attempt.error ?? String(attempt.status ?? '')}`,
        ),
      ]
    : [];
}

/** Releases that say the same are one line. */
function predictionLines(document: ResolveDocument, strong: (text: string) => string): string[] {
  const { predictions } = document;
  if (!predictions) return [];
  const groups = new Map<string, string[]>();
  for (const [line, prediction] of Object.entries(predictions)) {
    const text = predictionText(prediction, document);
    groups.set(text, [...(groups.get(text) ?? []), line]);
  }
  const same = groups.size === 1 && groups.has('the same');
  if (same || groups.size === 0) return [];
  return [strong('Other releases:'), ...[...groups].map(([text, releases]) => indented(`${releases.join(', ')}: ${shortDigests(text)}`))];
}

function predictionText(prediction: Prediction, document: ResolveDocument): string {
  if ('needs' in prediction) return `unknown: it would have asked ${prediction.needs} (--predict asks)`;
  const unpacks = !document.findings.some(({ messageId }) => messageId.endsWith('/notUnpacked'));
  if (prediction.reported === document.reported && (prediction.notUnpacked !== true) === unpacks) return 'the same';
  if (!prediction.ok) return prediction.reported ?? 'fails';
  return prediction.notUnpacked ? 'says that it is pulled, without any of its layers' : 'pulls it';
}

/** What the image is made of, one line per piece. */
function imageLines({ image }: ResolveDocument, strong: (text: string) => string): string[] {
  if (!image) return [];
  const width = Math.max(...image.pieces.map(({ mediaType }) => mediaType.length));
  const lines = image.pieces.map(({ kind, mediaType, digest, size, platform, fetched }) => {
    const about = [platform, fetched ? undefined : 'not fetched'].filter((part) => part !== undefined).join(', ');
    return indented(
      `${kind.padEnd(8)} ${mediaType.padEnd(width)}  ${sizeText(size).padStart(9)}  ${shortDigests(digest)}  ${about}`.trimEnd(),
    );
  });
  return [strong('Image:'), ...lines];
}

function sizeText(bytes: number): string {
  if (bytes < 0) return '?';
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${'kMGT'.charAt(power - 1)}B`;
}

/** A range of releases as subject and verb: `containerd 2.0 and newer hide`. */
export function releasesText(range: string): string {
  if (range === '*') return 'every release of containerd hides';
  const parts = range.split(' || ').map((part) => {
    const from = />=(\d+\.\d+)/.exec(part)?.[1];
    const to = /<(\d+\.\d+)/.exec(part)?.[1];
    if (from === undefined) return `before ${to ?? ''}`;
    return to === undefined ? `${from} and newer` : `from ${from} until before ${to}`;
  });
  return `containerd ${parts.join(', and ')} hide${parts.length > 1 || range.startsWith('>=') ? '' : 's'}`;
}

function nextStep({ rootCause }: ResolveDocument): string {
  const words = rootCause && rootCause.nextStep !== '' ? `${rootCause.nextStep}\n` : '';
  return `${words}More: containerd-runbooks help ${rootCause?.class ?? 'other'}`;
}

/** Digests are long, and their start tells them apart; what containerd reports is never shortened. */
function shortDigests(text: string): string {
  return text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…');
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${printableText(line)}`)
    .join('\n');
}
