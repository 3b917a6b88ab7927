import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface RpcMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri?: string; readonly items?: readonly unknown[]; readonly diagnostics?: readonly unknown[] };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A language server behind stdio: just enough of LSP to open a document, edit it and wait for its diagnostics. */
export class LanguageServer {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (message: RpcMessage) => void>();
  #input = Buffer.alloc(0);
  #onDiagnostics: ((diagnostics: readonly unknown[]) => void) | undefined;
  #nextId = 1;

  constructor(command: readonly string[]) {
    this.#child = spawn(command[0] ?? '', command.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  async initialize(rootUri: string, pull: boolean): Promise<void> {
    const textDocument = { publishDiagnostics: {}, ...(pull ? { diagnostic: {} } : {}) };
    await this.request('initialize', {
      processId: process.pid,
      rootUri,
      capabilities: { textDocument, workspace: {} },
      workspaceFolders: [{ uri: rootUri, name: 'bench' }],
    });
    this.notify('initialized', {});
  }

  request(method: string, params: object): Promise<unknown> {
    const id = this.#nextId++;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
    });
  }

  notify(method: string, params: object): void {
    this.#send({ method, params });
  }

  /** The diagnostics that are pushed next, for any document. */
  nextDiagnostics(): Promise<readonly unknown[]> {
    return new Promise((resolve) => {
      this.#onDiagnostics = resolve;
    });
  }

  /** Resident memory in MB, as the kernel counts it now. */
  memoryMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid ?? 0}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(chunk: Buffer): void {
    this.#input = Buffer.concat([this.#input, chunk]);
    for (;;) {
      const end = this.#input.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.#input.toString('latin1', 0, end))?.[1]);
      if (this.#input.length < end + 4 + length) return;
      const message = JSON.parse(this.#input.toString('utf8', end + 4, end + 4 + length)) as RpcMessage;
      this.#input = this.#input.subarray(end + 4 + length);
      this.#receive(message);
    }
  }

  #receive(message: RpcMessage): void {
    if (message.method === 'textDocument/publishDiagnostics') this.#onDiagnostics?.(message.params?.diagnostics ?? []);
    else if (message.method !== undefined && message.id !== undefined) {
      const result = message.method === 'workspace/configuration' ? (message.params?.items ?? []).map(() => null) : null;
      this.#send({ id: message.id, result });
    } else if (message.id !== undefined) {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
    }
  }
}
