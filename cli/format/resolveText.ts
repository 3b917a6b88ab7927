import type { AttemptDocument, Prediction, ResolveDocument } from '../../core/protocol/resolve';
import { printableText } from '../../core/text/display';
import { sayIn, type Phrase, type Say } from './phrases';
import { spoken } from './spoken';
import type { TextStyle } from './text';

/** One line per attempt, while it happens. */
export function attemptText(
  { method, url, phase, status, error, timings, simulated }: AttemptDocument,
  { color, catalogs }: TextStyle,
): string {
  const bad = status === null || status >= 400;
  const said = error ?? String(status ?? '');
  const ms = simulated ? sayIn(catalogs)('simulated') : `${Math.round(timings['total'] ?? 0)} ms`;
  const line = printableText(`  ${phase.padEnd(8)} ${method.padEnd(4)} ${shortDigests(url)}  ${said}`);
  return `${bad && color ? `\u001b[31m${line}\u001b[0m` : line}  ${ms}\n`;
}

/**
 * The verdict after the attempts: what containerd says, what that hides, what is wrong, what other releases would say. `mayPredict`:
 * `--predict` would ask what is not known.
 */
export function verdictText(document: ResolveDocument, { color, catalogs }: TextStyle, mayPredict: boolean): string {
  const say = sayIn(catalogs);
  const strong = (text: string): string => (color ? `\u001b[1m${text}\u001b[0m` : text);
  const lines: string[] = [''];
  const stopped = document.findings.find(({ id }) => id === 'replay-stopped');
  if (stopped) lines.push(strong(say('stopped')), indented(spoken(stopped, catalogs)));
  else if (document.ok)
    lines.push(
      say('gets', {
        stage: strong(say(stageOf(document))),
        containerd: document.containerd,
        via: document.via,
        digest: printableText(document.digest ?? ''),
        mediaType: printableText(document.mediaType ?? ''),
      }),
    );
  lines.push(...imageLines(document, strong, say));
  for (const finding of document.findings)
    if (finding !== stopped)
      lines.push(strong(say('warning')), indented(`${placeOf(finding)}${spoken(finding, catalogs)} [${finding.id}]`));
  if (document.reported !== null) {
    lines.push(
      strong(
        say('reports', {
          containerd: document.containerd,
          via: document.via,
          code: document.grpcCode === null ? '' : say('grpc-code', { code: document.grpcCode }),
        }),
      ),
      indented(document.reported),
    );
  }
  if (document.rootCause)
    lines.push(
      strong(say('root-cause')),
      indented(`${spoken(document.rootCause, catalogs)} [${document.rootCause.class}]`),
      ...attemptOf(document, say),
    );
  if (document.masked)
    lines.push(
      strong(say('hidden')),
      indented(say('shows-instead', { class: document.masked.by, releases: releasesText(document.masked.versions, say) })),
    );
  lines.push(...predictionLines(document, strong, say, mayPredict));
  if (document.rootCause) lines.push(strong(say('next-step')), indented(nextStep(document, say, catalogs)));
  return `${lines.join('\n')}\n`;
}

function placeOf({ path, range }: ResolveDocument['findings'][number]): string {
  return path === undefined ? '' : `${printableText(path)}:${(range?.start.line ?? 0) + 1}: `;
}

/** How far a pull went that met no error: `--until` ends it early. */
function stageOf({ image, findings }: ResolveDocument): Phrase {
  if (!image) return 'resolved';
  const waiting = image.pieces.some(({ kind, fetched }) => kind === 'config' && !fetched);
  return waiting && findings.length === 0 ? 'manifest-read' : 'pulled';
}

function attemptOf({ attempts, rootCause }: ResolveDocument, say: Say): string[] {
  const attempt = rootCause ? attempts[rootCause.attempt] : undefined;
  return attempt
    ? [
        indented(
          `${say('attempt', { number: (rootCause?.attempt ?? 0) + 1 })}: ${attempt.method} ${shortDigests(attempt.url)}: ${attempt.error ?? String(attempt.status ?? '')}`,
        ),
      ]
    : [];
}

/** Releases that say the same are one line. */
function predictionLines(document: ResolveDocument, strong: (text: string) => string, say: Say, mayPredict: boolean): string[] {
  const { predictions } = document;
  if (!predictions) return [];
  const groups = new Map<string, string[]>();
  for (const [line, prediction] of Object.entries(predictions)) {
    const known = predictionText(prediction, document, say);
    const text = mayPredict && 'needs' in prediction ? say('needs-predict', { needs: known }) : known;
    groups.set(text, [...(groups.get(text) ?? []), line]);
  }
  const same = groups.size === 1 && groups.has(say('same'));
  if (same || groups.size === 0) return [];
  return [
    strong(say('other-releases')),
    ...[...groups].map(([text, releases]) => indented(`${releases.join(', ')}: ${shortDigests(text)}`)),
  ];
}

function predictionText(prediction: Prediction, document: ResolveDocument, say: Say): string {
  if ('needs' in prediction) return say('needs', { request: prediction.needs });
  const unpacks = !document.findings.some(({ messageId }) => messageId.endsWith('/notUnpacked'));
  if (prediction.reported === document.reported && (prediction.notUnpacked !== true) === unpacks) return say('same');
  if (!prediction.ok) return prediction.reported ?? say('fails');
  return say(prediction.notUnpacked ? 'pulls-without-layers' : 'pulls-it');
}

/** What the image is made of, one line per piece. */
function imageLines({ image }: ResolveDocument, strong: (text: string) => string, say: Say): string[] {
  if (!image) return [];
  const width = Math.max(...image.pieces.map(({ mediaType }) => mediaType.length));
  const lines = image.pieces.map(({ kind, mediaType, digest, size, platform, fetched }) => {
    const about = [platform, fetched ? undefined : say('not-fetched')].filter((part) => part !== undefined).join(', ');
    return indented(
      `${kind.padEnd(8)} ${mediaType.padEnd(width)}  ${sizeText(size).padStart(9)}  ${shortDigests(digest)}  ${about}`.trimEnd(),
    );
  });
  return [strong(say('image-pieces')), ...lines];
}

function sizeText(bytes: number): string {
  if (bytes < 0) return '?';
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${'kMGT'.charAt(power - 1)}B`;
}

/** A range of releases as subject and verb: `containerd 2.0 and newer hide`. */
export function releasesText(range: string, say: Say): string {
  if (range === '*') return say('every-release-hides');
  const parts = range.split(' || ').map((part) => {
    const from = />=(\d+\.\d+)/.exec(part)?.[1];
    const to = /<(\d+\.\d+)/.exec(part)?.[1];
    if (from === undefined) return say('before', { to: to ?? '' });
    return to === undefined ? say('and-newer', { from }) : say('from-to', { from, to });
  });
  const releases = parts.slice(1).reduce((first, second) => say('and', { first, second }), parts[0] ?? '');
  return say(parts.length > 1 || range.startsWith('>=') ? 'releases-hide' : 'releases-hides', { releases });
}

function nextStep({ rootCause }: ResolveDocument, say: Say, catalogs: TextStyle['catalogs']): string {
  const { nextStep: message = '', nextStepMessage: step } = rootCause ?? {};
  const words = step ? spoken({ message, messageId: step.id, args: step.args }, catalogs) : message;
  return `${words === '' ? '' : `${words}\n`}${say('more-help', { id: rootCause?.class ?? 'other' })}`;
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
