import type { NetFailure, TlsSettings } from '../../core/ports';
import { certificatesOf } from './certificates';
import { rootsOf, type Roots } from './verify';

export interface TlsMaterial {
  readonly roots: Roots | undefined;
  readonly clientCertificate: { readonly cert: string; readonly key: string } | undefined;
}

/** Certificates and keys that lie on the node, each file read once. */
export class TrustStore {
  readonly #files = new Map<string, Promise<string>>();
  #system: Promise<string> | undefined;

  constructor(
    private readonly readFile: (path: string) => Promise<string>,
    private readonly systemCa: () => Promise<string>,
  ) {}

  /** hosts.toml adds its CA files to the system's pool (config/hosts.go: rootSystemPool). Files that cannot be read are a failure. */
  async materialFor({ skipVerify, caFiles, clientCertificates }: TlsSettings): Promise<TlsMaterial | NetFailure> {
    try {
      const client = clientCertificates[0];
      const clientCertificate = client && { cert: await this.#read(client.cert), key: await this.#read(client.key) };
      if (skipVerify) return { roots: undefined, clientCertificate };
      this.#system ??= this.systemCa();
      const texts = await Promise.all([this.#system, ...caFiles.map((path) => this.#read(path))]);
      return { roots: rootsIn(texts), clientCertificate };
    } catch (error) {
      return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  #read(path: string): Promise<string> {
    const known = this.#files.get(path);
    if (known) return known;
    const reading = this.readFile(path);
    this.#files.set(path, reading);
    return reading;
  }
}

/** The pools read last, by their texts: a system's hundred and more certificates take longer to parse than a connection to make. */
const pools = new Map<string, Roots>();
const keptPools = 16;

function rootsIn(texts: readonly string[]): Roots {
  const key = texts.join('\n');
  const known = pools.get(key);
  if (known) return known;
  const roots = rootsOf(texts.flatMap(certificatesOf));
  const [oldest] = pools.keys();
  if (oldest !== undefined && pools.size >= keptPools) pools.delete(oldest);
  pools.set(key, roots);
  return roots;
}
