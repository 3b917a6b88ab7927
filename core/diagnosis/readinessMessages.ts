import type { Catalog } from '../text/message';
import { textsOf, type CheckKind } from './readiness/check';
import * as containerd from './readiness/containerdKinds';
import * as network from './readiness/networkKinds';
import { reasonMessages } from './readiness/reasons';
import * as registry from './readiness/registryKinds';
import * as surroundings from './readiness/surroundingsKinds';

/** Every check there is. */
export const checkKinds: readonly CheckKind[] = [
  ...Object.values<CheckKind>(network),
  ...Object.values<CheckKind>(containerd),
  ...Object.values<CheckKind>(surroundings),
  ...Object.values<CheckKind>(registry),
];

/** What a person reads of each check, by check and outcome, and what to do about it. */
export const readinessMessages: Catalog = { ...textsOf(checkKinds), ...reasonMessages };
