import type { Connection } from 'vscode-languageserver';
import { judgedVersion } from '../core/features/judgedVersion';
import { judgedVersionMethod, type JudgedVersionParams } from '../core/protocol';
import { formatVersion, parseVersion } from '../core/versions/versions';
import type { Analysis } from './analysis';
import type { Client } from './client';

/** Tells a client that asked for it which release each document is judged for: once, and again when it changes. */
export class JudgedVersions {
  readonly #told = new Map<string, string>();

  constructor(
    private readonly connection: Connection,
    private readonly client: () => Client,
  ) {}

  tell({ document: { uri }, settings: { containerdVersion } }: Analysis): void {
    if (!this.client().takesJudgedVersions || this.#told.get(uri) === containerdVersion) return;
    this.#told.set(uri, containerdVersion);
    const containerd = formatVersion(judgedVersion(containerdVersion));
    const params: JudgedVersionParams = { uri, containerd, chosen: parseVersion(containerdVersion) !== undefined };
    void this.connection.sendNotification(judgedVersionMethod, params);
  }

  forget(uri: string): void {
    this.#told.delete(uri);
  }
}
