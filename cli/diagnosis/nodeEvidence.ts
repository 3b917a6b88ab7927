/** What a node says of its configuration and of past pulls: its files, `containerd config dump`, its journal. */
import { randomBytes } from 'node:crypto';
import type { FileEvidence, Gap, JournalEvidence } from '../../core/diagnosis/evidence';
import type { Place } from '../../core/diagnosis/places';
import { readStage, stageScript } from '../../core/diagnosis/stage';
import type { Cancellation, Node } from '../../core/ports';
import { configDumpProbe, type ConfigDump } from '../../core/probes/configDump';
import { journalProbe } from '../../core/probes/journal';
import type { Probe } from '../../core/probes/probe';
import { parsePem } from '../../files/pem';
import { readNodePlaces } from '../transport/nodeTree';

const kubernetesUnits = ['k3s', 'k3s-agent', 'rke2-server', 'rke2-agent'];

/** What is read on every node; what these files name is read too. */
export const usualPlaces = [
  '/etc/containerd',
  '/etc/docker/certs.d',
  ...['/lib', '/usr/local/lib', '/etc'].map((folder) => `${folder}/systemd/system/containerd.service`),
  '/etc/systemd/system/containerd.service.d',
  ...kubernetesUnits.flatMap((unit) => [`/etc/systemd/system/${unit}.service`, `/etc/systemd/system/${unit}.service.d`]),
  '/etc/rancher/k3s/registries.yaml',
  '/etc/rancher/rke2/registries.yaml',
];

/** Environment of the units, proxies among it and k3s's token: opened by a person, in no bundle. */
export const environmentPlaces = [
  '/etc/default/containerd',
  ...kubernetesUnits.flatMap((unit) => [`/etc/systemd/system/${unit}.service.env`, `/etc/default/${unit}`]),
];

export interface ConfigurationSeen {
  readonly dump: ConfigDump;
  readonly places: ReadonlyMap<string, Place>;
  readonly gaps: readonly Gap[];
}

export async function seeConfiguration(node: Node, cancellation: Cancellation, also: readonly string[] = []): Promise<ConfigurationSeen> {
  const dump = await ask(node, configDumpProbe, cancellation);
  const places = await readNodePlaces(
    node,
    [...usualPlaces, ...also, ...(dump.configPath === undefined ? [] : [dump.configPath])],
    cancellation,
  );
  return { dump, places, gaps: configurationGaps(dump, places) };
}

/** The config.toml that the node's containerd was started with, where it is there: that of k3s is none of the usual ones. */
export function configInUse({ dump, places }: Pick<ConfigurationSeen, 'dump' | 'places'>): string | undefined {
  return dump.configPath !== undefined && places.get(dump.configPath)?.kind === 'file' ? dump.configPath : undefined;
}

export function configurationGaps({ dump, failure, privilege }: ConfigDump, places: ReadonlyMap<string, Place>): readonly Gap[] {
  const stage = 'configuration' as const;
  const closed = [...places].filter(([, { kind }]) => kind === 'unreadable').map(([path]) => path);
  const refused = privilege === 'refused';
  const paths = closed.slice(0, 5).join(', ') + (closed.length > 5 ? `, and ${closed.length - 5} more` : '');
  return [
    ...(closed.length === 0 ? [] : [{ stage, id: refused ? 'gap/no-sudo-files' : 'gap/unreadable-files', args: { paths } }]),
    ...(dump !== undefined
      ? []
      : [{ stage, id: refused ? 'gap/no-dump-sudo' : 'gap/no-dump', args: { reason: failure ?? 'it gave no answer' } }]),
  ];
}

export interface JournalSeen {
  readonly journal: JournalEvidence | null;
  readonly gaps: readonly Gap[];
}

export async function seeJournal(node: Node, cancellation: Cancellation): Promise<JournalSeen> {
  return journalSeen(await ask(node, journalProbe, cancellation));
}

export function journalSeen({ source, text, refused }: ReturnType<typeof journalProbe.parse>): JournalSeen {
  const gap = (id: string, args: Gap['args']): Gap => ({ stage: 'journal', id, args });
  const gaps = refused === undefined ? [] : [gap('gap/journal-refused', { reason: refused })];
  return source === undefined
    ? { journal: null, gaps: gaps.length === 0 ? [gap('gap/journal-none', {})] : gaps }
    : { journal: { source, text }, gaps };
}

/** Texts that a diagnosis reads; of everything else only what its PEM blocks hold. */
const readTexts = /\.(?:toml|tmpl|ya?ml|conf|service)$/;

export function fileEvidence(places: ReadonlyMap<string, Place>): readonly FileEvidence[] {
  return [...places].map(([path, { kind, text }]) => {
    if (text === undefined) return { path, kind };
    const pem = readTexts.test(path) && !text.includes('-----BEGIN ') ? undefined : parsePem(text);
    return { path, kind, ...(readTexts.test(path) && { text }), ...(pem && { pem }) };
  });
}

async function ask<T>(node: Node, probe: Probe<void, T>, cancellation: Cancellation): Promise<T> {
  const marker = `@@${randomBytes(12).toString('hex')}`;
  const script = stageScript([{ id: probe.id, script: probe.script(), timeoutMs: probe.timeoutMs }], marker);
  const { stdout, stderr } = await node.run(script, { timeoutMs: probe.timeoutMs + 5000, cancellation });
  return probe.parse(readStage([probe.id], stdout, stderr, marker).get(probe.id) ?? { status: 'missing', stdout: '', stderr: '' });
}
