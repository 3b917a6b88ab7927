import type { Cancellation } from '../../core/ports';
import type { Step } from '../../core/protocol/progress';
import type { Ask } from '../transport';

/** One request while it runs: how it tells its steps, asks a person, and learns that nobody waits any more. */
export interface Session {
  readonly cancellation: Cancellation;
  readonly ask: Ask;
  step(step: Step): void;
}

/** Cancelled once, by its owner. */
export class CancellationSource implements Cancellation {
  private readonly listeners = new Set<() => void>();
  cancelled = false;

  onCancelled(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const listener of [...this.listeners]) listener();
  }
}
