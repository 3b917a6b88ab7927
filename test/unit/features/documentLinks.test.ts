import assert from 'node:assert/strict';
import { definition } from '../../../core/features/definition';
import { documentLinks } from '../../../core/features/documentLinks';
import { contextFor, cursorIn } from '../../fixtures/editor';

function links(kind: 'hosts' | 'config', text: string): string[] {
  return documentLinks(contextFor(kind, text)).map(
    ({ range, path, isFolder }) => `${text.slice(range.start, range.end)} → ${path}${isFolder ? '/' : ''}`,
  );
}

describe('links', () => {
  it('lead from ca and client to their files, relative to hosts.toml', () => {
    const text = [
      'ca = "top.crt"',
      "[host.'https://m']",
      "ca = ['/abs/a.crt', '../shared/b.crt']",
      'client = [["c.crt", "c.key"], "both.pem"]',
      '[host."https://n"]',
      'client = "n.pem"',
    ].join('\n');
    assert.deepEqual(links('hosts', text), [
      'top.crt → /etc/containerd/certs.d/docker.io/top.crt',
      '/abs/a.crt → /abs/a.crt',
      '../shared/b.crt → /etc/containerd/certs.d/shared/b.crt',
      'c.crt → /etc/containerd/certs.d/docker.io/c.crt',
      'c.key → /etc/containerd/certs.d/docker.io/c.key',
      'both.pem → /etc/containerd/certs.d/docker.io/both.pem',
      'n.pem → /etc/containerd/certs.d/docker.io/n.pem',
    ]);
  });

  it('lead from each folder of config_path, and from imports', () => {
    const text =
      'version = 3\nimports = ["conf.d/*.toml", "/etc/x.toml"]\n[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/a/certs.d:/b"\n';
    assert.deepEqual(links('config', text), [
      'conf.d/*.toml → /etc/containerd/conf.d/',
      '/etc/x.toml → /etc/x.toml',
      '/a/certs.d → /a/certs.d/',
      '/b → /b/',
    ]);
  });

  it('are not made of empty, escaped or unrelated strings', () => {
    assert.deepEqual(
      links('hosts', 'ca = ""\nserver = "/x"\n[host."https://m"]\nca = "a\\u0041.crt"\n[host."https://m".header]\nca = "x"\n'),
      [],
    );
    assert.deepEqual(links('config', 'ca = "/x"\nroot = "/var/lib/containerd"\n'), []);
  });
});

describe('definition', () => {
  it('leads to the file that a value names', () => {
    const { text, offset } = cursorIn('ca = "ca$0.crt"\n');
    assert.deepEqual(definition(contextFor('hosts', text), offset), {
      inFile: false,
      origin: { start: 6, end: 12 },
      paths: ['/etc/containerd/certs.d/docker.io/ca.crt'],
    });
  });

  it('leads from config_path to the hosts.toml files of the folder, of a repository to those beside the config.toml', () => {
    const { text, offset } = cursorIn('[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/etc/containerd/cer$0ts.d"\n');
    const found = (path: string, file: string): unknown => definition(contextFor('config', text, { path, files: { [file]: '' } }), offset);
    const origin = { start: text.indexOf('/etc'), end: text.indexOf('/etc') + '/etc/containerd/certs.d'.length };
    for (const root of ['', '/repo/n']) {
      const file = `${root}/etc/containerd/certs.d/a/hosts.toml`;
      assert.deepEqual(found(`${root}/etc/containerd/config.toml`, file), { inFile: false, origin, paths: [file] });
    }
    assert.equal(found('/x/config.toml', '/x/hosts.toml'), undefined);
  });

  it('leads from a pattern of imports to the drop-ins', () => {
    const { text, offset } = cursorIn('imports = ["conf$0.d/*.toml"]\n');
    const found = definition(
      contextFor('config', text, { files: { '/etc/containerd/conf.d/a.toml': '', '/etc/containerd/conf.d/b.txt': '' } }),
      offset,
    );
    assert.deepEqual(found && !found.inFile && found.paths, ['/etc/containerd/conf.d/a.toml']);
  });

  it('leads from the default runtime to its table', () => {
    const { text, offset } = cursorIn(
      'version = 3\n[plugins."io.containerd.cri.v1.runtime".containerd]\ndefault_runtime_name = "ru$0nc"\n[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]\nruntime_type = "io.containerd.runc.v2"\n',
    );
    const found = definition(contextFor('config', text), offset);
    assert.ok(found?.inFile);
    assert.equal(found.range.start, text.lastIndexOf('runc]'));
  });
});
