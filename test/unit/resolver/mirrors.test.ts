import assert from 'node:assert/strict';
import { planReplay } from '../../../core/diagnosis/replayPlan';
import type { HttpOutcome, HttpRequest } from '../../../core/ports';
import { parseVersion } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';
import { namedPemTree } from '../hosts/namedPem';
import { recorded, response } from './harness';

const path = '/etc/containerd/config.toml';
const table = '[plugins."io.containerd.grpc.v1.cri".registry';
const files = {
  '/pki/client.crt': 'pki client.crt',
  '/pki/client.key': 'pki client.key',
  '/pki/other.key': 'pki other.key',
  '/pki/text': '',
};

/** A pull of reg.example/a/b:t over CRI with these lines in config.toml: what was asked, with which credentials, and what was said. */
function pulled(
  release: string,
  toml: string,
  answer: (request: HttpRequest) => HttpOutcome = () => response(404),
  reference = 'reg.example/a/b:t',
) {
  const version = parseVersion(release);
  assert.ok(version);
  const tree = namedPemTree({ ...files, [path]: `version = 2\n${toml}` });
  const platform = { os: 'linux', architecture: 'amd64' };
  const plan = planReplay({ reference, version, way: 'cri', tree, platform, until: 'resolve', download: false });
  assert.ok(plan.ok);
  const { attempts, result } = recorded(plan.context, answer);
  const asked = attempts.map(({ request }) => request);
  return {
    asked: asked.map(({ url, headers }) =>
      [url, ...headers.filter(([name]) => name === 'Authorization').map(([, value]) => value)].join(' '),
    ),
    tls: asked[0]?.tls,
    reported: result.ok ? '' : result.reported.replace(/^.*?failed to resolve (?:image|reference "[^"]*"): /, ''),
  };
}

const endpoints = (...urls: readonly string[]): string => `${table}.mirrors."reg.example"]\nendpoint = ${JSON.stringify(urls)}\n`;
const tls = (lines: string): string => `${table}.configs."reg.example".tls]\n${lines}\n`;
const paths = (asked: readonly string[]): readonly string[] => asked.map((url) => url.replace('/a/b/manifests/t', ''));

describe("CRI's legacy registry tables", () => {
  it('count without any mirror as well', () => {
    const { tls: settings } = pulled('1.7.24', tls('ca_file = "/pki/text"\ninsecure_skip_verify = true'));
    assert.deepEqual(settings, { skipVerify: true, caFiles: ['/pki/text'], clientCertificates: [] });
  });

  it('have no certificates since 2.0', () => {
    assert.equal(pulled('2.0.5', tls('ca_file = "/nowhere"')).tls, undefined);
  });

  it('ask a registry on this machine over http alone, where a hosts directory tries https first', () => {
    assert.deepEqual(paths(pulled('1.7.24', '', undefined, 'localhost:5000/a/b:t').asked), ['http://localhost:5000/v2']);
    const withPath = pulled('1.7.24', `${table}]\nconfig_path = "/certs.d"`, undefined, 'localhost:5000/a/b:t');
    assert.deepEqual(paths(withPath.asked), ['https://localhost:5000/v2']);
  });

  for (const [lines, said] of [
    ['ca_file = "/nowhere"', 'failed to load CA file: open /nowhere: no such file or directory'],
    ['ca_file = "/pki"', 'failed to load CA file: read /pki: is a directory'],
    ['cert_file = "/pki/client.crt"', 'cert file "/pki/client.crt" was specified, but no corresponding key file was specified'],
    ['key_file = "/pki/client.key"', 'key file "/pki/client.key" was specified, but no corresponding cert file was specified'],
    ['cert_file = "/nowhere"\nkey_file = "/pki/client.key"', 'failed to load cert file: open /nowhere: no such file or directory'],
    [
      'cert_file = "/pki/text"\nkey_file = "/pki/client.key"',
      'failed to load cert file: tls: failed to find any PEM data in certificate input',
    ],
    ['cert_file = "/pki/client.crt"\nkey_file = "/pki/other.key"', 'failed to load cert file: tls: private key does not match public key'],
  ] as const) {
    it(`stop a pull of 1.x before any request for ${lines.replaceAll('\n', ', ')}`, () => {
      const { asked, reported } = pulled('1.7.24', tls(lines));
      assert.deepEqual([asked, reported], [[], `get TLSConfig for registry "https://reg.example": ${said}`]);
    });
  }

  for (const [endpoint, said] of [
    ['a:b', 'get registry endpoints: parse endpoint url: parse "dummy://a:b": invalid port ":b" after host'],
    ['http://a b', 'get registry endpoints: parse endpoint url: parse "http://a b": invalid character " " in host name'],
    ['http://', 'failed to do request: Head "http:///v2/a/b/manifests/t?ns=reg.example": http: no Host in request URL'],
    ['unix:///run/x', 'failed to do request: Head "unix:///run/x/a/b/manifests/t?ns=reg.example": unsupported protocol scheme "unix"'],
  ] as const) {
    it(`say of the endpoint ${endpoint} what Go says`, () => {
      assert.equal(pulled('1.7.24', endpoints(endpoint)).reported, said);
    });
  }

  const basic = (request: HttpRequest): HttpOutcome =>
    request.headers.some(([name]) => name === 'Authorization') ? response(404) : response(401, { 'www-authenticate': 'Basic realm="r"' });

  it('have an authorizer for every endpoint, also for two on one host', () => {
    const auth = `${table}.configs."m.example".auth]\nusername = "u"\npassword = "p"\n`;
    const { asked } = pulled('1.7.24', endpoints('https://m.example/v2/one', 'https://m.example/v2') + auth, (request) =>
      request.url.includes('m.example') ? basic(request) : response(404),
    );
    assert.deepEqual(
      asked.slice(0, 4).map((line) => line.replace('/a/b/manifests/t?ns=reg.example', '')),
      ['https://m.example/v2/one', 'https://m.example/v2/one Basic dTpw', 'https://m.example/v2', 'https://m.example/v2 Basic dTpw'],
    );
  });

  it('show the credentials of an endpoint to where it redirects before 2.0, afterwards those of that host', () => {
    const auth = ['reg', 's3'].map((name) => `${table}.configs."${name}.example".auth]\nusername = "${name}"\npassword = "p"\n`).join('');
    const moved = (request: HttpRequest): HttpOutcome =>
      request.url.includes('//reg.') ? response(307, { location: 'https://s3.example/x' }) : basic(request);
    const shown = (release: string): string | undefined =>
      pulled(release, auth, moved)
        .asked.find((line) => line.includes(' Basic '))
        ?.split(' ')
        .at(-1);
    assert.equal(shown('1.7.24'), btoa('reg:p'));
    assert.equal(shown('2.1.9'), btoa('s3:p'));
  });

  it('are not what a machine without a config.toml has since 2.2: there are hosts directories', () => {
    const version = parseVersion('2.2.7');
    assert.ok(version);
    const tree = mapTree({ '/etc/containerd/certs.d/reg.example/hosts.toml': 'server = "https://up.example"\n' });
    const plan = planReplay({
      reference: 'reg.example/a/b:t',
      version,
      way: 'cri-local',
      tree,
      platform: { os: 'linux', architecture: 'amd64' },
      until: 'resolve',
      download: false,
    });
    assert.ok(plan.ok && plan.context.hosts.ok);
    assert.deepEqual(
      plan.context.hosts.hosts.map(({ host }) => host),
      ['up.example'],
    );
  });
});
