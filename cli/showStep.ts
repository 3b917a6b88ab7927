import type { Step } from '../core/protocol/progress';
import type { Io } from './command';
import { stepText } from './format/diagnoseText';

/** Steps of text go to stderr, so that what is piped is the answer. */
export function showStep(step: Step, format: string, io: Io): void {
  if (format === 'ndjson') io.stdout(`${JSON.stringify({ event: 'step', step })}\n`);
  else if (format === 'text') io.stderr(stepText(step));
}
