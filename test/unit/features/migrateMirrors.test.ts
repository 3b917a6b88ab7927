import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { loadConfig } from '../../../core/config/loadConfig';
import { migrateMirrors } from '../../../core/features/migrateMirrors';
import { pathClean } from '../../../core/go/path';
import { configureHosts } from '../../../core/hosts/configureHosts';
import { hostDirectory } from '../../../core/hosts/directory';
import type { RegistryHost } from '../../../core/hosts/hostsFile';
import type { ConfigTree, PemFile } from '../../../core/ports';
import { mirrorHosts, type MirrorSettings } from '../../../core/resolver/mirrors';
import { lint } from '../../../core/rules/lint';
import { applyEdits } from '../../../core/text/ranges';
import { printString } from '../../../core/toml/lookup';
import { parse } from '../../../core/toml/parse';
import { formatVersion, newestVersion, parseVersion, type Version } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';

const path = '/etc/containerd/config.toml';
const cri = '[plugins."io.containerd.grpc.v1.cri".registry';

interface Migrated {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

function migrate(text: string, version: Version = newestVersion, files: Readonly<Record<string, string>> = {}): Migrated {
  const result = migrateMirrors({ path, parsed: parse(text), version, tree: mapTree(files) });
  assert.ok(result.ok, result.ok ? '' : result.reason.id);
  return {
    text: applyEdits(text, result.edits),
    files: Object.fromEntries(result.files.map((file) => [file.path, file.text])),
    notes: result.notes.map(({ id }) => id),
  };
}

/** A node on which every certificate that is asked for is there. */
function nodeOf(files: Readonly<Record<string, string>>): ConfigTree {
  const certificate = {
    subject: '',
    issuer: '',
    notBeforeMs: 0,
    notAfterMs: 0,
    isCa: true,
    dnsNames: [],
    ipAddresses: [],
    publicKeyId: 'k',
  };
  const pem: PemFile = { certificates: [certificate], privateKeys: [{ publicKeyId: 'k' }], broken: [] };
  const tree = mapTree(files);
  const isCertificate = (place: string) => place.startsWith('/pki/');
  return {
    ...tree,
    stat: (place) => (isCertificate(place) ? 'file' : tree.stat(place)),
    pem: (place) => (isCertificate(place) ? pem : undefined),
  };
}

/** The hosts in the order they are asked, each once, reduced to what a pull meets. */
function asked(hosts: readonly RegistryHost[]): readonly string[] {
  return [
    ...new Set(
      hosts.map(({ scheme, host, path: prefix, capabilities, tls, tryHttpsFirst, headers }) => {
        const can = capabilities.filter((capability) => capability === 'pull' || capability === 'resolve').sort();
        const { skipVerify = false, caFiles = [], clientCertificates = [] } = scheme === 'https' ? (tls ?? {}) : {};
        return JSON.stringify([
          scheme,
          host,
          pathClean(`/${prefix}`),
          can,
          skipVerify,
          caFiles,
          clientCertificates,
          tryHttpsFirst,
          headers,
        ]);
      }),
    ),
  ];
}

function before(text: string, namespace: string, version: Version): readonly string[] {
  const tree = nodeOf({ [path]: text });
  const { mirrors, configs } = loadConfig({ path, tree, version }).registry;
  const tls = Object.fromEntries(Object.entries(configs).map(([host, config]) => [host, config.tls])) as MirrorSettings['tls'];
  const found = mirrorHosts(namespace, { mirrors, tls }, version, tree);
  assert.ok(found.ok);
  // An endpoint with another scheme is left out: it could never be asked.
  return asked(found.hosts.filter(({ scheme }) => /^https?$/.test(scheme)));
}

function after({ text, files }: Migrated, namespace: string, version: Version): readonly string[] {
  const tree = nodeOf({ ...files, [path]: text });
  const { registry } = loadConfig({ path, tree, version });
  assert.deepEqual(Object.keys(registry.mirrors), []);
  const found = configureHosts(namespace, { tree, version, hostsDirs: registry.hostsDirs.cri });
  assert.notEqual(found.outcome, 'fatal', String(found.error));
  return asked(found.hosts);
}

/** The newest 1.7, one that drops a file without a `[host]` table, and 2.1. */
const releases = ['1.7', '1.7.20', '2.1'].map((line) => parseVersion(line) ?? newestVersion);
/** Of a loopback host without a file of its own, hosts.go tries https before http. */
function hasOwnRules(namespace: string, { files }: Migrated): boolean {
  return !namespace.startsWith('localhost') || `/etc/containerd/certs.d/${hostDirectory(namespace)}/hosts.toml` in files;
}

const namespaces = ['docker.io', 'quay.io', 'm.example', 'm.example:5000', 'registry-1.docker.io', 'localhost:5000', 'unlisted.example'];

describe('migrate mirrors to certs.d', () => {
  const plain = `version = 2

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "pause:1"

# where docker.io is mirrored
${cri}.mirrors."docker.io"]
  endpoint = ["https://m.example", "http://10.0.0.5:5000/v2/proxy"]
`;

  it('writes hosts.toml and leaves the rest of config.toml as it is', () => {
    const { text, files, notes } = migrate(plain);
    assert.equal(
      text,
      'version = 2\n\n[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "pause:1"\n\n' +
        `${cri}]\n  config_path = "/etc/containerd/certs.d"\n`,
    );
    assert.deepEqual(files, {
      '/etc/containerd/certs.d/docker.io/hosts.toml':
        'server = "https://registry-1.docker.io"\n\n[host."https://m.example"]\n  capabilities = ["pull", "resolve"]\n\n' +
        '[host."http://10.0.0.5:5000/v2/proxy"]\n  capabilities = ["pull", "resolve"]\n  override_path = true\n',
    });
    assert.deepEqual(notes, []);
    assert.deepEqual(migrate(plain.replace('/v2/proxy', '/proxy')).notes, ['migrate/root-path']);
  });

  it('keeps credentials and names them, moves configs.tls', () => {
    const { text, files, notes } = migrate(
      `version = 2\n${cri}.configs."m.example".tls]\n  ca_file = "/pki/ca.crt"\n  insecure_skip_verify = true\n${cri}.configs."m.example".auth]\n  username = "u"\n${cri}.auths."https://m.example"]\n`,
    );
    assert.match(text, /configs\."m\.example"\.auth\]\n {2}username/);
    assert.doesNotMatch(text, /tls|ca_file/);
    assert.deepEqual(files, {
      '/etc/containerd/certs.d/m.example/hosts.toml': 'server = "https://m.example"\nca = "/pki/ca.crt"\nskip_verify = true\n\n[host]\n',
    });
    assert.deepEqual(notes, ['migrate/tls-again', 'migrate/auth-stays', 'migrate/auths-stay']);
  });

  it('takes mirrors as they may be written', () => {
    const file = '/etc/containerd/certs.d/quay.io/hosts.toml';
    for (const text of [
      'version = 3\n[plugins."io.containerd.cri.v1.images".registry]\nmirrors = { "quay.io" = { endpoint = ["m.example"] } }\n',
      'version = 3\nplugins."io.containerd.cri.v1.images".registry.mirrors."quay.io".endpoint = ["m.example"]\n',
      '[plugins.cri.registry.mirrors."quay.io"]\nendpoint = ["m.example"]\n[debug]\nlevel = "info"\n',
      `version = 2\n${cri}]\n config_path = ""\n [plugins."io.containerd.grpc.v1.cri".registry.mirrors]\n${cri}.mirrors."quay.io"]\n endpoint = ["m.example"]`,
      `version = 2\r\n${cri}] # registries\r\n${cri}.mirrors."quay.io"]\r\n endpoint = ["m.example"]\r\n`,
    ]) {
      const { text: left, files } = migrate(text);
      assert.match(files[file] ?? '', /\[host\."https:\/\/m\.example"\]/);
      const { errors, document } = parse(left);
      assert.deepEqual([errors, left.includes('mirrors')], [[], false]);
      assert.equal(JSON.stringify([...document.root.entries.keys()]).includes('plugins'), true);
      assert.match(left, /config_path = "\/etc\/containerd\/certs\.d"/);
    }
  });

  it('says what it leaves out, and never overwrites', () => {
    const exists = { '/etc/containerd/certs.d/quay.io/hosts.toml': '' };
    const mirror = (name: string, endpoint: string) => `${cri}.mirrors.${printString(name)}]\n  endpoint = [${printString(endpoint)}]\n`;
    const { files, notes } = migrate(
      `version = 2\n${mirror('https://docker.io', 'https://m.example')}${mirror('quay.io', 'https://m.example')}${mirror('ghcr.io', 'ftp://m.example')}  rewrite = "x"\n`,
      newestVersion,
      exists,
    );
    assert.deepEqual(Object.keys(files), ['/etc/containerd/certs.d/ghcr.io/hosts.toml']);
    assert.deepEqual([...notes].sort(), ['migrate/bad-endpoint', 'migrate/exists', 'migrate/key-left', 'migrate/not-read']);
    assert.deepEqual(migrate(`version = 2\n${mirror('*', 'https://m.example')}`, parseVersion('1.6.10')).notes, [
      'migrate/default-unknown',
    ]);
  });

  it('says what of the rest of the file decides', () => {
    const mirrors = `${cri}.mirrors."docker.io"]\n  endpoint = ["https://m.example"]\n`;
    const release = (text: string) => parseVersion(text) ?? newestVersion;
    const notes = (text: string, version: string) => migrate(text, release(version)).notes;
    assert.deepEqual(notes(`version = 2\n${mirrors}`, '2.1'), []);
    assert.deepEqual(notes(`version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n${mirrors}`, '2.1'), ['migrate/imported-mirrors']);
    const short = mirrors.replace('"io.containerd.grpc.v1.cri"', 'cri');
    const split = mirrors.replace('grpc.v1.cri', 'cri.v1.images');
    const withoutEffect = [mirrors, short, split].map((text) => ['1.7', '2.2', '2.3'].filter((one) => notes(text, one).length > 0));
    assert.deepEqual(withoutEffect, [['1.7', '2.2'], ['2.2'], ['1.7']]);
    assert.deepEqual(notes(mirrors, '1.7'), ['migrate/no-version']);
  });

  it('says that hosts.toml checks certificates where mirrors of a loopback address did not', () => {
    const mirror = (name: string, endpoint: string) =>
      migrate(`version = 2\n${cri}.mirrors."${name}"]\n  endpoint = ["${endpoint}"]\n`).notes;
    assert.deepEqual(mirror('localhost:5000', 'http://localhost:5000'), ['migrate/loopback']);
    assert.deepEqual(mirror('127.0.0.1:5000', 'http://m.example'), ['migrate/loopback', 'migrate/loopback']);
    assert.deepEqual(mirror('localhost:5000', 'https://localhost:5000'), []);
    assert.deepEqual(mirror('m.example:5000', 'http://m.example:5000'), []);
  });

  it('refuses what it cannot change safely', () => {
    const reason = (text: string, place = path) => {
      const result = migrateMirrors({ path: place, parsed: parse(text), version: newestVersion, tree: mapTree({}) });
      return result.ok ? 'ok' : result.reason.id;
    };
    assert.equal(reason('version = 2\n'), 'migrate/nothing-to-move');
    assert.equal(reason('version = \n'), 'migrate/not-toml');
    assert.equal(reason(plain, '/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl'), 'migrate/template');
    const inline = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nregistry = { mirrors = { "quay.io" = { endpoint = [] } } }\n';
    assert.equal(reason(inline), 'migrate/inline');
  });

  const recorded = JSON.parse(readFileSync('test/data/config-outcomes.json', 'utf8')) as readonly { id: string; config: string }[];
  const endpoint = fc.tuple(
    fc.constantFrom('https://', 'http://', ''),
    fc.constantFrom('m.example', 'm.example:5000', 'registry-1.docker.io', 'localhost:5000', '10.0.0.5', 'docker.io', 'n.example'),
    fc.constantFrom('', '/', '/v2', '/v2/', '/v2/proxy', '/artifactory/api/docker/x/v2', '/a//b/'),
  );
  const mirrors = fc.dictionary(
    fc.constantFrom('docker.io', 'quay.io', 'm.example:5000', 'localhost:5000', '*'),
    fc.array(
      endpoint.map((parts) => parts.join('')),
      { maxLength: 4 },
    ),
  );
  const tls = fc.dictionary(
    fc.constantFrom('m.example', 'm.example:5000', 'registry-1.docker.io', 'docker.io', 'n.example'),
    fc.record({ ca: fc.boolean(), pair: fc.boolean(), skip: fc.boolean() }),
  );

  for (const version of releases) {
    const line = formatVersion(version);

    it(`asks the same hosts as before: recorded configurations, containerd ${line}`, () => {
      let compared = 0;
      for (const { id, config } of recorded) {
        const result = migrateMirrors({ path, parsed: parse(config), version, tree: mapTree({}) });
        const { outcome, registry } = loadConfig({ path, tree: mapTree({ [path]: config }), version });
        if (!result.ok || outcome === 'fatal' || registry.configPath !== '' || Object.keys(registry.mirrors).length === 0) continue;
        const migrated = migrate(config, version);
        for (const namespace of [...namespaces, ...Object.keys(registry.mirrors)].filter((name) => hasOwnRules(name, migrated)))
          assert.deepEqual(after(migrated, namespace, version), before(config, namespace, version), `${id} ${namespace}`);
        compared++;
      }
      assert.ok(compared >= 3, `${compared} compared`);
    });

    it(`asks the same hosts as before: any mirrors${version.major === 1 ? ' and configs.tls' : ''}, containerd ${line}`, () => {
      fc.assert(
        fc.property(mirrors, version.major === 1 ? tls : fc.constant({}), (byName, byHost) => {
          const text = configOf(byName, byHost);
          fc.pre(Object.keys(byName).length + Object.keys(byHost).length > 0);
          const migrated = migrate(text, version);
          for (const namespace of namespaces.filter((name) => hasOwnRules(name, migrated)))
            assert.deepEqual(after(migrated, namespace, version), before(text, namespace, version), namespace);
        }),
        { seed: 5, numRuns: 60 },
      );
    });
  }

  function configOf(
    byName: Readonly<Record<string, readonly string[]>>,
    byHost: Readonly<Record<string, { readonly ca: boolean; readonly pair: boolean; readonly skip: boolean }>>,
  ): string {
    return [
      'version = 2',
      ...Object.entries(byName).map(
        ([name, list]) => `${cri}.mirrors.${printString(name)}]\n  endpoint = [${list.map(printString).join(', ')}]`,
      ),
      ...Object.entries(byHost).map(
        ([host, { ca, pair, skip }]) =>
          `${cri}.configs.${printString(host)}.tls]\n${ca ? 'ca_file = "/pki/ca"\n' : ''}${pair ? 'cert_file = "/pki/c"\nkey_file = "/pki/k"\n' : ''}insecure_skip_verify = ${skip}`,
      ),
      '',
    ].join('\n');
  }

  it('writes files that lint takes as they are', () => {
    const { files } = migrate(plain.replace('/v2/proxy', ''));
    for (const [place, text] of Object.entries(files)) {
      const { findings } = lint({ path: place, text, version: newestVersion, tree: mapTree({ [place]: text }) });
      assert.deepEqual(
        findings.map(({ rule }) => rule),
        [],
      );
    }
  });
});
