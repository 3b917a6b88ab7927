import assert from 'node:assert/strict';
import iarna from '@iarna/toml';
import fc from 'fast-check';
import type { TomlErrorCode, TomlValue } from '../../../core/toml/document';
import { parse } from '../../../core/toml/parse';
import { tomlDocument } from './documents';

type Library = 'smol-toml' | '@iarna/toml';

/** Where the others are known to be wrong, or to read another TOML than 1.0. */
const acceptedByOthers: readonly { readonly library: Library; readonly ours: TomlErrorCode; readonly why: string }[] = [
  { library: 'smol-toml', ours: 'newline-in-inline-table', why: 'TOML 1.1' },
  { library: 'smol-toml', ours: 'trailing-comma-in-inline-table', why: 'TOML 1.1' },
  { library: 'smol-toml', ours: 'bad-escape', why: 'TOML 1.1 has \\e and \\x' },
  { library: 'smol-toml', ours: 'bad-date', why: 'TOML 1.1 has times without seconds' },
  { library: 'smol-toml', ours: 'integer-out-of-range', why: 'as a bigint it has no limit' },
  { library: '@iarna/toml', ours: 'integer-out-of-range', why: 'as a bigint it has no limit' },
  { library: '@iarna/toml', ours: 'bare-carriage-return', why: 'passes over it' },
  { library: '@iarna/toml', ours: 'bad-date', why: 'checks neither days nor parts' },
  { library: '@iarna/toml', ours: 'bad-number', why: 'an underscore may end a hexadecimal number' },
  { library: '@iarna/toml', ours: 'duplicate-table', why: 'a header may follow dotted keys' },
];

const refusedByOthers: readonly { readonly library: Library; readonly text: RegExp; readonly why: string }[] = [
  { library: 'smol-toml', text: /:60/, why: 'no leap seconds' },
  { library: '@iarna/toml', text: /:60/, why: 'no leap seconds' },
  { library: '@iarna/toml', text: /#[^\n]*\r/, why: 'takes the `\r` of CRLF for a control character of the comment' },
  {
    library: '@iarna/toml',
    text: /\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d/,
    why: 'a date or time only where a blank or line end follows, and not before `\\r`',
  },
];

interface Verdict {
  readonly value?: unknown;
  readonly refused: boolean;
}

function verdict(read: () => unknown): Verdict {
  try {
    return { value: read(), refused: false };
  } catch {
    return { refused: true };
  }
}

/** Ours as the others give it. Integers and floats are told apart only where the other library does. */
function plain(value: TomlValue, exact: boolean): unknown {
  switch (value.kind) {
    case 'table':
      return Object.fromEntries([...value.entries].map(([name, entry]) => [name, plain(entry.value, exact)]));
    case 'array':
      return value.items.map((item) => plain(item, exact));
    case 'integer':
      return exact ? value.value : Number(value.value);
    case 'datetime':
      return 'a date';
    case 'invalid':
      return 'invalid';
    default:
      return value.value;
  }
}

function theirs(value: unknown, exact: boolean): unknown {
  if (value instanceof Date) return 'a date';
  if (Array.isArray(value)) return value.map((item) => theirs(item, exact));
  if (typeof value === 'bigint') return exact ? value : Number(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, theirs(item, exact)]));
}

function compare(library: Library, text: string, other: Verdict): 'both refuse' | 'equal' | 'known' {
  const { document, errors } = parse(text);
  const codes = errors.map(({ code }) => code);
  if (other.refused && codes.length > 0) return 'both refuse';
  if (other.refused) {
    assert.ok(
      refusedByOthers.some((known) => known.library === library && known.text.test(text)),
      `${library} refuses ${JSON.stringify(text)}`,
    );
    return 'known';
  }
  const unknown = codes.filter((code) => !acceptedByOthers.some((known) => known.library === library && known.ours === code));
  assert.deepEqual(unknown, [], `${library} accepts ${JSON.stringify(text)}`);
  if (codes.length > 0) return 'known';
  const exact = library === 'smol-toml';
  assert.deepEqual(plain(document.root, exact), theirs(other.value, exact), JSON.stringify(text));
  return 'equal';
}

describe('toml beside other parsers', () => {
  const readers: Readonly<Record<Library, (text: string) => unknown>> = {
    'smol-toml': (text) => smolParse(text),
    '@iarna/toml': (text) => iarna.parse(text),
  };
  let smolParse: (text: string) => unknown;
  before(async () => {
    const smol = await import('smol-toml');
    smolParse = (text) => smol.parse(text, { integersAsBigInt: true });
  });

  for (const library of ['smol-toml', '@iarna/toml'] as const) {
    it(`agrees with ${library} but for the known`, () => {
      const outcomes = new Map<string, number>();
      const check = (text: string): void => {
        const outcome = compare(
          library,
          text,
          verdict(() => readers[library](text)),
        );
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      };
      fc.assert(fc.property(tomlDocument, check), { seed: 20260101, numRuns: 2500 });
      // The generator must give enough of each, or the comparison says nothing.
      assert.ok((outcomes.get('equal') ?? 0) > 400, JSON.stringify([...outcomes]));
      assert.ok((outcomes.get('both refuse') ?? 0) > 400, JSON.stringify([...outcomes]));
    });
  }
});
