import { resolve } from 'node:path';
import { statSync } from 'node:fs';
import { diagnose } from '../../core/diagnosis/diagnose';
import type { Evidence } from '../../core/diagnosis/evidence';
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import type { Step } from '../../core/protocol/progress';
import { parseReference } from '../../core/reference/reference';
import { CallError, stringOption, stringsOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { loadBundle } from '../diagnosis/bundle';
import { diagnoseFolder } from '../diagnosis/bundleFolder';
import { collect } from '../diagnosis/collect';
import { compareDump } from '../diagnosis/compareDump';
import { diagnoseFleet } from '../diagnosis/fleetRun';
import { fleetNodes } from '../diagnosis/inventory';
import { countOption, secondsOption, usualStageTimeoutMs } from '../diagnosis/options';
import { diagnoseText } from '../format/diagnoseText';
import { fleetText } from '../format/fleetText';
import { catalogsOf } from '../language';
import { formatOption, langOption, sshConfigOption } from '../sharedOptions';
import { connectNode, recordOption } from '../nodeOption';
import { showStep } from '../showStep';

export const diagnoseCommand: Command = {
  name: 'diagnose',
  usage: 'diagnose [REFERENCE] [--node NODE]… [--nodes FILE] [--bundle FILE|DIR] [--format text|json|ndjson]',
  summary: 'Finds out why a node does not pull: its state, its live configuration, its journal and a replay, one verdict.',
  options: {
    node: {
      type: 'string',
      multiple: true,
      value: 'NODE',
      help: 'local (default), an ssh destination, exec:COMMAND, or recorded:FILE. Repeatable.',
    },
    nodes: {
      type: 'string',
      value: 'FILE',
      help: 'Nodes one a line, or an Ansible inventory (ini or yaml); of these only the hosts are read.',
    },
    'ssh-config': sshConfigOption,
    record: recordOption,
    bundle: { type: 'string', value: 'FILE', help: 'Works from a bundle of collect, offline; of a folder: from every bundle in it.' },
    parallel: { type: 'string', value: 'N', help: 'How many nodes are asked at once (8).' },
    timeout: { type: 'string', value: 'S', help: 'Seconds that one node may take, all in all, when there are many (120).' },
    'stage-timeout': { type: 'string', value: 'S', help: 'Seconds that one stage may take (60).' },
    format: formatOption,
    lang: langOption,
  },
  run,
};

const formats = ['text', 'json', 'ndjson'];

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const format = stringOption(line, 'format') ?? 'text';
  if (!formats.includes(format)) throw new CallError(`--format ${format}: it must be one of ${formats.join(', ')}`);
  const [reference, ...more] = line.positionals;
  if (more.length > 0) throw new CallError(`diagnose takes one REFERENCE, not ${line.positionals.join(' ')}`);
  if (reference !== undefined) refuseBadReference(reference);
  const bundle = stringOption(line, 'bundle');
  if (bundle !== undefined) return fromBundle(bundle, line, io, format);
  const nodes = [...stringsOption(line, 'node'), ...fleetNodes(stringOption(line, 'nodes'), io.cwd)];
  const stageTimeoutMs = secondsOption(line, 'stage-timeout') ?? usualStageTimeoutMs;
  const params = { reference, stageTimeoutMs };
  const many = nodes.length > 1 || stringOption(line, 'nodes') !== undefined;
  if (many && stringOption(line, 'record') !== undefined)
    throw new CallError('--record is of one node; for many there is collect --print-script');
  if (!many) return one(nodes[0] ?? 'local', params, line, io, format);
  const fleet = await diagnoseFleet([...new Set(nodes)], {
    ...params,
    io,
    sshConfig: stringOption(line, 'ssh-config'),
    parallel: countOption(line, 'parallel') ?? 8,
    nodeTimeoutMs: secondsOption(line, 'timeout') ?? 120_000,
    onNode: (event) => {
      if (format === 'ndjson') io.stdout(`${JSON.stringify(event)}\n`);
    },
  });
  io.stdout(format === 'text' ? fleetText(fleet, { color: io.color, catalogs: catalogsOf(line, io) }) : json(fleet, format));
  if (fleet.unreachable.length === fleet.nodes) return 2;
  return fleet.ok === fleet.nodes ? 0 : 1;
}

/** Refused before a node is asked: nobody could pull it. */
export function refuseBadReference(reference: string): void {
  const parsed = parseReference(reference);
  if (!parsed.ok) throw new CallError(parsed.error);
}

async function one(
  name: string,
  params: { readonly reference: string | undefined; readonly stageTimeoutMs: number },
  line: CommandLine,
  io: Io,
  format: string,
): Promise<ExitStatus> {
  const node = await connectNode(line, io, name);
  try {
    const onStep = (step: Step): void => showStep(step, format, io);
    const catalogs = format === 'text' ? catalogsOf(line, io) : [];
    return concluded(await collect(params, { node, io, cancellation: io.cancellation, onStep, catalogs }), format, line, io);
  } finally {
    await node.close();
  }
}

async function fromBundle(shown: string, line: CommandLine, io: Io, format: string): Promise<ExitStatus> {
  if (line.positionals.length > 0) throw new CallError('--bundle needs no REFERENCE: what was replayed is in the bundle');
  const path = resolve(io.cwd, shown);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return concluded(loadBundle(path, shown), format, line, io);
  const fleet = await diagnoseFolder(path, shown, (document) => {
    if (format === 'ndjson') io.stdout(`${JSON.stringify(document)}\n`);
  });
  io.stdout(format === 'text' ? fleetText(fleet, { color: io.color, catalogs: catalogsOf(line, io) }) : json(fleet, format));
  return fleet.ok === fleet.nodes ? 0 : 1;
}

function concluded(evidence: Evidence, format: string, line: CommandLine, io: Io): ExitStatus {
  const document = diagnose(evidence, compareDump);
  io.stdout(format === 'text' ? diagnoseText(document, { color: io.color, catalogs: catalogsOf(line, io) }) : json(document, format));
  return document.ok ? 0 : 1;
}

function json(document: DiagnoseDocument | object, format: string): string {
  return `${JSON.stringify(document, null, format === 'json' ? 2 : undefined)}\n`;
}
