import { catalogOf, message, type Message } from '../text/message';

const words: Readonly<Record<string, string>> = {
  array: 'a list',
  'array-of-strings': 'a list of strings',
  'array-of-tables': 'a list of tables',
  boolean: 'a boolean',
  'boolean-value': 'true or false',
  date: 'a date',
  datetime: 'a date or time',
  duration: 'a string like "5m"',
  integer: 'an integer',
  number: 'a number',
  string: 'a string',
  'string-with-unit': 'a string with a unit, like "5s"',
  'string-or-strings': 'a string or a list of strings',
  'string-or-pairs': 'a string or a list of strings and pairs',
  table: 'a table',
  'tables-of-hosts': 'tables like [host."https://…"]',
  'whole-number': 'a whole number',
};

/** What values are called in findings of both kinds of file. */
export const typeTexts = catalogOf('type', words);

/** The message for words that core/hosts and core/config have for a type. */
export function typeMessage(english: string): Message | string {
  const key = Object.keys(words).find((one) => words[one] === english);
  return key === undefined ? english : message(`type/${key}`);
}
