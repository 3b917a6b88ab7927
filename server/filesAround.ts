import type { Connection } from 'vscode-languageserver';
import { filesAroundMethod, type FilesAround, type FilesAroundParams } from '../core/nodeFiles';
import type { Client } from './client';
import { isFile, originOf } from './paths';

/** How long a document waits for what is around it; what comes later makes it be judged again. */
const patienceMs = 2000;

/**
 * What stands around documents that are no files of this machine: only the client can read there. One question per machine, kept until
 * the client says that something changed.
 */
export class FilesAroundDocuments {
  readonly #asked = new Map<string, Promise<FilesAround | undefined>>();

  constructor(
    private readonly connection: Connection,
    private readonly client: () => Client,
    private readonly onLate: (origin: string) => void,
  ) {}

  async of(uri: string): Promise<FilesAround | undefined> {
    if (!this.client().answersFilesAround || isFile(uri)) return undefined;
    const origin = originOf(uri);
    const asked = this.#asked.get(origin) ?? this.#ask(origin, uri);
    this.#asked.set(origin, asked);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), patienceMs)));
    const first = await Promise.race([asked, late]);
    clearTimeout(timer);
    if (first !== 'late') return first;
    void asked.then((found) => found && this.#asked.get(origin) === asked && this.onLate(origin));
    return undefined;
  }

  forget(uri: string): void {
    this.#asked.delete(originOf(uri));
  }

  async #ask(origin: string, uri: string): Promise<FilesAround | undefined> {
    const params: FilesAroundParams = { uri };
    const answer: unknown = await this.connection.sendRequest(filesAroundMethod, params).catch(() => undefined);
    if (isFilesAround(answer)) return answer;
    // A machine that could not be read now may be there at the next question.
    this.#asked.delete(origin);
    return undefined;
  }
}

/** Of what the client sends only this much is taken on trust: that it is ours. */
function isFilesAround(answer: unknown): answer is FilesAround {
  return typeof answer === 'object' && answer !== null && 'places' in answer && Array.isArray(answer.places);
}
