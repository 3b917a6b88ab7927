import type { Severity } from '../rules/rule';
import type { MessageDocument, SaidDocument } from './said';

/** `diagnose` of many nodes: what they have in common, and which differ. */
export interface FleetDocument {
  readonly schema: 1;
  readonly nodes: number;
  readonly ok: number;
  /** By cause, commonest first. */
  readonly groups: readonly FleetGroup[];
  /** Nodes that could not be asked, each with the reason. */
  readonly unreachable: readonly { readonly node: string; readonly error: string }[];
  /** Where few differ from what most have. */
  readonly odd: readonly FleetOddity[];
}

/** What differs from node to node, its name and amounts, is left out of message and args. */
export interface FleetGroup extends SaidDocument {
  readonly id: string;
  readonly verdict: boolean;
  readonly severity: Severity;
  readonly path: string | null;
  readonly nextStep: string | null;
  readonly nextStepMessage: MessageDocument | null;
  readonly count: number;
  /** The first of them. */
  readonly nodes: readonly string[];
  readonly docs: string | null;
}

export interface FleetOddity {
  readonly trait: string;
  readonly usual: string;
  readonly value: string;
  readonly count: number;
  readonly nodes: readonly string[];
}
