import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { logFindingAt, logFindings, logLenses } from '../../../core/features/logFindings';
import { newestVersion } from '../../../core/versions/versions';
import { growsFasterThanItsSize } from '../../fixtures/growth';

const bytes = { encode: (text: string) => Buffer.from(text), decode: (part: Uint8Array) => Buffer.from(part).toString() };
const journal = readFileSync('test/cases/errors/journal.log', 'utf8');

describe('pull errors of an open log', () => {
  it('are those of the triage, at the lines where they stand', () => {
    const findings = logFindings(journal, newestVersion, bytes);
    assert.deepEqual(
      findings.map(({ line, class: id }) => `${line} ${id}`),
      ['3 net.timeout', '6 net.timeout', '8 net.timeout', '11 masked.blob-fallback', '13 auth.no-credentials'],
    );
    assert.equal(logFindingAt(findings, 6)?.captures.reference, 'docker.io/library/nginx:1');
    assert.equal(logFindingAt(findings, 4), undefined);
  });

  it('point at the words that decided, in a repeated error as well', () => {
    const lines = journal.split('\n');
    const words = logFindings(journal, newestVersion, bytes).map(({ line, mark }) =>
      mark === null ? null : lines[line + mark.below]?.slice(mark.from, mark.to),
    );
    assert.match(words[0] ?? '', /^dial tcp \S+: i\/o timeout$/);
    assert.equal(words[0]?.endsWith('i/o timeout'), words[2]?.endsWith('i/o timeout'));
    assert.ok(
      words.every((one) => one !== null && one !== undefined && one !== ''),
      JSON.stringify(words),
    );
  });

  it('offer page and replay once for each kind of error', () => {
    const lenses = logLenses(logFindings(journal, newestVersion, bytes), 'file:///journal.log');
    const at = (line: number): readonly string[] => lenses.filter((one) => one.line === line).map(({ command }) => command.id);
    const all = ['containerdRunbooks.explainError', 'containerdRunbooks.openPage', 'containerdRunbooks.replayResolve'];
    assert.deepEqual([at(3), at(6), at(11)], [all, all.slice(0, 1), all]);
  });

  it('are found in a large log, in time in proportion to it', () => {
    const quiet = 'Mar 03 10:20:00 node-1 systemd[1]: run-containerd-runc-k8s.io-0a0a0a0a-runc.mount: Deactivated successfully.\n';
    const found = (size: number): number =>
      logFindings(journal + quiet.repeat(Math.ceil(size / quiet.length)) + journal, newestVersion, bytes).length;
    assert.equal(found(5e6), 10);
    assert.ok(!growsFasterThanItsSize(5e6, found));
  });
});
