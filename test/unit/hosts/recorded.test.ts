import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { configureHosts, type ConfiguredHosts } from '../../../core/hosts/configureHosts';
import { decodeHostsFile } from '../../../core/hosts/hostsDecode';
import type { ConfigTree } from '../../../core/ports';
import { parseEitherWay } from '../../../core/reference/reference';
import { parse } from '../../../core/toml/parse';
import { parseVersion, type Version } from '../../../core/versions/versions';
import { namedPemTree } from './namedPem';

/**
 * What containerd itself made of hosts.toml files: upstream's parser and ConfigureHosts of seven releases, and Debian's three. One record
 * is one outcome, with the releases that had it. `$DIR` is the folder of the file, `$ROOT` the one above.
 */
interface Recording {
  readonly id: string;
  readonly versions: readonly string[];
  readonly file?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly reference?: string;
  readonly dropped?: string;
  readonly fatal?: string;
  readonly urls?: Readonly<Record<string, string>>;
  /** URL, capabilities, skip_verify, CA certificates, client certificates, header; null: could not be seen. */
  readonly hosts?: readonly (readonly [string, string, boolean | null, number | null, number | null, Record<string, string[]> | null])[];
  readonly ignored?: readonly string[];
}

const root = '/etc/containerd/certs.d';
const records = readFileSync('test/data/hosts-recorded.jsonl', 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recording);

const pki = Object.fromEntries(
  ['ca', 'ca2', 'client', 'client2'].flatMap((name) =>
    ['crt', 'key', 'pem'].map((kind) => [`/rig/pki/${name}.${kind}`, `pki ${name}.${kind}`]),
  ),
);

function treeOf({ file, files }: Recording, host: string): ConfigTree {
  const own = file === undefined ? (files ?? {}) : { [`${host}/hosts.toml`]: file };
  return namedPemTree({ ...pki, ...Object.fromEntries(Object.entries(own).map(([name, text]) => [`${root}/${name}`, text])) });
}

function configured(recording: Recording, tree: ConfigTree, reference: string, version: Version): ConfiguredHosts {
  const parsed = parseEitherWay(reference, version);
  assert(parsed.ok);
  assert.equal(recording.versions.length > 0, true);
  return configureHosts(parsed.reference.hostname, { tree, hostsDirs: [root], version });
}

function urls({ hosts }: ConfiguredHosts): string {
  return hosts.map(({ scheme, host, path }) => `${scheme}://${host}${path}`).join(' ');
}

describe('recorded hosts.toml files', () => {
  for (const recording of records) {
    for (const release of recording.versions) {
      it(`${recording.id} as ${release} takes it`, () => {
        const version = parseVersion(release);
        assert(version);
        if (recording.file === undefined) checkFolder(recording, version);
        else checkFile(recording, recording.file, version);
      });
    }
  }
});

function checkFile(recording: Recording, text: string, version: Version): void {
  const tree = treeOf(recording, 'example.com');
  const path = `${root}/example.com/hosts.toml`;
  const file = decodeHostsFile(parse(text), { path, version, tree });
  const wanted = recording.dropped !== undefined ? 'dropped' : recording.fatal !== undefined ? 'fatal' : 'used';
  assert.equal(file.outcome === 'partly-ignored' ? 'used' : file.outcome, wanted);
  const said = configured(recording, tree, 'example.com/x:t', version);
  const [first] = file.problems.filter(({ effect }) => effect === file.outcome);
  const expected = (recording.dropped ?? recording.fatal)?.replaceAll('$DIR', `${root}/example.com`);
  if (first?.text !== undefined) assert.equal(first.text, expected);
  if (wanted === 'fatal') assert.deepEqual([said.outcome, said.error], ['fatal', expected]);
  for (const [host, list] of Object.entries(recording.urls ?? {})) {
    const reference = `${host}/${host === 'docker.io' ? 'library/' : ''}x:t`;
    assert.equal(urls(configured(recording, treeOf(recording, host), reference, version)), list);
  }
}

function checkFolder(recording: Recording, version: Version): void {
  const tree = treeOf(recording, '');
  const said = configured(recording, tree, recording.reference ?? '', version);
  if (recording.fatal !== undefined) assert.deepEqual([said.outcome, said.error], ['fatal', recording.fatal.replaceAll('$ROOT', root)]);
  if (recording.dropped !== undefined) assert.equal(said.outcome, 'dropped');
  if (recording.hosts) assert.deepEqual(seen(said, recording.hosts), recording.hosts.map(sortedCapabilities));
  if (recording.ignored) assert.deepEqual(ignoredKeys(recording, tree, version), recording.ignored);
}

type Host = NonNullable<Recording['hosts']>[number];

/** Our hosts with null wherever the recording could not look. */
function seen(said: ConfiguredHosts, wanted: readonly Host[]): readonly Host[] {
  return said.hosts.map((host, index) => {
    const [, , skipVerify, ca, client, header] = wanted[index] ?? [null, null, null, null, null, null];
    return sortedCapabilities([
      `${host.scheme}://${host.host}${host.path}`,
      host.capabilities.join(' '),
      skipVerify === null ? null : (host.skipVerify ?? false),
      ca === null ? null : (host.tls?.caFiles.length ?? 0),
      client === null ? null : (host.tls?.clientCertificates.length ?? 0),
      header === null ? null : ({ ...host.headers } as Record<string, string[]>),
    ]);
  });
}

function sortedCapabilities([url, capabilities, ...rest]: Host): Host {
  return [url, capabilities.split(' ').sort().join(' '), ...rest];
}

function ignoredKeys(recording: Recording, tree: ConfigTree, version: Version): readonly string[] {
  const paths = Object.keys(recording.files ?? {}).filter((name) => name.endsWith('hosts.toml'));
  const keys = paths.flatMap((name) => {
    const path = `${root}/${name}`;
    return decodeHostsFile(parse(tree.read(path) ?? ''), { path, version, tree }).problems.flatMap(({ effect, key }) =>
      effect === 'ignored' ? [key ?? ''] : [],
    );
  });
  return keys.sort();
}
