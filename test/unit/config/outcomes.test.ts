/**
 * What containerd did with 98 configurations: `dump:` rows are `containerd config dump` of the newest patch of each line, `start:` rows
 * a started daemon of 1.6.20, 1.7.24 and 2.1.9 with a pull over CRI.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { lint, type LintResult } from '../../../core/rules/lint';
import { parseVersion } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';

interface Row {
  readonly id: string;
  readonly config: string;
  readonly imports: Readonly<Record<string, string>>;
  /** `refused`: containerd or its CRI plugin does not run. `ignored`: it runs and something has no effect. */
  readonly releases: Readonly<Record<string, 'taken' | 'ignored' | 'refused' | 'disabled'>>;
}

const rows = JSON.parse(readFileSync('test/data/config-outcomes.json', 'utf8')) as readonly Row[];
const path = '/etc/containerd/config.toml';

describe('recorded outcomes of config.toml', () => {
  for (const row of rows) {
    it(row.id, () => {
      for (const [release, outcome] of Object.entries(row.releases)) {
        const results = resultsOf(row, release);
        const fatal = results.some((result) => result.outcome === 'fatal' && said(result, 'error'));
        const words = results.some((result) => said(result, 'error') || said(result, 'warning'));
        if (outcome === 'refused') assert.ok(fatal, `${release} refuses it`);
        else assert.ok(!results.some((result) => result.outcome === 'fatal'), `${release} takes it`);
        if (outcome !== 'taken') assert.ok(words, `${release}: something is to be said`);
      }
    });
  }
});

function resultsOf({ config, imports }: Row, release: string): readonly LintResult[] {
  const version = parseVersion(release);
  assert.ok(version);
  const drops = Object.entries(imports).map(([name, text]) => [`/run/node/conf.d/${name}`, text] as const);
  const tree = mapTree({
    [path]: config,
    ...Object.fromEntries(drops),
    '/run/node/certs.d/registry.test/hosts.toml': '[host."http://mirror.test"]\n',
  });
  const root = lint({ path, text: config, version, tree });
  return [root, ...drops.map(([file, text]) => lint({ path: file, text, version, tree, kind: 'config', importedBy: path }))];
}

function said({ findings }: LintResult, severity: string): boolean {
  return findings.some((finding) => finding.severity === severity);
}
