import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../fixtures/cli';

const hook = readFileSync('.pre-commit-hooks.yaml', 'utf8');
const guide = readFileSync('docs/ci.md', 'utf8');

function field(text: string, name: string): string {
  return new RegExp(`^ *(?:- )?${name}: (.+)$`, 'm').exec(text)?.[1] ?? assert.fail(`no ${name}`);
}

describe('the pre-commit hook', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'crb-hook-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const staged = (path: string, text: string): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return path;
  };

  it('has an entry that judges the files it is given', async () => {
    const [program, ...words] = field(hook, 'entry').split(' ');
    const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly bin: Readonly<Record<string, string>> };
    assert.deepEqual(Object.keys(bin), [program]);
    const good = staged('certs.d/a.example/hosts.toml', 'server = "https://a.example"\n\n[host]\n');
    const bad = staged('certs.d/b.example/hosts.toml', 'server = "https://b.example"\n\n[host]\nusername = "x"\n');
    const args = ['--containerd', '2.1'];
    assert.deepEqual(await runCli([...words, ...args, good], { cwd: folder }).then(({ status }) => status), 0);
    const said = await runCli([...words, ...args, good, bad], { cwd: folder });
    assert.deepEqual([said.status, said.stderr], [1, '']);
    assert.match(said.stdout, /^certs\.d\/b\.example\/hosts\.toml:4:1: /);
  });

  it('is given the files that lint finds, and is described with the same pattern', () => {
    const files = new RegExp(field(hook, 'files'));
    const wanted = ['hosts.toml', 'etc/containerd/certs.d/docker.io/hosts.toml', 'etc/containerd/config.toml', 'k3s/config-v3.toml.tmpl'];
    assert.deepEqual(
      wanted.filter((path) => !files.test(path)),
      [],
    );
    assert.deepEqual(
      ['Cargo.toml', 'pyproject.toml', 'myhosts.toml', 'hosts.toml.bak'].filter((path) => files.test(path)),
      [],
    );
    assert.equal(field(guide.slice(guide.indexOf('repo: local')), 'files'), field(hook, 'files'));
  });

  it('is installed with what the command line reads', () => {
    const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ files }] = JSON.parse(packed) as [{ readonly files: readonly { readonly path: string }[] }];
    const paths = files.map(({ path }) => path);
    const programs = readdirSync('dist').filter((name) => /^(?:cli.*|askpass)\.js$/.test(name));
    assert.ok(programs.length > 2);
    for (const path of [...programs.map((name) => `dist/${name}`), 'l10n/messages.zh-cn.json', 'package.json'])
      assert.ok(paths.includes(path), path);
    assert.deepEqual(
      paths.filter((path) => /^(?:core|cli|server|src|test|scripts)\/|\.map$/.test(path)),
      [],
    );
  });
});
