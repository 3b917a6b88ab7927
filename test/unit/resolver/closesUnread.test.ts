import assert from 'node:assert/strict';
import { criCredentials } from '../../../core/resolver/credentials';
import type { PullContext } from '../../../core/resolver/machine';
import { ociManifest } from '../../../core/resolver/mediaTypes';
import { context, digest, response, run } from './harness';

const basic = { 'www-authenticate': 'Basic realm="r"' };
const bearer = { 'www-authenticate': 'Bearer realm="http://auth.example/token"' };
const known: Partial<PullContext> = { credentials: criCredentials({ username: 'u', password: 'p' }, new Map(), 'local') };
const nobody: Partial<PullContext> = { credentials: criCredentials(undefined, new Map(), 'local') };

/** What a pull has to say of the answer to its first request of this kind. */
async function closes(
  [release, over]: readonly [string, Partial<PullContext>],
  which: RegExp,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<boolean | undefined> {
  const answer = response(status, headers);
  const { attempts } = await run(context(release, { ...over, until: 'manifest' }), ({ method, url }) => {
    if (which.test(`${method} ${url}`)) return answer;
    if (method === 'HEAD') return response(200, { 'content-type': ociManifest, 'docker-content-digest': digest, 'content-length': '9' });
    return response(401, bearer);
  });
  const asked = attempts.find(({ request: { method, url } }) => which.test(`${method} ${url}`)) ?? assert.fail('it was not asked');
  return asked.request.closesUnread?.(status, answer.headers);
}

describe('an answer that containerd closes unread', () => {
  for (const [title, of, status, headers, wanted] of [
    ['is a 404, which says all', ['2.1.9', {}], 404, {}, true],
    ['is one that is asked for again', ['2.1.9', {}], 429, {}, true],
    ['and on the last host a 503, since 2.1', ['2.1.9', {}], 503, {}, true],
    ['which is final before', ['1.7.34', {}], 503, {}, false],
    ['is no 403: its body tells why', ['2.1.9', {}], 403, {}, false],
    ['is a 401 that asks for a token', ['1.6.20', {}], 401, bearer, true],
    ['or for a password that is known', ['1.6.20', known], 401, basic, true],
    ['or, as an error since 1.6.25, for one that is not', ['1.6.25', nobody], 401, basic, true],
    ['no 401 that is passed over as before 1.6.25', ['1.6.20', nobody], 401, basic, false],
    ['nor one where nobody could know', ['2.1.9', {}], 401, basic, false],
    ['nor one that asks for nothing that containerd knows', ['2.1.9', known], 401, { 'www-authenticate': 'Negotiate' }, false],
    ['is none to Go 1.27, which reads the rest', ['2.3.4', { go: '1.27' }], 404, {}, undefined],
  ] as const)
    it(title, async () => assert.equal(await closes(of, /^GET .*\/manifests\//, status, headers), wanted));

  it('is none of a token server', async () => {
    assert.equal(await closes(['2.1.9', {}], /\/token/, 404), undefined);
  });
});
