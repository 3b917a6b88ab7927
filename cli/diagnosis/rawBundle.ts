/** What the script of `collect --print-script` prints, read into evidence: the same probes, with one marker for all. */
import { configDumpProbe } from '../../core/probes/configDump';
import { journalProbe } from '../../core/probes/journal';
import type { ProbeOutput } from '../../core/probes/probe';
import { emptyEvidence, type Evidence } from '../../core/diagnosis/evidence';
import { nodeChecks, readinessProbes } from '../../core/diagnosis/readiness';
import { readStage } from '../../core/diagnosis/stage';
import { parseVersion } from '../../core/versions/versions';
import { readWalk } from '../transport/nodeTree';
import { configurationGaps, fileEvidence, journalSeen } from './nodeEvidence';

/** First line of a raw bundle, after what a login may have said: the marker is a number that only that run knew. */
const head = /^containerd-runbooks raw 1 (@@[0-9a-f]{8,64}) (\d{1,12})$/m;
const headWithin = 64 * 1024;

export const filesProbeId = 'files';

export function isRawBundle(text: string): boolean {
  return !/^\s*\{/.test(text.slice(0, 1000)) && head.test(text.slice(0, headWithin));
}

export function readRawBundle(text: string, node: string): Evidence {
  const [, marker = '', seconds = '0'] = head.exec(text.slice(0, headWithin)) ?? [];
  const unix = text.replaceAll('\r\n', '\n');
  const ids = [...readinessProbes().map(({ id }) => id), configDumpProbe.id, filesProbeId, journalProbe.id];
  const outputs = readStage(ids, unix, '', marker);
  const output = (id: string): ProbeOutput => outputs.get(id) ?? { status: 'missing', stdout: '', stderr: '' };
  const dump = configDumpProbe.parse(output(configDumpProbe.id), undefined);
  const places = new Map(readWalk(output(filesProbeId).stdout, marker));
  const { journal, gaps } = journalSeen(journalProbe.parse(output(journalProbe.id), undefined));
  const version = parseVersion(dump.version ?? '');
  return {
    ...emptyEvidence(node, Number(seconds) * 1000),
    containerd: version ? (dump.version ?? null) : null,
    checks: nodeChecks({ outputs, interfaces: [], nowMs: Number(seconds) * 1000 }),
    configPath: dump.configPath ?? null,
    files: fileEvidence(places),
    dump: dump.dump ?? null,
    journal,
    gaps: [...configurationGaps(dump, places), ...gaps],
  };
}
