import * as vscode from 'vscode';
import { CliFailure, type CliProcess } from '../cliProcess';
import { answerPrompt } from '../prompts';
import { Diagnosis, type Outcome, type Request, type Subject } from './diagnosis';

const keptRuns = 50;

/** The runs of this window, newest first, and the way to start one. */
export class Diagnoses implements vscode.Disposable {
  private runs: readonly Diagnosis[] = [];
  private nextId = 1;
  private readonly changed = new vscode.EventEmitter<Diagnosis | undefined>();
  /** The run that changed, or undefined when runs came or went. */
  readonly onDidChange = this.changed.event;
  private readonly started = new vscode.EventEmitter<Diagnosis>();
  readonly onDidStart = this.started.event;

  constructor(private readonly cli: CliProcess) {}

  get all(): readonly Diagnosis[] {
    return this.runs;
  }

  dispose(): void {
    for (const run of this.runs) run.cancellation.dispose();
    this.changed.dispose();
    this.started.dispose();
  }

  /** Runs it to its end, with a progress notification that cancels. Never rejects: a failure is an outcome. */
  async run(subject: Subject, request: Request): Promise<Diagnosis> {
    const diagnosis = new Diagnosis(this.nextId++, subject, request, new Date(), new vscode.CancellationTokenSource());
    this.runs = [diagnosis, ...this.runs].slice(0, keptRuns);
    this.changed.fire(undefined);
    this.started.fire(diagnosis);
    const title = `${subject.title}: ${subject.place}`;
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => diagnosis.cancellation.cancel());
      return this.carryOut(diagnosis, request, progress);
    });
    return diagnosis;
  }

  /** The same question once more, as a run of its own; nothing where the run is not kept any more. */
  async again(id: number): Promise<void> {
    const diagnosis = this.runs.find((run) => run.id === id);
    if (diagnosis) await this.run(diagnosis.subject, diagnosis.request);
  }

  clear(): void {
    this.runs = this.runs.filter((run) => !run.outcome);
    this.changed.fire(undefined);
  }

  private async carryOut(diagnosis: Diagnosis, request: Request, progress: vscode.Progress<{ message: string }>): Promise<void> {
    try {
      diagnosis.outcome = await this.ask(diagnosis, request, progress);
    } catch (error) {
      const kind = error instanceof CliFailure ? error.kind : 'internal';
      diagnosis.outcome = { kind: 'error', error: kind, message: error instanceof Error ? error.message : String(error) };
    }
    this.changed.fire(diagnosis);
  }

  private async ask(diagnosis: Diagnosis, request: Request, progress: vscode.Progress<{ message: string }>): Promise<Outcome> {
    const { token } = diagnosis.cancellation;
    const observer = {
      step: (step: Parameters<Diagnosis['add']>[0]): void => {
        diagnosis.add(step);
        if (step.status === 'running') progress.report({ message: step.label });
        this.changed.fire(diagnosis);
      },
      prompt: answerPrompt,
    };
    switch (request.command) {
      case 'ready':
        return { kind: 'ready', document: await this.cli.run(request.command, request.params, observer, token) };
      case 'resolve':
        return { kind: 'resolve', document: await this.cli.run(request.command, request.params, observer, token) };
      case 'explain':
        return { kind: 'explain', document: await this.cli.run(request.command, request.params, observer, token) };
      case 'explainJournal':
        return { kind: 'explainJournal', document: await this.cli.run(request.command, request.params, observer, token) };
      case 'follow':
        return this.cli.run(request.command, request.params, observer, token);
      case 'diagnose':
        return { kind: 'diagnose', document: await this.cli.run(request.command, request.params, observer, token), offline: false };
      case 'diagnoseBundle':
        return { kind: 'diagnose', document: await this.cli.run(request.command, request.params, observer, token), offline: true };
      case 'collect':
        return { kind: 'collect', document: await this.cli.run(request.command, request.params, observer, token) };
      case 'runStep':
        return { kind: 'step', document: await this.cli.run(request.command, request.params, observer, token) };
    }
  }
}
