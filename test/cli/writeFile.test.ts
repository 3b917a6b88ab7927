import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { connect } from '../../cli/transport';
import { localNode } from '../../cli/transport/local';
import { stampOf, writeNodeFile, type WriteOutcome } from '../../cli/transport/writeFile';
import { failureMessages } from '../../core/diagnosis/failureMessages';
import { render } from '../../core/text/message';
import { startSshd } from '../fixtures/sshd';
import { standIns, type StandIns } from '../fixtures/standIns';

const stamp = '20260130T101112.345Z';
const oldText = "server = 'https://old'\n\n";
const newText = 'server = "https://new"\n# $(touch pwned) `touch pwned` \'\\ %s é\n\n';
const isRoot = process.getuid?.() === 0;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crb-write-'));
  path = join(folder, 'hosts.toml');
  writeFileSync(path, oldText);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const content = (): string => readFileSync(path, 'utf8');

function write(
  base = oldText,
  more: { readonly path?: string; readonly PATH?: string; readonly text?: string } = {},
): Promise<WriteOutcome> {
  const { PATH, ...given } = more;
  const node = localNode(PATH === undefined ? process.env : { ...process.env, PATH });
  return writeNodeFile(node, { path, base, text: newText, stamp, ...given });
}

function reasonOf(outcome: WriteOutcome): string {
  return 'reason' in outcome ? render(outcome.reason, failureMessages) : '';
}

describe('a file of a node is replaced', () => {
  it('with a backup beside it, and nothing else left', async () => {
    const backup = `${path}.${stamp}.bak`;
    assert.deepEqual(await write(), { status: 'written', backup, sudo: false });
    assert.deepEqual([content(), readFileSync(backup, 'utf8')], [newText, oldText]);
    assert.deepEqual(readdirSync(folder).sort(), ['hosts.toml', `hosts.toml.${stamp}.bak`]);
  });

  it('and what a write that was killed has left beside it goes', async () => {
    for (const name of ['.hosts.toml.20260101T000000.000Z.tmp', '.other.toml.20260101T000000.000Z.tmp'])
      writeFileSync(join(folder, name), 'half');
    assert.equal((await write()).status, 'written');
    assert.deepEqual(readdirSync(folder).sort(), ['.other.toml.20260101T000000.000Z.tmp', 'hosts.toml', `hosts.toml.${stamp}.bak`]);
  });

  it('keeps its mode and its owner', async () => {
    chmodSync(path, 0o640);
    if (isRoot) chownSync(path, 12_345, 12_346);
    const { uid, gid, ino } = statSync(path);
    assert.equal((await write()).status, 'written');
    const now = statSync(path);
    assert.deepEqual([now.mode & 0o7777, now.uid, now.gid], [0o640, uid, gid]);
    assert.notEqual(now.ino, ino, 'a new file took its place');
  });

  it('behind a link: the link stays one', async () => {
    const link = join(folder, 'link.toml');
    symlinkSync('hosts.toml', link);
    assert.deepEqual(await write(oldText, { path: link }), { status: 'written', backup: `${path}.${stamp}.bak`, sudo: false });
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(content(), newText);
  });

  it('through sudo -n where the login user may not do it', async () => {
    const tools = standIns(folder, {
      id: 'echo 1000',
      sudo: `[ "$1" = -n ] || exit 1; shift; chmod u+w '${folder}'; run "$@"`,
    });
    if (isRoot) chownSync(path, 12_345, 12_345);
    else chmodSync(folder, 0o555);
    const outcome = await write(oldText, { PATH: tools.path });
    assert.ok(outcome.status === 'written' && outcome.sudo);
    assert.equal(content(), newText);
  });

  it('by no other shell than sh of dash and busybox', async () => {
    for (const shell of ['dash', 'busybox']) {
      writeFileSync(path, oldText);
      const tools = standIns(folder, shell === 'busybox' ? busyboxTools() : { sh: 'run dash "$@"' });
      const outcome = await write(oldText, { PATH: tools.path, text: `${newText}${shell}` });
      assert.equal(outcome.status, 'written', `${shell}: ${JSON.stringify(outcome)}`);
      assert.equal(content(), `${newText}${shell}`);
      rmSync(`${path}.${stamp}.bak`);
    }
  });
});

/** Every tool of the script is busybox's own. */
function busyboxTools(): Record<string, string> {
  const names = ['sh', 'id', 'cat', 'cp', 'ls', 'sync', 'dd', 'mv', 'rm', 'readlink'];
  return Object.fromEntries(names.map((name) => [name, `run busybox ${name} "$@"`]));
}

describe('a file of a node is left as it is', () => {
  it('when it has changed since it was read, or has gone', async () => {
    assert.deepEqual(await write('server = "other"\n'), { status: 'changed' });
    assert.deepEqual(await write(oldText.trimEnd()), { status: 'changed' });
    rmSync(path);
    assert.deepEqual(await write(), { status: 'missing' });
    assert.deepEqual(readdirSync(folder), []);
  });

  it('when it is no plain file, no text, too large, or no path', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const refused = async (base: string, given: Parameters<typeof write>[1]): Promise<string> => {
      const outcome = await write(base, given);
      return outcome.status === 'refused' ? reasonOf(outcome) : outcome.status;
    };
    assert.match(await refused(oldText, { path: fifo }), /no plain file/);
    assert.match(await refused(oldText, { path: folder }), /no plain file/);
    assert.match(await refused('a\0b', {}), /NUL/);
    assert.match(await refused('a\ufffdb', {}), /no UTF-8/);
    assert.match(await refused(oldText, { text: 'x'.repeat(1024 * 1024 + 1) }), /1 MiB/);
    assert.match(await refused(oldText, { path: 'hosts.toml' }), /no absolute path/);
    assert.equal(content(), oldText);
  });

  it('when nobody may write there, and sudo asks for a password', async () => {
    const tools = standIns(folder, { id: 'echo 1000', sudo: 'exit 1' });
    if (isRoot) chownSync(path, 12_345, 12_345);
    else chmodSync(folder, 0o555);
    const outcome = await write(oldText, { PATH: tools.path });
    chmodSync(folder, 0o755);
    assert.match(reasonOf(outcome), /sudo -n/);
    assert.equal(content(), oldText);
  });

  it('when the disk is full: what was begun is cleared away', async () => {
    const tools = standIns(folder, {
      cat: '[ $# -gt 0 ] || { head -c 9; echo "cat: No space left on device" >&2; exit 1; }; exec cat "$@"',
    });
    const outcome = await write(oldText, { PATH: tools.path });
    assert.equal(outcome.status, 'refused');
    assert.equal(reasonOf(outcome), 'the new text could not be written beside it: cat: No space left on device');
    assert.equal(content(), oldText);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes(stamp)),
      [],
    );
  });

  it('when a backup of that name is there', async () => {
    writeFileSync(`${path}.${stamp}.bak`, 'precious');
    assert.equal(reasonOf(await write()), 'its backup is there already');
    assert.equal(readFileSync(`${path}.${stamp}.bak`, 'utf8'), 'precious');
  });
});

describe('backups', () => {
  it('are kept to the last few, and only the write that makes one takes old ones away', async () => {
    const others = ['hosts.toml.20250101T000000.000Z.bak.txt', 'hosts.toml.bak', 'other.toml.20250101T000000.000Z.bak'];
    const old = ['hosts.toml.20250101T000000.000Z.bak', 'hosts.toml.20250102T000000.000Z.bak', 'hosts.toml.20250103T000000.000Z.bak'];
    for (const name of [...others, ...old]) writeFileSync(join(folder, name), name);
    const change = { path, base: oldText, text: newText, stamp, keptBackups: 2 };
    assert.equal((await writeNodeFile(localNode(process.env), { ...change, base: 'not that' })).status, 'changed');
    assert.equal(readdirSync(folder).length, 7);
    assert.equal((await writeNodeFile(localNode(process.env), change)).status, 'written');
    assert.deepEqual(readdirSync(folder).sort(), ['hosts.toml', ...others, old[2], `hosts.toml.${stamp}.bak`].sort());
  });
});

describe('a file that is not there', () => {
  const fresh = (): string => join(folder, 'certs.d', 'reg.example:5000', 'hosts.toml');
  const change = (base: string | null, text: string | null): Promise<WriteOutcome> =>
    writeNodeFile(localNode(process.env), { path: fresh(), base, text, stamp });

  it('is made with its folders, readable for all, with nothing beside it, and taken away again', async () => {
    assert.deepEqual(await change(null, newText), { status: 'written', backup: null, sudo: false });
    assert.equal(readFileSync(fresh(), 'utf8'), newText);
    assert.equal(statSync(fresh()).mode & 0o777, 0o644);
    assert.deepEqual(readdirSync(join(folder, 'certs.d/reg.example:5000')), ['hosts.toml']);
    assert.deepEqual(await change('something else', null), { status: 'changed' });
    assert.deepEqual(await change(newText, null), { status: 'written', backup: null, sudo: false });
    assert.deepEqual(readdirSync(join(folder, 'certs.d')), []);
    assert.deepEqual(await change(newText, null), { status: 'missing' });
  });

  it('is not made where one has come to be, not even a link that leads nowhere', async () => {
    assert.equal((await change(null, oldText)).status, 'written');
    assert.deepEqual(await change(null, newText), { status: 'changed' });
    assert.equal(readFileSync(fresh(), 'utf8'), oldText);
    rmSync(fresh());
    symlinkSync('/nowhere/at/all', fresh());
    assert.deepEqual(await change(null, newText), { status: 'changed' });
  });

  it("is made through sudo -n where the nearest folder is not the login user's", async () => {
    const tools = standIns(folder, { id: 'echo 1000', sudo: `[ "$1" = -n ] || exit 1; shift; chmod u+w '${folder}'; run "$@"` });
    if (isRoot) chownSync(folder, 12_345, 12_345);
    else chmodSync(folder, 0o555);
    const node = localNode({ ...process.env, PATH: tools.path });
    const outcome = await writeNodeFile(node, { path: fresh(), base: null, text: newText, stamp });
    assert.ok(outcome.status === 'written' && outcome.sudo, JSON.stringify(outcome));
  });

  it('is there whole or not at all, wherever making it is killed', async () => {
    const list = join(folder, 'calls');
    const names = ['id', 'cat', 'mkdir', 'sync', 'ln', 'rm', 'sh'];
    const killed = async (turn: number): Promise<readonly string[]> => {
      writeFileSync(list, '');
      const script = (name: string): string =>
        `echo ${name} >>'${list}'; if [ $(wc -l <'${list}') -eq ${turn} ]; then kill -9 0; fi; run ${name} "$@"`;
      const tools = standIns(folder, Object.fromEntries(names.map((name) => [name, script(name)])));
      const node = localNode({ ...process.env, PATH: tools.path });
      await writeNodeFile(node, { path: fresh(), base: null, text: newText, stamp }).catch(() => undefined);
      return readFileSync(list, 'utf8').trim().split('\n');
    };
    const calls = await killed(0);
    assert.equal(readFileSync(fresh(), 'utf8'), newText);
    const linked = calls.indexOf('ln') + 1;
    assert.ok(linked > 3, calls.join(' '));
    for (let turn = 1; turn <= calls.length; turn++) {
      rmSync(join(folder, 'certs.d'), { recursive: true, force: true });
      await killed(turn);
      assert.equal(existsSync(fresh()), turn > linked, `before step ${turn} (${calls.join(' ')})`);
      if (turn > linked) assert.equal(readFileSync(fresh(), 'utf8'), newText);
    }
  });
});

describe('a write that is killed in the middle', () => {
  const traced = ['id', 'cat', 'cp', 'ls', 'sync', 'dd', 'mv', 'rm', 'sh'];

  /** Each tool appends its name to a list; the one whose turn it is does `fatal` and then kills all of the script. */
  function killing(turn: number, fatal: (name: string) => string): StandIns & { readonly calls: () => readonly string[] } {
    const list = join(folder, 'calls');
    writeFileSync(list, '');
    const script = (name: string): string =>
      `echo ${name} >>'${list}'; if [ $(wc -l <'${list}') -eq ${turn} ]; then ${fatal(name)} kill -9 0; fi; run ${name} "$@"`;
    const tools = standIns(folder, Object.fromEntries(traced.map((name) => [name, script(name)])));
    return { ...tools, calls: () => readFileSync(list, 'utf8').trim().split('\n') };
  }

  /** The first `sh` is the transport's own. */
  async function steps(): Promise<readonly string[]> {
    const tools = killing(0, () => '');
    assert.equal((await write(oldText, { PATH: tools.path })).status, 'written');
    rmSync(`${path}.${stamp}.bak`);
    writeFileSync(path, oldText);
    return tools.calls();
  }

  async function killedAt(turn: number, fatal: (name: string) => string): Promise<string> {
    writeFileSync(path, oldText);
    const tools = killing(turn, fatal);
    await assert.rejects(write(oldText, { PATH: tools.path }));
    const left = content();
    for (const name of readdirSync(folder).filter((one) => one.includes(stamp))) rmSync(join(folder, name));
    return left;
  }

  it('leaves the old bytes or the new ones, at every step', async () => {
    const names = await steps();
    assert.ok(names.length > 12 && ['cp', 'sync', 'mv', 'cat'].every((name) => names.includes(name)), names.join(' '));
    const moved = names.lastIndexOf('mv') + 1;
    for (let turn = 1; turn <= names.length; turn++) {
      const left = await killedAt(turn, () => '');
      assert.equal(left, turn > moved ? newText : oldText, `before step ${turn} (${names.join(' ')})`);
    }
  });

  it('leaves them whole when a copy was half done', async () => {
    const names = await steps();
    const half = (name: string): string =>
      name === 'cp' ? `head -c 7 "$2" >"$3";` : name === 'cat' ? 'head -c 7 "$@";' : name === 'mv' ? 'mv "$@";' : '';
    for (const [index, name] of names.entries()) {
      if (!['cp', 'cat', 'mv'].includes(name)) continue;
      const left = await killedAt(index + 1, half);
      assert.equal(left, index >= names.lastIndexOf('mv') ? newText : oldText, `in step ${index + 1}, ${name}`);
    }
  });
});

describe('a write over ssh whose connection dies', () => {
  /** Kills the server side of the connection, then waits to be cleared away. */
  const cut = `p=$$; while [ $p -gt 1 ]; do read -r comm </proc/$p/comm; case $comm in sshd*) kill -9 $p; break ;; esac
while read -r key value; do case $key in PPid:) p=$value ;; esac; done </proc/$p/status; done; sleep 20`;

  for (const [step, script, expected] of [
    ['before it is renamed', { sync: cut }, oldText],
    ['after it was renamed', { mv: `mv "$@"; ${cut}` }, newText],
  ] as const) {
    it(`${step} leaves ${expected === oldText ? 'the old bytes' : 'the new ones'}`, async () => {
      const tools = standIns(folder, script);
      const sshd = await startSshd({ settings: [`SetEnv PATH=${tools.path}`] });
      const node = await connect(sshd.name, { sshConfig: sshd.config, env: process.env });
      try {
        const outcome = await writeNodeFile(node, { path, base: oldText, text: newText, stamp }).catch((error: unknown) => String(error));
        assert.match(JSON.stringify(outcome), /cannot reach|unknown/);
        assert.equal(content(), expected);
      } finally {
        await node.close();
        await sshd.stop();
      }
    });
  }
});

describe('names and texts of files', () => {
  const hostile = fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      '\n',
      '$(touch pwned)',
      '`touch pwned`',
      '\\',
      ' ',
      '*',
      '-',
      ';',
      '&',
      'é',
      '😀',
      '%s',
      '!',
      '\t',
      '\r',
    ),
    maxLength: 12,
  });

  it('reach the shell of a node quoted, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (name, base, text) => {
        const odd = join(folder, `d${name}`);
        mkdirSync(odd, { recursive: true });
        const file = join(odd, `f${name}`);
        writeFileSync(file, base);
        const outcome = await writeNodeFile(localNode(process.env), { path: file, base, text, stamp: stampOf(new Date()) });
        assert.ok(outcome.status === 'written', JSON.stringify(outcome));
        assert.equal(readFileSync(file, 'utf8'), text);
        assert.equal(readFileSync(outcome.backup ?? '', 'utf8'), base);
        assert.equal(existsSync('pwned') || existsSync(join(odd, 'pwned')), false);
      }),
      { seed: 5, numRuns: 20 },
    );
  });
});
