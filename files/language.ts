/** Message texts in other languages: `l10n/messages.<language>.json` beside the program, tables of the ids of core/catalog.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../core/text/message';

/** By the first part of a locale; a language without a table here is English. */
const tables: Readonly<Record<string, string>> = { zh: 'messages.zh-cn.json' };

/**
 * The catalogs that come before English for a locale such as `zh-CN`, `zh_CN.UTF-8` or `C`: none for English and for unknown ones.
 * Traditional Chinese has no table.
 */
export function catalogsFor(locale: string | undefined): readonly Catalog[] {
  const [language = '', region = ''] = (locale ?? '').toLowerCase().split(/[-_.@]/);
  const table = Object.hasOwn(tables, language) ? tables[language] : undefined;
  if (table === undefined || ['tw', 'hk', 'hant'].includes(region)) return [];
  return tableIn(join(__dirname, '..', 'l10n', table));
}

/** A program that was copied without its tables speaks English. */
function tableIn(file: string): readonly Catalog[] {
  return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as Catalog] : [];
}
