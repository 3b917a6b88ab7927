import { verdictMessages } from '../../core/diagnosis/verdictMessages';
import type { NetFailure } from '../../core/ports';
import { message, render, type MessageArgs } from '../../core/text/message';

/** A request that cannot be made, or an answer that cannot be read, as containerd would: what the replay says when it stops there. */
export function stopping(
  key: 'zstd' | 'curl' | 'metadata' | 'no-address' | 'unbound' | 'too-long' | 'server-name',
  args: MessageArgs,
): NetFailure {
  const said = message(`replay-stopped/${key}`, args);
  return { kind: 'unavailable', reason: render(said, verdictMessages), message: said };
}
