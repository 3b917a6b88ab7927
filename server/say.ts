import { errorCatalog } from '../core/errors';
import { featureCatalog } from '../core/features/catalog';
import { ruleCatalog } from '../core/rules/lint';
import { catalogOf, render, type Catalog, type Message } from '../core/text/message';
import { catalogsFor } from '../files/language';

export const serverCatalog = catalogOf('server', {
  'too-large': 'This file is larger than {size} MiB and was not checked.',
  understood: 'Understood',
});

/** One client per process: its language is known at initialize. */
let translated: readonly Catalog[] = [];

export function speakLanguageOf(locale: string | undefined): void {
  translated = catalogsFor(locale);
}

/** A message as the client shows it. */
export function say(message: Message): string {
  return render(message, ...translated, ruleCatalog, featureCatalog, errorCatalog, serverCatalog);
}
