/** What was seen on a node, before anything is concluded from it: the content of a bundle. */
import type { ConfigTree, PathKind, PemFile } from '../ports';
import type { StageId } from '../protocol/diagnose';
import type { CheckDocument } from '../protocol/ready';
import type { ResolveDocument } from '../protocol/resolve';
import type { MessageArgs } from '../text/message';
import { treeOfPlaces } from './places';

export const bundleKind = 'containerd-runbooks bundle';

export interface Evidence {
  readonly kind: typeof bundleKind;
  readonly schema: 1;
  /** As the user named it. */
  readonly node: string;
  /** Milliseconds since 1970, by the clock of the machine that collected. */
  readonly takenMs: number;
  /** Asked for; null where the journal was to choose. */
  readonly reference: string | null;
  /** `2.1.4`, as containerd says of itself. */
  readonly containerd: string | null;
  readonly checks: readonly CheckDocument[];
  /** The config.toml that containerd was started with, or the usual one. */
  readonly configPath: string | null;
  readonly files: readonly FileEvidence[];
  /** `containerd config dump`; null where it could not be had. */
  readonly dump: string | null;
  readonly journal: JournalEvidence | null;
  readonly replays: readonly ResolveDocument[];
  readonly gaps: readonly Gap[];
}

export interface FileEvidence {
  readonly path: string;
  readonly kind: PathKind;
  readonly text?: string;
  readonly pem?: PemFile;
}

export interface JournalEvidence {
  /** `journalctl`, or the file that was read. */
  readonly source: string;
  readonly text: string;
}

/** Something that could not be seen: `id` is a text of diagnosisMessages. */
export interface Gap {
  readonly stage: StageId;
  readonly id: string;
  readonly args: MessageArgs;
}

export function emptyEvidence(node: string, takenMs: number): Evidence {
  return {
    kind: bundleKind,
    schema: 1,
    node,
    takenMs,
    reference: null,
    containerd: null,
    checks: [],
    configPath: null,
    files: [],
    dump: null,
    journal: null,
    replays: [],
    gaps: [],
  };
}

export function evidenceTree({ files, takenMs }: Evidence): ConfigTree {
  return treeOfPlaces(new Map(files.map((file) => [file.path, file])), ({ pem }) => pem, takenMs);
}
