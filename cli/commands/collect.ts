import { resolve } from 'node:path';
import { CallError, flag, stringOption, stringsOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { saveBundle } from '../diagnosis/bundle';
import { collect } from '../diagnosis/collect';
import { secondsOption, usualStageTimeoutMs } from '../diagnosis/options';
import { printedScript } from '../diagnosis/printedScript';
import { catalogsOf } from '../language';
import { showStep } from '../showStep';
import { refuseBadReference } from './diagnose';
import { formatOption, langOption, sshConfigOption } from '../sharedOptions';
import { connectNode, recordOption } from '../nodeOption';

export const collectCommand: Command = {
  name: 'collect',
  usage: 'collect -o BUNDLE [--reference REFERENCE] [--node NODE] | collect --print-script',
  summary: 'Saves what diagnose sees on a node in one file, without secrets.',
  options: {
    output: { type: 'string', short: 'o', value: 'BUNDLE', help: 'Where to write; gzip when it ends with .gz.' },
    reference: { type: 'string', value: 'REFERENCE', help: 'The image to replay. Default: what the journal says failed last.' },
    node: { type: 'string', multiple: true, value: 'NODE', help: 'local (default), an ssh destination, exec:COMMAND, or recorded:FILE.' },
    'ssh-config': sshConfigOption,
    record: recordOption,
    'stage-timeout': { type: 'string', value: 'S', help: 'Seconds that one stage may take (60).' },
    'print-script': {
      type: 'boolean',
      help: 'Prints a self-contained POSIX sh script; what it prints on a node is a bundle too. For Ansible, a DaemonSet, or by hand.',
    },
    format: formatOption,
    lang: langOption,
  },
  run,
};

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const output = stringOption(line, 'output');
  if (flag(line, 'print-script')) {
    if (output !== undefined) throw new CallError('--print-script prints the script; -o does not go with it');
    io.stdout(printedScript());
    return 0;
  }
  if (output === undefined || line.positionals.length > 0)
    throw new CallError(`collect needs a file to write; usage: containerd-runbooks ${collectCommand.usage}`);
  const [name = 'local', ...more] = stringsOption(line, 'node');
  if (more.length > 0)
    throw new CallError('collect takes one --node: a bundle is of one node. For many: --print-script, or diagnose --nodes');
  const reference = stringOption(line, 'reference');
  if (reference !== undefined) refuseBadReference(reference);
  const format = stringOption(line, 'format') ?? 'text';
  const stageTimeoutMs = secondsOption(line, 'stage-timeout') ?? usualStageTimeoutMs;
  const node = await connectNode(line, io, name);
  try {
    const onStep = (step: Parameters<typeof showStep>[0]): void => showStep(step, format, io);
    const catalogs = format === 'text' ? catalogsOf(line, io) : [];
    const evidence = await collect({ reference, stageTimeoutMs }, { node, io, cancellation: io.cancellation, onStep, catalogs });
    const saved = saveBundle(resolve(io.cwd, output), output, evidence);
    io.stdout(
      format === 'text'
        ? `${output}: ${evidence.node}, without secrets. Read it with: containerd-runbooks diagnose --bundle ${output}\n`
        : `${JSON.stringify(saved)}\n`,
    );
    return 0;
  } finally {
    await node.close();
  }
}
