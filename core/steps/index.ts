import type { Catalog } from '../text/message';
import { credentialHelper } from './credentialHelper';
import { credentialProvider } from './credentialProvider';
import { debugLog } from './debugLog';
import type { GuidedStep } from './step';
import { verifyPull } from './verifyPull';

/** In the order in which a person at a node would take them. */
export const guidedSteps: readonly GuidedStep[] = [debugLog, credentialHelper, credentialProvider, verifyPull];

export const stepCatalog: Catalog = Object.assign({}, ...guidedSteps.map(({ messages }) => messages)) as Catalog;
