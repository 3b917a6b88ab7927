import type { Command } from '../command';

/** Every command of contract.md, in the order `--help` shows. */
export const commands: readonly Command[] = [];
