/** What code scanning services and GitHub Actions demand of lint's output. */
import assert from 'node:assert/strict';
import { githubAnnotations } from '../../cli/format/github';
import { sarifLog } from '../../cli/format/sarif';
import type { LintDocument } from '../../core/protocol/lint';
import { lintedFile } from '../../core/diagnosis/findingDocument';
import { lint } from '../../core/rules/lint';
import { lineIndex } from '../../core/text/lineIndex';
import { newestVersion } from '../../core/versions/versions';
import { mapTree } from '../../files/tree';

interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly SarifRule[] } };
    readonly columnKind: string;
    readonly results: readonly SarifResult[];
  }[];
}
interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
}
interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: Region };
  }[];
}
interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const texts: Readonly<Record<string, string>> = {
  './certs.d/docker.io/hosts.toml': '[host."https://é😀.example"]\n  capabilites = ["pull"]\n  client = ["/a", "/b"]\n',
  '/etc/containerd/certs.d/reg:5000/hosts.toml': 'server = 5\n',
  'C:\\node\\certs.d\\my host\\hosts.toml': 'server = "https://docker.io"\n[host."https://m.example"\n',
};

function documentOf(files: Readonly<Record<string, string>>): LintDocument {
  const linted = Object.entries(files).map(([path, text]) => {
    const at = '/etc/containerd/certs.d/docker.io/hosts.toml';
    const result = lint({ path: at, text, kind: 'hosts', version: newestVersion, tree: mapTree({ [at]: text }, false) });
    return lintedFile(path, result, lineIndex(text));
  });
  return { schema: 1, containerd: '2.3', files: linted };
}

describe('SARIF', () => {
  const document = documentOf(texts);
  const log = JSON.parse(JSON.stringify(sarifLog(document))) as Sarif;
  const run = log.runs[0];
  assert.ok(run);

  it('is a log of version 2.1.0 with one run of a named tool', () => {
    assert.deepEqual([log.version, log.runs.length, run.tool.driver.name], ['2.1.0', 1, 'containerd-runbooks']);
    assert.match(log.$schema, /sarif-2\.1\.0\.json$/);
    assert.equal(run.columnKind, 'utf16CodeUnits');
  });

  it('describes each rule that it uses once, without an address of a page', () => {
    const ids = run.tool.driver.rules.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    for (const rule of run.tool.driver.rules) {
      assert.ok(rule.shortDescription.text && rule.fullDescription.text && rule.help.markdown, rule.id);
      assert.equal(rule.help.text, `containerd-runbooks help ${rule.id}`);
      assert.ok(!('helpUri' in rule));
    }
  });

  it('has a result for each finding, with level, text, rule and region', () => {
    assert.equal(run.results.length, document.files.flatMap(({ findings }) => findings).length);
    for (const { ruleId, ruleIndex, level, message, locations } of run.results) {
      assert.equal(run.tool.driver.rules[ruleIndex]?.id, ruleId);
      assert.ok(['error', 'warning', 'note'].includes(level));
      assert.notEqual(message.text, '');
      const region = locations[0]?.physicalLocation.region;
      assert.ok(region && region.startLine >= 1 && region.startColumn >= 1);
      assert.ok(region.endLine > region.startLine || (region.endLine === region.startLine && region.endColumn >= region.startColumn));
    }
  });

  it('names files by URI: relative ones as the repository has them', () => {
    const uris = new Set(run.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri));
    assert.deepEqual(
      uris,
      new Set([
        'certs.d/docker.io/hosts.toml',
        'file:///etc/containerd/certs.d/reg%3A5000/hosts.toml',
        'file:///C:/node/certs.d/my%20host/hosts.toml',
      ]),
    );
    for (const uri of uris) assert.ok(new URL(uri, 'file:///repository/').href.startsWith('file:///'));
  });

  it('has a run without results for files without findings', () => {
    const clean = JSON.parse(JSON.stringify(sarifLog(documentOf({ 'hosts.toml': '' })))) as Sarif;
    assert.deepEqual([clean.runs[0]?.results, clean.runs[0]?.tool.driver.rules], [[], []]);
  });
});

describe('GitHub annotations', () => {
  const lines = githubAnnotations(documentOf(texts)).split('\n').filter(Boolean);

  it('are one workflow command a finding', () => {
    assert.equal(lines.length, documentOf(texts).files.flatMap(({ findings }) => findings).length);
    for (const line of lines)
      assert.match(line, /^::(?:error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+(?:,col=\d+,endColumn=\d+)?,title=hosts-[\w-]+::\S/);
  });

  it('keep colons, commas, per cent signs and line breaks of a path to themselves', () => {
    const [line = ''] = githubAnnotations(documentOf({ 'a:b,c%\nd/hosts.toml': 'server = 5\n' })).split('\n');
    assert.match(line, /^::error file=a%3Ab%2Cc%25%0Ad\/hosts\.toml,/);
  });
});
