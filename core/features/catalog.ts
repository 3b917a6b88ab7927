import type { Catalog } from '../text/message';
import { codeActionTexts } from './codeActions';
import { codeLensTexts } from './codeLens';
import { completionTexts } from './completionItem';
import { configHoverTexts } from './configHover';
import { documentLinkTexts } from './documentLinks';
import { hostsHoverTexts } from './hostsHover';
import { inlayHintTexts } from './inlayHints';
import { logTexts } from './logFindings';
import { migrationTexts } from './migration';
import { newHostsFileTexts } from './newHostsFile';
import { releasesTexts } from './releases';

/** English texts of every editor feature. */
export const featureCatalog: Catalog = {
  ...codeActionTexts,
  ...codeLensTexts,
  ...completionTexts,
  ...configHoverTexts,
  ...documentLinkTexts,
  ...hostsHoverTexts,
  ...inlayHintTexts,
  ...logTexts,
  ...migrationTexts,
  ...newHostsFileTexts,
  ...releasesTexts,
};
