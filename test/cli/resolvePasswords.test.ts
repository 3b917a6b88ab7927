import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { call } from '../fixtures/call';
import { certsD, type CertsD } from '../fixtures/certsD';
import { tinyImage } from '../fixtures/image';
import { scriptedRegistry, type ScriptedRegistry } from '../fixtures/scriptedRegistry';

const image = tinyImage('passwords');
const password = 'pA55-w0rd';
const hidden = 'wHo:xxxxx@';

describe('a password in a URL', () => {
  let hosts: CertsD;
  let registry: ScriptedRegistry;
  before(async () => {
    registry = await scriptedRegistry(image, ({ method, url, authorization }, host) => {
      const led = `http://wHo:${password}@${host}`;
      if (url.startsWith('/moved/')) return { status: authorization?.startsWith('Basic ') === true ? 403 : 401 };
      if (url.startsWith('/token')) return { status: 403, body: `{"details":"not at ${led}/token"}` };
      if (url.includes('/broken/')) return { status: 307, headers: { location: `${led}:x/` } };
      if (url.includes('/asks/')) return { status: 401, headers: { 'www-authenticate': `Bearer realm="${led}/token"` } };
      return method === 'GET' && url.includes('/manifests/') ? { status: 307, headers: { location: `${led}/moved${url}` } } : undefined;
    });
    hosts = certsD(registry.host);
  });
  after(async () => {
    await registry.close();
    hosts.remove();
  });
  const resolve = async (repository: string, ...more: readonly string[]): Promise<string> => {
    const given = ['--certs-d', hosts.folder, '--containerd', '1.7', '--platform', 'linux/amd64', '--proxy', 'none', ...more];
    const { stdout, stderr } = await call(['resolve', `${registry.host}/${repository}:1`, ...given], hosts.folder);
    assert.doesNotMatch(stdout + stderr, new RegExp(password));
    return stdout;
  };
  const documentOf = (ndjson: string): ResolveDocument => JSON.parse(ndjson.split('\n').at(-2) ?? '') as ResolveDocument;

  for (const [what, repository, words] of [
    ['a redirect', 'a/b', `unexpected status code `],
    ['a redirect that is no URL', 'broken/b', `failed to parse Location header "http://${hidden}`],
    ['the address of a token server', 'asks/b', `unexpected status from GET request to http://${hidden}`],
  ] as const)
    it(`is shown as Go's Redacted shows it, the same from a transcript: ${what}`, async () => {
      const file = join(hosts.folder, 'transcript');
      const live = await resolve(repository, '--format', 'ndjson', '--transcript', file);
      const { reported, attempts } = documentOf(live);
      assert.ok(reported?.includes(words), reported ?? '');
      assert.ok(attempts.every(({ host }) => host === registry.host));
      assert.doesNotMatch(readFileSync(file, 'utf8'), new RegExp(password));
      const again = documentOf(await resolve(repository, '--format', 'ndjson', '--replay', file));
      assert.deepEqual([again.reported, again.attempts.map(({ url }) => url)], [reported, attempts.map(({ url }) => url)]);
      await resolve(repository);
    });

  it('is in no request that is shown, and a rule of --fault names the request as it is shown', async () => {
    const { attempts } = documentOf(await resolve('a/b', '--format', 'ndjson'));
    const url = attempts.at(-1)?.url ?? '';
    assert.ok(url.startsWith(`http://${hidden}${registry.host}/moved/`), url);
    const { reported } = documentOf(await resolve('a/b', '--format', 'ndjson', '--fault', `GET ${url}=dns`));
    assert.match(reported ?? '', /: Get "http:\/\/wHo:\*\*\*@\S+": dial tcp: lookup 127\.0\.0\.1 on 192\.0\.2\.53:53: no such host$/);
  });

  it('is hidden in a reference that was typed with one', async () => {
    for (const before of [`https://wHo:${password}@`, `wHo:${password}@`]) {
      const { stdout, stderr } = await call(
        ['resolve', `${before}r.example/a/b:1`, '--containerd', '2.1', '--format', 'json'],
        hosts.folder,
      );
      assert.doesNotMatch(stdout + stderr, new RegExp(password));
      assert.match(stdout + stderr, /wHo:xxxxx@r\.example\/a\/b:1/);
    }
  });
});
