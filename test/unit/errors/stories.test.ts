import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { logScanner } from '../../../core/errors/scan';
import { triage, type Triage } from '../../../core/errors/triage';
import { newestVersion } from '../../../core/versions/versions';

const at = (second: number, rest: string): string => `time="2026-03-03T10:00:${String(second).padStart(2, '0')}.000Z" level=${rest}`;
const head = (host: string): string => `failed to do request: Head \\"https://${host}/v2/team/app/manifests/1\\"`;

function logOf(lines: readonly string[]): Triage {
  const log = triage(newestVersion);
  for (const line of lines) log.push(line);
  log.flush();
  return log;
}

function scanned(text: string, size: number): Triage {
  const log = triage(newestVersion);
  const scanner = logScanner(log, (bytes) => Buffer.from(bytes).toString());
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += size) scanner.push(bytes.subarray(i, i + size));
  scanner.end();
  return log;
}

const classes = (log: Triage): readonly string[] => log.groups().map(({ class: { id }, count }) => `${id} x${count}`);

describe('triage: the lines of one pull are one story', () => {
  it('pairs each pull with its end, by registry', () => {
    const { succeeded, failed, unfinished, registries, slowest } = logOf([
      at(0, 'info msg="PullImage \\"nginx:1\\""'),
      at(1, 'info msg="PullImage \\"r.example/team/app:1\\""'),
      at(4, 'info msg="PullImage \\"nginx:1\\" returns image reference \\"sha256:1a\\""'),
      at(31, `error msg="PullImage \\"r.example/team/app:1\\" failed" error="${head('r.example')}: dial tcp 10.0.0.5:443: i/o timeout"`),
      at(40, 'info msg="PullImage \\"r.example/team/app:2\\""'),
    ]).pulls();
    assert.deepEqual({ succeeded, failed, unfinished }, { succeeded: 1, failed: 1, unfinished: 1 });
    assert.deepEqual(registries, [
      { host: 'r.example', pulls: 1, failed: 1, meanSeconds: 30, maxSeconds: 30 },
      { host: 'docker.io', pulls: 1, failed: 0, meanSeconds: 4, maxSeconds: 4 },
    ]);
    assert.equal(slowest[0]?.reference, 'r.example/team/app:1');
  });

  it('a mirror that failed before is the cause of the upstream’s refusal', () => {
    const log = logOf([
      at(0, 'info msg="PullImage \\"r.example/team/app:1\\""'),
      at(30, `info msg="trying next host" error="${head('m.example')}: dial tcp 10.0.0.9:443: i/o timeout" host=m.example`),
      at(
        31,
        'error msg="PullImage \\"r.example/team/app:1\\" failed" error="unexpected status from HEAD request to https://r.example/v2/team/app/manifests/1: 403 Forbidden"',
      ),
    ]);
    assert.deepEqual(classes(log), ['net.timeout x1', 'masked.other-hosts-error x1']);
  });

  const end = (second: number, minute: number, error: string): string =>
    `time="2026-03-03T10:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}.000Z" level=error msg="PullImage \\"r.example/team/app:1\\" failed" error="${error}"`;
  const begin = at(0, 'info msg="PullImage \\"r.example/team/app:1\\""');
  const missing = 'failed to resolve reference \\"r.example/team/app:1\\": r.example/team/app:1: not found';

  it('a tag that is missing only after a silence hides a host that did not answer, from 2.0 on', () => {
    assert.deepEqual(classes(logOf([begin, end(1, 0, missing)])), ['notfound.manifest x1']);
    assert.deepEqual(classes(logOf([begin, end(11, 0, missing)])), ['masked.other-hosts-error x1']);
    assert.deepEqual(classes(logOf([begin, end(31, 0, missing)])), ['masked.other-hosts-error x1']);
  });

  it('a status after half a minute may hide a host that could not be dialled', () => {
    const status = 'unexpected status from HEAD request to https://r.example/v2/team/app/manifests/1: 403 Forbidden';
    const maskedAfter = (second: number): string | undefined => logOf([begin, end(second, 0, status)]).groups()[0]?.first.result.masked?.id;
    assert.equal(maskedAfter(31), 'masked.other-hosts-error');
    assert.equal(maskedAfter(1), undefined);
  });

  it('a pull cancelled after five minutes made no progress', () => {
    const cancelled = 'rpc error: code = Canceled desc = failed to pull and unpack image \\"r.example/team/app:1\\": context canceled';
    const [late] = logOf([begin, end(1, 5, cancelled)]).groups();
    assert.equal(late?.class.id, 'cancel.progress-timeout');
    const [early] = logOf([begin, end(20, 0, cancelled)]).groups();
    assert.ok(late.first.result.confidence > (early?.first.result.confidence ?? 1));
  });

  const hints: readonly (readonly [string, string, string, string])[] = [
    [
      'reference for unknown type',
      'warning msg="reference for unknown type: application/octet-stream" digest="sha256:54601ace1bfa" mediatype=application/octet-stream size=901',
      'failed to pull and unpack image \\"r.example/team/app:1\\": failed to unpack image on snapshotter overlayfs: failed to extract layer sha256:1a2b: failed to get reader from content store: content digest sha256:3c4d: not found',
      'manifest.legacy-config',
    ],
    [
      'failed to decode hosts.toml',
      'error msg="failed to decode hosts.toml" error="invalid `host` tree"',
      'failed to do request: Head \\"https://r.example/v2/team/app/manifests/1\\": dial tcp 10.0.0.9:443: i/o timeout',
      'config.hosts-toml-invalid',
    ],
    [
      'host will try HTTPS first',
      'warning msg="host will try HTTPS first since it is configured for HTTP with a TLS configuration, consider changing host to HTTPS or removing unused TLS configuration" host="r.example:80"',
      'failed to do request: Head \\"https://r.example:80/v2/team/app/manifests/1\\": tls: first record does not look like a TLS handshake',
      'tls.scheme-mismatch',
    ],
    [
      'Found Registry.Mirrors',
      'warning msg="Found \'Registry.Mirrors\' in CRI config which is incompatible with transfer service, falling back to local image pull mode"',
      'failed to do request: Head \\"https://r.example/v2/team/app/manifests/1\\": dial tcp 10.0.0.9:443: i/o timeout',
      'config.ignored-setting',
    ],
  ];
  for (const [name, line, error, expected] of hints)
    it(`“${name}” before the end changes what the end means`, () => {
      const groups = logOf([begin, at(1, line), end(3, 0, error)]).groups();
      assert.ok(
        groups.some(({ class: { id }, last }) => id === expected && last.line === 3),
        groups.map(({ class: { id }, last }) => `${id} ${last.line}`).join(', '),
      );
    });

  it('a cancelled sibling is not reported beside its cause', () => {
    const reset =
      'failed to copy: httpReadSeeker: failed open: read tcp 10.0.0.1:40000-\\u003e10.0.0.5:443: read: connection reset by peer';
    const log = logOf([
      at(
        1,
        `error msg="PullImage \\"r.example/team/app:1\\" failed" error="failed to pull and unpack image \\"r.example/team/app:1\\": ${reset}"`,
      ),
      at(
        1,
        'error msg="PullImage \\"r.example/team/app:2\\" failed" error="rpc error: code = Canceled desc = failed to pull and unpack image \\"r.example/team/app:2\\": context canceled"',
      ),
    ]);
    assert.deepEqual(classes(log), ['net.reset-or-eof x1']);
  });

  it('names the image and host of each error although most are only repeated', () => {
    const refused = (name: string, n: number): string =>
      at(
        n,
        `error msg="PullImage \\"r.example/team/${name}:1\\" failed" error="failed to resolve reference \\"r.example/team/${name}:1\\": r.example/team/${name}:1: not found"`,
      );
    const [group] = logOf([refused('app', 1), refused('shop', 2), refused('cart', 3)]).groups();
    assert.deepEqual(group?.references, ['r.example/team/app:1', 'r.example/team/shop:1', 'r.example/team/cart:1']);
  });

  for (const size of [7, 64, 1 << 16])
    it(`says of a log in chunks of ${size} bytes what it says of its lines`, () => {
      const text = `${readFileSync('test/cases/errors/journal.log', 'utf8')}${'Mar 03 10:20:00 node-1 systemd[1]: Started a unit.\n'.repeat(50)}`;
      const whole = logOf(text.split('\n').slice(0, -1));
      const parts = scanned(text, size);
      assert.deepEqual(classes(parts), classes(whole));
      assert.deepEqual([parts.lines(), parts.errors(), parts.pulls()], [whole.lines(), whole.errors(), whole.pulls()]);
      assert.deepEqual(
        parts.groups().map(({ first, last }) => [first.line, last.line]),
        whole.groups().map(({ first, last }) => [first.line, last.line]),
      );
    });
});
