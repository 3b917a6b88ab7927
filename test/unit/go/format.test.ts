import assert from 'node:assert/strict';
import { formatWithoutArguments } from '../../../core/go/format';

describe('a text that Go takes for a format', () => {
  for (const [text, printed] of [
    ['no verb', 'no verb'],
    ['ns=host%3A5000 not found', 'ns=host%!A(MISSING)5000 not found'],
    ['?ns=%5BREDACTED%5D', '?ns=%!B(MISSING)REDACTED%!D(MISSING)'],
    ['/%41/x', '/%!/(MISSING)x'],
    ['100% sure', '100%!s(MISSING)ure'],
    ['%é', '%!é(MISSING)'],
    ['%[1]d', '%!d(BADINDEX)'],
    ['50%%', '50%'],
    ['50%', '50%!(NOVERB)'],
  ] as const)
    it(`${text} is printed as ${printed}`, () => assert.equal(formatWithoutArguments(text), printed));
});
