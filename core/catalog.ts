/** The English texts of everything core says, by message id. Other languages are tables of the same ids. */
import { errorCatalog } from './errors';
import { ruleCatalog } from './rules/lint';
import type { Catalog } from './text/message';
import { tomlErrorTexts } from './toml/errorTexts';

export const englishCatalog: Catalog = { ...tomlErrorTexts, ...ruleCatalog, ...errorCatalog };
