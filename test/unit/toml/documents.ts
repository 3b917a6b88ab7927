import fc from 'fast-check';

const simpleKeys = ['a', 'b', 'c-d', '1', 'true', '"a"', "'b'", '"x y"', '"a.b"', '""', '"\\u00e9"', 'ä', '"open', '"\\e"'];
const scalars = [
  ...['1', '-17', '+1_000', '0x1F', '0o17', '0b11', '01', '1__0', '9223372036854775807', '9223372036854775808', '0x'],
  ...['1.5', '-0.0', '6e2', '1e-3', 'inf', '-inf', 'nan', '.5', '1.', '1_.5'],
  ...['true', 'false', 'True', 'word', ''],
  ...['"text"', '"tab\\t \\"q\\" \\\\ \\U0001F40B"', '"\\q"', '"open', "'raw \\n'", '"""\none\\\n  two"""', "'''\n'raw' '''", '""""q""""'],
  ...[
    '1979-05-27',
    '07:32:00',
    '1979-05-27T07:32:00Z',
    '1979-05-27 07:32:00.5',
    '1979-05-27T00:32:00-07:00',
    '2023-02-29',
    '12:30',
    '23:59:60',
  ],
];

/** Mostly right, now and then not. */
const key = fc
  .array(fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...simpleKeys.slice(0, 11)) }, fc.constantFrom(...simpleKeys)), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((parts) => fc.constantFrom('.', ' . ').map((dot) => parts.join(dot)));

const { value } = fc.letrec<{ value: string; array: string; inline: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, { weight: 6, arbitrary: fc.constantFrom(...scalars) }, tie('array'), tie('inline')),
  array: fc
    .tuple(fc.array(tie('value'), { maxLength: 3 }), fc.constantFrom(', ', ',\n', ' , # c\n'), fc.constantFrom('', ',', '\n', ' # c\n'))
    .map(([items, comma, end]) => `[${items.join(comma)}${items.length === 0 && end === ',' ? '' : end}]`),
  inline: fc
    .tuple(fc.array(fc.tuple(key, tie('value')), { maxLength: 2 }), fc.constantFrom('', '', '', '', ',', '\n'))
    .map(([entries, end]) => `{ ${entries.map(([name, item]) => `${name} = ${item}`).join(', ')}${entries.length === 0 ? '' : end} }`),
}));

const line = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(key, value).map(([name, item]) => `${name} = ${item}`) },
  { weight: 3, arbitrary: key.map((name) => `[${name}]`) },
  { weight: 1, arbitrary: key.map((name) => `[[${name}]]`) },
  { weight: 1, arbitrary: fc.constantFrom('', '# comment', '\t# \u00e9', 'key', '= 1', '[open', '[]', 'a = 1 b = 2', '# \u0001', '\r') },
);

/** Small documents, about half of them valid: TOML of all kinds with a mistake here and there. */
export const tomlDocument = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\n'))
  .map(([lines, lineBreak, end]) => lines.join(lineBreak) + end);
