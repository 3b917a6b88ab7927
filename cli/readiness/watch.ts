import { readyDocument } from '../../core/diagnosis/readiness';
import type { Cancellation } from '../../core/ports';
import type { CheckChange, CheckDocument, ReadyDocument } from '../../core/protocol/ready';
import { CallError } from '../command';
import { readinessTasks, type ReadinessContext, type ReadinessParams, type ReadinessTask } from './run';

export interface WatchOptions {
  /** Undefined: until the node is ready or the person stops it. */
  readonly timeoutMs: number | undefined;
  readonly onChange: (change: CheckChange, check: CheckDocument) => void;
  /** A context whose requests and stages end with the watch, and with it only. */
  readonly contextOf: (cancellation: Cancellation) => ReadinessContext;
}

/** The state of the kernel is cheap to ask; a registry is spared. */
const everyMs = { node: 250, registry: 1000 } as const;

/**
 * Asks until all is well. Each part is asked on its own, so that a registry that hangs does not hide the moment in which an interface
 * came up.
 */
export async function watchReadiness(params: ReadinessParams, cancellation: Cancellation, options: WatchOptions): Promise<ReadyDocument> {
  const stop = new Stop(cancellation, options.timeoutMs);
  const context = options.contextOf(stop);
  const tasks = readinessTasks(params, context);
  const record = new Progress(tasks, options.onChange);
  try {
    await Promise.all(tasks.map((task) => repeat(task, record, stop)));
  } catch (error) {
    stop.end();
    if (!cancellation.cancelled) throw error;
  } finally {
    stop.end();
  }
  if (cancellation.cancelled) throw new CallError('the check was cancelled', 'cancelled');
  return record.document(context.node.name);
}

async function repeat(task: ReadinessTask, record: Progress, stop: Stop): Promise<void> {
  const pauseMs = task.id === 'node-state' ? everyMs.node : everyMs.registry;
  while (!stop.cancelled) {
    const checks = await Promise.race([task.check(), stop.ended]);
    if (checks === undefined) return;
    record.put(task, checks);
    if (record.isReady) stop.end();
    else await stop.pause(pauseMs);
  }
}

/** What is known so far, and when it came about. */
class Progress {
  readonly #latest = new Map<string, readonly CheckDocument[]>();
  readonly #statuses = new Map<string, CheckChange>();
  readonly #changes: CheckChange[] = [];
  readonly #started = performance.now();

  constructor(
    private readonly tasks: readonly ReadinessTask[],
    private readonly onChange: WatchOptions['onChange'],
  ) {}

  get isReady(): boolean {
    return this.tasks.every(({ id }) => this.#latest.get(id)?.every(({ status }) => status !== 'fail') === true);
  }

  put(task: ReadinessTask, checks: readonly CheckDocument[]): void {
    this.#latest.set(task.id, checks);
    const elapsedMs = Math.round(performance.now() - this.#started);
    for (const check of checks) {
      const { id, subject, status } = check;
      const key = `${task.id}\n${id}\n${subject}`;
      if (this.#statuses.get(key)?.status === status) continue;
      const change = { id, subject, status, elapsedMs };
      this.#statuses.set(key, change);
      this.#changes.push(change);
      this.onChange(change, check);
    }
  }

  document(node: string): ReadyDocument {
    const checks = this.tasks.flatMap(({ id }) => this.#latest.get(id) ?? []);
    const elapsedMs = Math.round(performance.now() - this.#started);
    return { ...readyDocument(node, checks, this.isReady), watched: { elapsedMs, changes: this.#changes } };
  }
}

/** Ends a watch: the person, the time limit, or success, whichever comes first. What waits for it wakes at once. */
class Stop implements Cancellation {
  cancelled = false;
  readonly ended: Promise<undefined>;
  readonly #listeners = new Set<() => void>();
  readonly #release: () => void;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(outer: Cancellation, timeoutMs: number | undefined) {
    this.ended = new Promise((resolve) => this.#listeners.add(() => resolve(undefined)));
    this.#release = outer.onCancelled(() => this.end());
    this.#timer = timeoutMs === undefined ? undefined : setTimeout(() => this.end(), timeoutMs);
    if (outer.cancelled) this.end();
  }

  onCancelled(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  end(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    clearTimeout(this.#timer);
    this.#release();
    for (const listener of [...this.#listeners]) listener();
  }

  pause(milliseconds: number): Promise<void> {
    if (this.cancelled) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        release();
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      const release = this.onCancelled(wake);
    });
  }
}
