/** Many nodes side by side, each with its own time limit: one that hangs costs its place, not the run. */
import { diagnose } from '../../core/diagnosis/diagnose';
import { fleet } from '../../core/diagnosis/fleet';
import type { Cancellation } from '../../core/ports';
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import type { FleetDocument } from '../../core/protocol/fleet';
import type { Io } from '../command';
import { sideBySide } from '../sideBySide';
import { connect } from '../transport';
import { collect } from './collect';
import { compareDump } from './compareDump';
import { limited } from './limited';

export interface FleetParams {
  readonly reference: string | undefined;
  readonly stageTimeoutMs: number;
  readonly nodeTimeoutMs: number;
  readonly parallel: number;
  readonly sshConfig: string | undefined;
  readonly io: Io;
  readonly onNode: (event: DiagnoseDocument | { readonly node: string; readonly error: string }) => void;
}

export async function diagnoseFleet(nodes: readonly string[], params: FleetParams): Promise<FleetDocument> {
  const all = fleet();
  await sideBySide(nodes, params.parallel, async (name) => {
    const outcome = await diagnoseNode(name, params);
    params.onNode(outcome);
    if ('error' in outcome) all.unreachable(outcome.node, outcome.error);
    else all.add(outcome);
  });
  return all.document();
}

async function diagnoseNode(
  name: string,
  params: FleetParams,
): Promise<DiagnoseDocument | { readonly node: string; readonly error: string }> {
  const { io, nodeTimeoutMs } = params;
  try {
    const outcome = await limited(io.cancellation, nodeTimeoutMs, (cancellation) => oneNode(name, params, cancellation));
    if (outcome.ended === 'done') return outcome.value;
    return { node: name, error: `it was not done within ${nodeTimeoutMs / 1000} s` };
  } catch (error) {
    return { node: name, error: error instanceof Error ? error.message : String(error) };
  }
}

/** Nobody is asked for anything: with many nodes a question would be lost among them. */
async function oneNode(
  name: string,
  { reference, stageTimeoutMs, sshConfig, io }: FleetParams,
  cancellation: Cancellation,
): Promise<DiagnoseDocument> {
  const node = await connect(name, { ...(sshConfig !== undefined && { sshConfig }), env: io.env, cancellation });
  try {
    return diagnose(await collect({ reference, stageTimeoutMs }, { node, io, cancellation, onStep: () => undefined }), compareDump);
  } finally {
    await node.close();
  }
}
