import type { Command } from '../command';
import { explainCommand } from './explain';
import { helpCommand } from './help';
import { hostsCommand } from './hosts';
import { lintCommand } from './lint';
import { readyCommand } from './ready';
import { resolveCommand } from './resolve';
import { serveCommand } from './serve';

/** Every command of contract.md, in the order `--help` shows. */
export const commands: readonly Command[] = [
  lintCommand,
  hostsCommand,
  resolveCommand,
  readyCommand,
  explainCommand,
  helpCommand,
  serveCommand,
];
