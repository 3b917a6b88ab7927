import { fork, type ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import type { Step } from '../core/protocol/progress';
import type { ServeCall, ServeCommand, ServeCommands, ServeErrorKind, ServeEvent, ServeRequest } from '../core/serve';

/** What a request tells while it runs. `prompt` answers null when the person declines. */
export interface Observer {
  step(step: Step): void;
  prompt(question: Prompt, token: vscode.CancellationToken): Promise<string | null>;
}

export interface Prompt {
  /** Whom ssh asks about. */
  readonly node: string | undefined;
  readonly text: string;
  readonly secret: boolean;
}

/** A request that ended without a result. The message is a sentence for people. */
export class CliFailure extends Error {
  constructor(
    readonly kind: ServeErrorKind,
    message: string,
  ) {
    super(message);
  }
}

interface Pending {
  readonly node: string | undefined;
  readonly observer: Observer;
  readonly token: vscode.CancellationToken;
  settle(result: ServeCommands[ServeCommand]['result']): void;
  fail(error: CliFailure): void;
}

/**
 * The bundled command line's `serve`, one child for the whole window: started by the first request, started again by the next one
 * after it ended. All network and ssh work happens in it, none in the extension host.
 */
export class CliProcess implements vscode.Disposable {
  private child: ChildProcess | undefined;
  private lastErrorLine = '';
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();

  constructor(
    private readonly modulePath: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  run<C extends ServeCommand>(
    command: C,
    params: ServeCommands[C]['params'],
    observer: Observer,
    token: vscode.CancellationToken,
  ): Promise<ServeCommands[C]['result']> {
    const id = this.nextId++;
    const call: ServeCall<C> = { id, command, params };
    return new Promise<ServeCommands[ServeCommand]['result']>((resolve, reject) => {
      const listener = token.onCancellationRequested(() => this.cancel(id));
      const end = (): void => {
        listener.dispose();
        this.pending.delete(id);
      };
      this.pending.set(id, {
        node: 'node' in params ? params.node : undefined,
        observer,
        token,
        settle: (result) => {
          end();
          resolve(result);
        },
        fail: (error) => {
          end();
          reject(error);
        },
      });
      this.send(call);
    });
  }

  dispose(): void {
    this.child?.disconnect();
    this.child = undefined;
  }

  /** The panel is told at once: a child that hangs must not keep a person waiting. What the child still says of it is dropped. */
  private cancel(id: number): void {
    this.send({ id, cancel: true });
    this.pending.get(id)?.fail(new CliFailure('cancelled', vscode.l10n.t('Cancelled.')));
  }

  private send<C extends ServeCommand>(request: ServeRequest | ServeCall<C>): void {
    const child = this.child ?? this.start();
    child.send(request, (error) => {
      if (error) this.ended(child, error.message);
    });
  }

  private start(): ChildProcess {
    const child = fork(this.modulePath, ['serve', '--lang', vscode.env.language], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    this.lastErrorLine = '';
    this.log.info(`serve: started as process ${String(child.pid)}`);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.log.info(text.trimEnd()));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.noteError(text));
    child.on('message', (event) => this.receive(event as ServeEvent));
    child.on('error', (error) => this.ended(child, error.message));
    child.on('exit', (code, signal) => this.ended(child, signal ?? String(code)));
    return child;
  }

  private noteError(text: string): void {
    this.log.warn(text.trimEnd());
    this.lastErrorLine = text.trim().split('\n').at(-1) ?? '';
  }

  private receive(event: ServeEvent): void {
    const pending = this.pending.get(event.id);
    if (!pending) return;
    if ('step' in event) pending.observer.step(event.step);
    else if ('promptId' in event) void this.ask(event, pending);
    else if ('result' in event) pending.settle(event.result);
    else pending.fail(new CliFailure(event.error.kind, event.error.message));
  }

  private async ask(event: Extract<ServeEvent, { promptId: number }>, pending: Pending): Promise<void> {
    const answer = await pending.observer.prompt({ node: pending.node, text: event.prompt, secret: event.secret }, pending.token);
    if (this.pending.has(event.id)) this.send({ id: event.id, promptId: event.promptId, answer });
  }

  private ended(child: ChildProcess, reason: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.log.error(`serve: ended (${reason})`);
    const message = vscode.l10n.t(
      'The containerd Runbooks process ended unexpectedly ({0}). Run the command again to restart it.',
      [reason, this.lastErrorLine].filter((text) => text !== '').join(': '),
    );
    for (const pending of [...this.pending.values()]) pending.fail(new CliFailure('internal', message));
  }
}
