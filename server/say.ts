import { featureCatalog } from '../core/features/catalog';
import { ruleCatalog } from '../core/rules/lint';
import { catalogOf, render, type Message } from '../core/text/message';

const serverCatalog = catalogOf('server', {
  'too-large': 'This file is larger than {size} MiB and was not checked.',
});

/** A message as the client shows it. */
export function say(message: Message): string {
  return render(message, ruleCatalog, featureCatalog, serverCatalog);
}
