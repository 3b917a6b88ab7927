import type { NetFailure } from '../../core/ports';
import { metadataAddress } from '../../core/resolver/metadata';
import { stopping } from './stopping';

/** For a name that a registry chose: why one of its addresses is not to be asked. */
export function refusalFor(name: string): (address: string) => NetFailure | undefined {
  return (address) => {
    const kept = metadataAddress(address, name);
    return kept && stopping('metadata', kept.args);
  };
}
