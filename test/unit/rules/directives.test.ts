import assert from 'node:assert/strict';
import { ignoreEdit } from '../../../core/features/ignoreHere';
import { rules } from '../../../core/rules';
import { lint } from '../../../core/rules/lint';
import { lineIndex } from '../../../core/text/lineIndex';
import { applyEdits } from '../../../core/text/ranges';
import { parse } from '../../../core/toml/parse';
import { newestVersion } from '../../../core/versions/versions';
import { mapTree, overlayTree } from '../../../files/tree';
import { documentKindOf, exampleOf } from '../../../scripts/ruleDocs';

const path = '/etc/containerd/certs.d/mirror.example/hosts.toml';
const judge = (text: string) => lint({ path, text, kind: 'hosts', version: newestVersion, tree: mapTree({ [path]: text }) });
const ids = (text: string): readonly string[] => judge(text).findings.map(({ rule }) => rule);
const around = (first: string, second: string) => `server = "https://mirror.example"\n[host."https://m.example"]\n${first}\n${second}\n`;

describe('ignore directives', () => {
  it('hide a rule on the next line, on their own line, and in the file', () => {
    assert.deepEqual(ids(around('skip_verfy = true', '')), ['hosts-unknown-key']);
    assert.deepEqual(ids(around('# containerd-runbooks: ignore hosts-unknown-key', 'skip_verfy = true')), []);
    assert.deepEqual(ids(around('skip_verfy = true # containerd-runbooks: ignore hosts-unknown-key -- old', '')), []);
    assert.deepEqual(ids(around('skip_verfy = true', '# containerd-runbooks: ignore-file hosts-unknown-key')), []);
  });

  it('reach over comments, not over other lines', () => {
    const directive = '# containerd-runbooks: ignore hosts-unknown-key';
    assert.deepEqual(ids(around(`${directive}\n# why`, 'skip_verfy = true')), []);
    assert.deepEqual(ids(around(directive, 'skip_verify = true\nskip_verfy = true')), ['lint-unused-ignore', 'hosts-unknown-key']);
    assert.deepEqual(ids(around(`skip_verify = true ${directive}`, 'skip_verfy = true')), ['lint-unused-ignore', 'hosts-unknown-key']);
  });

  it('name several rules, and are told apart when one of them hides nothing', () => {
    const text = around('# containerd-runbooks: ignore hosts-bad-url, hosts-unknown-key', 'skip_verfy = true');
    const [found, ...others] = judge(text).findings;
    assert.equal(others.length, 0);
    assert.equal(found?.message.id, 'lint-unused-ignore/unused');
    assert.equal(text.slice(found.range.start, found.range.end), 'hosts-bad-url');
    assert.deepEqual(applyEdits(text, found.fix?.edits ?? []), text.replace('hosts-bad-url, ', ''));
  });

  it('are told of when they cannot be read', () => {
    const said = (directive: string) => judge(around(directive, 'skip_verify = true')).findings.map(({ message }) => message.id);
    assert.deepEqual(said('# containerd-runbooks: ignroe hosts-bad-url'), ['lint-unused-ignore/verb']);
    assert.deepEqual(said('# containerd-runbooks:'), ['lint-unused-ignore/verb']);
    assert.deepEqual(said('# containerd-runbooks: ignore'), ['lint-unused-ignore/empty']);
    assert.deepEqual(said('# containerd-runbooks: ignore hosts-bad-ulr'), ['lint-unused-ignore/did-you-mean']);
    assert.deepEqual(said('# containerd-runbooks: ignore __proto__'), ['lint-unused-ignore/unknown']);
    assert.deepEqual(said('# about containerd-runbooks: ignore'), []);
  });

  it('hide hints about directives, too, and are never called unused for that', () => {
    const leftover = '# containerd-runbooks: ignore hosts-bad-url';
    assert.deepEqual(ids(around(`# containerd-runbooks: ignore-file lint-unused-ignore\n${leftover}`, 'skip_verify = true')), []);
  });

  it('never change what containerd does', () => {
    const text = 'server = 1\n';
    const ignored = `# containerd-runbooks: ignore hosts-wrong-type\n${text}`;
    assert.equal(judge(text).outcome, 'dropped');
    assert.equal(judge(ignored).outcome, 'dropped');
    assert.deepEqual(ids(ignored), []);
  });
});

describe('ignore here', () => {
  for (const rule of rules) {
    it(`hides what ${rule.id} says of its bad example, and nothing else`, () => {
      const kind = documentKindOf(rule);
      const judged = (text: string) => {
        const example = exampleOf(rule, text);
        return lint({ ...example, tree: overlayTree(example.tree, example.path, text), kind });
      };
      const { bad } = rule.doc;
      const { findings, outcome } = judged(bad);
      const lines = lineIndex(bad);
      const lineOf = (start: number) => lines.positionAt(start).line;
      for (const finding of findings) {
        const rest = findings.filter((other) => other.rule !== finding.rule || lineOf(other.range.start) !== lineOf(finding.range.start));
        const { edits } = ignoreEdit(parse(bad).document, finding);
        const after = judged(applyEdits(bad, edits));
        assert.deepEqual(
          after.findings.map((other) => other.message.id),
          rest.map((other) => other.message.id),
        );
        assert.equal(after.outcome, outcome);
      }
    });
  }

  it('keeps the indentation and the line breaks, and adds to a directive that is there', () => {
    const text = '[host."https://m.example"]\r\n\tskip_verfy = true\r\n';
    const [first] = judge(text).findings.filter(({ rule }) => rule === 'hosts-unknown-key');
    assert.ok(first);
    const once = applyEdits(text, ignoreEdit(parse(text).document, first).edits);
    assert.equal(once, '[host."https://m.example"]\r\n\t# containerd-runbooks: ignore hosts-unknown-key\r\n\tskip_verfy = true\r\n');
    const second = { ...first, rule: 'hosts-key-case', range: { start: once.indexOf('skip'), end: once.indexOf(' = t') } };
    const { edits } = ignoreEdit(parse(once).document, second);
    assert.match(applyEdits(once, edits), /ignore hosts-unknown-key, hosts-key-case\r\n\tskip_verfy/);
  });

  it('is for the whole file inside a string of several lines', () => {
    const text = 'server = """https://\nx y"""\n';
    const [finding] = judge('skip = 1\n').findings;
    assert.ok(finding);
    const edit = ignoreEdit(parse(text).document, { ...finding, range: { start: text.indexOf('x y'), end: text.indexOf('"""\n') } });
    assert.deepEqual([edit.scope, edit.edits[0]?.range.start], ['file', 0]);
  });
});
