import type { Command } from '../command';

/** Every command of contract.md, in the order `--help` shows. Each is loaded when it is called, so that a start costs what it uses. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['lint', async () => (await import('./lint.js')).lintCommand],
  ['hosts', async () => (await import('./hosts.js')).hostsCommand],
  ['resolve', async () => (await import('./resolve.js')).resolveCommand],
  ['ready', async () => (await import('./ready.js')).readyCommand],
  ['diagnose', async () => (await import('./diagnose.js')).diagnoseCommand],
  ['collect', async () => (await import('./collect.js')).collectCommand],
  ['config', async () => (await import('./config.js')).configCommand],
  ['explain', async () => (await import('./explain.js')).explainCommand],
  ['step', async () => (await import('./step.js')).stepCommand],
  ['help', async () => (await import('./help.js')).helpCommand],
  ['serve', async () => (await import('./serve.js')).serveCommand],
]);

export const commandNames: readonly string[] = [...commands.keys()];

/** Undefined: there is no such command. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  return commands.get(name)?.();
}

export function loadAllCommands(): Promise<readonly Command[]> {
  return Promise.all([...commands.values()].map((load) => load()));
}
