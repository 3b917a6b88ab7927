import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { triage, type LogGroup } from '../../../core/errors/triage';
import { newestVersion } from '../../../core/versions/versions';

function groupsOf(text: string): readonly LogGroup[] {
  const log = triage(newestVersion);
  for (const line of text.split('\n')) log.push(line);
  log.flush();
  return log.groups();
}

const summary = (text: string): readonly string[] =>
  groupsOf(text).map(({ class: { id }, count, first, last }) => `${id} x${count} ${first.line}-${last.line}`);

describe('triage', () => {
  it('finds each pull error of a journal and groups them by cause', () => {
    assert.deepEqual(summary(readFileSync('test/cases/errors/journal.log', 'utf8')), [
      'net.timeout x3 4-9',
      'masked.blob-fallback x1 12-12',
      'auth.no-credentials x1 14-14',
    ]);
  });

  it('reads when errors were seen and which images they concern', () => {
    const [timeout] = groupsOf(readFileSync('test/cases/errors/journal.log', 'utf8'));
    assert.equal(timeout?.first.time, '2026-03-03T10:10:31.000000000Z');
    assert.equal(timeout.last.time, '2026-03-03T10:12:31.000000000Z');
    assert.deepEqual(timeout.references, ['docker.io/library/nginx:1']);
  });

  it('joins the lines of wrapped and quoted messages', () => {
    const listing =
      '1# public\n2FATA[0031] failed to resolve reference "r.example/a@sha256:DIGEST": \\\n3unexpected status from HEAD request to https://r.example/v2/a/blobs/sha256:DIGEST: \\\n4401 Unauthorized\n'.replaceAll(
        'DIGEST',
        '9c'.repeat(32),
      );
    assert.deepEqual(summary(listing), ['masked.blob-fallback x1 2-2']);
    assert.deepEqual(
      summary(
        'Failed to pull image "r.example/a:1": rpc error: code = Unknown\ndesc = failed to copy: httpReadSeeker: failed open:\nunexpected status code https://r.example/v2/a/blobs/x:\n429 Too Many Requests\n\nAnother paragraph.',
      ),
      ['rate.too-many-requests x1 1-1'],
    );
  });

  it('shows samples without colours', () => {
    const log = triage(newestVersion);
    log.push('\u001b[1;31mERROR\u001b[0m failed to resolve reference "r.lab/a:1": \u001b[33mr.lab/a:1\u001b[0m: not found');
    assert.equal(log.flush()?.sample, 'ERROR failed to resolve reference "r.lab/a:1": r.lab/a:1: not found');
  });

  it('shows samples without secrets', () => {
    const [group] = groupsOf('ctr: failed to do request: Head "https://u:hunter2@r.example/v2/a/manifests/1?token=hunter2": EOF');
    assert.equal(group?.class.id, 'net.reset-or-eof');
    assert.doesNotMatch(group.first.sample, /hunter2/);
  });

  it('finds next to nothing in a log without pull errors', () => {
    const lines = readFileSync('test/data/errors/notPullErrors.txt', 'utf8').split('\n');
    const log = triage(newestVersion);
    for (const line of lines) log.push(line);
    assert.ok(log.errors() <= lines.length * 0.01);
  });
});
