import type { Duplex } from 'node:stream';
import type { Node, RunOptions, RunResult } from '../../core/ports';
import { message } from '../../core/text/message';
import { CallError } from '../command';
import type { Program } from './process';
import { runScript } from './shell';
import { unreachable } from './sshErrors';
import { dialByTool } from './toolDial';
import type { ConnectOptions } from './options';

/** `exec:docker exec -i kind-control-plane`: a command that hands its stdin to the `sh -s` put after it. */
export async function connectExec(name: string, options: ConnectOptions): Promise<Node<Duplex>> {
  const prefix = splitWords(name.slice('exec:'.length));
  const [file, ...args] = prefix;
  if (file === undefined) throw new CallError('exec: needs a command, for example "exec:docker exec -i kind-control-plane"');
  const program = (...words: readonly string[]): Program => ({ file, args: [...args, ...words], env: { ...options.env } });
  const node: Node<Duplex> = {
    name,
    run: (script, run) => runByCommand(name, program('sh', '-s'), script, run),
    dial: (host, port, dial) => dialByTool(node, (command) => program('sh', '-c', command), host, port, dial),
    close: () => Promise.resolve(),
  };
  await node.run(':', { timeoutMs: 30_000, ...(options.cancellation && { cancellation: options.cancellation }) });
  return node;
}

/**
 * Words of a command line, with single and double quotes and backslashes as in sh, and nothing else of sh: the prefix is started
 * directly, by no shell.
 */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    if (quote === '' && (char === ' ' || char === '\t')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === quote) quote = '';
    else if (char === '\\' && quote !== "'" && index + 1 < line.length) word = (word ?? '') + line.charAt(++index);
    else word = (word ?? '') + char;
  }
  if (quote !== '') throw new CallError(`a ${quote} is not closed in "${line}"`);
  if (word !== undefined) words.push(word);
  return words;
}

async function runByCommand(name: string, program: Program, script: string, options: RunOptions): Promise<RunResult> {
  const result = await runScript(program, script, options);
  if (result.status !== 'broken') return result;
  if (!result.ending.started) {
    const { code, message: why } = result.ending.error;
    throw unreachable(name, code === 'ENOENT' ? message('failure/exec-missing', { program: program.file }) : why);
  }
  const said = (result.stderr || result.stdout).trim().split('\n').at(-1)?.replace(/\p{C}/gu, '').slice(0, 300) ?? '';
  throw unreachable(name, message(said === '' ? 'failure/exec-no-shell' : 'failure/exec-no-shell-said', { why: said }));
}
