import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { addressesProbe } from '../../../core/probes/addresses';
import { clockProbe } from '../../../core/probes/clock';
import { containerdProbe } from '../../../core/probes/containerdProcess';
import { defaultRouteProbe } from '../../../core/probes/defaultRoute';
import { interfacesProbe, isLoopback, isRunning, isUp } from '../../../core/probes/interfaces';
import { kernelProbe } from '../../../core/probes/kernel';
import type { ProbeOutput } from '../../../core/probes/probe';
import { resolverProbe } from '../../../core/probes/resolver';
import { containerdApiProbe } from '../../../core/probes/containerdApi';
import { kubeletProbe } from '../../../core/probes/kubelet';
import { neighboursProbe } from '../../../core/probes/neighbours';
import { pressureProbe } from '../../../core/probes/pressure';
import { storageProbe } from '../../../core/probes/storage';
import { unitProxyProbe } from '../../../core/probes/unitProxy';

const done = (stdout: string): ProbeOutput => ({ status: 'done', exitCode: 0, stdout, stderr: '' });
const probes = [
  interfacesProbe,
  addressesProbe,
  defaultRouteProbe,
  resolverProbe,
  containerdProbe,
  storageProbe,
  clockProbe,
  kernelProbe,
  neighboursProbe,
  pressureProbe,
  kubeletProbe,
  unitProxyProbe,
  containerdApiProbe,
];

describe('probes', () => {
  it('tell running from up as netlink would', () => {
    const seen = interfacesProbe.parse(
      done(
        'eth0\t0x1003\tup\t1\t\neth1\t0x1003\tdown\t0\t\neth2\t0x1002\tdown\t\t\nlo\t0x9\tunknown\t1\t\ntun0\t0x1091\tunknown\t1\t\nold\t0x1003\tlowerlayerdown\t0\t\nodd\t\t\t\t\n',
      ),
    );
    assert.deepEqual(
      seen.map((one) => [one.name, isUp(one), isRunning(one), isLoopback(one)]),
      [
        ['eth0', true, true, false],
        ['eth1', true, false, false],
        ['eth2', false, false, false],
        ['lo', true, true, true],
        ['tun0', true, true, false],
        ['old', true, false, false],
        ['odd', false, false, false],
      ],
    );
  });

  it('find addresses without ip, and tie them to interfaces by route', () => {
    const { byInterface, unattributed } = addressesProbe.parse(
      done(
        [
          'local 127.0.0.0 /8',
          'local 127.0.0.1 /32',
          'local 192.0.2.2 /32',
          'local 192.0.2.2 /32',
          'local 10.1.2.3 /32',
          'local 169.254.7.7 /32',
          'local 198.51.100.1 /32',
          'route Iface Destination Gateway Flags Mask',
          'route eth0 00000000 010200C0 0003 00000000',
          'route eth0 000200C0 00000000 0001 00FFFFFF',
          'route wide 0000000A 00000000 0001 000000FF',
          'route eth1 0002010A 00000000 0001 00FFFFFF',
          'route eth2 0000FEA9 00000000 0001 0000FFFF',
          'inet6 00000000000000000000000000000001 10 80 lo',
          'inet6 fe8000000000000000fc00fffe000001 20 80 eth0',
          'inet6 20010db8000000000000000000000002 00 40 eth0',
          'inet6 20010db8000000000000000000000003 00 08 eth0',
        ].join('\n'),
      ),
    );
    assert.deepEqual(Object.fromEntries(byInterface), {
      lo: [
        { address: '::1', scope: 'loopback' },
        { address: '127.0.0.1', scope: 'loopback' },
      ],
      eth0: [
        { address: 'fe80::fc:ff:fe00:1', scope: 'link-local' },
        { address: '2001:db8::2', scope: 'global', pending: 'tentative' },
        { address: '2001:db8::3', scope: 'global', pending: 'duplicate' },
        { address: '192.0.2.2', scope: 'global' },
      ],
      eth1: [{ address: '10.1.2.3', scope: 'global' }],
      eth2: [{ address: '169.254.7.7', scope: 'link-local' }],
    });
    assert.deepEqual(unattributed, [{ address: '198.51.100.1', scope: 'global' }]);
  });

  it('believe ip where there is one', () => {
    const { byInterface, unattributed } = addressesProbe.parse(
      done(
        '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n2: eth0@if7    inet 10.0.0.5/32 scope global eth0\\\n2: eth0    inet6 fe80::1/64 scope link tentative \\\nlocal 10.0.0.5 /32\n',
      ),
    );
    assert.deepEqual(byInterface.get('eth0'), [
      { address: '10.0.0.5', scope: 'global' },
      { address: 'fe80::1', scope: 'link-local', pending: 'tentative' },
    ]);
    assert.deepEqual(unattributed, []);
  });

  it('read routes, resolver, disk, clock and kernel', () => {
    assert.deepEqual(defaultRouteProbe.parse(done('4 eth0 0003 010200C0\n4 dead 0002\n6 lo 00200200\n6 eth1 00450003\n')), [
      { family: 'IPv4', interface: 'eth0', gateway: '192.0.2.1' },
      { family: 'IPv6', interface: 'eth1' },
    ]);
    assert.deepEqual(resolverProbe.parse(done('nameserver 10.0.0.2\nsearch a b\nnameserver\t::1\nsearch c d\n')), {
      readable: true,
      nameservers: ['10.0.0.2', '::1'],
      search: ['c', 'd'],
    });
    assert.deepEqual(
      storageProbe.parse(
        done(
          'folder root /var/lib/x\nat /var/lib\nfolder state /run/containerd\nat /run/containerd\nkb\nFilesystem 1024-blocks Used Available Capacity Mounted on\n/dev/my disk 1000 600 400 60% /\ntmpfs 10 0 10 0% /run\ninodes\nFilesystem Inodes IUsed IFree IUse% Mounted on\n/dev/x 0 0 0 - /\ntmpfs 9 1 8 12% /run\nmounts\nmount rw /\nmount rw /run\nmount ro /run\nmount ro /var/lib/with\\040space\n',
        ),
      ),
      [
        {
          name: 'root',
          path: '/var/lib/x',
          at: '/var/lib',
          totalKb: 1000,
          freeKb: 400,
          totalInodes: undefined,
          freeInodes: undefined,
          mount: '/',
          readOnly: false,
        },
        {
          name: 'state',
          path: '/run/containerd',
          at: '/run/containerd',
          totalKb: 10,
          freeKb: 10,
          totalInodes: 9,
          freeInodes: 8,
          mount: '/run',
          readOnly: true,
        },
      ],
    );
    assert.deepEqual(clockProbe.parse(done('seconds 1763712000\nunsynchronized\n')), { seconds: 1763712000, synchronized: false });
    assert.deepEqual(kernelProbe.parse(done('release 6.1.0\noverlay\n')), { release: '6.1.0', overlay: true });
  });

  it('tell a socket that is listened on from one left behind', () => {
    const sock = '/run/containerd/containerd.sock';
    const seen = (text: string) => {
      const { pid, sockets, version, installed } = containerdProbe.parse(done(text));
      return { pid, sockets, version, installed };
    };
    assert.deepEqual(
      seen(
        `pid 77\nsocket usable ${sock}\nunix\nlistening ${sock}\ninstalled\nversion containerd github.com/containerd/containerd/v2 v2.1.4 abc\n`,
      ),
      { pid: 77, sockets: [{ path: sock, usable: true, listening: true }], version: 'v2.1.4', installed: true },
    );
    assert.deepEqual(seen(`socket denied ${sock}\nunix\n`), {
      pid: undefined,
      sockets: [{ path: sock, usable: false, listening: false }],
      version: undefined,
      installed: false,
    });
    assert.deepEqual(seen('pid 1\nunix\nowned /run/my/c.sock\nowned /run/my/c.sock.ttrpc\n').sockets, [
      { path: '/run/my/c.sock', usable: true, listening: true },
    ]);
    assert.deepEqual(seen(`socket usable ${sock}\nunix\nlistening /var${sock}\n`).sockets, [{ path: sock, usable: true, listening: true }]);
  });

  it('leave no credentials in the proxies of containerd, whatever a password holds', () => {
    for (const user of ['u:secret', 'u:a/secret', 'u:a@secret', 'u:a@b/secret', 'secret', 'u:a#secret', 'u:http://secret']) {
      for (const scheme of ['http://', 'socks5://', '']) {
        const { variables } = unitProxyProbe.parse(done(`source process\nenv HTTPS_PROXY=${scheme}${user}@proxy:3128\n`));
        assert.equal(variables.get('HTTPS_PROXY'), `${scheme}proxy:3128`);
      }
    }
  });

  it('read neighbours, pressure, proxies and the kubelet', () => {
    assert.deepEqual(neighboursProbe.parse(done('arp IP type device\narp 192.0.2.1 0x2 eth0\narp 192.0.2.9 0x0 eth1\n')), [
      { address: '192.0.2.1', interface: 'eth0', complete: true },
      { address: '192.0.2.9', interface: 'eth1', complete: false },
    ]);
    assert.deepEqual(pressureProbe.parse(done('cpu some avg60=1.50\nmemory some avg60=0.00\nmemory full avg60=12.34\nio full avg60=x\n')), [
      { resource: 'cpu', some: 1.5, full: undefined },
      { resource: 'memory', some: 0, full: 12.34 },
    ]);
    const proxy = unitProxyProbe.parse(
      done(
        'source process\nenv https_proxy=http://low:1\nenv HTTPS_PROXY=http://us%40er:p@ss@proxy:3128\nenv no_proxy=a,b\nenv SECRET=x\n',
      ),
    );
    assert.deepEqual(
      [proxy.source, Object.fromEntries(proxy.variables)],
      ['process', { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'a,b' }],
    );
    assert.deepEqual(
      kubeletProbe.parse(
        done(
          'running\nconfigured "unix:///run/other.sock"\nproviders /etc/p.yaml\nfolder /opt/bin\nfile /etc/p.yaml\nread\nprovider there ecr\nprovider missing gcr\n',
        ),
      ),
      {
        running: true,
        endpoint: '/run/other.sock',
        providerConfig: '/etc/p.yaml',
        providerFiles: ['/etc/p.yaml'],
        providerFolder: '/opt/bin',
        providersRead: true,
        providers: [
          { name: 'ecr', there: true },
          { name: 'gcr', there: false },
        ],
      },
    );
  });

  it('read what containerd says of itself through ctr and crictl, and what the log says', () => {
    const sock = 'socket /run/containerd/containerd.sock\n';
    const failed = containerdApiProbe.parse(
      done(
        `${sock}tool ctr\n== plugins\nType:          io.containerd.grpc.v1\nID:            cri\nError:        \n               Code:        Unknown\n               Message:     invalid plugin config: oh\n\n== code 0\n== deprecations\nNo help topic for 'deprecations'\n\n== code 3\n== images\nregistry.k8s.io/pause:3.6\nsha256:abc\n\n== code 0\n`,
      ),
    );
    assert.deepEqual(
      [failed.answer, failed.cri, failed.deprecations, failed.images],
      ['answered', { state: 'failed', error: 'invalid plugin config: oh' }, undefined, ['registry.k8s.io/pause:3.6']],
    );
    const newer = containerdApiProbe.parse(
      done(
        `${sock}tool ctr\n== plugins\nType:   io.containerd.cri.v1\nID:     images\nError:\n    Code:    Unknown\n    Message:    why\n\nType:   io.containerd.grpc.v1\nID:     cri\nError:\n    Code:    Unknown\n    Message:    unable to load CRI image service plugin dependency\n\n== code 0\n== deprecations\nID    LAST OCCURRENCE    MESSAGE    \nio.containerd.deprecation/cri-registry-mirrors    2026-01-02T03:04:05.000000006Z    The \`mirrors\` property is deprecated\n\n== code 0\n`,
      ),
    );
    assert.deepEqual(
      [newer.cri, newer.deprecations],
      [
        { state: 'failed', error: 'why' },
        [{ id: 'io.containerd.deprecation/cri-registry-mirrors', message: 'The `mirrors` property is deprecated' }],
      ],
    );
    const silent = containerdApiProbe.parse(done(`${sock}tool ctr\n== plugins\nctr: context deadline exceeded\n\n== code 1\n`));
    assert.deepEqual([silent.answer, silent.reason, silent.cri], ['silent', 'ctr: context deadline exceeded', undefined]);
    const crictl = containerdApiProbe.parse(
      done(
        `${sock}tool crictl\n== version\nVersion: 0.1.0\n\n== code 0\n== table\nIMAGE   TAG   IMAGE ID   SIZE\nregistry.k8s.io/pause    3.9    e6f1816883972    322kB\n\n== code 0\n`,
      ),
    );
    assert.deepEqual([crictl.cri?.state, crictl.images], ['loaded', ['registry.k8s.io/pause:3.9']]);
    const refused = containerdApiProbe.parse(done(`${sock}refused\nlogged level=warning msg="failed to load plugin" error="x"\n`));
    assert.deepEqual([refused.answer, refused.logged], ['refused', 'level=warning msg="failed to load plugin" error="x"']);
  });

  it('give a value for any output', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '1: x inet',
        'local 1.2.3 /32',
        'route a b c',
        'inet6 zz',
        'kb 1 2',
        'seconds 9',
        'pid -1',
        '4 eth0',
        '\t\t\t',
        '\0\ufffd',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('timeout' as const, 'missing' as const), (lines, status) => {
        for (const probe of probes) {
          assert.ok(probe.parse(done(lines.join('\n'))));
          assert.ok(probe.parse({ status, stdout: lines.join('\n'), stderr: '' }));
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  for (const shell of [['/usr/bin/dash'], ['/usr/bin/busybox', 'sh']] as const) {
    it(`answer the same under ${shell.join(' ')} with no program on PATH as with all of them`, () => {
      const ask = (probe: (typeof probes)[number], path: string): ProbeOutput => {
        const [file, ...args] = shell;
        const { stdout, stderr, status } = spawnSync(file, [...args, '-s'], {
          input: probe.script(),
          encoding: 'utf8',
          env: { PATH: path },
        });
        return { status: 'done', exitCode: status ?? 1, stdout, stderr };
      };
      const both = (probe: (typeof probes)[number]) => [ask(probe, '/nonexistent'), ask(probe, process.env['PATH'] ?? '')] as const;
      for (const probe of [interfacesProbe, defaultRouteProbe, resolverProbe, kernelProbe, neighboursProbe]) {
        const [bare, full] = both(probe).map((output) => probe.parse(output));
        assert.deepEqual(bare, full, probe.id);
      }
      const [bare, full] = both(addressesProbe).map((output) => addressesProbe.parse(output));
      const loopback = (one: typeof bare) => [...(one?.byInterface.get('lo') ?? [])].map(({ address }) => address).sort();
      assert.ok(loopback(bare).includes('127.0.0.1'));
      assert.deepEqual(loopback(bare), loopback(full));
      const [root] = storageProbe.parse(ask(storageProbe, process.env['PATH'] ?? ''));
      assert.ok(root?.totalKb !== undefined && root.freeKb !== undefined && root.totalKb >= root.freeKb);
      assert.ok(root.mount !== undefined && root.readOnly !== undefined);
    });
  }
});
