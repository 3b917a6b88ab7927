import type { AttemptDocument, Prediction, ResolveDocument } from '../../core/protocol';
import { errorCatalog } from '../../core/errors';
import { printableText } from '../../core/text/display';
import { render } from '../../core/text/message';

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
      `${strong('Pulled')}: containerd ${document.containerd} (${document.via}) gets ${printableText(document.digest ?? '')}, ${printableText(document.mediaType ?? '')}.`,
    );
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
      indented(`The reported text shows ${document.masked.by} instead; containerd ${document.masked.versions} hides the cause this way.`),
    );
  lines.push(...predictionLines(document, strong));
  if (document.rootCause) lines.push(strong('Next:'), indented(nextStep(document)));
  return `${lines.join('\n')}\n`;
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
function predictionLines({ predictions, reported }: ResolveDocument, strong: (text: string) => string): string[] {
  if (!predictions) return [];
  const groups = new Map<string, string[]>();
  for (const [line, prediction] of Object.entries(predictions)) {
    const text = predictionText(prediction, reported);
    groups.set(text, [...(groups.get(text) ?? []), line]);
  }
  const same = groups.size === 1 && groups.has('the same');
  if (same || groups.size === 0) return [];
  return [strong('Other releases:'), ...[...groups].map(([text, releases]) => indented(`${releases.join(', ')}: ${shortDigests(text)}`))];
}

function predictionText(prediction: Prediction, reported: string | null): string {
  if ('needs' in prediction) return `unknown: it would have asked ${prediction.needs} (--predict asks)`;
  if (prediction.reported === reported) return 'the same';
  return prediction.ok ? 'pulls it' : (prediction.reported ?? 'fails');
}

function nextStep({ rootCause, attempts }: ResolveDocument): string {
  const id = rootCause?.class ?? 'other';
  const host = rootCause ? attempts[rootCause.attempt]?.host : undefined;
  const step = [`${id}/nextStepAtHost`, `${id}/nextStep`].find(
    (key) => Object.hasOwn(errorCatalog, key) && (host !== undefined || !key.endsWith('AtHost')),
  );
  const words = step === undefined ? '' : `${render({ id: step, args: { host: host ?? '' } }, errorCatalog)}\n`;
  return `${words}More: containerd-runbooks help ${id}`;
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
