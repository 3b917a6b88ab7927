import assert from 'node:assert/strict';
import { remoteText } from '../../../src/report/remoteText';

describe('remote text in a report', () => {
  it('makes no link of an address, with and without a scheme, in quotes or not', () => {
    assert.equal(remoteText('Head "https://evil.example/v2/?a=b": EOF'), 'Head "`https://evil.example/v2/?a=b`": EOF');
    assert.equal(remoteText('see //evil.example and www.evil.example'), 'see `//evil.example` and `www.evil.example`');
    assert.equal(remoteText('HEAD https://a.example/v2/: EOF'), 'HEAD `https://a.example/v2/`: EOF');
    assert.equal(remoteText('(ftp://a_b.example)'), '(`ftp://a_b.example`)');
    assert.equal(remoteText('see [docs](https://evil.example)'), 'see \\[docs\\](`https://evil.example`)');
  });

  it('writes to nobody and calls nobody', () => {
    assert.equal(remoteText('ask admin@evil.example or @someone, mailto:x'), 'ask `admin@evil.example` or `@someone`, `mailto:x`');
  });

  it('ends no code span that it began', () => {
    assert.equal(remoteText('`https://a`b` c'), '\\``https://a`\\`b\\` c');
  });

  it('is one line without HTML, and keeps what is no markup', () => {
    assert.equal(remoteText('a\r\n# b\n<img src=x> &lt; *c* _d_'), 'a # b \\<img src=x\\> \\&lt; \\*c\\* \\_d\\_');
    assert.equal(remoteText('r.example/app@sha256:97b0'), 'r.example/app@sha256:97b0');
    assert.equal(remoteText('/etc/containerd/certs.d 10.0.0.1:5000 100 %'), '/etc/containerd/certs.d 10.0.0.1:5000 100 %');
  });
});
