/** Links of our Markdown pages inside the editor, where they are commands: outside they lead to other pages. */

/** Where a rule of the page stands among the Problems. */
export interface Place {
  readonly label: string;
  /** What *follow* takes. */
  readonly target: unknown;
}

/** What an error text names, so that a diagnosis need not ask for it. */
export interface Named {
  readonly reference: string | null;
  readonly host: string | null;
}

/** `page` is `rules/<id>`, `errors/<id>` or `steps/<id>`, where the text is of. Links to what the editor cannot open become plain text. */
export function editorLinks(text: string, page: string, named: Named, placesOf: (rule: string) => readonly Place[]): string {
  let fenced = false;
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*```/.test(line)) fenced = !fenced;
      // A code span is passed over as a whole: what looks like a link in it is none.
      return fenced
        ? line
        : line.replace(/`[^`]*`|\[([^[\]]*)\]\(([^()\s]+)\)/g, (whole, label?: string, target?: string) => {
            return label === undefined || target === undefined ? whole : editorLink(label, target, page, named, placesOf);
          });
    })
    .join('\n');
}

/** `[label](command:…)`. The label is Markdown already. */
export function commandLink(label: string, command: string, argument?: unknown): string {
  // encodeURIComponent leaves parentheses, which would end the link.
  const query = argument === undefined ? '' : `?${encodeURIComponent(JSON.stringify([argument])).replace(/[()]/g, escaped)}`;
  return `[${label}](command:containerdRunbooks.${command}${query})`;
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

/** Sections of the overview of classes that describe what can be started. */
const runs: Readonly<Record<string, string>> = {
  'diagnose-the-node': 'diagnoseNode',
  'explain-the-nodes-journal': 'explainJournal',
};

function editorLink(
  label: string,
  target: string,
  page: string,
  { reference, host }: Named,
  placesOf: (rule: string) => readonly Place[],
): string {
  if (/^https?:/.test(target)) return `[${label}](${target})`;
  const path = resolved(page, target);
  const started = path === 'errors/README' ? runs[target.split('#')[1] ?? ''] : undefined;
  if (started !== undefined) return commandLink(label, started);
  if (path === 'readiness') return commandLink(label, 'checkReadiness', host === null ? undefined : { registry: host });
  if (path === '../README') return commandLink(label, 'replayResolve', reference === null ? undefined : { reference });
  const [folder = '', id = ''] = path.split('/');
  if (!['rules', 'errors', 'steps'].includes(folder)) return label;
  const places = folder === 'rules' ? placesOf(id) : [];
  return [commandLink(label, 'openPage', path), ...places.map((place) => commandLink(place.label, 'follow', place.target))].join(', ');
}

/** From docs/, without `.md` and without an anchor. */
function resolved(page: string, target: string): string {
  const parts = page.split('/').slice(0, -1);
  for (const part of (target.split('#')[0] ?? '').replace(/\.md$/, '').split('/')) {
    if (part === '..' && parts.length > 0) parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
