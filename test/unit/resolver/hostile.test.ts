import assert from 'node:assert/strict';
import { criCredentials } from '../../../core/resolver/credentials';
import { runRecorded } from '../../../core/resolver/drive';
import { matchesGlob, parseFault, withFaults } from '../../../core/resolver/faults';
import { observe } from '../../../core/resolver/observations';
import { parseChallenges } from '../../../core/resolver/challenge';
import { pull } from '../../../core/resolver/pull';
import type { HttpOutcome, HttpRequest } from '../../../core/ports';
import { byDigest, context, host, recorded, reportedOf, response, run, timeout } from './harness';

const password = { username: 'u', password: 'p' };
const credentials = criCredentials(password, new Map(), 'local');

describe('registries that mean harm', () => {
  for (const realm of [
    'http://169.254.169.254/latest/meta-data',
    'http://[fe80::1]/token',
    'http://[fd00:ec2::254]/token',
    'http://metadata.google.internal/token',
    'http://[::ffff:169.254.169.254]/t',
  ]) {
    it(`credentials are not sent to the token server ${realm}`, async () => {
      const { driven, attempts } = await run(context('2.2.7', { credentials }), () =>
        response(401, { 'www-authenticate': `Bearer realm="${realm}"` }),
      );
      assert.equal(driven.status, 'refused');
      assert.equal(driven.reason.id, 'replay-stopped/metadata');
      assert.deepEqual(
        attempts.map(({ request }) => new URL(request.url).host),
        ['reg.example'],
      );
    });
  }

  it('nothing is asked there without credentials either: a token kept there would go to the registry', async () => {
    const { driven, attempts } = await run(context('2.2.7'), () =>
      response(401, { 'www-authenticate': 'Bearer realm="http://169.254.169.254/latest/meta-data/iam/security-credentials/role"' }),
    );
    assert.ok(driven.status === 'refused' && driven.exchange.refuse);
    assert.equal(attempts.length, 1);
  });

  it('nor is a redirect to such an address followed', async () => {
    const { driven, attempts } = await run(context('2.2.7'), () => response(302, { location: 'http://169.254.169.254/latest' }));
    assert.deepEqual(driven.status === 'refused' && driven.reason, { id: 'replay-stopped/metadata', args: { host: '169.254.169.254' } });
    assert.equal(attempts.length, 1);
  });

  it('a registry that a person put there is asked, and so is its own token server', async () => {
    const hosts = { ok: true, hosts: [host('http://169.254.20.10:5000')] } as const;
    const { driven, attempts } = await run(context('2.2.7', { hosts }), ({ url, headers }) => {
      if (url.includes('/token')) return response(200, {}, '{"token":"t"}');
      if (headers.some(([name]) => name === 'Authorization')) return response(302, { location: 'http://169.254.20.10:5001/x' });
      return response(url.endsWith('/x') ? 404 : 401, { 'www-authenticate': 'Bearer realm="http://169.254.20.10:5001/token"' });
    });
    assert.equal(driven.status, 'done');
    assert.ok(attempts.some(({ request }) => request.url.startsWith('http://169.254.20.10:5001/token')));
  });

  it('names that a registry leads to are marked, those that a person wrote are not', async () => {
    const { attempts } = await run(context('2.2.7'), ({ url, headers }) => {
      if (url.includes('/token')) return response(200, {}, '{"token":"t"}');
      if (url.includes('cdn')) return response(404);
      if (!headers.some(([name]) => name === 'Authorization'))
        return response(401, { 'www-authenticate': 'Bearer realm="https://auth.example/token"' });
      return response(307, { location: url.includes('moved') ? 'https://cdn.example/x' : 'https://REG.example:8443/moved' });
    });
    const marks = attempts.map(({ request: { url, led } }) => `${new URL(url).host} ${led === true}`);
    assert.deepEqual([...new Set(marks)].sort(), ['auth.example true', 'cdn.example true', 'reg.example false', 'reg.example:8443 false']);
  });

  it('a realm that is a file is no URL to ask', async () => {
    const { result, attempts } = await run(context('2.2.7'), () =>
      response(401, { 'www-authenticate': 'Bearer realm="file:///etc/shadow"' }),
    );
    assert.match(
      reportedOf(result) ?? '',
      /failed to fetch anonymous token: Get "file:\/\/\/etc\/shadow\?scope=%5BREDACTED%5D": unsupported protocol scheme "file"$/,
    );
    assert.equal(attempts.length, 1);
  });

  it('a redirect to another host does not carry the credentials, and one that comes back neither', async () => {
    const basic = { 'www-authenticate': 'Basic realm="r"' };
    const { attempts } = await run(context('2.2.7', { credentials }), ({ url, headers }) => {
      if (url.startsWith('https://cdn.example')) return response(302, { location: 'https://reg.example/v2/elsewhere' });
      if (!headers.some(([name]) => name === 'Authorization')) return response(401, basic);
      return url.endsWith('/elsewhere') ? response(404) : response(302, { location: 'https://cdn.example/x?sig=1' });
    });
    const sent = attempts.map(({ request }) => [new URL(request.url).host, request.headers.some(([name]) => name === 'Authorization')]);
    // On the way back the authorizer adds what it knows for that host: CheckRedirect asks it for every hop.
    assert.deepEqual(sent, [
      ['reg.example', false],
      ['reg.example', true],
      ['cdn.example', false],
      ['reg.example', true],
    ]);
  });

  for (const challenge of ['Basic realm="r"', 'Bearer realm="https://elsewhere.example/token"'])
    it(`a host that it leads to gets no credentials when it asks with ${challenge}; what was recorded goes on as containerd does`, async () => {
      const away = 'https://elsewhere.example/x';
      const answer = ({ url, headers }: HttpRequest): HttpOutcome => {
        if (url.includes('/token')) return response(200, {}, '{"access_token":"t"}');
        if (url !== away) return response(302, { location: away });
        return headers.some(([name]) => name === 'Authorization') ? response(404) : response(401, { 'www-authenticate': challenge });
      };
      const { driven, attempts } = await run(context('2.2.7', { credentials }), answer);
      assert.equal(driven.status, 'refused');
      assert.deepEqual(driven.reason, {
        id: 'replay-stopped/led-away',
        args: { registry: 'reg.example', host: 'elsewhere.example' },
      });
      assert.ok(!JSON.stringify(attempts).includes('Authorization'));
      assert.ok(attempts.length > 1 && !attempts.some(({ request }) => request.url.includes('/token')));

      const { result } = recorded(context('2.2.7', { credentials }), answer);
      assert.match(reportedOf(result) ?? '', /: not found$/);
    });

  it('a sub-domain that it leads to gets them, as with Go', async () => {
    const { driven } = await run(context('2.2.7', { credentials }), ({ url, headers }) => {
      if (!url.startsWith('https://cdn.')) return response(302, { location: 'https://cdn.reg.example/x' });
      return headers.some(([name]) => name === 'Authorization') ? response(404) : response(401, { 'www-authenticate': 'Basic realm="r"' });
    });
    assert.equal(driven.status, 'done');
  });

  it('a user in the address that it leads to goes there, and its password is in no text', async () => {
    const { result, attempts } = await run(context('1.7.34'), ({ url, headers }) => {
      if (url.startsWith('https://reg.example')) return response(302, { location: 'https://a:b%20c@cdn.example/x' });
      assert.deepEqual(headers.find(([name]) => name === 'Authorization')?.[1], `Basic ${Buffer.from('a:b c').toString('base64')}`);
      return timeout;
    });
    assert.equal(attempts.length, 2);
    assert.match(reportedOf(result) ?? '', /failed to do request: Head "https:\/\/a:\*\*\*@cdn\.example\/x": dial tcp/);
  });

  it('gives up after ten redirects, with the last Location in the text', async () => {
    const { result, attempts } = await run(context('1.7.34', { go: '1.25' }), () => response(302, { location: '/v2/round' }));
    assert.equal(attempts.length, 10);
    assert.match(reportedOf(result) ?? '', /failed to do request: Head "\/v2\/round": stopped after 10 redirects$/);
  });

  it('ends a pull that would never end', async () => {
    const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', size: 5, digest: byDigest.digest };
    const body = JSON.stringify({
      schemaVersion: 2,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: byDigest.digest, size: 5 },
      layers: Array.from({ length: 6000 }, (_, i) => ({ ...layer, digest: `sha256:${String(i).padStart(64, '0')}` })),
    });
    const { driven, attempts } = await run(context('2.2.7', { until: 'layers' }), ({ method, url }) =>
      method === 'HEAD'
        ? response(200, {
            'content-length': String(body.length),
            'content-type': 'application/vnd.oci.image.manifest.v1+json',
            'docker-content-digest': `sha256:${'1'.repeat(64)}`,
          })
        : url.includes('/manifests/')
          ? { ...response(200, {}, body), digest: `sha256:${'1'.repeat(64)}` }
          : response(200),
    );
    assert.equal(driven.status, 'refused');
    assert.equal(attempts.length, 5000);
  });

  it('a manifest that claims 100 MB is not asked for', async () => {
    const { result, attempts } = await run(context('2.2.7', { until: 'layers' }), () =>
      response(200, { 'content-length': '100000000', 'docker-content-digest': `sha256:${'1'.repeat(64)}` }),
    );
    assert.match(reportedOf(result) ?? '', /rejecting 100000000 byte manifest for reg\.example\/a\/b:t: not found$/);
    assert.equal(attempts.length, 1);
  });

  it('reads challenges of any kind without a throw', () => {
    for (const value of [
      '',
      'Bearer',
      'Bearer realm',
      'Bearer realm=',
      'Bearer realm="',
      'Bearer realm="a\\',
      'Bearer realm="a",',
      'Bearer __proto__="x",realm="y"',
      `Bearer ${'a="b",'.repeat(10_000)}`,
      '\u0000',
      'Négotier x',
    ]) {
      for (const { parameters } of parseChallenges([['www-authenticate', value]])) assert.ok(parameters instanceof Map);
    }
    const [first] = parseChallenges([
      ['www-authenticate', 'Basic realm="b"'],
      ['WWW-Authenticate', 'Bearer realm="a\\"c", service=s'],
    ]);
    assert.ok(first);
    assert.equal(first.scheme, 'bearer');
    assert.deepEqual(
      [...first.parameters],
      [
        ['realm', 'a"c'],
        ['service', 's'],
      ],
    );
  });
});

describe('faults and recorded answers', () => {
  it('reads rules and refuses nonsense', () => {
    assert.deepEqual(parseFault('HEAD */manifests/*=timeout'), { method: 'HEAD', glob: '*/manifests/*', fault: 'timeout' });
    assert.deepEqual(parseFault('*=503'), { method: undefined, glob: '*', fault: 503 });
    for (const text of ['', 'nonsense', 'HEAD *=', 'HEAD *=slow', 'HEAD *=600', 'PATCH *=503', '=dns'])
      assert.equal(parseFault(text), undefined, text);
  });

  it('matches patterns in linear time', () => {
    assert.ok(matchesGlob('*/manifests/*', 'https://reg.example/v2/a/manifests/t'));
    assert.ok(matchesGlob('https://*/t', 'https://a/t'));
    assert.ok(!matchesGlob('*/blobs/*', 'https://reg.example/v2/a/manifests/t'));
    assert.ok(!matchesGlob('ab*ba', 'aba'));
    assert.ok(!matchesGlob('*a'.repeat(200), 'b'.repeat(100_000)));
  });

  it('puts a fault before the real answer', async () => {
    const rule = parseFault('HEAD */manifests/*=timeout');
    assert.ok(rule);
    const send = withFaults(() => Promise.resolve(response(404)), [rule]);
    const faulted = await send(
      {
        method: 'HEAD',
        url: 'https://reg.example/v2/a/manifests/t',
        headers: [],
        tls: undefined,
        dialTimeoutMs: 30_000,
        want: { body: 'none' },
      },
      undefined,
    );
    assert.deepEqual(faulted, timeout);
  });

  it('says what a release would have asked beyond what was seen', async () => {
    const forbidden: Parameters<typeof run>[1] = () => response(403);
    const { attempts } = await run(context('2.2.7'), forbidden);
    const same = runRecorded(pull(context('1.7.34')), observe(attempts));
    assert.equal(same.status, 'done');
    const more = runRecorded(pull(context('2.3.4')), observe(attempts));
    assert.equal(
      more.status === 'needs' ? `${more.exchange.request.method} ${more.exchange.request.url}` : more.status,
      'GET https://reg.example/v2/a/b/manifests/t',
    );
  });

  it('needs no more tries than were seen when the last two were alike', async () => {
    const { attempts } = await run(context('2.3.4'), () => response(429));
    assert.equal(attempts.length, 5);
    assert.equal(runRecorded(pull(context('1.7.34')), observe(attempts)).status, 'done');
  });
});

describe("ctr's ways", () => {
  const ways = [
    [
      '1.7.34',
      'ctr',
      'failed to resolve reference "reg.example/a/b:t": failed to do request: Head "https://reg.example/v2/a/b/manifests/t": dial tcp 192.0.2.1:443: i/o timeout',
    ],
    [
      '2.1.9',
      'ctr-local',
      'failed to resolve reference "reg.example/a/b:t": failed to do request: Head "https://reg.example/v2/a/b/manifests/t": dial tcp 192.0.2.1:443: i/o timeout',
    ],
    [
      '2.1.9',
      'ctr',
      'failed to resolve image: failed to do request: Head "https://reg.example/v2/a/b/manifests/t": dial tcp 192.0.2.1:443: i/o timeout: context deadline exceeded',
    ],
    [
      '1.7.34',
      'ctr-transfer',
      'failed to resolve image: failed to do request: Head "https://reg.example/v2/a/b/manifests/t": dial tcp 192.0.2.1:443: i/o timeout',
    ],
  ] as const;
  for (const [release, way, text] of ways) {
    it(`${way} of ${release}`, async () => {
      const { result } = await run(context(release, { way, hosts: { ok: true, hosts: [host('https://reg.example')] } }), () => timeout);
      assert.equal(reportedOf(result), text);
      assert.equal(result.ok ? null : result.grpcCode, 'DeadlineExceeded');
    });
  }
});
