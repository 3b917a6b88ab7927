import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { nodeChecks, readyDocument } from '../../../core/diagnosis/readiness';
import { readyText } from '../../../cli/format/readyText';
import { problemsInOrder } from '../../../core/diagnosis/readiness/order';
import { checkKinds, readinessMessages } from '../../../core/diagnosis/readinessMessages';
import { registryChecks, registryTarget } from '../../../core/diagnosis/registryReadiness';
import type { ConfigTree, HttpOutcome, NetFailure } from '../../../core/ports';
import type { ProbeOutput } from '../../../core/probes/probe';
import type { CheckDocument } from '../../../core/protocol/ready';

const good: Readonly<Record<string, string>> = {
  interfaces: 'eth0\t0x1003\tup\t1\t1500\t\nlo\t0x9\tunknown\t1\t65536\t\n',
  addresses: '2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\\\n',
  'default-route': '4 eth0 0003 0100000A\n',
  resolver: 'nameserver 10.0.0.2\n',
  containerd:
    'asked root\npid 7\nfiles 20\nlimit 1024\ninstalled\nversion containerd x v1.7.20 y\nsocket usable /run/containerd/containerd.sock\nunix\nlistening /run/containerd/containerd.sock\n',
  storage:
    'folder root /var/lib/containerd\nat /var/lib/containerd\nkb\n/dev/a 100000000 1 90000000 1% /\ninodes\n/dev/a 1000000 1 900000 1% /\nmounts\nmount rw /\n',
  neighbours: 'arp 10.0.0.1 0x2 eth0\n',
  pressure: 'memory some avg60=0.00\nmemory full avg60=0.00\n',
  proxy: 'source process\n',
  kubelet: 'running\nendpoint unix:///run/containerd/containerd.sock\nproviders /p\nfolder /b\nread\nprovider there ecr\n',
  'containerd-api':
    'socket /run/containerd/containerd.sock\ntool ctr\n== plugins\nType:  io.containerd.grpc.v1\nID:  cri\n\n== code 0\n== deprecations\n\n== code 0\n== images\nregistry.k8s.io/pause:3.8\n\n== code 0\n',
  clock: 'seconds 1763712000\n',
  kernel: 'release 6.1\noverlay\n',
};

function outputsOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, ProbeOutput> {
  return new Map(
    Object.entries(texts).map(([id, stdout]): [string, ProbeOutput] => [id, { status: 'done', exitCode: 0, stdout, stderr: '' }]),
  );
}

function checks(changed: Readonly<Record<string, string>>, interfaces: readonly string[] = ['eth0']): readonly CheckDocument[] {
  const outputs = outputsOf({ ...good, ...changed });
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
    ['only a link-local address', { addresses: '2: eth0 inet6 fe80::1/64 scope link \\\n' }, 'interface-address', 'warn link-local'],
    [
      'only a tentative address',
      { addresses: '2: eth0 inet6 2001:db8::1/64 scope global tentative \\\n' },
      'interface-address',
      'fail pending',
    ],
    ['an address nobody owns', { addresses: 'local 10.9.9.9 /32\n' }, 'interface-address', 'warn unattributed'],
    ['no default route', { 'default-route': '' }, 'default-route', 'warn none'],
    ['no name server', { resolver: '' }, 'resolver', 'warn none'],
    ['no containerd to be seen', { containerd: 'unix\n' }, 'containerd-running', 'warn not-seen'],
    ['a containerd that has ended', { containerd: 'processes all\nunix\ninstalled\n' }, 'containerd-running', 'fail stopped'],
    ['no containerd at all', { containerd: 'asked root\nprocesses all\nunix\n' }, 'containerd-running', 'fail absent'],
    ["a container's containerd only", { containerd: 'processes elsewhere\nunix\n' }, 'containerd-running', 'warn elsewhere'],
    [
      'a containerd that answers from another namespace',
      { containerd: 'processes all\nsocket usable /run/containerd/containerd.sock\nunix\n' },
      'containerd-running',
      'pass listening',
    ],
    [
      'a hidden process that listens',
      { containerd: 'socket usable /run/containerd/containerd.sock\nunix\nlistening /run/containerd/containerd.sock\n' },
      'containerd-running',
      'pass listening',
    ],
    [
      'a socket left behind',
      {
        containerd: 'socket usable /run/containerd/containerd.sock\nunix\n',
        'containerd-api': 'socket /run/containerd/containerd.sock\ntool ctr\n== plugins\nctr: connection refused\n\n== code 1\n',
      },
      'containerd-socket',
      'fail stale',
    ],
    [
      'a socket of root',
      { containerd: 'socket denied /run/containerd/containerd.sock\nunix\nlistening /run/containerd/containerd.sock\n' },
      'containerd-socket',
      'warn no-permission',
    ],
    ['a full disk', { storage: 'folder root /x\nat /x\nkb\n/dev/a 100000000 1 0 100% /\ninodes\n' }, 'disk-space', 'fail full'],
    ['a disk getting full', { storage: 'folder root /x\nat /x\nkb\n/dev/a 100000000 1 9000000 91% /\ninodes\n' }, 'disk-space', 'warn low'],
    ['no df', { storage: 'folder root /x\nat /x\n' }, 'disk-space', 'skip unknown'],
    ['no inodes', { storage: 'folder root /x\nat /x\nkb\ninodes\n/dev/a 1000000 1 0 100% /\nmounts\n' }, 'disk-inodes', 'fail full'],
    ['a clock that is off', { clock: 'seconds 1763713000\n' }, 'clock', 'warn off'],
    ['a clock never set', { clock: 'seconds 1763712000\nunsynchronized\n' }, 'clock', 'warn unsynchronized'],
    ['a gateway that is silent', { neighbours: 'arp 10.0.0.1 0x0 eth0\n' }, 'gateway-neighbour', 'warn silent'],
    ['a gateway nobody asked for', { neighbours: '' }, 'gateway-neighbour', 'skip unasked'],
    ['a tiny MTU', { interfaces: 'eth0\t0x1003\tup\t1\t576\t\n' }, 'interface-mtu', 'warn small'],
    ['a read-only root', { storage: 'folder root /x\nat /x\nmount rw /\nmount ro /x\n' }, 'disk-writable', 'fail read-only'],
    ['memory that is short', { pressure: 'memory some avg60=20.00\nmemory full avg60=12.00\n' }, 'pressure', 'warn high'],
    ['a replaced program', { containerd: 'asked root\npid 7\nreplaced\n' }, 'containerd-running', 'warn replaced'],
    ['files running out', { containerd: 'pid 7\nfiles 900\nlimit 1024\n' }, 'file-descriptors', 'warn high'],
    ['no file left', { containerd: 'pid 7\nfiles 1020\nlimit 1024\n' }, 'file-descriptors', 'fail full'],
    ['files that only root counts', { containerd: 'pid 7\nlimit 1024\n' }, 'file-descriptors', 'skip unknown'],
    ['an ordinary user', { containerd: 'asked user\n' }, 'node-access', 'skip user'],
    [
      'a containerd that hangs',
      { 'containerd-api': 'socket /s\ntool ctr\n== plugins\nctr: x\n\n== code 1\n' },
      'containerd-answers',
      'fail silent',
    ],
    [
      'a CRI plugin that failed',
      { 'containerd-api': 'socket /s\ntool ctr\n== plugins\nType: a\nID:  cri\nError:\n  Message: oh\n\n== code 0\n' },
      'cri-plugin',
      'fail failed',
    ],
    ['no CRI plugin', { 'containerd-api': 'socket /s\ntool ctr\n== plugins\n\n== code 0\n' }, 'cri-plugin', 'warn absent'],
    ['a logged failure', { 'containerd-api': 'socket /s\nrefused\nlogged x error="oh"\n' }, 'cri-plugin', 'warn logged'],
    ['a node without tools', { 'containerd-api': 'socket /s\n' }, 'cri-plugin', 'skip unknown'],
    [
      'a deprecation',
      {
        'containerd-api':
          'socket /s\ntool ctr\n== plugins\n\n== code 0\n== deprecations\nio.containerd.deprecation/cri-registry-mirrors  2026  Use config_path\n\n== code 0\n',
      },
      'containerd-deprecations',
      'warn warned',
    ],
    ['a proxy', { proxy: 'source process\nenv HTTPS_PROXY=http://p:1\n' }, 'containerd-proxy', 'pass set'],
    ['an environment of root', { proxy: '' }, 'containerd-proxy', 'skip unknown'],
    [
      'no environment where none runs',
      { proxy: '', containerd: 'asked root\nprocesses all\nunix\n' },
      'containerd-proxy',
      'skip not-running',
    ],
    ['another runtime', { kubelet: 'running\nendpoint unix:///run/crio/crio.sock\n' }, 'kubelet-endpoint', 'warn other'],
    [
      'a lost credential provider',
      { kubelet: 'running\nproviders /p\nfolder /b\nread\nprovider missing ecr\n' },
      'kubelet-credentials',
      'warn missing',
    ],
    [
      'no sandbox image',
      { 'containerd-api': 'socket /s\ntool ctr\n== plugins\nType: a\nID: cri\n\n== code 0\n== images\nother:1\n\n== code 0\n' },
      'sandbox-image',
      'warn missing',
    ],
    ['no overlay', { kernel: 'release 3.10\n' }, 'kernel-overlay', 'warn missing'],
  ];
  for (const [name, changed, id, expected] of cases) {
    it(`sees ${name}`, () => assert.equal(outcome(checks(changed), id), expected));
  }

  it('does not take loopback for a way to a registry', () => {
    assert.equal(outcome(checks({ addresses: '1: lo inet 127.0.0.1/8 scope host lo\\\n' }, ['lo']), 'interface-running'), 'fail loopback');
  });

  it('looks at the interface of the default route when none is named', () => {
    assert.equal(checks({}, []).find(({ id }) => id === 'interface-running')?.subject, 'eth0');
  });

  it('does not take a table of routes that is not there for an empty one', () => {
    const outputs = new Map([...outputsOf(good), ['default-route', { status: 'done', exitCode: 3, stdout: '', stderr: '' }] as const]);
    const found = nodeChecks({ outputs, interfaces: ['eth0'], nowMs: 1763712000_000 });
    assert.equal(outcome(found, 'default-route'), 'skip unknown');
  });

  it('takes probes without an answer for evidence', () => {
    const found = nodeChecks({ outputs: new Map(), interfaces: ['eth0'], nowMs: 0 });
    assert.equal(outcome(found, 'interface-running'), 'fail missing', 'what was asked for and cannot be seen is not ready');
    assert.deepEqual(
      ['default-route', 'containerd-running', 'disk-space', 'clock'].map((id) => outcome(found, id)),
      ['skip unknown', 'skip unknown', 'skip unknown', 'skip unknown'],
    );
  });

  const tree = (text: string): ConfigTree => ({
    rooted: true,
    stat: (path) => (path === '/etc/containerd/config.toml' ? 'file' : 'missing'),
    read: (path) => (path === '/etc/containerd/config.toml' ? text : undefined),
    list: () => undefined,
    pem: () => undefined,
  });
  const conflict = `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.example/pause:3.9"
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example"]
`;

  it('names the line of config.toml that keeps the CRI plugin from loading', () => {
    const failed = { ...good, 'containerd-api': 'socket /s\ntool ctr\n== plugins\nType: a\nID: cri\nError:\n  Message: oh\n\n== code 0\n' };
    const found = nodeChecks({ outputs: outputsOf(failed), interfaces: [], nowMs: 1763712000_000, tree: tree(conflict) });
    const plugin = found.find(({ id }) => id === 'cri-plugin');
    assert.deepEqual([plugin?.status, plugin?.docs], ['fail', 'rules/config-mirrors-beside-config-path']);
    assert.equal(outcome(found, 'containerd-config'), 'fail refused');
    const { findings } = readyDocument('n', found);
    assert.match(findings.find(({ id }) => id === 'cri-plugin')?.message ?? '', /config\.toml is why/);
    const loaded = nodeChecks({ outputs: outputsOf(good), interfaces: [], nowMs: 1763712000_000, tree: tree(conflict) });
    assert.equal(outcome(loaded, 'containerd-config'), 'warn next-start', 'changed since containerd started');
    assert.match(loaded.find(({ id }) => id === 'sandbox-image')?.message ?? '', /registry\.example\/pause:3\.9 is not on the node/);
  });

  it('says which registry is asked through a proxy, and where nobody knows', () => {
    const outputs = outputsOf({ ...good, proxy: 'source process\nenv HTTPS_PROXY=http://p:3128\nenv NO_PROXY=.inside.example\n' });
    const urls = ['https://a.inside.example/v2/', 'https://reg.example/v2/'];
    const found = nodeChecks({ outputs, interfaces: [], nowMs: 0, urls }).filter(({ id }) => id === 'containerd-proxy');
    assert.deepEqual(
      found.map(({ subject, status }) => `${subject} ${status}`),
      ['containerd pass', 'https://reg.example/v2/ pass'],
    );
    const unknown = nodeChecks({ outputs: outputsOf({ ...good, proxy: '' }), interfaces: [], nowMs: 0, urls });
    assert.deepEqual(
      unknown.filter(({ id }) => id === 'containerd-proxy').map(({ messageId, status }) => `${messageId} ${status}`),
      ['containerd-proxy/unknown skip', 'containerd-proxy/direct skip', 'containerd-proxy/direct skip'],
    );
  });

  describe('is read with the cause first', () => {
    const registry = (failure: object): readonly CheckDocument[] => {
      const target = registryTarget('r.example');
      assert.ok(target);
      return registryChecks(target, { ok: false, failure: failure as NetFailure, timings: { total: 5 } });
    };
    const lookup = { kind: 'lookup', host: 'r.example', server: '10.0.0.2:53', reason: 'server misbehaving' };
    const first = (found: readonly CheckDocument[]): readonly string[] => problemsInOrder(found).map(({ messageId }) => messageId);

    it('the missing route before the name that is not found, and warnings about other things behind', () => {
      const found = checks({ 'default-route': '', pressure: 'memory some avg60=80.00\nmemory full avg60=80.00\n' }, ['eth0']);
      assert.deepEqual(first([...found, ...registry(lookup)]), [
        'default-route/none',
        'dns/no-answer',
        'registry-v2/fail',
        'pressure/high',
      ]);
    });

    it('the missing route before the proxy that is not reached', () => {
      const target = registryTarget('r.example');
      const proxy = { scheme: 'http', host: 'squid.example', port: '3128', user: 'al:pw' };
      assert.ok(target);
      const failure = { kind: 'proxyconnect', cause: { ...lookup, host: proxy.host } } as NetFailure;
      const way = registryChecks(target, { ok: false, failure, timings: { total: 5 } }, proxy);
      assert.deepEqual(first([...checks({ 'default-route': '' }, ['eth0']), ...way]), [
        'default-route/none',
        'dns/proxy-no-answer',
        'registry-v2/fail',
      ]);
      assert.doesNotMatch(JSON.stringify(way), /al:pw/);
    });

    it('a missing route behind what it cannot have caused', () => {
      const found = checks({ 'default-route': '', containerd: 'asked root\ninstalled\nprocesses all\n', proxy: '' }, ['eth0']);
      assert.equal(first(found)[0], 'containerd-running/stopped');
      assert.ok(first(found).includes('default-route/none'));
    });

    it('the full disk before the containerd that it stopped', () => {
      const storage = good['storage']?.replace('90000000', '10000') ?? '';
      const found = checks({ storage, containerd: 'asked root\ninstalled\nprocesses all\n', proxy: '' });
      assert.deepEqual(first(found).slice(0, 2), ['disk-space/full', 'containerd-running/stopped']);
    });

    it('in the text, with all else behind it and the first named again at the end', () => {
      const document = readyDocument('n', [...checks({ 'default-route': '' }, ['eth0']), ...registry(lookup)]);
      const lines = readyText(document, { color: false, catalogs: [] }).split('\n');
      assert.match(lines[0] ?? '', /^warn {2}default-route /);
      assert.match(lines[2] ?? '', /^FAIL {2}dns +The address of r\.example could not be asked for/);
      assert.match(lines.at(-2) ?? '', /^n is not ready: 2 of \d+ checks failed\. First to look at: default-route\.$/);
      const shown = lines.filter((line) => /^(?:FAIL|warn|ok|skip) /.test(line));
      assert.equal(shown.length, document.checks.length);
    });
  });

  it('has a finding with a page for everything that fails or warns', () => {
    for (const [, changed] of cases) {
      const found = checks(changed);
      const wrong = found.filter(({ status }) => status === 'fail' || status === 'warn');
      const { findings } = readyDocument('n', found);
      assert.deepEqual(
        findings.map(({ id }) => id),
        wrong.map(({ id }) => id),
      );
      for (const { message, docs } of findings) {
        assert.doesNotMatch(message, /[{}]/);
        assert.ok(existsSync(`docs/${docs}.md`), docs);
      }
    }
  });

  it('has for each outcome a text, and for each bad one its meaning, a next step and a page', () => {
    const ids = checkKinds.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { id, outcomes } of checkKinds) {
      for (const [key, result] of Object.entries(outcomes)) {
        assert.ok(readinessMessages[`${id}/${key}`] !== undefined);
        if (!('docs' in result)) continue;
        assert.ok(readinessMessages[`readiness/${id}/${key}`]?.endsWith(result.next));
        assert.ok(existsSync(`docs/${result.docs}.md`), result.docs);
      }
    }
  });

  it('lets no escape sequence of a node through to a terminal', () => {
    const found = checks({ resolver: 'nameserver \u001b[31m10.0.0.2\u0007\n', kernel: 'release 6\u001b]0;x\u0007\noverlay\n' });
    assert.doesNotMatch(JSON.stringify(found), /\\u00(?:1b|07)/);
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

  it('tells by the kind of failure what to do', () => {
    const key = (result: HttpOutcome, of = registryTarget('reg.test')): string => {
      assert.ok(of);
      const [check] = registryChecks(of, result).filter(({ status }) => status === 'fail');
      return check?.messageId ?? '';
    };
    assert.deepEqual(
      [403, 404, 429, 400, 302, 503].map((status) => key(answered(status))),
      ['denied', 'not-found', 'limited', 'status', 'status', 'trouble'].map((one) => `registry-v2/${one}`),
    );
    assert.equal(key(answered(400), registryTarget('http://reg.test')), 'registry-v2/wants-tls');
    assert.equal(key(failed({ kind: 'lookup', host: 'reg.test', reason: 'no such host' })), 'dns/fail');
    assert.equal(key(failed({ kind: 'lookup', host: 'reg.test', reason: 'server misbehaving' })), 'dns/no-answer');
    assert.equal(key(failed({ kind: 'dial', address: 'x', reason: 'connect: connection refused' })), 'tcp/refused');
    assert.equal(key(failed({ kind: 'dial', address: 'x', reason: 'i/o timeout' })), 'tcp/fail');
    assert.equal(key(failed({ kind: 'http-response-to-https' })), 'tls/scheme');
    assert.equal(key(failed({ kind: 'tls', reason: { kind: 'unknown-authority' } })), 'tls/unknown-ca');
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
