import { errorCatalog } from '../errors';
import type { SaidDocument } from '../protocol/said';
import { ruleCatalog } from '../rules/lint';
import type { Catalog, Message } from '../text/message';
import { stepCatalog } from '../steps';
import { diagnosisMessages } from './diagnosisMessages';
import { readinessMessages } from './readinessMessages';
import { unpackMessages, verdictMessages } from './verdictMessages';

/** The texts that a diagnosis has, and those of others that it quotes. */
export const quotedTexts: Catalog = {
  ...ruleCatalog,
  ...errorCatalog,
  ...readinessMessages,
  ...verdictMessages,
  ...unpackMessages,
  ...diagnosisMessages,
  ...stepCatalog,
};

/** What something else said, to stand in a message. Bundles of other releases may have ids that are not known here. */
export function quoted({ message, messageId, args }: SaidDocument): Message | string {
  return Object.hasOwn(quotedTexts, messageId) ? { id: messageId, args } : message;
}
