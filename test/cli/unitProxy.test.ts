import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unitProxyProbe } from '../../core/probes/unitProxy';
import { standIns } from '../fixtures/standIns';

describe("the proxies of containerd's unit, where its process may not be looked into", () => {
  const folder = mkdtempSync(join(tmpdir(), 'crb-unit-'));
  const file = join(folder, 'containerd.env');
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What systemctl says of the unit, line by line, and of systemd itself. */
  function read(lines: readonly string[], shell: readonly [string, ...string[]], manager = 'Environment=LANG=C'): readonly unknown[] {
    const { path } = standIns(folder, { systemctl: `case $* in *containerd*) cat '${folder}/unit' ;; *) cat '${folder}/manager' ;; esac` });
    writeFileSync(join(folder, 'unit'), lines.map((line) => `${line}\n`).join(''));
    writeFileSync(join(folder, 'manager'), `${manager}\n`);
    const [program, ...words] = shell;
    const { stdout, stderr } = spawnSync(program, [...words, '-c', unitProxyProbe.script()], {
      encoding: 'utf8',
      env: { PATH: path, crb_pid: '', crb_sudo: '' },
    });
    assert.equal(stderr, '');
    const { source, variables } = unitProxyProbe.parse({ status: 'done', exitCode: 0, stdout, stderr });
    return [source, Object.fromEntries(variables)];
  }

  for (const shell of [['dash'], ['busybox', 'sh'], ['bash', '--norc']] as const) {
    it(`are read by ${shell.join(' ')}, those of its EnvironmentFile before those of its Environment`, () => {
      writeFileSync(file, '# HTTP_PROXY=http://comment:1\n  HTTPS_PROXY="http://u:p@file:2"\nTOKEN=secret\nno_proxy=\'a,b\'');
      const unit = [
        'Environment=FOO=1 "HTTP_PROXY=http://unit:1" HTTPS_PROXY=http://unit:1',
        `EnvironmentFiles=${file} (ignore_errors=yes)`,
      ];
      assert.deepEqual(read([...unit, 'EnvironmentFiles=/nowhere (ignore_errors=yes)', 'LoadState=loaded'], shell), [
        'systemd',
        { HTTP_PROXY: 'http://unit:1', HTTPS_PROXY: 'http://file:2', NO_PROXY: 'a,b' },
      ]);
      assert.deepEqual(read(['LoadState=loaded', 'Environment='], shell), ['systemd', {}]);
    });

    it(`are read by ${shell.join(' ')} as systemctl quotes them`, () => {
      const shown = String.raw`Environment="FOO=a HTTPS_PROXY=http://no:1" "HTTP_PROXY=http://x y" "NO_PROXY=*.svc, a\\b\"\$c\t" A=b "https_proxy=http://u:p\`q@s:3"`;
      assert.deepEqual(read(['LoadState=loaded', shown], shell), [
        'systemd',
        { HTTP_PROXY: 'http://x y', HTTPS_PROXY: 'http://s:3', NO_PROXY: '*.svc, a\\b"$c\t' },
      ]);
    });

    it(`are read by ${shell.join(' ')} from a file as systemd reads it`, () => {
      const text = String.raw`; HTTP_PROXY=http://comment:1
FOO="several
HTTP_PROXY=http://lines:1
"
 HTTP_PROXY = http://file:2${'  '}
NO_PROXY="a,\
b," '*.svc' ",\"c\d"
https_proxy=http://it's:3\
000`;
      writeFileSync(file, `${text}\n`);
      assert.deepEqual(read(['LoadState=loaded', 'Environment=', `EnvironmentFiles=${folder}/*.env (ignore_errors=no)`], shell), [
        'systemd',
        { HTTP_PROXY: 'http://file:2', HTTPS_PROXY: "http://it's:3000", NO_PROXY: 'a,b,*.svc,"c\\d' },
      ]);
    });
  }

  it('are those of systemd itself where the unit does not say otherwise', () => {
    writeFileSync(file, 'no_proxy=file\n');
    const manager = 'Environment=LANG=C HTTP_PROXY=http://all:1 HTTPS_PROXY=http://all:1 no_proxy=all';
    const unit = ['LoadState=loaded', 'Environment=HTTPS_PROXY=', `EnvironmentFiles=${file} (ignore_errors=no)`];
    assert.deepEqual(read(unit, ['dash'], manager), ['systemd', { HTTP_PROXY: 'http://all:1', NO_PROXY: 'file' }]);
    const without = [...unit, 'UnsetEnvironment=HTTP_PROXY no_proxy=other'];
    assert.deepEqual(read(without, ['dash'], manager), ['systemd', { NO_PROXY: 'file' }]);
  });

  it('are not known where there is no such unit', () => {
    assert.deepEqual(read(['LoadState=not-found', 'Environment='], ['dash']), [undefined, {}]);
  });

  it('are not known where a file of its environment may not be read', () => {
    const closed = spawnSync('setpriv', ['--reuid=65534', '--clear-groups', 'test', '-r', '/etc/shadow']);
    assert.equal(closed.status, 1);
    const user = ['setpriv', '--reuid=65534', '--clear-groups', 'sh'] as const;
    spawnSync('chmod', ['755', folder]);
    assert.deepEqual(read(['LoadState=loaded', 'Environment=', 'EnvironmentFiles=/etc/shadow (ignore_errors=no)'], user), [undefined, {}]);
  });
});
