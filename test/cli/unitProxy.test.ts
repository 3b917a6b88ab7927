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

  /** What systemctl says of the unit, line by line. */
  function read(lines: readonly string[], shell: readonly [string, ...string[]]): readonly unknown[] {
    const { path } = standIns(folder, { systemctl: `cat ${folder}/unit` });
    writeFileSync(join(folder, 'unit'), lines.map((line) => `${line}\n`).join(''));
    const [program, ...words] = shell;
    const { stdout, stderr } = spawnSync(program, [...words, '-c', unitProxyProbe.script()], {
      encoding: 'utf8',
      env: { PATH: path, crb_pid: '', crb_sudo: '' },
    });
    assert.equal(stderr, '');
    const { source, variables } = unitProxyProbe.parse({ status: 'done', exitCode: 0, stdout, stderr });
    return [source, Object.fromEntries(variables)];
  }

  for (const shell of [['dash'], ['busybox', 'sh'], ['bash', '--norc']] as const)
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
