import assert from 'node:assert/strict';
import { kindOf } from '../../../core/rules/kind';
import { lint, ruleCatalog } from '../../../core/rules/lint';
import { render } from '../../../core/text/message';
import { newestVersion } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';

const project = '/home/me/project';

/** What lint says of a file, `severity rule line`, and what containerd is said to do. */
function judged(path: string, text: string, rooted = false): { readonly outcome: string; readonly said: readonly string[] } {
  const { outcome, findings } = lint({ path, text, version: newestVersion, tree: mapTree({ [path]: text }, rooted) });
  const line = (offset: number): number => text.slice(0, offset).split('\n').length;
  return { outcome, said: findings.map(({ severity, rule, range }) => `${severity} ${rule} ${line(range.start)}`) };
}

describe('a file that another program fills in', () => {
  const windows = String.raw`version = 3
root = 'C:\ProgramData\containerd\root'
[plugins.'io.containerd.cri.v1.images']
  snapshotter = 'windows'
[plugins.'io.containerd.cri.v1.runtime'.containerd]
  default_runtime_name = '{{name}}'
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.wcow]
    runtime_type = 'io.containerd.runhcs.v1'
    {{podAnnotations}}
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.wcow.options]
      SandboxIsolation = {{sandboxIsolation}}
{{hypervisors}}
`;

  it('is judged around its actions in a project, with one finding for them', () => {
    assert.deepEqual(judged(`${project}/containerd/config.toml`, windows), { outcome: 'used', said: ['info lint-template 6'] });
  });

  it('is judged as it stands on a node and where containerd reads it', () => {
    for (const [path, rooted] of [
      [`${project}/containerd/config.toml`, true],
      ['/etc/containerd/config.toml', false],
    ] as const) {
      const { outcome, said } = judged(path, windows, rooted);
      assert.equal(outcome, 'fatal');
      assert.ok(said.includes('error config-not-toml 9'), said.join('\n'));
      assert.ok(!said.some((one) => one.includes('lint-template')));
    }
  });

  it('has the mistakes that stand elsewhere', () => {
    assert.deepEqual(judged(`${project}/containerd/config.toml`, 'version = 3\n[debug]\nlevel = ${level}\nformat = json\n'), {
      outcome: 'fatal',
      said: ['warning lint-template 3', 'error config-not-toml 4'],
    });
    assert.deepEqual(judged(`${project}/docker.io/hosts.toml`, '[host."https://${MIRROR}"]\nca = 1\n[host."%s"]\n').said, [
      'warning lint-template 1',
      'error hosts-wrong-type 2',
    ]);
  });

  it('is no template when nothing is wrong at what looks like an action', () => {
    const text = '[host."https://mirror.example.com"]\n  [host."https://mirror.example.com".header]\n  x-token = "${TOKEN}"\n';
    assert.deepEqual(judged(`${project}/quay.io/hosts.toml`, text), { outcome: 'used', said: ['hint hosts-upstream-is-asked 1'] });
  });

  it('hides a finding of a template by a directive, as any other', () => {
    const text = '# containerd-runbooks: ignore lint-template\n[host."https://{{ mirror }}"]\n';
    assert.deepEqual(judged(`${project}/docker.io/hosts.toml.j2`, text), { outcome: 'used', said: [] });
  });

  it('quotes nothing that was put in place of an action, and writes it nowhere', () => {
    const path = `${project}/docker.io/hosts.toml.j2`;
    const text = '[host."https://{{ mirror }}"]\n  overide_path = true\n  override_path = true\n';
    const { findings } = lint({ path, text, version: newestVersion, tree: mapTree({ [path]: text }) });
    assert.ok(findings.every(({ fix }) => fix === undefined));
    assert.ok(
      findings.some(
        ({ rule, message }) => rule === 'hosts-override-path-without-v2' && render(message, ruleCatalog).includes('https://…/library'),
      ),
    );
  });

  it('is known by its name', () => {
    assert.equal(kindOf('/srv/docker.io/hosts.toml.j2'), 'hosts');
    assert.equal(kindOf('/srv/roles/containerd/templates/config.toml.j2'), 'config');
    assert.equal(kindOf('/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl'), 'config');
    assert.equal(kindOf('/srv/roles/haproxy/templates/config.toml.j2'), undefined);
    assert.equal(kindOf('/srv/hosts.toml.bak'), undefined);
  });
});
