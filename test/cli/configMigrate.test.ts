import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine, Io } from '../../cli/command';
import { configMigrate } from '../../cli/commands/configMigrate';

const mirrors = `version = 2
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."quay.io"]
  endpoint = ["https://m.example"]
[plugins."io.containerd.grpc.v1.cri".registry.configs."m.example".auth]
  username = "u"
`;

describe('config migrate', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'migrate-'));
    writeFileSync(join(folder, 'config.toml'), mirrors);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(words: readonly string[], values: CommandLine['values']) {
    let [out, err] = ['', ''];
    const io: Io = {
      env: {},
      cwd: folder,
      color: false,
      cancellation: { cancelled: false, onCancelled: () => () => undefined },
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
      readStdin: () => Promise.resolve(''),
      stdinLines: async function* () {},
    };
    const status = configMigrate(words, { positionals: [], values }, io);
    return { status, out, err };
  }

  it('prints the files, and on stderr what stays behind', () => {
    const { status, out, err } = run(['config.toml'], { to: 'certs.d' });
    assert.equal(status, 0);
    assert.match(
      out,
      /^# config\.toml\nversion = 2\n[\s\S]*config_path[\s\S]*\n# \/etc\/containerd\/certs\.d\/quay\.io\/hosts\.toml\nserver = /,
    );
    assert.doesNotMatch(out, /mirrors/);
    assert.match(err, /The credentials of m\.example stay/);
    assert.equal(readFileSync(join(folder, 'config.toml'), 'utf8'), mirrors);
  });

  it('writes them with -o, over nothing that is there', () => {
    run(['config.toml'], { to: 'certs.d', output: 'new' });
    assert.match(readFileSync(join(folder, 'new/config.toml'), 'utf8'), /config_path/);
    assert.match(readFileSync(join(folder, 'new/certs.d/quay.io/hosts.toml'), 'utf8'), /m\.example/);
    assert.throws(() => run(['config.toml'], { to: 'certs.d', output: 'new' }), /exists already/);
    assert.throws(() => run(['config.toml'], { to: '3', output: '.' }), /exists already/);
    assert.equal(existsSync(join(folder, 'certs.d')), false);
  });

  it('prints one file alone, and the same again when there is nothing to do', () => {
    const first = run(['config.toml'], { to: '3' });
    assert.match(first.out, /^version = 3\n/);
    writeFileSync(join(folder, 'config.toml'), first.out);
    const second = run(['config.toml'], { to: '3' });
    assert.deepEqual([second.status, second.out], [0, first.out]);
    assert.match(second.err, /version 3 already/);
  });

  it('gives JSON with the notes and their ids', () => {
    const document = JSON.parse(run(['config.toml'], { to: 'certs.d', format: 'json' }).out) as {
      readonly schema: number;
      readonly files: readonly { readonly path: string }[];
      readonly notes: readonly { readonly id: string }[];
    };
    assert.equal(document.schema, 1);
    assert.deepEqual(
      document.files.map(({ path }) => path),
      ['config.toml', '/etc/containerd/certs.d/quay.io/hosts.toml'],
    );
    assert.deepEqual(
      document.notes.map(({ id }) => id),
      ['migrate/auth-stays'],
    );
  });

  it('says in one line what is wrong with the call', () => {
    assert.throws(() => run([], { to: '3' }), /needs one file/);
    assert.throws(() => run(['config.toml'], { to: '4' }), /--to certs\.d or --to 3, not "4"/);
    assert.throws(() => run(['gone.toml'], { to: '3' }), /gone\.toml: no such file/);
    assert.throws(() => run(['config.toml'], { to: '3', containerd: '1.7' }), /came with 2\.0/);
    writeFileSync(join(folder, 'config.toml'), 'version = = 2\n');
    assert.throws(() => run(['config.toml'], { to: '3' }), /not valid TOML/);
  });
});
