import type { Catalog } from '../core/text/message';
import { catalogsFor } from '../files/language';
import { stringOption, type CommandLine, type Io } from './command';

/** The language of text: `--lang`, else what the locale of the shell says. JSON is always English. */
export function catalogsOf(line: CommandLine, { env }: Pick<Io, 'env'>): readonly Catalog[] {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  return catalogsFor(stringOption(line, 'lang') ?? locale);
}
