import type { CheckStatus } from './ready';

/** What a panel or terminal shows while a diagnosis runs: one line that goes from running to its end. */
export interface Step {
  readonly id: string;
  readonly label: string;
  readonly status: 'running' | CheckStatus;
  readonly detail?: string;
  /** The page that explains it: `errors/<id>`. */
  readonly docs?: string;
}
