import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventWords, failureWords, subjectWords } from '../../../core/errors/prefilter';
import { wordFinder } from '../../../core/errors/wordFinder';
import { logScanner } from '../../../core/errors/scan';
import { triage, type Triage } from '../../../core/errors/triage';
import { newestVersion } from '../../../core/versions/versions';

const subjects = wordFinder(subjectWords);
const pattern = new RegExp(subjectWords.map((word) => word.replace(/[.*+?()[\]\\|^$/]/g, '\\$&')).join('|'), 'i');

describe('wordFinder', () => {
  it('finds what a search for each word finds, at the same place', () => {
    const piece = fc.oneof(
      fc.constantFrom(...subjectWords, ...subjectWords.map((word) => word.toUpperCase()), ...subjectWords.map((word) => word.slice(0, -1))),
      fc.constantFrom('pul', 'lab', 'blo', '/v2', 'imag', '\n', ' ', 'x', 'con', 'ctr'),
      fc.string({ unit: 'binary-ascii', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(6), (pieces, from) => {
        const text = pieces.join('');
        const at = text.slice(from).search(pattern);
        assert.equal(subjects(Buffer.from(text, 'latin1'), from, text.length), at < 0 ? -1 : from + at);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });

  it('looks no further than it is told', () => {
    const bytes = Buffer.from('no such blob');
    assert.equal(subjects(bytes, 0, bytes.length), 8);
    assert.equal(subjects(bytes, 0, bytes.length - 1), -1);
    assert.equal(subjects(bytes, 9, bytes.length), -1);
  });

  it('may look for subjects only, because every event holds one', () => {
    for (const word of eventWords) assert.match(word, pattern);
    assert.ok(subjectWords.every((word) => word.length >= 4));
  });
});

describe('logScanner', () => {
  const refused =
    'level=error msg="PullImage \\"r.example/a:1\\" failed" error="failed to do request: Head \\"https://r.example/v2/a/manifests/1\\": dial tcp 10.0.0.5:443: connect: connection refused"';
  const line = fc.oneof(
    fc.constantFrom(
      refused,
      'level=info msg="PullImage \\"r.example/a:1\\""',
      'no image here',
      '',
      '  indented rest',
      'level=info msg=other',
      '\u00e4\u20ac',
    ),
    fc.constantFrom(
      'Failed to pull image "r.example/b:1": rpc error: code = Unknown',
      'desc = failed to resolve reference:',
      'i/o timeout',
    ),
    fc.constantFrom(...failureWords),
  );
  const said = (log: Triage): unknown => [
    log.lines(),
    log.errors(),
    log.pulls(),
    log.groups().map(({ class: { id }, count }) => [id, count]),
  ];

  it('says the same of a log however it is cut into chunks, with either kind of line end and bytes that are no UTF-8', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 90 }), (lines, end, size) => {
        const bytes = Buffer.concat([Buffer.from(`${lines.join(end)}${end}`), Buffer.from([0xff, 0xfe, 10])]);
        const read = (step: number): unknown => {
          const log = triage(newestVersion);
          const scanner = logScanner(log, (part) => Buffer.from(part).toString());
          for (let at = 0; at < bytes.length; at += step) scanner.push(bytes.subarray(at, at + step));
          scanner.end();
          return log.lines();
        };
        assert.equal(read(size), read(bytes.length));
      }),
      { numRuns: 60, seed: 9 },
    );
    const whole = triage(newestVersion);
    const scanner = logScanner(whole, (part) => Buffer.from(part).toString());
    scanner.push(Buffer.from(`level=info msg=other\n${`${refused}\r\n`.repeat(3)}x`));
    scanner.end();
    assert.deepEqual(said(whole), [
      5,
      3,
      { succeeded: 0, failed: 0, unfinished: 0, registries: [], slowest: [] },
      [['net.refused-or-no-route', 3]],
    ]);
  });
});
