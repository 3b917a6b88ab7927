import { guidedSteps, stepCatalog } from '../core/steps';
import type { GuidedStep } from '../core/steps/step';
import { render } from '../core/text/message';

/** A page for each guided step: what it does on the node, and how it is called. */
export function stepPages(): ReadonlyMap<string, string> {
  return new Map(guidedSteps.map((step) => [`docs/steps/${step.id}.md`, page(step)]));
}

function page(step: GuidedStep): string {
  const text = (key: string): string => render({ id: `${step.id}/${key}`, args: {} }, stepCatalog);
  const input = step.kind === 'run' ? ` ${step.needs.toUpperCase()}` : '';
  const call = `containerd-runbooks step ${step.id}${input}`;
  const calls = [
    `${call} --node NODE            # shows what it would ${step.kind === 'run' ? 'run' : 'change'}`,
    `${call} --node NODE --apply    # does it`,
    ...(step.kind === 'change' ? [`${call} --node NODE --off --apply    # takes it back`] : []),
  ];
  const notes = step.kind === 'run' && step.notes !== undefined ? ['', text(step.notes)] : [];
  return ['<!-- Generated from core/steps. -->', `# ${text('title')}`, '', text('does'), ...notes, '', '```', ...calls, '```', ''].join(
    '\n',
  );
}
