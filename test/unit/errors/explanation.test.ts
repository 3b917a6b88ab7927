import assert from 'node:assert/strict';
import { errorCatalog, errorClasses } from '../../../core/errors';
import { classify } from '../../../core/errors/classify';
import { parseVersion } from '../../../core/versions/versions';
import { render } from '../../../core/text/message';

const pulled = (rest: string): string =>
  `failed to pull and unpack image "r.example:5000/app:1": failed to resolve image: failed to do request: Head "https://r.example:5000/v2/app/manifests/1": ${rest}`;
const digest = '0f'.repeat(32);

/** A text, the case that its words tell apart, and what its cause and next step must name. */
const texts: readonly (readonly [text: string, id: string, named: readonly string[]])[] = [
  [
    pulled('http: server gave HTTP response to HTTPS client'),
    'tls.scheme-mismatch/plainHttp',
    [
      'r.example:5000 speaks plain HTTP',
      '/etc/containerd/certs.d/r.example:5000/hosts.toml',
      '[host."http://r.example:5000"]',
      'no restart',
    ],
  ],
  [
    'failed to resolve reference "docker.io/library/a:1": failed to do request: Head "https://mirror.example/v2/library/a/manifests/1?ns=docker.io": http: server gave HTTP response to HTTPS client',
    'tls.scheme-mismatch/plainHttp',
    ['/etc/containerd/certs.d/docker.io/hosts.toml', '[host."http://mirror.example"]'],
  ],
  [
    'Error response from daemon: Get "https://r.example:5000/v2/": http: server gave HTTP response to HTTPS client',
    'tls.scheme-mismatch/plainHttpDocker',
    ['/etc/docker/daemon.json', 'insecure-registries'],
  ],
  [
    'failed to resolve reference "r.example/a:1": unexpected status from HEAD request to http://r.example/v2/a/manifests/1: 400 Bad Request: Client sent an HTTP request to an HTTPS server.',
    'tls.scheme-mismatch/serverSpeaksTls',
    ['r.example speaks TLS', 'https://r.example instead of http://r.example'],
  ],
  [
    'level=info msg="host will try HTTPS first since it is configured for HTTP with a TLS configuration, consider changing host to HTTPS or removing unused TLS configuration" host=r.example:5000',
    'tls.scheme-mismatch/tlsKeysOnHttp',
    ['skip_verify'],
  ],
  [pulled('x509: certificate signed by unknown authority'), 'tls.unknown-ca/inHostsToml', ['certs.d/r.example:5000/hosts.toml']],
  [
    'failed to do request: Head "https://registry-1.docker.io/v2/library/a/manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'tls.unknown-ca/inspected',
    ['inspects TLS', 'update-ca-certificates'],
  ],
  [
    pulled('x509: certificate has expired or is not yet valid: current time 2026-03-02T00:00:00Z is after 2026-03-01T00:00:00Z'),
    'tls.expired-or-clock/expired',
    ['expired at 2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'],
  ],
  [
    pulled('x509: certificate has expired or is not yet valid: current time 1970-01-02T00:00:00Z is before 2026-03-01T00:00:00Z'),
    'tls.expired-or-clock/notYetValid',
    ['timedatectl'],
  ],
  [
    pulled('x509: certificate is valid for a.example, b.example, not r.example'),
    'tls.san-mismatch/otherNames',
    ['a.example, b.example', 'r.example showed'],
  ],
  [pulled("x509: cannot validate certificate for 10.0.0.5 because it doesn't contain any IP SANs"), 'tls.san-mismatch/addressOnly', []],
  [
    'level=error msg="failed to decode /etc/containerd/certs.d/r.example/hosts.toml" error="unknown capability resolv"',
    'config.hosts-toml-invalid/file',
    ['lint /etc/containerd/certs.d/r.example/hosts.toml'],
  ],
  ['level=error msg="failed to decode hosts.toml" error="invalid `host` tree"', 'config.hosts-toml-invalid/noHostTable', ['[host]']],
  ['level=error msg="failed to decode hosts.toml" error="unknown capability resolv"', 'config.hosts-toml-invalid/capability', ['resolv,']],
  [
    'failed to resolve image: unable to read CA cert "/etc/ssl/r.pem": open /etc/ssl/r.pem: no such file or directory',
    'config.hosts-toml-invalid/authorityFile',
    ['/etc/ssl/r.pem'],
  ],
  [
    'containerd: failed to load TOML: /etc/containerd/config.toml: (12, 2): duplicated tables',
    'config.daemon-toml-invalid/place',
    ['row 12'],
  ],
  ["containerd: failed to unmarshal TOML at row 10 column 46: toml: expected ']'", 'config.daemon-toml-invalid/row', ['row 10']],
  [
    'Failed to pull image "nginx": toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    'rate.too-many-requests/hubAnonymous',
    ['https://index.docker.io/v1/', 'certs.d/docker.io/hosts.toml'],
  ],
  [
    'failed to pull and unpack image "docker.io/library/app:1": failed to resolve image: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'authz.insufficient-scope/officialImages',
    ['docker.io/library/app', 'only official images'],
  ],
  [
    'failed to extract layer sha256:1a: write /data/containerd/tmpmounts/containerd-mount1/usr/bin/a: no space left on device: unknown',
    'unpack.disk-full/root',
    ['df -h /data/containerd '],
  ],
  [
    'Error response from daemon: failed to register layer: write /usr/a: no space left on device',
    'unpack.disk-full/docker',
    ['docker info'],
  ],
  [
    'failed to extract layer sha256:1a: failed to Lchown "/x" for UID 0, GID 42: lchown /x: invalid argument (Hint: try increasing the number of subordinate IDs in /etc/subuid and /etc/subgid)',
    'unpack.permission/ownerOutOfRange',
    ['UID 0 and GID 42'],
  ],
  [pulled('dial tcp [::1]:5000: connect: connection refused'), 'net.refused-or-no-route/loopback', ['the node itself']],
  [pulled('dial tcp [2001:db8::1]:443: connect: network is unreachable'), 'net.refused-or-no-route/noIpv6Route', ['IPv6']],
  [pulled('dial tcp 10.0.0.5:5000: connect: no route to host'), 'net.refused-or-no-route/noRoute', ['10.0.0.5:5000']],
  [pulled('dial tcp 10.0.0.5:5000: i/o timeout'), 'net.timeout/dial', ['10.0.0.5:5000']],
  [pulled('net/http: TLS handshake timeout'), 'net.timeout/handshake', ['MTU']],
  [pulled('proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused'), 'net.proxy/unreachable', ['10.0.0.9:3128']],
  [pulled('Proxy Authentication Required'), 'net.proxy/password', ['HTTPS_PROXY']],
  [
    pulled('dial tcp: lookup registry.tools.svc.cluster.local on 10.0.0.1:53: no such host'),
    'dns.nxdomain/clusterName',
    ['registry.tools.svc.cluster.local'],
  ],
  [pulled('dial tcp: lookup r.example on 10.0.0.1:53: server misbehaving'), 'dns.server-failure/resolver', ['10.0.0.1:53']],
  [
    `FATA[0012] failed to resolve reference "r.example/app:1": r.example/app:1: not found`,
    'masked.other-hosts-error/afterSilence',
    ['12 seconds', 'cache'],
  ],
  [
    `FATA[0031] failed to resolve reference "r.example/app@sha256:${digest}": r.example/app@sha256:${digest}: not found`,
    'masked.blob-fallback/afterSilence',
    ['31 seconds', 'cache'],
  ],
];

describe('explanationOf', () => {
  for (const [text, id, named] of texts)
    it(`tells by the words of a text: ${id} ${named[0] ?? ''}`, () => {
      const { cause, nextStep } = classify(text);
      assert.equal(cause?.id, `${id}/cause`);
      assert.equal(nextStep?.id, `${id}/nextStep`);
      const said = [cause, nextStep].map((one) => render(one, errorCatalog)).join(' ');
      assert.doesNotMatch(said, /\{\w+\}/);
      for (const one of named) assert.ok(said.includes(one), `${one} in ${said}`);
    });

  it('says what the class says where a text lacks what its case would name', () => {
    assert.equal(classify('http: server gave HTTP response to HTTPS client').cause?.id, 'tls.scheme-mismatch/cause');
  });

  it('has no case whose pattern keeps state, and no two of one name', () => {
    for (const { id, cases = [] } of errorClasses) {
      assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length, id);
      for (const { pattern } of cases) assert.doesNotMatch(pattern.flags, /[gy]/);
    }
  });

  it('has an example of each case, which that case explains, with a value for each argument', () => {
    for (const { id, cases = [] } of errorClasses)
      for (const one of cases) {
        const first = cases.find(({ pattern }) => pattern.test(one.says));
        assert.equal(first?.name, one.name, `${id}: ${one.says}`);
        const groups = one.pattern.exec(one.says)?.groups ?? {};
        for (const [, name = ''] of `${one.cause} ${one.nextStep}`.matchAll(/\{(\w+)\}/g))
          assert.ok(name in groups || ['host', 'reference', 'namespace', 'seconds'].includes(name), `${id}/${one.name}: ${name}`);
      }
  });

  it('is less sure of a hidden failure after ten seconds than after half a minute', () => {
    const after = (seconds: number): number =>
      classify('failed to resolve reference "r.example/app:1": r.example/app:1: not found', parseVersion('2.1'), {
        elapsedSeconds: seconds,
      }).confidence;
    assert.ok(after(10) < 0.8 && after(30) > 0.9, `${after(10)} ${after(30)}`);
  });
});
