/** Mistakes that people make in the wild, as collected from issues and public files: each has a rule that says it, on a least example. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rules } from '../core/rules';
import { kindOf } from '../core/rules/kind';
import { lint, ruleCatalog } from '../core/rules/lint';
import { render } from '../core/text/message';
import { newestVersion, parseVersion } from '../core/versions/versions';
import { mapTree } from '../files/tree';

interface Mistake {
  readonly mistake: string;
  readonly rule: string;
  readonly text: string;
  /** Where the file stands; by default the usual place of the rule's kind. */
  readonly path?: string;
  readonly containerd?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** What the message must name. */
  readonly says?: string;
}

const mistakes = JSON.parse(readFileSync('test/data/mistakes.json', 'utf8')) as readonly Mistake[];

describe('mistakes in the wild', () => {
  for (const { mistake, rule, text, path, containerd, files, says } of mistakes) {
    it(`${mistake}: ${rule}`, () => {
      const kind = rules.find(({ id }) => id === rule)?.kind;
      const at = path ?? (kind === 'hosts' ? '/etc/containerd/certs.d/docker.io/hosts.toml' : '/etc/containerd/config.toml');
      assert.equal(kindOf(at), kind);
      const version = parseVersion(containerd ?? '') ?? newestVersion;
      const { findings } = lint({ path: at, text, version, tree: mapTree({ ...files, [at]: text }, false) });
      const said = findings.map((finding) => `${finding.rule}: ${render(finding.message, ruleCatalog)}`);
      assert.ok(
        said.some((one) => one.startsWith(`${rule}: `) && one.includes(says ?? '')),
        said.join('\n'),
      );
    });
  }

  it('are each told from a file without one', () => {
    for (const [path, text] of [
      ['/etc/containerd/certs.d/docker.io/hosts.toml', 'server = "https://registry-1.docker.io"\n\n[host."https://mirror.example.com"]\n'],
      ['/etc/containerd/config.toml', 'version = 3\n'],
    ] as const) {
      const { findings } = lint({ path, text, version: newestVersion, tree: mapTree({ [path]: text }, false) });
      assert.deepEqual(findings, []);
    }
  });
});
