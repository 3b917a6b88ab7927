import assert from 'node:assert/strict';
import { hidePasswords, hideSecrets } from '../../../core/diagnosis/hideSecrets';
import { redactText } from '../../../core/diagnosis/redactText';

/** Each has `5ecret` for a password; what is shown. */
const hidden: readonly (readonly [string, string])[] = [
  ['Get "https://u:5ecret@r.example/v2/": EOF', 'Get "https://u:xxxxx@r.example/v2/": EOF'],
  ['HTTP://u:5ecret@r.example', 'HTTP://u:xxxxx@r.example'],
  ['https://:5ecret@r.example:5000/x?ns=z@w', 'https://:xxxxx@r.example:5000/x?ns=z@w'],
  ['to http://u:5ecret@r.example/?sig=5ecret: 403', 'to http://u:xxxxx@r.example/?sig=REDACTED: 403'],
  ['Get "http://u:***@r.example/?sig=5ecret": EOF', 'Get "http://u:***@r.example/?sig=REDACTED": EOF'],
  ['https://u:5e@5ecret:5ecret@r.example/x', 'https://u:xxxxx@r.example/x'],
  ['to "//u:5ecret@r.example/x"', 'to "//u:xxxxx@r.example/x"'],
  ['a://u:5ecret@r,b://v:5ecret@s', 'a://u:xxxxx@r,b://v:xxxxx@s'],
  ['"http://u:5ecret@[::1": missing \']\' in host', '"http://u:xxxxx@[::1": missing \']\' in host'],
  ['parse "http://u:5ecret/5ecret@r": invalid port ":5ecret" after host', 'parse "http://u:xxxxx@r": invalid port ":xxxxx" after host'],
  ['reference "u:5ecret@r.example:5000/a/b:1"', 'reference "u:xxxxx@r.example:5000/a/b:1"'],
];

/** Nothing in them is a password. */
const shown: readonly string[] = [
  'Get "https://u:***@r.example/v2/": EOF',
  'http://u@r.example/x?sig=x',
  'http://r.example:5000/v2/a@sha256:1111/b',
  'https://r.example:5000/a/b:v1@sha256:1111111111',
  'nginx:1.25@sha256:1111111111',
  '"r.example//a:b@sha256:1111"',
  'read tcp 10.0.0.1:40000->10.0.0.2:443: mail to a@b.example',
  'parse "http://r:x/": invalid port ":x" after host to a@b.example',
  'https://[::1]:5000/a/b:v1@sha256:1111111111',
];

describe('passwords in what a replay shows', () => {
  for (const [text, wanted] of hidden)
    it(`are hidden: ${text}`, () => {
      assert.equal(hidePasswords(text), wanted);
      assert.equal(hidePasswords(wanted), wanted);
      if (!text.includes('port')) assert.ok(!redactText(text).includes('5ecret'), redactText(text));
    });

  for (const text of shown) it(`are not seen where there is none: ${text}`, () => assert.equal(hidePasswords(text), text));

  it('are hidden in a URL that cannot be read', () => {
    assert.equal(hideSecrets('http://u:5ecret@[::1/x?sig=5ecret'), 'http://u:xxxxx@[::1/x');
    assert.equal(hideSecrets('//u:5ecret@r.example/x?sig=5ecret'), '//u:xxxxx@r.example/x?sig=REDACTED');
  });
});
