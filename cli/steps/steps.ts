/** Guided steps on a node: planned by reading only, run or applied only when a person has seen what it will do. */
import { debugLevelFile } from '../../core/diagnosis/debugLevelFile';
import { withoutSecrets } from '../../core/diagnosis/findingDocument';
import { hostsDirOf } from '../../core/diagnosis/hostsDir';
import type { Cancellation, Node } from '../../core/ports';
import type { SaidDocument } from '../../core/protocol/said';
import type { StepDocument, StepPlanDocument } from '../../core/protocol/step';
import { guidedSteps, stepCatalog } from '../../core/steps';
import type { ChangeStep, GuidedStep, KubeletProviders, RunStep, StepPlace, StepSeen } from '../../core/steps/step';
import { render, type Message } from '../../core/text/message';
import { kubeletProbe } from '../../core/probes/kubelet';
import type { ProbeOutput } from '../../core/probes/probe';
import { CallError } from '../command';
import { seeConfiguration } from '../diagnosis/nodeEvidence';
import { restartCommand } from '../transport/containerdService';
import { readNodePlaces } from '../transport/nodeTree';
import { readWholeFile } from '../transport/readFile';

export function stepOf<K extends GuidedStep['kind']>(id: string, kind: K): Extract<GuidedStep, { readonly kind: K }> {
  const step = guidedSteps.find((one) => one.id === id);
  if (step?.kind !== kind)
    throw new CallError(`there is no step "${id}" of this kind; the steps are ${guidedSteps.map((one) => one.id).join(', ')}`);
  return step as Extract<GuidedStep, { readonly kind: K }>;
}

/** Reads only. `on` false: takes back what was turned on. */
export async function planStep(node: Node, step: ChangeStep, on: boolean, cancellation: Cancellation): Promise<StepPlanDocument> {
  const looked = await asked(node, step.look.script(), step.look.timeoutMs, cancellation);
  const place = await lastPlace(node, step.look.parse(looked), cancellation);
  const document = { schema: 1, node: node.name, step: step.id } as const;
  if (place.kind === 'none') return { ...document, change: null, said: said(place.why) };
  const base = await textOrNone(node, place.path, cancellation);
  const change = on ? step.turnOn(place, base, new Date().toISOString()) : step.turnOff(place, base);
  if ('said' in change) return { ...document, change: null, said: said(change.said) };
  const { path, kind } = place;
  return {
    ...document,
    change: { path, base, text: change.text, restart: restartCommand(path, kind === 'config' ? 'config' : undefined) },
    said: null,
  };
}

export async function runStep(node: Node, step: RunStep, input: string, cancellation: Cancellation): Promise<StepDocument> {
  const seen = await see(node, step, input, cancellation);
  const output = await asked(node, step.script(input, seen), step.timeoutMs, cancellation);
  // Words of a client may quote an address with its password.
  const lines = step.parse(output, input, seen).map(({ status, message }) => ({ status, ...said(withoutSecrets(message)) }));
  return { schema: 1, node: node.name, step: step.id, lines };
}

/** The script comes on stdin and is in no argument list, as it is where probes share a stage: what a step exports may be secret. */
async function asked(node: Node, script: string, timeoutMs: number, cancellation: Cancellation): Promise<ProbeOutput> {
  const result = await node.run(script, { timeoutMs, cancellation });
  const { stdout, stderr } = result;
  if (result.status === 'cancelled') throw new CallError('the step was cancelled', 'cancelled');
  return result.status === 'exited' ? { status: 'done', exitCode: result.code, stdout, stderr } : { status: 'timeout', stdout, stderr };
}

/** An imported file wins over the one that imports it: the level is set where it is set last. */
async function lastPlace(node: Node, place: StepPlace, cancellation: Cancellation): Promise<StepPlace> {
  if (place.kind !== 'config') return place;
  const { places, dump } = await seeConfiguration(node, cancellation);
  return { kind: 'config', path: debugLevelFile(places, place.path, dump.version ?? '') };
}

async function see(node: Node, { sees }: RunStep, image: string, cancellation: Cancellation): Promise<StepSeen> {
  if (sees === 'kubelet') return { kubelet: await seeKubelet(node, cancellation) };
  if (sees === undefined) return {};
  const { places, dump } = await seeConfiguration(node, cancellation);
  const hostsDir = hostsDirOf(image, places, dump.configPath ?? null, dump.version ?? '');
  return hostsDir === undefined ? {} : { hostsDir };
}

async function seeKubelet(node: Node, cancellation: Cancellation): Promise<KubeletProviders> {
  const kubelet = kubeletProbe.parse(await asked(node, kubeletProbe.script(), kubeletProbe.timeoutMs, cancellation));
  const { running: isRunning, providerConfig: config, providerFiles: files, providerFolder: folder } = kubelet;
  const texts: string[] = [];
  for (const file of files) {
    const text = await textOrNone(node, file, cancellation).catch(() => null);
    if (text === null) return { isRunning, config, folder, texts: null };
    texts.push(text);
  }
  return { isRunning, config, folder, texts: texts.length === 0 ? null : texts };
}

async function textOrNone(node: Node, path: string, cancellation: Cancellation): Promise<string | null> {
  const places = await readNodePlaces(node, [path], cancellation);
  if (places.get(path)?.kind === 'missing') return null;
  return readWholeFile(node, path, cancellation);
}

function said({ id, args }: Message): SaidDocument {
  return { message: render({ id, args }, stepCatalog), messageId: id, args };
}
