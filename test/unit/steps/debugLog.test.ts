import assert from 'node:assert/strict';
import fc from 'fast-check';
import { debugLog, debugLogSince, execStartOf } from '../../../core/steps/debugLog';
import type { StepPlace } from '../../../core/steps/step';
import { valueAt } from '../../../core/toml/lookup';
import { parse } from '../../../core/toml/parse';

const since = '2026-11-21T10:00:00.000Z';
const config: StepPlace = { kind: 'config', path: '/etc/containerd/config.toml' };

function place(...lines: readonly string[]): StepPlace {
  return debugLog.look.parse({ status: 'done', exitCode: 0, stdout: lines.join('\n'), stderr: '' });
}

function textOf(change: ReturnType<typeof debugLog.turnOff>): string | null {
  return 'text' in change ? change.text : assert.fail(JSON.stringify(change.said));
}

describe('guided step debug-log', () => {
  it('is a drop-in that keeps the command of the unit and adds the flag', () => {
    const at = place(
      'config /etc/containerd/config.toml',
      'unit containerd',
      'cat [Service]',
      'cat ExecStart=/usr/bin/containerd -c "/a b" $OPTS',
    );
    assert.ok(at.kind === 'drop-in');
    assert.equal(at.path, '/etc/systemd/system/containerd.service.d/90-containerd-runbooks-debug-log.conf');
    const text = textOf(debugLog.turnOn(at, null, since)) ?? '';
    assert.match(text, /^# .*since 2026-11-21T10:00:00\.000Z/);
    assert.ok(text.endsWith('[Service]\nExecStart=\nExecStart=/usr/bin/containerd -c "/a b" $OPTS --log-level debug\n'), text);
    assert.equal(debugLogSince(text), since);
    assert.equal(textOf(debugLog.turnOff(at, text)), null);
  });

  it('is a variable for k3s and RKE2, which start containerd themselves', () => {
    const at = place('config /var/lib/rancher/k3s/agent/etc/containerd/config.toml', 'unit k3s', 'cat ExecStart=/usr/local/bin/k3s server');
    assert.match(textOf(debugLog.turnOn(at, null, since)) ?? '', /^Environment=CONTAINERD_LOG_LEVEL=debug$/m);
  });

  it('says why where there is nothing to write', () => {
    assert.deepEqual(place('config /var/lib/rancher/k3s/agent/etc/containerd/config.toml').kind, 'none');
    assert.deepEqual(place('unit snap.microk8s.daemon-containerd').kind, 'none');
    assert.deepEqual(place('config /etc/containerd/config.toml'), config);
    assert.deepEqual(place('unit containerd'), config);
  });

  it('takes the last command of a unit and its drop-ins', () => {
    assert.equal(execStartOf(['ExecStart=/a', '# ExecStart=/b', '[Service]', 'ExecStart=', 'ExecStart=/c \\', '  --d']), '/c    --d');
    assert.equal(execStartOf(['ExecStart=/a', 'ExecStart=']), undefined);
    assert.equal(execStartOf(['ExecStartPre=/a']), undefined);
  });

  const texts = {
    'no table': 'version = 2\n',
    'no final newline': 'version = 3',
    empty: '',
    'a level': 'version = 2\n[debug]\n  level = "info" # why\n  address = ""\n[plugins]\n',
    'a level, CRLF': "version = 2\r\n[debug]\r\nlevel = 'warn'\r\n[plugins]\r\n",
    'a table without': '[debug]\n  format = "json"\n[plugins]\n',
    'only the table': '[debug]',
    'a dotted key': 'debug.level = "info"\nversion = 2\n',
  };
  for (const [name, base] of Object.entries(texts)) {
    it(`sets the level and takes it back, byte for byte: ${name}`, () => {
      const on = textOf(debugLog.turnOn(config, base, since)) ?? '';
      const { document, errors } = parse(on);
      assert.deepEqual(errors, []);
      const level = valueAt(document.root, ['debug', 'level']);
      assert.ok(level?.kind === 'string' && level.value === 'debug', on);
      assert.equal(debugLogSince(on), since);
      assert.ok('said' in debugLog.turnOn(config, on, '2027-01-01T00:00:00.000Z'));
      assert.equal(textOf(debugLog.turnOff(config, on)), base);
    });
  }

  it('makes a config.toml where there is none, and takes it away', () => {
    const on = textOf(debugLog.turnOn(config, null, since)) ?? '';
    assert.match(on, /^version = 2\n/);
    assert.equal(textOf(debugLog.turnOff(config, on)), null);
  });

  it('leaves alone what it cannot change line by line, or did not turn on', () => {
    for (const base of ['debug = { level = "info" }\n', '[debug\n', '[debug]\nlevel = """\ninfo"""\n', '[debug]\nlevel = "debug"\n']) {
      assert.ok('said' in debugLog.turnOn(config, base, since), base);
    }
    assert.ok('said' in debugLog.turnOff(config, '[debug]\nlevel = "debug"\n'));
    assert.ok('said' in debugLog.turnOff(config, null));
  });

  it('keeps what was edited beside it in between', () => {
    const on = textOf(debugLog.turnOn(config, '[debug]\nlevel = "info"\n', since)) ?? '';
    assert.equal(textOf(debugLog.turnOff(config, `# new\n${on}[grpc]\n`)), '# new\n[debug]\nlevel = "info"\n[grpc]\n');
  });

  it('gives a place for whatever a node prints', () => {
    fc.assert(
      fc.property(fc.string(), (stdout) => ['drop-in', 'config', 'none'].includes(place(stdout).kind)),
      { seed: 3 },
    );
  });
});
