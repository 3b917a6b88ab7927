import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { configureHosts } from '../../../core/hosts/configureHosts';
import { lint } from '../../../core/rules/lint';
import { applyEdits } from '../../../core/text/ranges';
import { parseVersion } from '../../../core/versions/versions';
import { growsFasterThanItsSize } from '../../fixtures/growth';
import { namedPemTree } from './namedPem';

const path = '/etc/containerd/certs.d/example.com/hosts.toml';
const texts = [
  ...new Set(
    readFileSync('test/data/hosts-recorded.jsonl', 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => (JSON.parse(line) as { readonly file?: string }).file ?? []),
  ),
];
const pieces = [
  ...[
    '[host."https://m.example.com"]\n',
    '[host]\n',
    '[hosts."https://b"]\n',
    '[Host."https://c"]\n',
    '[header]\n',
    '[[host]]\n',
    '[server.x]\n',
  ],
  ...[
    'server = "http://x:1/v2/a"\n',
    'capabilities = ["pull", "x"]\n',
    'ca = 5\n',
    'client = [["a"]]\n',
    'skip_verify = "true"\n',
    'dial_timeout = 00:00:30\n',
  ],
  ...[
    'ca.x = 1\n',
    'host."https://d".ca = "ca.crt"\n',
    '"https://e" = { ca = [] }\n',
    'override_path = true\n',
    'dial_timeout = "5"\n',
    'server = "https://[::1"\n',
  ],
  ...[
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    '=',
    '.',
    ',',
    '\n',
    '\r\n',
    '#',
    '\\',
    '\0',
    '\ufeff',
    '\ud800',
    '__proto__ = 1\n',
    'constructor',
    '%',
    '5',
    'é',
  ],
];

const edited = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(400), fc.nat(12), fc.constantFrom('', ...pieces)), { maxLength: 4 }),
    fc.constantFrom('1.5', '1.6.10', '1.6', '1.7.20', '1.7', '2.0.0', '2.0', '2.1', '2.2', '2.3'),
    fc.boolean(),
  )
  .map(([text, edits, release, rooted]) => ({ text: edits.reduce(cut, text), release, rooted }));

function cut(text: string, [at, length, piece]: readonly [number, number, string]): string {
  const from = at % (text.length + 1);
  return text.slice(0, from) + piece + text.slice(from + length);
}

describe('hosts.toml after random edits', () => {
  it('has an error exactly when containerd drops it or fails on it, and says the same to a pull', () => {
    fc.assert(
      fc.property(edited, ({ text, release, rooted }) => {
        const version = parseVersion(release);
        assert(version);
        const tree = namedPemTree({ [path]: text }, rooted);
        const { outcome, findings } = lint({ path, text, version, tree });
        const errors = findings.filter(({ severity }) => severity === 'error');
        assert.equal(
          errors.length > 0,
          outcome === 'dropped' || outcome === 'fatal',
          `${outcome}: ${JSON.stringify(errors.map(({ rule }) => rule))}`,
        );
        const said = configureHosts('example.com', { tree, hostsDirs: ['/etc/containerd/certs.d'], version });
        assert.equal(said.outcome === 'none' ? 'used' : said.outcome, outcome === 'partly-ignored' ? 'used' : outcome);
        assert.equal(said.hosts.length > 0, outcome !== 'fatal');
        for (const { range, rule } of findings) assert(range.start >= 0 && range.start <= range.end && range.end <= text.length, rule);
        for (const { fix } of findings) assert.equal(typeof applyEdits(text, fix?.edits ?? []), 'string');
      }),
      { seed: 20, numRuns: 1500 },
    );
  });

  it('is not worse after its safe fixes', () => {
    const order = ['used', 'partly-ignored', 'not-read', 'dropped', 'fatal'];
    fc.assert(
      fc.property(edited, ({ text, release }) => {
        const version = parseVersion(release);
        assert(version);
        const judged = (one: string): ReturnType<typeof lint> => lint({ path, text: one, version, tree: namedPemTree({ [path]: one }) });
        const before = judged(text);
        for (const { fix, rule } of before.findings) {
          if (!fix?.safe) continue;
          const after = judged(applyEdits(text, fix.edits));
          assert(order.indexOf(after.outcome) <= order.indexOf(before.outcome), `${rule}: ${before.outcome} → ${after.outcome}`);
        }
      }),
      { seed: 21, numRuns: 700 },
    );
  });

  it('takes time in proportion to the file', () => {
    const version = parseVersion('2.1');
    assert(version);
    const check = (length: number): void => {
      const hosts = Array.from(
        { length },
        (_, i) => `[host."https://m${i}.example.com"]\n  capabilities = ["pull", "x"]\n  user = "${i}"\n`,
      ).join('');
      lint({ path, text: hosts, version, tree: namedPemTree({ [path]: hosts }) });
    };
    assert(!growsFasterThanItsSize(1000, check));
  });
});
