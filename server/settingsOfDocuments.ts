import type { Connection } from 'vscode-languageserver';
import type { Client } from './client';
import { defaultSettings, readSettings, settingsPrefix, type ServerSettings } from './settings';

/** How long an answer waits for a client that does not tell its settings; then the defaults hold until it does. */
const patienceMs = 1000;

/** The settings of each document, asked from the client once and kept until it says that they changed. */
export class SettingsOfDocuments {
  #pushed: ServerSettings = defaultSettings;
  readonly #asked = new Map<string, Promise<ServerSettings>>();

  constructor(
    private readonly connection: Connection,
    private readonly client: () => Client,
  ) {}

  of(uri: string): Promise<ServerSettings> {
    if (!this.client().answersConfiguration) return Promise.resolve(this.#pushed);
    const known = this.#asked.get(uri);
    if (known) return known;
    const asked = this.#ask(uri);
    this.#asked.set(uri, asked);
    return asked;
  }

  /** `section` is what a client without workspace/configuration sends along with the change. */
  changed(section: unknown): void {
    this.#asked.clear();
    this.#pushed = readSettings(section);
  }

  forget(uri: string): void {
    this.#asked.delete(uri);
  }

  #ask(uri: string): Promise<ServerSettings> {
    const answer: Promise<unknown> = this.connection.workspace.getConfiguration({ scopeUri: uri, section: settingsPrefix });
    const read = answer.then(readSettings, () => defaultSettings);
    const timeout = new Promise<ServerSettings>((resolve) => setTimeout(() => resolve(defaultSettings), patienceMs).unref());
    return Promise.race([read, timeout]);
  }
}
