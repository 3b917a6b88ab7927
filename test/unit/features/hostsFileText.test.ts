import assert from 'node:assert/strict';
import { registryChecks, registryTarget } from '../../../core/diagnosis/registryReadiness';
import { hostsFileFor, hostsFileForCheck, hostsFileText, type OwnSettings } from '../../../core/features/hostsFileText';
import { configureHosts } from '../../../core/hosts/configureHosts';
import type { NetFailure } from '../../../core/ports';
import type { AttemptDocument, ResolveDocument } from '../../../core/protocol/resolve';
import { releaseLines } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';

const asked = (own: OwnSettings): readonly string[] => {
  const files = { [`/certs.d/${own.registry}/hosts.toml`]: hostsFileText(own) };
  return releaseLines.map(({ newest: version }) => {
    const { outcome, hosts } = configureHosts(own.registry, { tree: mapTree(files), hostsDirs: ['/certs.d'], version });
    return `${outcome} ${hosts.map(({ scheme, host, path }) => `${scheme}://${host}${path}`).join(' ')}`;
  });
};

const failed = (reference: string, url: string, host: string, id: string): ResolveDocument =>
  ({
    reference,
    containerd: '2.1.4',
    attempts: [{ url, host } as AttemptDocument],
    rootCause: { attempt: 0, class: id },
  }) as unknown as ResolveDocument;

describe('a new hosts.toml', () => {
  it('is used by every release, and asks the registry itself once', () => {
    assert.deepEqual([...new Set(asked({ registry: 'r.example:5000' }))], ['used https://r.example:5000/v2']);
    assert.deepEqual([...new Set(asked({ registry: 'docker.io' }))], ['used https://registry-1.docker.io/v2']);
    assert.deepEqual([...new Set(asked({ registry: 'r.example:5000', scheme: 'http' }))], ['used http://r.example:5000/v2']);
  });

  it('settles the wrong scheme of a registry, and a CA that is not known', () => {
    const plain = failed('r.example:5000/a:1', 'https://r.example:5000/v2/a/manifests/1', 'r.example:5000', 'tls.scheme-mismatch');
    assert.deepEqual(hostsFileFor(plain), { registry: 'r.example:5000', scheme: 'http' });
    const ca = failed('r.example/a:1', 'https://r.example/v2/a/manifests/1', 'r.example', 'tls.unknown-ca');
    assert.match(hostsFileText(hostsFileFor(ca) ?? { registry: '' }), /^server = "https:\/\/r\.example"\nca = "ca\.crt"$/m);
  });

  it('settles a check of readiness that fails for want of a CA', () => {
    const offered = (registry: string, kind: 'unknown-authority' | 'expired'): OwnSettings | undefined => {
      const target = registryTarget(registry);
      assert.ok(target);
      const reason = kind === 'expired' ? { kind, now: '2026', notAfter: '2025' } : { kind };
      const failure = { kind: 'tls', reason } as unknown as NetFailure;
      const checks = registryChecks(target, { ok: false, failure, timings: { connect: 1, total: 2 } });
      const [check] = checks.filter(({ id, status }) => id === 'tls' && status === 'fail');
      assert.ok(check);
      return hostsFileForCheck(check);
    };
    assert.deepEqual(offered('r.example:5000', 'unknown-authority'), { registry: 'r.example:5000', ca: 'ca.crt' });
    assert.deepEqual(offered('docker.io', 'unknown-authority'), { registry: 'docker.io', ca: 'ca.crt' });
    assert.equal(offered('https://m.example/proxy', 'unknown-authority'), undefined);
    assert.equal(offered('r.example', 'expired'), undefined);
  });

  it('is not offered for a mirror, which another file names, nor for what no file settles', () => {
    assert.equal(
      hostsFileFor(failed('r.example/a:1', 'https://m.example/v2/a/manifests/1', 'm.example', 'tls.scheme-mismatch')),
      undefined,
    );
    assert.equal(hostsFileFor(failed('r.example/a:1', 'https://r.example/v2/a/manifests/1', 'r.example', 'net.timeout')), undefined);
    assert.equal(hostsFileFor({ ...failed('r.example/a:1', '', '', 'net.timeout'), rootCause: null }), undefined);
  });
});
