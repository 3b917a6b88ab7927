import assert from 'node:assert/strict';
import { classify } from '../../../core/errors/classify';
import { mayBeCut } from '../../../core/errors/normalize';

const message = 'Failed to pull image "r.lab/a:1": failed to resolve reference "r.lab/a:1": unexpected status: 403 Forbidden';
const short = 'invalid rootfs in image configuration';

const idOf = (text: string): string | undefined => classify(text).class?.id;

/** Cut by a terminal of that width, in mid-word. */
function cut(text: string, width: number): string {
  return text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? '';
}

describe('classify: messages as people paste them', () => {
  it('reads a block of code in Markdown', () => {
    assert.equal(idOf(`\`\`\`\n${short}\n\`\`\``), 'manifest.not-an-image');
    assert.equal(
      idOf(`### What happened\n\n~~~console\n$ docker pull a\n${short}\n~~~\n\n### Version\n\ncontainerd 1.7.2`),
      'manifest.not-an-image',
    );
  });

  it('reads a message in backticks', () => assert.equal(idOf(`\`${short}\``), 'manifest.not-an-image'));

  it('reads a message behind a level', () => assert.equal(idOf(`ERROR ${short}`), 'manifest.not-an-image'));

  it('reads what somebody reports in a sentence', () => {
    assert.equal(idOf(`hey all, since yesterday we are getting this on two nodes: \`${message}\` any idea?`), 'authz.denied-403');
    assert.equal(idOf(`I get the error "${message}" when I deploy.`), 'authz.denied-403');
    assert.equal(idOf(`My pod is stuck, it says: ${message}`), 'authz.denied-403');
    assert.equal(
      idOf("The pod gets stuck in a 'Waiting: ErrImagePull' state. Reported failure is 'http: server gave HTTP response to HTTPS client'."),
      'tls.scheme-mismatch',
    );
  });

  it('does not take for a report what only speaks of a message', () => {
    const prose = [
      'If you see `x509: certificate signed by unknown authority`, add the CA to the trust store of every node.',
      'We should handle `toomanyrequests` by backing off and retrying with jitter.',
      'My understanding is that containerd returns "not found" when every host said 404.',
      'I am proposing an option so that users do not see `http: server gave HTTP response to HTTPS client` any more.',
      'I got this from the FAQ: "connection refused" is about the port and "i/o timeout" about the firewall.',
      'Yesterday our login page failed with: 500 Internal Server Error',
      'Since the upgrade we get "dial tcp 10.0.0.5:5432: connect: connection refused" from the database.',
      'I always get `curl: (60) SSL certificate problem: unable to get local issuer certificate`.',
    ];
    assert.deepEqual(
      prose.filter((text) => idOf(text) !== undefined),
      [],
    );
  });

  it('reads a list, numbered or bulleted, with the items that only follow', () => {
    const text = 'dial tcp: lookup r.lab on 10.0.0.2:53: no such host';
    for (const [first, second] of [
      ['1. ', '2. '],
      ['1) ', '2) '],
      ['(1) ', '(2) '],
      ['[1] ', '[2] '],
      ['1: ', '2: '],
      ['- ', '- '],
      ['  * ', '  * '],
      ['• ', '• '],
    ] as const) {
      assert.equal(idOf(`${first}${text}`), 'dns.nxdomain', first);
      assert.equal(idOf(`${first}context canceled\n${second}${text}`), 'dns.nxdomain', first);
    }
    const podman = [
      'Error: 2 errors occurred while pulling:',
      ' * Error initializing source docker://r.lab/a:1: Error reading manifest 1 in r.lab/a: name unknown',
      ' * Error initializing source docker://a:1: Error reading manifest 1 in docker.io/library/a: name unknown',
    ];
    assert.equal(idOf(podman.join('\n')), 'notfound.manifest');
  });

  it('does not take the items of a changelog for errors', () => {
    const items = ['- Fix "unauthorized" for tokens that expired (#12)', '* resolver: the first error counts if all hosts fail'];
    assert.deepEqual(items.map(idOf), [undefined, undefined]);
  });

  it('reads tables of events, and of the rows the one that tells why', () => {
    const described = [
      'Events:',
      '  Type     Reason     Age                From               Message',
      '  ----     ------     ----               ----               -------',
      '  Normal   Scheduled  12m                default-scheduler  Successfully assigned default/web to n1',
      '  Warning  Unhealthy  11m (x3 over 12m)  kubelet            Readiness probe failed: HTTP probe failed with statuscode: 503',
      `  Warning  Failed     2m (x5 over 10m)   kubelet            ${message}`,
      '  Warning  Failed     2m (x5 over 10m)   kubelet            Error: ErrImagePull',
      '  Warning  Failed     2m (x5 over 10m)   kubelet            Error: ImagePullBackOff',
    ];
    const listed = [
      'NAMESPACE   LAST SEEN   TYPE      REASON    OBJECT      MESSAGE',
      `default     10m         Warning   Failed    pod/web-0   ${message}`,
      'default     10m         Normal    BackOff   pod/web-0   Back-off pulling image "r.lab/a:1"',
    ];
    assert.equal(idOf(described.join('\n')), 'authz.denied-403');
    assert.equal(idOf(listed.join('\n')), 'authz.denied-403');
    assert.equal(idOf(described.filter((line) => !line.includes(message)).join('\n')), undefined);
  });

  it('looks for cut words only where a longest line goes on', () => {
    const record = 'time="2026-01-01T00:00:00Z" level=info msg="nothing of interest"';
    assert.equal(mayBeCut(cut(message, 80)), true);
    assert.equal(mayBeCut(`${record}\n${record}\n`), false);
    assert.equal(mayBeCut('short\nlines'), false);
  });

  it('joins what a terminal cut in mid-word, in two lines and in more', () => {
    for (const width of [57, 80, 93]) assert.equal(idOf(cut(message, width)), 'authz.denied-403', String(width));
    const records = `time="2026-01-01T00:00:00Z" level=info msg="PullImage \\"r.lab/a:1\\""\n${cut(`time="2026-01-01T00:00:01Z" level=error msg="PullImage \\"r.lab/a:1\\" failed" error="failed to copy: unexpected EOF"`, 60)}`;
    assert.equal(idOf(records), 'net.reset-or-eof');
  });

  it('reads tables and lists of images and their errors, and none of what errors mean', () => {
    const rows: readonly (readonly [string, string | null])[] = [
      ['| Image | Error |\n|---|---|\n| reg.example/app:1 | manifest unknown |', 'notfound.manifest'],
      ['| quay.io/a/b:1 | x509: certificate signed by unknown authority |', 'tls.unknown-ca'],
      ['| nginx:latest | toomanyrequests: You have reached your pull rate limit |', 'rate.too-many-requests'],
      ['- nginx:latest — toomanyrequests: You have reached your pull rate limit', 'rate.too-many-requests'],
      ['* quay.io/a/b:1 – dial tcp: lookup quay.io: no such host', 'dns.nxdomain'],
      ['| `manifest unknown` | the tag is missing at the registry |', null],
      ['| no such host | check DNS of the registry |', null],
    ];
    assert.deepEqual(
      rows.map(([text]) => classify(text).class?.id ?? null),
      rows.map(([, id]) => id),
    );
  });
});
