import * as vscode from 'vscode';
import { CliFailure } from '../cliProcess';

/** A command whose failure is told in its own words: VS Code would call it an error of the extension. A person who cancels knows. */
export function registerCommand(name: string, run: (given: never) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(`containerdRunbooks.${name}`, async (given: unknown) => {
    try {
      await run(given as never);
    } catch (error) {
      if (error instanceof CliFailure && error.kind === 'cancelled') return;
      await vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
    }
  });
}
