import { diagnose } from '../../core/diagnosis/diagnose';
import { emptyEvidence } from '../../core/diagnosis/evidence';
import { redactEvidence } from '../../core/diagnosis/redact';
import type { LintedFile } from '../../core/protocol/lint';
import type { FindingDocument } from '../../core/protocol/said';
import { printableText } from '../../core/text/display';
import { formatVersion, newestVersion, parseVersion } from '../../core/versions/versions';
import { CallError, stringOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { compareDump } from '../diagnosis/compareDump';
import { fileEvidence, seeConfiguration } from '../diagnosis/nodeEvidence';
import { connectNode, nodeOptions } from '../nodeOption';
import { configMigrate, migrateOptions, migrateUsage } from './configMigrate';
import { formatOption, langOption } from '../sharedOptions';

export const configCommand: Command = {
  name: 'config',
  usage: `config lint [--node NODE] [--containerd V] [--format text|json|ndjson] | ${migrateUsage}`,
  summary: 'config.toml, imports and certs.d of a node as they stand together; config.toml migrated to certs.d or to version 3.',
  options: {
    ...nodeOptions,
    ...migrateOptions,
    containerd: { type: 'string', value: 'V', help: "The release to judge for. Default: the node's own, else the newest known." },
    format: formatOption,
    lang: langOption,
  },
  run,
};

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const [action, ...more] = line.positionals;
  if (action === 'migrate') return configMigrate(more, line, io);
  if (action !== 'lint') throw new CallError(`config does not know "${action ?? ''}"; usage: containerd-runbooks ${configCommand.usage}`);
  if (more.length > 0)
    throw new CallError(`config lint takes no ${more.join(' ')}: it looks where containerd looks; for other files there is lint`);
  const format = stringOption(line, 'format') ?? 'text';
  const given = stringOption(line, 'containerd');
  if (given !== undefined && !parseVersion(given))
    throw new CallError(`"${given}" is no containerd release; give one such as 2.1 or 1.7.31`);
  const node = await connectNode(line, io);
  try {
    const { dump, places, gaps } = await seeConfiguration(node, io.cancellation);
    const version = parseVersion(given ?? dump.version ?? '') ?? newestVersion;
    const { configuration, findings } = diagnose(
      redactEvidence({
        ...emptyEvidence(node.name, Date.now()),
        containerd: formatVersion(version),
        configPath: dump.configPath ?? null,
        files: fileEvidence(places),
        dump: dump.dump ?? null,
        gaps,
      }),
      compareDump,
    );
    const document = { schema: 1, containerd: given ?? formatVersion(version), node: node.name, ...configuration, findings };
    if (format === 'text') io.stdout(text(configuration.files, findings));
    else io.stdout(`${JSON.stringify(document, null, format === 'json' ? 2 : undefined)}\n`);
    const bad = [...findings, ...configuration.files.flatMap((file) => file.findings)].filter(isBad);
    return bad.length > 0 ? 1 : 0;
  } finally {
    await node.close();
  }
}

function isBad({ severity }: FindingDocument): boolean {
  return severity === 'error' || severity === 'warning';
}

function text(files: readonly LintedFile[], findings: readonly FindingDocument[]): string {
  const whole = findings.map(({ path, severity, message, id }) => `${path ?? ''}: ${severity}: ${message} [${id}]`);
  const placed = files.flatMap(({ path, outcome, findings: own }) => [
    `${path}: ${outcome}`,
    ...own.map(
      ({ severity, message, id, range }) =>
        `  ${(range?.start.line ?? 0) + 1}:${(range?.start.character ?? 0) + 1}: ${severity}: ${message} [${id}]`,
    ),
  ]);
  const lines = [...whole, ...placed];
  return `${(lines.length === 0 ? ['No configuration was found: containerd runs with its defaults.'] : lines).map(printableText).join('\n')}\n`;
}
