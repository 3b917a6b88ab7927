import type { Command } from '../command';
import { collectCommand } from './collect';
import { configCommand } from './config';
import { diagnoseCommand } from './diagnose';
import { explainCommand } from './explain';
import { helpCommand } from './help';
import { hostsCommand } from './hosts';
import { lintCommand } from './lint';
import { readyCommand } from './ready';
import { resolveCommand } from './resolve';
import { stepCommand } from './step';
import { serveCommand } from './serve';

/** Every command of contract.md, in the order `--help` shows. */
export const commands: readonly Command[] = [
  lintCommand,
  hostsCommand,
  resolveCommand,
  readyCommand,
  diagnoseCommand,
  collectCommand,
  configCommand,
  explainCommand,
  stepCommand,
  helpCommand,
  serveCommand,
];
