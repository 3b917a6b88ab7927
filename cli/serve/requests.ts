import type { ServeCommand, ServeCommands, ServeErrorKind, ServeEvent, ServeRequest } from '../../core/serve';
import type { Catalog } from '../../core/text/message';
import { CallError, toldIn } from '../command';
import { CancellationSource, type Session } from './session';

/** What a command does with its parameters. */
export type Handlers = {
  readonly [C in ServeCommand]: (params: ServeCommands[C]['params'], session: Session) => Promise<ServeCommands[C]['result']>;
};

type Call = Extract<ServeRequest, { command: unknown }>;

interface Running {
  readonly cancellation: CancellationSource;
  readonly questions: Map<number, (answer: string | null) => void>;
}

/** The requests of one parent. Each ends in exactly one `result` or `error`; many may run side by side. */
export class Requests {
  private readonly running = new Map<number, Running>();
  private nextPromptId = 1;

  constructor(
    private readonly handlers: Handlers,
    private readonly send: (event: ServeEvent) => void,
    private readonly catalogs: readonly Catalog[] = [],
  ) {}

  receive(request: ServeRequest): void {
    if ('command' in request) void this.run(request);
    else if ('cancel' in request) this.cancel(request.id);
    else this.running.get(request.id)?.questions.get(request.promptId)?.(request.answer);
  }

  /** The parent is gone: nobody waits for anything. */
  cancelAll(): void {
    for (const id of this.running.keys()) this.cancel(id);
  }

  private cancel(id: number): void {
    const running = this.running.get(id);
    running?.cancellation.cancel();
    for (const answer of running?.questions.values() ?? []) answer(null);
  }

  private async run(call: Call): Promise<void> {
    const running: Running = { cancellation: new CancellationSource(), questions: new Map() };
    this.running.set(call.id, running);
    this.send(await this.outcome(call, running));
    this.running.delete(call.id);
  }

  private async outcome(call: Call, running: Running): Promise<ServeEvent> {
    const { id } = call;
    try {
      const result = await carryOut(this.handlers, call, this.session(id, running));
      return running.cancellation.cancelled ? cancelled(id) : { id, result };
    } catch (error) {
      if (running.cancellation.cancelled) return cancelled(id);
      const kind: ServeErrorKind = error instanceof CallError ? error.kind : 'internal';
      return { id, error: { kind, message: toldIn(this.catalogs, error) } };
    }
  }

  private session(id: number, running: Running): Session {
    return {
      cancellation: running.cancellation,
      step: (step) => this.send({ id, step }),
      ask: ({ text, secret }) =>
        new Promise((resolve) => {
          const promptId = this.nextPromptId++;
          running.questions.set(promptId, (answer) => {
            running.questions.delete(promptId);
            resolve(answer);
          });
          this.send({ id, promptId, prompt: text, secret });
        }),
    };
  }
}

function cancelled(id: number): ServeEvent {
  return { id, error: { kind: 'cancelled', message: 'Cancelled.' } };
}

function carryOut(handlers: Handlers, call: Call, session: Session): Promise<ServeCommands[ServeCommand]['result']> {
  switch (call.command) {
    case 'ready':
      return handlers.ready(call.params, session);
    case 'resolve':
      return handlers.resolve(call.params, session);
    case 'explain':
      return handlers.explain(call.params, session);
    case 'explainJournal':
      return handlers.explainJournal(call.params, session);
    case 'follow':
      return handlers.follow(call.params, session);
    case 'diagnose':
      return handlers.diagnose(call.params, session);
    case 'diagnoseBundle':
      return handlers.diagnoseBundle(call.params, session);
    case 'collect':
      return handlers.collect(call.params, session);
    case 'nodes':
      return handlers.nodes(call.params, session);
    case 'tree':
      return handlers.tree(call.params, session);
    case 'readFile':
      return handlers.readFile(call.params, session);
    case 'writeFile':
      return handlers.writeFile(call.params, session);
    case 'steps':
      return handlers.steps(call.params, session);
    case 'planStep':
      return handlers.planStep(call.params, session);
    case 'shownStep':
      return handlers.shownStep(call.params, session);
    case 'runStep':
      return handlers.runStep(call.params, session);
    case 'restart':
      return handlers.restart(call.params, session);
  }
}
