import { englishCatalog } from '../../core/catalog';
import type { SaidDocument } from '../../core/protocol/said';
import { render, type Catalog } from '../../core/text/message';

/** The message of a document in the language of the text output. Documents are English; without a catalog it stays so. */
export function spoken({ message, messageId, args }: SaidDocument, catalogs: readonly Catalog[]): string {
  const known = catalogs.some((catalog) => catalog[messageId] !== undefined);
  return known ? render({ id: messageId, args }, ...catalogs, englishCatalog) : message;
}
