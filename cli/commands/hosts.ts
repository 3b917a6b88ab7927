import { loadConfig } from '../../core/config/loadConfig';
import { redactHeader } from '../../core/diagnosis/redact';
import { configureHosts, type ConfiguredHosts } from '../../core/hosts/configureHosts';
import type { ConfigTree } from '../../core/ports';
import type { HostsDocument } from '../../core/protocol/hosts';
import { parseEitherWay } from '../../core/reference/reference';
import type { Version } from '../../core/versions/versions';
import { CallError, flag, stringOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { hostsText } from '../format/hostsText';
import { requiredText, textField } from '../jsonInput';
import { jsonLines } from '../jsonLines';
import { catalogsOf } from '../language';
import { treeOf, treePath } from '../lintFiles';
import { nodeOptions, nodeSnapshot, remoteNode } from '../nodeOption';
import { releaseOf } from '../releaseOption';
import { certsDOption, formatOption, langOption, parallelOption, rootOption } from '../sharedOptions';

export const hostsCommand: Command = {
  name: 'hosts',
  usage: 'hosts REFERENCE [--node NODE] [--certs-d DIR] [--config FILE] [--root DIR] [--containerd V]',
  summary: 'Says which hosts a pull of an image asks, in which order and with which settings.',
  options: {
    ...nodeOptions,
    'certs-d': certsDOption,
    config: {
      type: 'string',
      value: 'FILE',
      help: 'The config.toml whose config_path counts where no --certs-d is given. Default: /etc/containerd/config.toml.',
    },
    root: rootOption,
    containerd: {
      type: 'string',
      value: 'V',
      help: "The release: 1.5 to 2.3, or an exact one. Default: the node's own, else the newest known.",
    },
    format: formatOption,
    jsonl: { type: 'boolean', help: 'Reads one JSON object per line: {"id","reference","certsD","config","root","containerd"}.' },
    parallel: parallelOption,
    lang: langOption,
  },
  run,
};

interface HostsRequest {
  readonly reference: string;
  readonly certsD: string | undefined;
  readonly config: string | undefined;
  readonly root: string | undefined;
  readonly cwd: string;
  readonly version: Version;
}

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const option = (name: string): string | undefined => stringOption(line, name);
  if (flag(line, 'jsonl')) {
    return jsonLines(io, Math.max(1, Number(option('parallel') ?? 1) || 1), (input) => Promise.resolve(answer(input, line, io)));
  }
  const [reference, ...more] = line.positionals;
  if (reference === undefined || more.length > 0)
    throw new CallError('hosts needs one reference; usage: containerd-runbooks hosts REFERENCE');
  const document = await documentOf(reference, line, io);
  const format = option('format') ?? 'text';
  if (format === 'json') io.stdout(`${JSON.stringify(document, null, 2)}\n`);
  else if (format === 'ndjson') io.stdout(`${JSON.stringify(document)}\n`);
  else if (format === 'text') io.stdout(hostsText(document, catalogsOf(line, io)));
  else throw new CallError(`--format ${format}: it must be one of text, json, ndjson`);
  return document.outcome === 'fatal' || document.outcome === 'dropped' ? 1 : 0;
}

function answer(input: Record<string, unknown>, line: CommandLine, io: Io): HostsDocument {
  const field = (name: string, option: string): string | undefined => textField(input, name) ?? stringOption(line, option);
  return hostsDocument({
    reference: requiredText(input, 'reference'),
    certsD: field('certsD', 'certs-d'),
    config: field('config', 'config'),
    root: field('root', 'root'),
    cwd: io.cwd,
    version: releaseOf(field('containerd', 'containerd')).version,
  });
}

async function documentOf(reference: string, line: CommandLine, io: Io): Promise<HostsDocument> {
  const [certsD, config] = [stringOption(line, 'certs-d'), stringOption(line, 'config')];
  const asked = { reference, certsD, config, cwd: io.cwd };
  if (remoteNode(line) === undefined) {
    const { version } = releaseOf(stringOption(line, 'containerd'));
    return hostsDocument({ ...asked, root: stringOption(line, 'root'), version });
  }
  const { tree, release } = await nodeSnapshot(
    line,
    io,
    [certsD, config].filter((path) => path !== undefined),
  );
  return hostsDocument({ ...asked, root: '/', version: release.version }, tree);
}

function hostsDocument(request: HostsRequest, given?: ConfigTree): HostsDocument {
  const { version } = request;
  const parsed = parseEitherWay(request.reference, version);
  if (!parsed.ok) throw new CallError(`"${request.reference}" is no image reference: ${parsed.error}`);
  const tree = given ?? treeOf(request);
  const found = configureHosts(parsed.reference.hostname, { tree, version, hostsDirs: hostsDirs(request, tree) });
  return { schema: 1, reference: request.reference, ...place(found), hosts: found.hosts.map(hostDocument) };
}

function place({ directory, file, outcome, error }: ConfiguredHosts): Pick<HostsDocument, 'directory' | 'file' | 'outcome' | 'error'> {
  return { directory, file, outcome, error };
}

function hostDocument(host: ConfiguredHosts['hosts'][number]): HostsDocument['hosts'][number] {
  const { scheme, path, capabilities, headers, tls, tryHttpsFirst } = host;
  const skipVerify = host.skipVerify ?? false;
  const counts = { caFiles: tls?.caFiles.length ?? 0, clientCertificates: tls?.clientCertificates.length ?? 0 };
  const shown = Object.entries(headers).map(([name, values]) => [name, values.map((value) => redactHeader(name, value))] as const);
  return { scheme, host: host.host, path, capabilities, skipVerify, headers: Object.fromEntries(shown), ...counts, tryHttpsFirst };
}

/** What --certs-d names, else what config.toml makes a CRI pull of this release look into. */
function hostsDirs(request: HostsRequest, tree: ConfigTree): readonly string[] {
  const { certsD, config, version } = request;
  if (certsD !== undefined) return [treePath(certsD, request)];
  const path = config === undefined ? '/etc/containerd/config.toml' : treePath(config, request);
  if (config !== undefined && tree.stat(path) !== 'file') throw new CallError(`--config ${config}: no such file`);
  return loadConfig({ path, tree, version }).registry.hostsDirs.cri;
}
