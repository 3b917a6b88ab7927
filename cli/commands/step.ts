import type { SaidDocument } from '../../core/protocol/said';
import { parseReference } from '../../core/reference/reference';
import { guidedSteps, stepCatalog } from '../../core/steps';
import type { ChangeStep, RunStep } from '../../core/steps/step';
import { lineDiff } from '../../core/text/lineDiff';
import { printableText } from '../../core/text/display';
import { message, render, type Catalog } from '../../core/text/message';
import { CallError, flag, stringOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { spoken } from '../format/spoken';
import { catalogsOf } from '../language';
import { connectNode, nodeOptions } from '../nodeOption';
import { formatOption, langOption } from '../sharedOptions';
import { planStep, runStep } from '../steps/steps';
import { stampOf, writeNodeFile } from '../transport/writeFile';

export const stepCommand: Command = {
  name: 'step',
  usage: 'step [ID [REGISTRY|IMAGE]] [--apply] [--off] [--node NODE]',
  summary: 'One guided step on a node: shows what it would run or change there, and does it only with --apply.',
  options: {
    ...nodeOptions,
    apply: { type: 'boolean', help: 'Does what a call without it showed.' },
    off: { type: 'boolean', help: 'Takes back what the step turned on.' },
    format: formatOption,
    lang: langOption,
  },
  run,
};

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const [id, input, ...more] = line.positionals;
  const catalogs = [...catalogsOf(line, io), stepCatalog];
  if (id === undefined) {
    io.stdout(guidedSteps.map((one) => `${one.id}\n  ${render({ id: `${one.id}/does`, args: {} }, ...catalogs)}\n`).join(''));
    return 0;
  }
  const step = guidedSteps.find((one) => one.id === id);
  if (!step) throw new CallError(`there is no step "${id}"; the steps are ${guidedSteps.map((one) => one.id).join(', ')}`);
  if (more.length > 0 || (step.kind === 'change' && input !== undefined))
    throw new CallError(`usage: containerd-runbooks ${stepCommand.usage}`);
  return step.kind === 'change' ? change(step, line, io, catalogs) : command(step, input, line, io, catalogs);
}

async function command(
  step: RunStep,
  input: string | undefined,
  line: CommandLine,
  io: Io,
  catalogs: readonly Catalog[],
): Promise<ExitStatus> {
  if (flag(line, 'off')) throw new CallError(`${step.id} turns nothing on: --off does not go with it`);
  if (input === undefined) throw new CallError(`${step.id} needs ${step.needs === 'image' ? 'an IMAGE' : 'a REGISTRY'}`);
  refuseBadInput(step, input);
  if (!flag(line, 'apply')) {
    io.stdout(`${render({ id: `${step.id}/does`, args: {} }, ...catalogs)}\n\n  ${step.shown(input)}\n`);
    return 0;
  }
  const node = await connectNode(line, io);
  try {
    const document = await runStep(node, step, input, io.cancellation);
    const text = document.lines.map((one) => `${one.status.padEnd(4)}  ${clean(one, catalogs)}\n`).join('');
    io.stdout(stringOption(line, 'format') === 'json' ? `${JSON.stringify(document, null, 2)}\n` : text);
    return document.lines.some(({ status }) => status === 'fail') ? 1 : 0;
  } finally {
    await node.close();
  }
}

/** What reaches the node is quoted; what is no reference or host is a slip of the hand. */
export function refuseBadInput({ id, needs }: RunStep, input: string): void {
  if (needs === 'image') {
    const parsed = parseReference(input);
    if (!parsed.ok) throw new CallError(parsed.error);
  } else if (!/^[\w.:[\]/-]{1,300}$/.test(input) || input.startsWith('-'))
    throw new CallError(`${id}: "${printableText(input)}" is no registry host`);
}

async function change(step: ChangeStep, line: CommandLine, io: Io, catalogs: readonly Catalog[]): Promise<ExitStatus> {
  const node = await connectNode(line, io);
  try {
    const plan = await planStep(node, step, !flag(line, 'off'), io.cancellation);
    if (stringOption(line, 'format') === 'json') io.stdout(`${JSON.stringify(plan, null, 2)}\n`);
    const say = (text: string): void => {
      if (stringOption(line, 'format') !== 'json') io.stdout(text);
    };
    if (plan.change === null) {
      say(`${plan.said === null ? '' : clean(plan.said, catalogs)}\n`);
      return 0;
    }
    const { path, base, text, restart } = plan.change;
    say(lineDiff(path, base, text));
    const after = restart === null ? '' : `It takes effect after: ${restart}\n`;
    if (!flag(line, 'apply')) {
      say(`\nNothing was changed on ${printableText(plan.node)}. Do it with --apply. ${after}`);
      return 0;
    }
    const outcome = await writeNodeFile(node, { path, base, text, stamp: stampOf(new Date()) }, io.cancellation);
    if (outcome.status !== 'written')
      throw new CallError(
        message('failure/file', {
          path,
          node: plan.node,
          why: 'reason' in outcome ? outcome.reason : `it is ${outcome.status} since it was read`,
        }),
      );
    say(`\n${path} was ${text === null ? 'removed' : 'written'}. ${after}`);
    return 0;
  } finally {
    await node.close();
  }
}

function clean(document: SaidDocument, catalogs: readonly Catalog[]): string {
  return printableText(spoken(document, catalogs));
}
