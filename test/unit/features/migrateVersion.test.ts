import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadConfig } from '../../../core/config/loadConfig';
import type { Settings } from '../../../core/config/settings';
import { migrateVersion } from '../../../core/features/migrateVersion';
import { lint } from '../../../core/rules/lint';
import { applyEdits } from '../../../core/text/ranges';
import type { TomlValue } from '../../../core/toml/document';
import { parse } from '../../../core/toml/parse';
import { newestVersion, parseVersion, type Version } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';

const path = '/etc/containerd/config.toml';

function result(text: string, version: Version = newestVersion, place = path) {
  return migrateVersion({ path: place, parsed: parse(text), version, tree: mapTree({}) });
}

function migrated(text: string, version: Version = newestVersion): string {
  const migration = result(text, version);
  assert.ok(migration.ok, migration.ok ? '' : migration.reason.id);
  return applyEdits(text, migration.edits);
}

/** All settings of all plugins as containerd of that release would look for them; empty tables say nothing. */
function plugins(text: string, version: Version): string {
  const { settings, problems } = loadConfig({ path, tree: mapTree({ [path]: text }), version });
  const lost = new Set(problems.filter(({ code }) => code === 'lost-in-migration').map(({ key }) => key));
  assert.equal(lost.size, 0);
  return JSON.stringify(plain(settings.plugins), undefined, 1);
}

function plain(settings: Settings): unknown {
  const entries = [...settings].map(([name, { entries: inside, value }]) => [name, inside ? plain(inside) : plainValue(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => JSON.stringify(value) !== '{}').sort(([a], [b]) => (a < b ? -1 : 1)));
}

function plainValue(value: TomlValue): unknown {
  if (value.kind === 'array') return value.items.map(plainValue);
  return value.kind === 'table' || value.kind === 'invalid' ? value.kind : [value.kind, String(value.value)];
}

describe('migrate to version 3', () => {
  it('puts each key of the CRI table where version 3 has it, and keeps comments and order', () => {
    const text = `# a node
version = 2 # the old one

[debug]
  level = "info"

# pulls and pods
[plugins."io.containerd.grpc.v1.cri"]
  # the pause image
  sandbox_image = "registry.example/pause:3.9" # ours
  max_concurrent_downloads = 5
  enable_selinux = true
  stream_server_port = "0"

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      sandbox_mode = "podsandbox"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = true # as kubelet

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/opt/cni/bin"

# behind it
[plugins."io.containerd.internal.v1.restart"]
  interval = "10s"
`;
    assert.equal(
      migrated(text),
      `# a node
version = 3 # the old one

[debug]
  level = "info"

[plugins."io.containerd.cri.v1.images".pinned_images]
# pulls and pods
  # the pause image
  sandbox = "registry.example/pause:3.9" # ours

[plugins."io.containerd.cri.v1.images"]
  max_concurrent_downloads = 5
    snapshotter = "overlayfs"

[plugins."io.containerd.cri.v1.runtime"]
  enable_selinux = true

[plugins."io.containerd.grpc.v1.cri"]
  stream_server_port = "0"

  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"

    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      sandboxer = "podsandbox"

      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        SystemdCgroup = true # as kubelet

  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/opt/cni/bin"]

# behind it
[plugins."io.containerd.monitor.container.v1.restart"]
  interval = "10s"
`,
    );
  });

  it('keeps the comments behind headers that go to several places', () => {
    const text = `version = 2

# pulls
[plugins."io.containerd.grpc.v1.cri"] # of the node's team
  max_concurrent_downloads = 5
  [plugins.'io.containerd.grpc.v1.cri'.containerd]  # see [docs]
    snapshotter = "overlayfs"
`;
    assert.equal(
      migrated(text),
      `version = 3

[plugins."io.containerd.cri.v1.images"]
# pulls
# of the node's team
  max_concurrent_downloads = 5
  # see [docs]
    snapshotter = "overlayfs"
`,
    );
  });

  it('takes version 1, dotted keys and inline tables', () => {
    assert.equal(
      migrated('disabled_plugins = ["aufs"]\n[plugins.cri.registry]\nconfig_path = "/x"\n'),
      'version = 3\n\ndisabled_plugins = ["io.containerd.snapshotter.v1.aufs"]\n[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/x"\n',
    );
    assert.equal(
      migrated('version = 2\n[plugins]\n"io.containerd.grpc.v1.cri".sandbox_image = "p:1"\n'),
      'version = 3\n[plugins]\n"io.containerd.cri.v1.images".pinned_images.sandbox = "p:1"\n',
    );
    const inline =
      'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\ncontainerd = { snapshotter = "zfs", runtimes = { runc = { sandbox_mode = "x", options.Root = "/r" } } }\n';
    assert.equal(
      migrated(inline),
      'version = 3\n[plugins."io.containerd.cri.v1.images"]\nsnapshotter = "zfs"\n\n' +
        '[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]\nsandboxer = "x"\n\n' +
        '[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]\nRoot = "/r"\n',
    );
  });

  it('says what a person has to know', () => {
    const notes = (text: string, version?: Version) => {
      const migration = result(text, version);
      assert.ok(migration.ok);
      return migration.notes.map(({ id, args }) => [id, args['key']]);
    };
    const table =
      'version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n[plugins."io.containerd.grpc.v1.cri"]\nsystemd_cgroup = true\n';
    assert.deepEqual(notes(`${table}[plugins."io.containerd.grpc.v1.cri".containerd]\nsnapshotter = "zfs"\n`), [
      ['migrate/lost-by-containerd', 'snapshotter'],
      ['migrate/no-such-key', 'systemd_cgroup'],
      ['migrate/imports', undefined],
    ]);
    assert.deepEqual(notes('[plugins.cri]\nenable_selinux = true\n'), []);
    assert.deepEqual(notes('version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "p:1"\n'), []);
    assert.deepEqual(notes('[plugins.cri]\nenable_selinux = true\n', parseVersion('2.1')), [['migrate/counts-now', undefined]]);
  });

  it('refuses what it cannot do', () => {
    const reason = (text: string, version?: Version, place?: string) => {
      const migration = result(text, version, place);
      return migration.ok ? 'ok' : migration.reason.id;
    };
    assert.equal(reason('version = 3\n'), 'migrate/is-version');
    assert.equal(reason('version = 2\n', parseVersion('1.7')), 'migrate/old-release');
    assert.equal(reason('version = = 2\n'), 'migrate/not-toml');
    assert.equal(reason('version = 2\n', newestVersion, '/x/config.toml.tmpl'), 'migrate/template');
    assert.equal(reason('version = 2\nplugins = { "io.containerd.grpc.v1.cri" = {} }\n'), 'migrate/inline');
    assert.equal(reason('version = 2\n[plugins."io.containerd.cri.v1.images"]\nsnapshotter = "zfs"\n'), 'migrate/both-tables');
  });

  const recorded = JSON.parse(readFileSync('test/data/config-outcomes.json', 'utf8')) as readonly { id: string; config: string }[];
  for (const line of ['2.0', '2.1', '2.2', '2.3']) {
    const version = parseVersion(line) ?? newestVersion;
    it(`means the same as before to containerd ${line}: recorded configurations`, () => {
      let compared = 0;
      for (const { id, config } of recorded) {
        const migration = result(config, version);
        const before = loadConfig({ path, tree: mapTree({ [path]: config }), version });
        if (!migration.ok || before.outcome === 'fatal' || before.configVersion > 2) continue;
        if (before.problems.some(({ code }) => code === 'lost-in-migration')) continue;
        const after = applyEdits(config, migration.edits);
        assert.equal(plugins(after, version), plugins(config, version), id);
        assert.equal(lint({ path, text: after, version, tree: mapTree({ [path]: after }) }).outcome === 'fatal', false, id);
        compared++;
      }
      assert.ok(compared >= 10, `${compared} compared`);
    });
  }
});
