import type { SaidDocument } from '../../core/protocol/said';
import type { StepDocument, StepPlanDocument } from '../../core/protocol/step';
import { guidedSteps, stepCatalog } from '../../core/steps';
import type { RunStep } from '../../core/steps/step';
import { message, render } from '../../core/text/message';
import { refuseBadInput } from '../commands/step';
import { spoken } from '../format/spoken';
import { planStep, runStep, stepOf } from '../steps/steps';
import { onNode, type NodesAndWords } from './onNode';
import type { Handlers } from './requests';

type StepHandlers = Pick<Handlers, 'steps' | 'planStep' | 'shownStep' | 'runStep'>;

/** Guided steps for the editor. `planStep` only reads; what it plans is written by `writeFile` when a person has confirmed it. */
export function stepHandlers(nodes: NodesAndWords): StepHandlers {
  const { catalogs } = nodes;
  const text = (id: string): string => render({ id, args: {} }, ...catalogs, stepCatalog);
  const said = <T extends SaidDocument>(document: T): T => ({ ...document, message: spoken(document, catalogs) });
  return {
    steps: () =>
      Promise.resolve({
        steps: guidedSteps.map((step) => ({
          id: step.id,
          title: text(`${step.id}/title`),
          does: text(`${step.id}/does`),
          needs: step.kind === 'run' ? step.needs : null,
        })),
      }),
    planStep: (params, session) =>
      onNode(nodes, params, session, message(`${params.step}/title`), async (node): Promise<StepPlanDocument> => {
        const plan = await planStep(node, stepOf(params.step, 'change'), params.on, session.cancellation);
        return { ...plan, said: plan.said && said(plan.said) };
      }),
    shownStep: ({ step, input }) => Promise.resolve().then(() => ({ shown: runnable(step, input).shown(input) })),
    runStep: (params, session) => {
      const step = runnable(params.step, params.input);
      return onNode(nodes, params, session, message(`${step.id}/title`), async (node): Promise<StepDocument> => {
        const document = await runStep(node, step, params.input, session.cancellation);
        return { ...document, lines: document.lines.map(said) };
      });
    },
  };
}

function runnable(id: string, input: string): RunStep {
  const step = stepOf(id, 'run');
  refuseBadInput(step, input);
  return step;
}
