import * as vscode from 'vscode';
import type { ServeCommands } from '../../core/serve';
import type { CliProcess } from '../cliProcess';
import type { ConsentedWrites } from '../remoteFiles/consentedWrites';
import { onNode } from '../remoteFiles/nodeTrees';
import { fileUri } from '../remoteFiles/nodeUri';
import type { Diagnoses } from '../views/diagnoses';
import { askNode, askText, sshConfig } from './inputs';

export interface StepParts {
  readonly cli: CliProcess;
  readonly writes: ConsentedWrites;
  readonly diagnoses: Diagnoses;
  readonly memory: vscode.Memento;
}

type Listed = ServeCommands['steps']['result']['steps'][number];

interface Choice extends vscode.QuickPickItem {
  /** Undefined: pulls are followed. */
  readonly step: Listed | undefined;
  readonly on: boolean;
}

/** *Guided Step on Node*: which one, then the change or the command is shown, and nothing happens before it is confirmed. */
export async function guidedStep(given: unknown, parts: StepParts): Promise<void> {
  const node = await askNode(typeof given === 'string' ? given : undefined);
  if (node === undefined) return;
  const { steps } = await onNode(vscode.l10n.t('Guided Step: {0}', node), (observer, token) => parts.cli.run('steps', {}, observer, token));
  const choice = await vscode.window.showQuickPick([...steps.flatMap(choicesOf), following()], {
    placeHolder: vscode.l10n.t('Guided Step: {0}', node),
    matchOnDetail: true,
  });
  if (!choice) return;
  const { step } = choice;
  if (!step) await parts.diagnoses.run({ title: choice.label, place: node }, { command: 'follow', params: { node, ...sshConfig() } });
  else if (step.needs === null) await change(node, step, choice, parts);
  else await run(node, step, step.needs, parts);
}

function choicesOf(step: Listed): readonly Choice[] {
  const { title, does: detail, needs } = step;
  if (needs !== null) return [{ label: title, detail, step, on: true }];
  return [
    { label: vscode.l10n.t('{0}: on', title), detail, step, on: true },
    { label: vscode.l10n.t('{0}: off', title), detail, step, on: false },
  ];
}

function following(): Choice {
  const detail = vscode.l10n.t(
    'Reads the journal of the node, or its log, as it grows, and shows each pull that fails. Until it is cancelled.',
  );
  return { label: vscode.l10n.t('Follow failed pulls'), detail, step: undefined, on: true };
}

async function change(node: string, step: Listed, { on, label }: Choice, { cli, writes }: StepParts): Promise<void> {
  const plan = await onNode(`${label}: ${node}`, (observer, token) =>
    cli.run('planStep', { node, ...sshConfig(), step: step.id, on }, observer, token),
  );
  if (plan.change === null) {
    await vscode.window.showInformationMessage(plan.said?.message ?? '');
    return;
  }
  const { path, base, text } = plan.change;
  await writes.write({ node, path, uri: fileUri({ node, path }), base, text });
}

async function run(node: string, step: Listed, needs: 'registry' | 'image', { cli, diagnoses, memory }: StepParts): Promise<void> {
  const typed = await askText(memory, `step/${step.id}`, {
    title: `${step.title}: ${node}`,
    prompt: step.does,
    placeHolder: needs === 'image' ? 'docker.io/library/nginx:latest' : 'registry.example.com:5000',
  });
  const input = typed?.trim() ?? '';
  if (input === '') return;
  const { shown } = await onNode(`${step.title}: ${node}`, (observer, token) =>
    cli.run('shownStep', { step: step.id, input }, observer, token),
  );
  const confirmed = vscode.l10n.t('Run');
  const detail = `${shown}\n\n${step.does}`;
  const chosen = await vscode.window.showWarningMessage(vscode.l10n.t('Run this on {0}?', node), { modal: true, detail }, confirmed);
  if (chosen !== confirmed) return;
  await diagnoses.run({ title: step.title, place: node }, { command: 'runStep', params: { node, ...sshConfig(), step: step.id, input } });
}
