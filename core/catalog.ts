/** The English texts of everything core says, by message id. Other languages are tables of the same ids. */
import { diagnosisMessages } from './diagnosis/diagnosisMessages';
import { failureMessages } from './diagnosis/failureMessages';
import { guideMessages } from './diagnosis/guideMessages';
import { readinessMessages } from './diagnosis/readinessMessages';
import { unpackMessages, verdictMessages } from './diagnosis/verdictMessages';
import { errorCatalog } from './errors';
import { featureCatalog } from './features/catalog';
import { stepCatalog } from './steps';
import { ruleCatalog } from './rules/lint';
import type { Catalog } from './text/message';
import { tomlErrorTexts } from './toml/errorTexts';

export const englishCatalog: Catalog = {
  ...tomlErrorTexts,
  ...ruleCatalog,
  ...errorCatalog,
  ...featureCatalog,
  ...readinessMessages,
  ...diagnosisMessages,
  ...verdictMessages,
  ...unpackMessages,
  ...failureMessages,
  ...guideMessages,
  ...stepCatalog,
};
