import assert from 'node:assert/strict';
import { configureHosts, requestUrl, type ConfiguredHosts } from '../../../core/hosts/configureHosts';
import { isLocalhost } from '../../../core/hosts/registryHost';
import { parseReference } from '../../../core/reference/reference';
import { parseVersion } from '../../../core/versions/versions';
import { namedPemTree } from './namedPem';

const root = '/etc/containerd/certs.d';

function configured(files: Readonly<Record<string, string>>, release = '2.1', host = 'reg.test', rooted = true): ConfiguredHosts {
  const version = parseVersion(release);
  assert(version);
  const tree = namedPemTree(Object.fromEntries(Object.entries(files).map(([name, text]) => [`${root}/${name}`, text])), rooted);
  return configureHosts(host, { tree, hostsDirs: [root], version });
}

function fileWith(line: string): Record<string, string> {
  return {
    'reg.test/hosts.toml': `[host."https://m.test"]\n${line}\n`,
    'reg.test/c.crt': 'pki c.crt',
    'reg.test/c.key': 'pki c.key',
    'reg.test/d.key': 'pki d.key',
  };
}

describe('configureHosts', () => {
  const dir = `${root}/reg.test`;
  const fatal: readonly (readonly [string, string])[] = [
    ['ca = "none.crt"', `unable to read CA cert "${dir}/none.crt": open ${dir}/none.crt: no such file or directory`],
    ['ca = ""', `unable to read CA cert "${dir}": read ${dir}: is a directory`],
    ['ca = "c.key"', `unable to load CA cert "${dir}/c.key"`],
    ['client = [["c.crt", ""]]', `unable to read CERT file "${dir}": read ${dir}: is a directory`],
    ['client = [["c.crt", "none.key"]]', `unable to read CERT file "${dir}/none.key": open ${dir}/none.key: no such file or directory`],
    ['client = "c.crt"', 'failed to load X509 key pair: tls: found a certificate rather than a key in the PEM for the private key'],
    ['client = [["c.crt", "d.key"]]', 'failed to load X509 key pair: tls: private key does not match public key'],
    [
      'client = [["c.key", "c.crt"]]',
      'failed to load X509 key pair: tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    ],
    ['client = ["hosts.toml"]', 'failed to load X509 key pair: tls: failed to find any PEM data in certificate input'],
  ];
  for (const [line, error] of fatal)
    it(`fails a pull for ${line}`, () =>
      assert.deepEqual([configured(fileWith(line)).outcome, configured(fileWith(line)).error], ['fatal', error]));

  it('takes the pair, and does not judge files of another machine', () => {
    assert.deepEqual(configured(fileWith('client = [["c.crt", "c.key"]]')).hosts[0]?.tls?.clientCertificates, [
      { cert: `${dir}/c.crt`, key: `${dir}/c.key` },
    ]);
    assert.equal(configured(fileWith('ca = "/none.crt"'), '2.1', 'reg.test', false).outcome, 'used');
  });

  it('falls back to certificates in Docker’s layout when the file is dropped', () => {
    const said = configured({ 'reg.test/hosts.toml': 'server = 5', 'reg.test/x.crt': 'pki ca.crt' });
    assert.equal(said.outcome, 'dropped');
    assert.deepEqual(
      said.hosts.map(({ host, tls }) => [host, tls?.caFiles]),
      [['reg.test', [`${dir}/x.crt`]]],
    );
  });

  it('tells a folder without hosts.toml from no folder', () => {
    assert.deepEqual([configured({}).directory, configured({}).outcome], [null, 'none']);
    assert.deepEqual([configured({ 'reg.test/readme': '' }).directory, configured({ 'reg.test/readme': '' }).file], [dir, null]);
  });

  it('fails where the folder is a file', () => {
    assert.equal(configured({ 'reg.test': '' }).error, `open ${dir}/hosts.toml: not a directory`);
  });

  it('tries https first by release and port', () => {
    const file = (url: string, line = 'skip_verify = true'): Record<string, string> => ({
      'reg.test/hosts.toml': `[host."${url}"]\n${line}\n`,
    });
    const first = (url: string, release: string, line?: string): boolean | undefined =>
      configured(file(url, line), release).hosts[0]?.tryHttpsFirst;
    assert.deepEqual(
      ['1.6.24', '1.6.25', '1.7.6', '1.7.7', '2.1'].map((release) => first('http://m.test:5000', release)),
      [false, true, false, true, true],
    );
    assert.deepEqual(
      ['1.6.39', '1.7.7', '1.7.23', '1.7.24', '2.0.0'].map((release) => first('http://m.test', release)),
      [false, true, false, true, true],
    );
    assert.deepEqual(
      ['1.7.7', '1.7.8', '2.1'].map((release) => first('http://m.test:80', release)),
      [true, false, false],
    );
    assert.deepEqual(
      ['2.0.6', '2.0.7', '2.1'].map((release) => first('http://m.test:5000', release, 'dial_timeout = "3s"')),
      [false, true, false],
    );
    assert.equal(first('http://m.test:5000', '2.1', 'ca = []'), true);
    assert.equal(first('http://m.test:5000', '2.1', 'client = []'), false);
  });

  it('asks localhost as each release does', () => {
    const local = (host: string, release: string): readonly unknown[] =>
      configured({}, release, host).hosts.map((one) => [one.scheme, one.skipVerify, one.tryHttpsFirst])[0] ?? [];
    assert.deepEqual(local('localhost:5000', '1.6.8'), ['https', null, false]);
    assert.deepEqual(local('localhost:5000', '1.6.9'), ['http', true, false]);
    assert.deepEqual(local('localhost:5000', '2.1'), ['https', true, true]);
    assert.deepEqual(local('localhost', '2.1'), ['https', true, false]);
    assert.deepEqual(local('localhost:80', '2.1'), ['http', null, false]);
  });

  it('knows loopback names', () => {
    for (const host of ['localhost', 'localhost:1', '127.0.0.1', '127.9.9.9:5', '[::1]:5', '[0:0:0:0:0:0:0:1]:5'])
      assert(isLocalhost(host), host);
    for (const host of ['[::1]', 'localhost.test', '128.0.0.1', '127.0.0.256', '127.0.0', '[::2]:5', '[1::1]:5'])
      assert(!isLocalhost(host), host);
  });
});

describe('requestUrl', () => {
  it('names the registry that is meant unless it is the one asked', () => {
    const parsed = parseReference('docker.io/library/nginx:1');
    assert(parsed.ok);
    const { hosts } = configured({ 'docker.io/hosts.toml': '[host."https://m.test/proxy"]\n' }, '2.1', 'docker.io');
    assert.deepEqual(
      hosts.map((host) => requestUrl(host, parsed.reference, 'manifests', '1')),
      ['https://m.test/proxy/v2/library/nginx/manifests/1?ns=docker.io', 'https://registry-1.docker.io/v2/library/nginx/manifests/1'],
    );
  });
});
