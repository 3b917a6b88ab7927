/** A node's configuration in a folder, and the registries it points to: everything on loopback, made anew by every start. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { behaviours, isBehaviour, type BehaviourName } from './behaviours';
import { errorTexts, mistakes } from './mistakes';
import { startRegistry, type Registry } from './registries';

export interface Playground {
  readonly folder: string;
  readonly certsD: string;
  readonly registries: ReadonlyMap<string, Registry>;
  close(): Promise<void>;
}

/**
 * Fills `folder` and starts its registries. Files that are there are kept, with the ports of the last time, so that a playground that
 * somebody changed shows the change. `changes` gives a registry another behaviour than the one it is named after.
 */
export async function openPlayground(folder: string, changes: ReadonlyMap<string, BehaviourName>): Promise<Playground> {
  const before = portsOf(folder);
  const registries = new Map<string, Registry>();
  for (const name of Object.keys(behaviours).filter(isBehaviour)) {
    registries.set(name, await startRegistry(name, changes.get(name) ?? name, before[name]));
  }
  writeFolder(folder, registries);
  return {
    folder,
    certsD: join(folder, 'etc', 'containerd', 'certs.d'),
    registries,
    close: async () => {
      await Promise.all([...registries.values()].map((registry) => registry.close()));
    },
  };
}

export function registryOf({ registries }: Playground, name: BehaviourName): Registry {
  const registry = registries.get(name);
  if (!registry) throw new Error(`the playground has no registry ${name}`);
  return registry;
}

const portsFile = '.playground.json';

function portsOf(folder: string): Readonly<Record<string, number>> {
  const file = join(folder, portsFile);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {};
}

function writeFolder(folder: string, registries: ReadonlyMap<string, Registry>): void {
  const write = (path: string, text: string): void => {
    const file = join(folder, path);
    if (existsSync(file)) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const [path, text] of Object.entries(mistakes)) write(`etc/containerd/${path}`, text);
  for (const [path, text] of Object.entries(errorTexts)) write(path, text);
  for (const registry of registries.values()) write(`etc/containerd/certs.d/${registry.name}.playground/hosts.toml`, goodHosts(registry));
  for (const [path, text] of Object.entries(namespaces(registries))) write(`etc/containerd/certs.d/${path}/hosts.toml`, text);
  write(portsFile, JSON.stringify(Object.fromEntries([...registries.values()].map(({ name, port }) => [name, port]))));
}

function goodHosts({ behaviour, port }: Registry): string {
  return `# This registry ${behaviours[behaviour].says}.
server = "http://127.0.0.1:${port}"

# Before 1.7.32 containerd drops a file without a host table.
[host]
`;
}

/** Host namespaces whose files are right and whose hosts are not. */
function namespaces(registries: ReadonlyMap<string, Registry>): Readonly<Record<string, string>> {
  const port = (name: BehaviourName): number => registries.get(name)?.port ?? 0;
  return {
    'wrong-scheme.playground': `# The registry speaks plain http.
server = "https://127.0.0.1:${port('good')}"

[host]
`,
    'dead-mirror.playground': `# Nothing listens on port 1: the mirror's refusal hides what the registry behind it says.
server = "http://127.0.0.1:${port('denied')}"

[host."http://127.0.0.1:1"]
  capabilities = ["pull", "resolve"]
`,
  };
}
