import type { Connection } from 'vscode-languageserver';
import { judgedVersion } from '../core/features/judgedVersion';
import type { FilesAround } from '../core/nodeFiles';
import { judgedVersionMethod, type JudgedVersionParams } from '../core/protocol/judgedVersion';
import { formatVersion, parseVersion, type Version } from '../core/versions/versions';
import type { Client } from './client';
import { nodeOf } from './paths';

/** The release that a document is judged for, and where that comes from. */
export interface Judged {
  readonly version: Version;
  readonly chosen: boolean;
  /** The node that runs this release. */
  readonly node?: string;
}

/** What a person chose wins; else a node's file is judged for what runs there, every other for the newest release. */
export function judgedFor(uri: string, setting: string, around: FilesAround | undefined): Judged {
  const chosen = parseVersion(setting);
  const running = parseVersion(around?.containerd ?? '');
  const node = nodeOf(uri);
  if (!chosen && running && node !== undefined) return { version: running, chosen: false, node };
  return { version: judgedVersion(setting), chosen: chosen !== undefined };
}

/** Tells a client that asked for it which release each document is judged for: once, and again when it changes. */
export class JudgedVersions {
  readonly #told = new Map<string, string>();

  constructor(
    private readonly connection: Connection,
    private readonly client: () => Client,
  ) {}

  tell(uri: string, { version, chosen, node }: Judged): void {
    const params: JudgedVersionParams = { uri, containerd: formatVersion(version), chosen, ...(node !== undefined && { node }) };
    const told = JSON.stringify(params);
    if (!this.client().takesJudgedVersions || this.#told.get(uri) === told) return;
    this.#told.set(uri, told);
    void this.connection.sendNotification(judgedVersionMethod, params);
  }

  forget(uri: string): void {
    this.#told.delete(uri);
  }
}
