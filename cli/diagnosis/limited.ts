/** Work that may take only so long, and that ends with the call it belongs to. */
import type { Cancellation } from '../../core/ports';
import { CancellationSource } from '../serve/session';

export type Limited<T> = { readonly ended: 'done'; readonly value: T } | { readonly ended: 'timeout' };

/** Rejects as the work does. Work that does not stop when it is told to is left behind. */
export async function limited<T>(
  parent: Cancellation,
  timeoutMs: number,
  work: (cancellation: Cancellation) => Promise<T>,
): Promise<Limited<T>> {
  const own = new CancellationSource();
  const release = parent.onCancelled(() => own.cancel());
  if (parent.cancelled) own.cancel();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Limited<T>>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ended: 'timeout' });
      own.cancel();
    }, timeoutMs);
  });
  const working = work(own).then((value): Limited<T> => ({ ended: 'done', value }));
  try {
    return await Promise.race([working, late]);
  } finally {
    clearTimeout(timer);
    release();
    working.catch(() => undefined);
  }
}
