import { englishCatalog } from '../../core/catalog';
import { render, type Catalog, type MessageArgs } from '../../core/text/message';

/** What documents carry of a message: its English text, and what it was made from. */
export interface DocumentMessage {
  readonly message: string;
  readonly messageId: string;
  readonly args: MessageArgs;
}

/** The message of a document in the language of the text output. Documents are English; without a catalog it stays so. */
export function spoken({ message, messageId, args }: DocumentMessage, catalogs: readonly Catalog[]): string {
  const known = catalogs.some((catalog) => catalog[messageId] !== undefined);
  return known ? render({ id: messageId, args }, ...catalogs, englishCatalog) : message;
}
