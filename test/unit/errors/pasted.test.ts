import assert from 'node:assert/strict';
import { classify } from '../../../core/errors/classify';

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

  it('joins what a terminal cut in mid-word, in two lines and in more', () => {
    for (const width of [57, 80, 93]) assert.equal(idOf(cut(message, width)), 'authz.denied-403', String(width));
    const records = `time="2026-01-01T00:00:00Z" level=info msg="PullImage \\"r.lab/a:1\\""\n${cut(`time="2026-01-01T00:00:01Z" level=error msg="PullImage \\"r.lab/a:1\\" failed" error="failed to copy: unexpected EOF"`, 60)}`;
    assert.equal(idOf(records), 'net.reset-or-eof');
  });
});
