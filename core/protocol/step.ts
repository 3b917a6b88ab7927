import type { CheckStatus } from './ready';
import type { SaidDocument } from './said';

/** A guided step that ran. */
export interface StepDocument {
  readonly schema: 1;
  readonly node: string;
  readonly step: string;
  readonly lines: readonly (SaidDocument & { readonly status: CheckStatus })[];
}

/** What a guided step would change on a node. Nothing is changed by asking. */
export interface StepPlanDocument {
  readonly schema: 1;
  readonly node: string;
  readonly step: string;
  /** Null: there is nothing to change. `base` null: the file is made; `text` null: it is taken away. */
  readonly change: {
    readonly path: string;
    readonly base: string | null;
    readonly text: string | null;
    readonly restart: string | null;
  } | null;
  /** Why there is nothing to change. */
  readonly said: SaidDocument | null;
}
