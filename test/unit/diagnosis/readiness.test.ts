import assert from 'node:assert/strict';
import { nodeChecks, readyDocument } from '../../../core/diagnosis/readiness';
import { readinessMessages } from '../../../core/diagnosis/readinessMessages';
import { registryChecks, registryTarget } from '../../../core/diagnosis/registryReadiness';
import type { HttpOutcome, NetFailure } from '../../../core/ports';
import type { ProbeOutput } from '../../../core/probes/probe';
import type { CheckDocument } from '../../../core/protocol';

const good: Readonly<Record<string, string>> = {
  interfaces: 'eth0\t0x1003\tup\t1\t\nlo\t0x9\tunknown\t1\t\n',
  addresses: 'ip 2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\\\n',
  'default-route': '4 eth0 0003\n',
  resolver: 'nameserver 10.0.0.2\n',
  containerd: 'pid 7\nsocket usable /run/containerd/containerd.sock\nunix\nlistening /run/containerd/containerd.sock\n',
  disk: 'path /var/lib/containerd\nkb /dev/a 100000000 1 90000000 1% /\ninodes /dev/a 1000000 1 900000 1% /\n',
  clock: 'seconds 1763712000\n',
  kernel: 'release 6.1\noverlay\n',
};

function checks(changed: Readonly<Record<string, string>>, interfaces: readonly string[] = ['eth0']): readonly CheckDocument[] {
  const outputs = new Map(
    Object.entries({ ...good, ...changed }).map(([id, stdout]): [string, ProbeOutput] => [
      id,
      { status: 'done', exitCode: 0, stdout, stderr: '' },
    ]),
  );
  return nodeChecks({ outputs, interfaces, nowMs: 1763712000_000 });
}

/** `id status key`. */
function outcome(found: readonly CheckDocument[], id: string): string {
  const one = found.find((check) => check.id === id);
  return `${one?.status ?? 'none'} ${one?.messageId.split('/')[1] ?? ''}`;
}

describe('readiness of a node', () => {
  it('passes when all is well', () => {
    const found = checks({});
    assert.deepEqual(
      found.filter(({ status }) => status !== 'pass'),
      [],
    );
    assert.equal(readyDocument('n', found).ready, true);
  });

  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string, string])[] = [
    ['an interface that is not there', { interfaces: 'lo\t0x9\tunknown\t1\t\n', addresses: '' }, 'interface-running', 'fail missing'],
    ['an interface that is down', { interfaces: 'eth0\t0x1002\tdown\t\t\n' }, 'interface-running', 'fail down'],
    ['an interface without carrier', { interfaces: 'eth0\t0x1003\tdown\t0\t\n' }, 'interface-running', 'fail not-running'],
    ['an interface without address', { addresses: '' }, 'interface-address', 'fail none'],
    ['only a link-local address', { addresses: 'ip 2: eth0 inet6 fe80::1/64 scope link \\\n' }, 'interface-address', 'warn link-local'],
    [
      'only a tentative address',
      { addresses: 'ip 2: eth0 inet6 2001:db8::1/64 scope global tentative \\\n' },
      'interface-address',
      'fail pending',
    ],
    ['an address nobody owns', { addresses: 'local 10.9.9.9 /32\n' }, 'interface-address', 'warn unattributed'],
    ['no default route', { 'default-route': '' }, 'default-route', 'warn none'],
    ['no name server', { resolver: '' }, 'resolver', 'warn none'],
    ['no containerd to be seen', { containerd: 'unix\n' }, 'containerd-running', 'warn not-seen'],
    [
      'a hidden process that listens',
      { containerd: 'socket usable /run/containerd/containerd.sock\nunix\nlistening /run/containerd/containerd.sock\n' },
      'containerd-running',
      'pass listening',
    ],
    ['a socket left behind', { containerd: 'socket usable /run/containerd/containerd.sock\nunix\n' }, 'containerd-socket', 'fail stale'],
    [
      'a socket of root',
      { containerd: 'socket denied /run/containerd/containerd.sock\nunix\nlistening /run/containerd/containerd.sock\n' },
      'containerd-socket',
      'warn no-permission',
    ],
    ['a full disk', { disk: 'path /x\nkb /dev/a 100000000 1 0 100% /\n' }, 'disk-space', 'fail full'],
    ['a disk getting full', { disk: 'path /x\nkb /dev/a 100000000 1 9000000 91% /\n' }, 'disk-space', 'warn low'],
    ['no df', { disk: 'path /x\n' }, 'disk-space', 'skip unknown'],
    ['no inodes', { disk: 'path /x\ninodes /dev/a 1000000 1 0 100% /\n' }, 'disk-inodes', 'fail full'],
    ['a clock that is off', { clock: 'seconds 1763713000\n' }, 'clock', 'warn off'],
    ['a clock never set', { clock: 'seconds 1763712000\nunsynchronized\n' }, 'clock', 'warn unsynchronized'],
    ['no overlay', { kernel: 'release 3.10\n' }, 'kernel-overlay', 'warn missing'],
  ];
  for (const [name, changed, id, expected] of cases) {
    it(`sees ${name}`, () => assert.equal(outcome(checks(changed), id), expected));
  }

  it('does not take loopback for a way to a registry', () => {
    assert.equal(
      outcome(checks({ addresses: 'ip 1: lo inet 127.0.0.1/8 scope host lo\\\n' }, ['lo']), 'interface-running'),
      'fail loopback',
    );
  });

  it('looks at the interface of the default route when none is named', () => {
    assert.equal(checks({}, []).find(({ id }) => id === 'interface-running')?.subject, 'eth0');
  });

  it('takes probes without an answer for evidence', () => {
    const found = nodeChecks({ outputs: new Map(), interfaces: ['eth0'], nowMs: 0 });
    assert.equal(outcome(found, 'interface-running'), 'fail missing', 'what was asked for and cannot be seen is not ready');
    assert.deepEqual(
      ['default-route', 'containerd-running', 'disk-space', 'clock'].map((id) => outcome(found, id)),
      ['skip unknown', 'skip unknown', 'skip unknown', 'skip unknown'],
    );
  });

  it('has a text for every message', () => {
    for (const check of [...cases.flatMap(([, changed]) => checks(changed)), ...checks({})]) {
      assert.ok(readinessMessages[check.messageId] !== undefined, check.messageId);
      assert.doesNotMatch(check.message, /[{}]/);
    }
  });
});

describe('readiness of a registry', () => {
  const target = registryTarget('reg.test');
  const failed = (failure: NetFailure, tls = false): HttpOutcome => ({ ok: false, failure, timings: { total: 1, ...(tls && { tls: 1 }) } });
  const answered = (status: number): HttpOutcome => ({ ok: true, status, statusText: '', headers: [], timings: { total: 1 } });
  const row = (result: HttpOutcome, of = target): string => {
    assert.ok(of);
    return registryChecks(of, result)
      .map(({ status }) => status)
      .join(' ');
  };

  it('reads hosts and URLs', () => {
    const url = (text: string) => registryTarget(text)?.url;
    assert.deepEqual(
      [
        'reg.test',
        'reg.test:5000',
        'http://reg.test',
        'https://[::1]:5000/',
        'http://10.0.0.1:5000/v2/',
        'https://p.test/base',
        'docker.io',
      ].map(url),
      [
        'https://reg.test/v2/',
        'https://reg.test:5000/v2/',
        'http://reg.test/v2/',
        'https://[::1]:5000/v2/',
        'http://10.0.0.1:5000/v2/',
        'https://p.test/base/v2/',
        'https://registry-1.docker.io/v2/',
      ],
    );
    assert.deepEqual(
      ['', 'a b', 'ftp://x', 'http://', 'x:0', 'x:99999', 'u:p@h', 'http://x/?q', '-x;y'].map(url),
      Array<undefined>(9).fill(undefined),
    );
  });

  it('says how far the request came', () => {
    assert.equal(row(answered(200)), 'pass pass pass pass');
    assert.equal(row(answered(401)), 'pass pass pass pass');
    assert.equal(row(answered(404)), 'pass pass pass fail');
    assert.equal(row(failed({ kind: 'lookup', host: 'reg.test', reason: 'no such host' })), 'fail skip skip fail');
    assert.equal(row(failed({ kind: 'dial', address: 'x', reason: 'i/o timeout' })), 'pass fail skip fail');
    assert.equal(row(failed({ kind: 'tls', reason: { kind: 'record-header' } })), 'pass pass fail fail');
    assert.equal(row(failed({ kind: 'eof' })), 'pass pass fail fail', 'before the handshake was done');
    assert.equal(row(failed({ kind: 'eof' }, true)), 'pass pass pass fail');
    assert.equal(row(failed({ kind: 'unavailable', reason: 'no tool' })), 'skip skip skip fail');
    assert.equal(row(answered(200), registryTarget('http://127.0.0.1:5000')), 'pass pass skip pass');
  });
});
