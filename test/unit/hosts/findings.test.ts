import assert from 'node:assert/strict';
import { lint, type LintResult } from '../../../core/rules/lint';
import { applyEdits } from '../../../core/text/ranges';
import { parseVersion } from '../../../core/versions/versions';
import { namedPemTree } from './namedPem';

const usual = '/etc/containerd/certs.d/reg.test/hosts.toml';

function judged(text: string, release = '2.1', path = usual): LintResult {
  const version = parseVersion(release);
  assert(version);
  return lint({ path, text, version, tree: namedPemTree({ [path]: text, '/etc/containerd/certs.d/reg.test/both.pem': 'pki a.pem' }) });
}

/** `rule/key` of what is worth a person's time. */
function said(text: string, release?: string, path?: string): readonly string[] {
  return judged(text, release, path).findings.flatMap(({ severity, message }) =>
    severity === 'hint' ? [] : [message.id.replace('hosts-', '')],
  );
}

const host = '[host."https://m.test"]\n';
const server = 'server = "https://s.test"\n';

const cases: readonly (readonly [name: string, text: string, findings: readonly string[], release?: string])[] = [
  ['an ordinary file', `${server}${host}capabilities = ["pull", "resolve"]\n`, []],
  ['an empty file', '', [], '1.6'],
  ['no [host] since 1.7.32', server, ['no-host-table/older'], '1.7.32'],
  ['no [host] in 2.x', server, []],
  ['a wildcard for a host', `server = "*"\n${host}`, ['bad-url/no-name']],
  ['two addresses in one', `server = "https://a.test://b.test"\n${host}`, ['bad-url/no-name']],
  ['a host without scheme', `${server}[host."m.test:5000"]\n`, ['bad-url/no-scheme']],
  ['an empty server', `server = ""\n${host}`, ['upstream-is-asked/empty']],
  ['a project path', `${server}[host."https://harbor.test/hub"]\n`, ['path-before-v2/path']],
  ['a project path with /v2 behind', `${server}[host."https://harbor.test/hub/v2"]\n`, []],
  ['a repository of Nexus', `${server}[host."https://nexus.test/repository/hub"]\n`, []],
  ['a repository of Artifactory', `${server}[host."https://jfrog.test/artifactory/api/docker/hub"]\n`, []],
  ['a closed mirror', `${server}[host."https://registry.docker-cn.com"]\n`, ['public-mirror/closed']],
  ["a cloud's own mirror", `${server}[host."https://abc.mirror.aliyuncs.com"]\n`, ['public-mirror/inside']],
  ['a registry that is no mirror', `${server}[host."https://registry.cn-hangzhou.aliyuncs.com"]\n`, ['public-mirror/no-mirror']],
  ['typographic quotes', `server = “https://s.test”\n`, ['not-toml/syntax']],
  ['joined hosts with a key behind', '[host."https://a.test",host."https://b.test"] capabilities = ["pull"]\n', ['not-toml/joined']],
  ['a file of comments, before 1.7.32', '# nothing\n', ['no-host-table/missing'], '1.7.31'],
  ['a file of comments since', '# nothing\n', [], '1.7.32'],
  ['server in a host', `${host}server = "https://s.test"\n`, ['unknown-key/server-in-host']],
  ['a table of another name', `${server}[hosts."https://m.test"]\n`, ['unknown-key/table-word']],
  ['quotes around the word too', `${server}["host.\\"https://m.test\\""]\n`, ['unknown-key/quoted-word']],
  ['a host without quotes', `${server}[host.mirror.test]\n`, ['unknown-key/unquoted']],
  ['keys of config.toml', `${server}[plugins."x"]\na = 1\n`, ['unknown-key/config']],
  ['credentials', `${server}${host}[host."https://m.test".auth]\nusername = "u"\n`, ['unknown-key/credentials']],
  ['a key of another tool', `${server}${host}insecure_skip_verify = true\n`, ['unknown-key/near']],
  ['a duplicate where containerd looks', `${host}ca = "both.pem"\nca = "both.pem"\n`, ['not-toml/syntax']],
  ['a duplicate where it does not', `${server}${host}[auth]\na = 1\na = 2\n`, ['unknown-key/credentials', 'not-toml/tolerated']],
  ['the same, which 1.x looks at', `${server}${host}[auth]\na = 1\na = 2\n`, ['not-toml/syntax'], '1.7'],
  ['a table for server', '[server."https://s.test"]\n', ['wrong-type/wrong']],
  ['a time of day for dial_timeout', `${host}dial_timeout = 00:00:30\n`, ['wrong-type/wrong'], '2.1'],
  ['a time of day for dial_timeout, which upstream go-toml panics on', `${host}dial_timeout = 00:00:30\n`, ['wrong-type/panics'], '2.2'],
  ['a date where go-toml 2.3 returns an error', `${host}dial_timeout = 00:00:30\n`, ['wrong-type/wrong'], '2.3'],
  [
    'a value that does not fit before one to panic on',
    `${host}skip_verify = "x"\ndial_timeout = 00:00:30\n`,
    ['wrong-type/wrong', 'wrong-type/panics'],
    '2.2',
  ],
  ['a date before a syntax error', `${host}dial_timeout = 00:00:30\n[[\n`, ['wrong-type/panics', 'not-toml/syntax'], '2.2'],
  ['a date and a syntax error in one value', `${host}capabilities = [00:00:30,\n  [[\n`, ['not-toml/syntax'], '2.2'],
  [
    'skip_verify as a second dotted key',
    'host."https://m.test".ca = "both.pem"\nhost."https://m.test".skip_verify = true\n',
    ['host-without-header/lost', 'wrong-type/panics'],
    '2.2',
  ],
  [
    'the same in Debian',
    'host."https://m.test".ca = "both.pem"\nhost."https://m.test".skip_verify = true\n',
    ['host-without-header/lost'],
    '2.1.9~ds1',
  ],
  ['an empty table for a boolean', `${host}[host."https://m.test".skip_verify]\n`, [], '2.2'],
  ['the same in Debian', `${host}[host."https://m.test".skip_verify]\n`, ['wrong-type/wrong'], '2.1.9~ds1'],
  ['a table below a boolean', `${host}[host."https://m.test".skip_verify.a]\n`, ['wrong-type/panics'], '2.2'],
  ['an empty table for ca', `${host}[host."https://m.test".ca]\n`, [], '2.2'],
  ['the same in Debian', `${host}[host."https://m.test".ca]\n`, ['wrong-type/wrong'], '2.1.9~ds1'],
  ['a word in another spelling of host, 2.x', 'Host.x = "y"\n', ['wrong-type/wrong'], '2.2'],
  ['a table once more in other quotes, 1.x', `${host}[host.'https://m.test']\nca = "both.pem"\n`, ['not-toml/tolerated'], '1.7'],
  [
    'an escape in a header, which 1.x leaves as it is',
    '["ho\\u0073t"."https://m.test"]\nca = "both.pem"\n',
    ['no-host-table/missing', 'unknown-key/unknown'],
    '1.6',
  ],
  ['a line break in an inline table, which Debian takes', `${host}header = { a = "b",\n  c = "d" }\n`, ['not-toml/tolerated'], '2.1.9~ds1'],
  ['the same upstream', `${host}header = { a = "b",\n  c = "d" }\n`, ['not-toml/syntax'], '2.2'],
  ['a date for ca, which takes any type', `${host}ca = 1979-05-27\n`, ['wrong-type/wrong'], '2.2'],
  ['two ways to write a key of which one does not fit, 2.x', `${host}Host = "x"\n`, ['unknown-key/unknown']],
  ['host in two cases, one a word, 2.x', `Host = "x"\n${host}`, ['key-case/twice', 'wrong-type/wrong']],
  [
    'a key on the line of its header counts in 1.x',
    `[host."https://m.test"] capabilities = "pull"\n`,
    ['not-toml/tolerated', 'wrong-type/wrong'],
    '1.7',
  ],
  ['a number with a zero in front has a type in 1.x', `${host}capabilities = 01\n`, ['not-toml/tolerated', 'wrong-type/wrong'], '1.7'],
  ['an empty table for server', '[server]\n', ['wrong-type/wrong']],
  ['an empty table for ca', `${server}${host}[host."https://m.test".ca]\n`, []],
  ['an empty table for ca in 1.x', `${server}${host}[host."https://m.test".ca]\n`, ['wrong-type/wrong'], '1.7'],
  ['a plain key among hosts', `${host}[host]\nx = 1\n`, ['wrong-type/wrong']],
  ['a plain key among hosts in 1.x', `[host]\nx = 1\n${host}`, ['wrong-type/panics'], '1.7'],
  ['two ways to write a key, 2.x', `${server}${host}ca = "both.pem"\nCA = "both.pem"\n`, ['key-case/twice']],
  ['the last one wins, 2.x', `${server}${host}skip_verify = true\nSkip_Verify = false\n`, ['key-case/twice']],
  ['[Host]', `${server}[Host."https://m.test"]\n`, ['key-case/word']],
  ['no scheme, name starts with http', `${server}[host."http-mirror.test:5000"]\n`, ['bad-url/no-host']],
  ['capital scheme', `${server}[host."HTTPS://m.test"]\n`, ['bad-url/scheme']],
  ['ftp', `${server}[host."ftp://m.test"]\n`, ['bad-url/scheme']],
  ['user information', `${server}[host."https://u:p@m.test"]\n`, ['bad-url/user']],
  ['a query', `${server}[host."https://m.test/?a=b"]\n`, ['bad-url/query']],
  ['TLS at the top for hosts', `ca = "both.pem"\n${host}`, ['tls-not-inherited/mirror']],
  ['capabilities without server', `capabilities = ["pull"]\n${host}`, ['capabilities/overwritten']],
  ['two spellings of one address', `${server}${host}[host."https://m.test:443"]\n`, ['asked-twice/spelling']],
  ['the same client file twice over', `${server}${host}client = ["both.pem", "both.pem"]\n`, []],
];

describe('findings in hosts.toml', () => {
  for (const [name, text, findings, release] of cases) it(name, () => assert.deepEqual(said(text, release), findings));

  for (const [text, folder, findings] of [
    ['server = "https://registry-1.docker.io"\n[host."https://m.test"]\n', '_default', ['default-for-all/server']],
    ['server = "https://m.test"\n[host."https://m.test"]\n', '_default', []],
    ['[host."https://abc.mirror.aliyuncs.com"]\n', '_default', ['default-for-all/hub', 'public-mirror/inside']],
    ['[host."https://reg.test:5000"]\nca = "both.pem"\n', 'reg.test_5000_', ['tls-not-inherited/default']],
    ['[host."https://reg.test:5000"]\nca = "both.pem"\n', 'other.test', []],
    ['[host."https://registry.cn-hangzhou.aliyuncs.com"]\n', 'registry.cn-hangzhou.aliyuncs.com', []],
  ] as const)
    it(`${folder}: ${text.replaceAll('\n', ' ')}`, () => {
      const found = said(text, undefined, `/etc/containerd/certs.d/${folder}/hosts.toml`);
      assert.deepEqual(
        found.filter((id) => !/^(?:unusable|folder-name)/.test(id)),
        findings,
      );
    });

  it('the last value counts in 2.x, the own spelling in 1.x', () => {
    const text = `${server}${host}skip_verify = true\nSKIP_VERIFY = false\n`;
    assert.deepEqual(judged(text, '2.1').ignoredKeys, ['host."https://m.test".skip_verify']);
    assert.deepEqual(judged(text, '1.7').ignoredKeys, ['host."https://m.test".SKIP_VERIFY']);
  });

  it('names what is ignored by its whole path', () => {
    const text = `${server}x = 1\n[host.mirror.test]\n[host."https://n.test"]\n"a b" = 1\nauth.user = "u"\n`;
    assert.deepEqual(judged(text).ignoredKeys.slice().sort(), [
      'host."https://n.test"."a b"',
      'host."https://n.test".auth',
      'host."mirror".test',
      'x',
    ]);
  });

  it('finds folders that people name after the wrong host', () => {
    const folder = (name: string): readonly string[] => said(`${server}${host}`, '2.1', `/etc/containerd/certs.d/${name}/hosts.toml`);
    assert.deepEqual(folder('registry-1.docker.io'), ['folder-name/hub']);
    assert.deepEqual(folder('hub.docker.com'), ['folder-name/hub']);
    assert.deepEqual(folder('reg.test:443'), ['folder-name/port']);
    assert.deepEqual(folder('reg.test_5000'), ['folder-name/underscore']);
    assert.deepEqual(folder('harbor'), ['folder-name/no-dot']);
    assert.deepEqual(folder('reg.test:5000'), []);
  });

  it('never shows the value of a secret header', () => {
    const text = `${server}${host}[host."https://m.test".header]\nAuthorization = "Basic c2VjcmV0"\n`;
    const [finding] = judged(text).findings.filter(({ rule }) => rule === 'hosts-clear-text-credentials');
    assert(finding);
    assert(!JSON.stringify(finding).includes('c2VjcmV0'));
  });

  const fixes: readonly (readonly [name: string, text: string, fixed: string, release?: string])[] = [
    [
      'an address in quotes',
      `${server}[host.mirror.test]\n  ca = "both.pem"\n`,
      `${server}[host."https://mirror.test"]\n  ca = "both.pem"\n`,
    ],
    [
      'every header of a wrong word',
      '[hosts."https://a"]\n[hosts."https://a".header]\n',
      '[host."https://a"]\n[host."https://a".header]\n',
    ],
    ['quotes around the address only', `${server}["host.'https://m.test'"]\n`, `${server}[host."https://m.test"]\n`],
    ['Windows line ends stay', 'server = "https://s.test"\r\n', 'server = "https://s.test"\r\n\r\n[host]\r\n', '1.6'],
    ['a file without a line end', 'server = "https://s.test"', 'server = "https://s.test"\n\n[host]\n', '1.6'],
    ['a header value in quotes', `${host}header = { X-A = 5 }\n`, `${host}header = { X-A = "5" }\n`],
    ['a scheme in small letters', `${server}[host."HTTPS://m.test"]\n`, `${server}[host."https://m.test"]\n`],
  ];
  for (const [name, text, fixed, release] of fixes) {
    it(`fix: ${name}`, () => {
      const edits = judged(text, release).findings.flatMap(({ fix }) => fix?.edits ?? []);
      assert.equal(applyEdits(text, edits), fixed);
    });
  }
});
