import type { Catalog, Message } from '../text/message';
import { message } from '../text/message';
import type { TomlError, TomlErrorCode } from './document';

/** The error as a message of the catalog below. */
export function tomlErrorMessage(error: TomlError): Message {
  return message(`toml/${error.code}`, error.args);
}

const texts: Readonly<Record<TomlErrorCode, string>> = {
  'byte-order-mark': 'The file starts with a byte order mark, which is not TOML. Save it as UTF-8 without BOM.',
  'control-character': 'Control characters are not allowed here. In a string in double quotes, write \\n, \\t or \\u001B.',
  'not-utf8': 'The file is not valid UTF-8, and TOML has to be.',
  'expected-key': 'A key is expected here. A key with other characters than letters, digits, "-" and "_" needs quotes.',
  'expected-equals':
    'Expected "=" and a value after the key "{key}". A key with other characters than letters, digits, "-" and "_" needs quotes.',
  'expected-value': 'A value is expected here. Text has to stand in quotes.',
  'expected-newline': 'Nothing but a comment may follow on this line: a key or header needs a line of its own.',
  'expected-closing-bracket':
    'Expected "{bracket}" at the end of the header. A key with other characters than letters, digits, "-" and "_" needs quotes.',
  'expected-comma': 'Expected "," before this.',
  'unterminated-string': 'This string has no closing quote.',
  'unterminated-array': 'This array has no closing "]".',
  'unterminated-inline-table': 'This inline table has no closing "}".',
  'newline-in-inline-table': 'An inline table must stand on one line.',
  'trailing-comma-in-inline-table': 'An inline table must not end with a comma.',
  'bad-escape': '"{escape}" is no escape sequence. Use single quotes for text with backslashes, or write "\\\\".',
  'bad-number': 'This is not a number. If it is text, put it in quotes.',
  'bad-date': 'This is not a valid date or time. If it is text, put it in quotes.',
  'integer-out-of-range': 'This integer does not fit into 64 bits.',
  'bare-carriage-return': 'A carriage return must be followed by a line feed.',
  'multiline-key': 'A key cannot be a multi-line string: use one pair of quotes.',
  'duplicate-key': 'The key "{key}" is already set in this table.',
  'duplicate-table': 'The table "{key}" is already defined.',
  'not-a-table': '"{key}" already has a value, so it cannot be a table.',
  'extends-inline-table': '"{key}" is an inline table, to which nothing can be added.',
  'extends-static-array': '"{key}" is an array written with "[ ]", to which no table can be added.',
  'too-deep': 'Tables and arrays are nested more than {limit} levels deep.',
};

export const tomlErrorTexts: Catalog = Object.fromEntries(Object.entries(texts).map(([code, text]) => [`toml/${code}`, text]));
