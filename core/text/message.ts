/** What is said, before it is put into a language: an id of the catalog and the values that go into its text. */
export interface Message {
  readonly id: string;
  readonly args: MessageArgs;
}

/** A message among the values is put into the language of the text that it stands in. */
export type MessageArgs = Readonly<Record<string, string | number | Message>>;

/** Message id → text with `{name}` where an argument goes. Every language is one such table; English is complete. */
export type Catalog = Readonly<Record<string, string>>;

export function message(id: string, args: MessageArgs = {}): Message {
  return { id, args };
}

/** The text of a message in the first catalog that has it. An id that none has is shown as it is: our bug, and a test looks for it. */
export function render({ id, args }: Message, ...catalogs: readonly Catalog[]): string {
  const template = catalogs.find((catalog) => catalog[id] !== undefined)?.[id] ?? id;
  if (!template.includes('{')) return template;
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = args[name] ?? hole;
    return typeof value === 'object' ? render(value, ...catalogs) : String(value);
  });
}

/** Prefixes the keys of a rule's, class's or probe's own texts with its id: `unknown` → `hosts-unknown-capability/unknown`. */
export function catalogOf(owner: string, texts: Catalog): Catalog {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${owner}/${key}`, text]));
}
