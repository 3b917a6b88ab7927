/** Options that mean the same in every command that takes them. */
import type { CommandOption } from './command';

export const formatOption: CommandOption = { type: 'string', value: 'FORMAT', help: 'text (default), json or ndjson.' };

export const langOption: CommandOption = {
  type: 'string',
  value: 'LANG',
  help: 'Language of text. Default: that of the shell; JSON is English.',
};

export const parallelOption: CommandOption = { type: 'string', value: 'N', help: 'How many lines of --jsonl are worked on at once.' };

export const sshConfigOption: CommandOption = { type: 'string', value: 'FILE', help: 'Given to ssh as -F.' };

export const certsDOption: CommandOption = { type: 'string', value: 'DIR', help: 'The folder with one folder per registry host.' };

export const rootOption: CommandOption = { type: 'string', value: 'DIR', help: "Takes DIR as the node's /: all paths are the node's." };
