import { catalogOf, message, render, type Catalog, type MessageArgs } from '../../core/text/message';

const texts = {
  'no-pull-error': 'No pull error in this text.',
  'pull-errors': '{errors} pull errors in {lines} lines, {causes}.',
  'journal-read': '{node}: {source}, the last {span}.',
  'journal-cut': 'It is longer than what is read at once: the oldest part was left out.',
  'one-cause': 'one cause',
  causes: '{count} causes',
  pulls: '{pulls} pulls, {failed} failed ({share}).',
  'registry-pulls': '{host}: {pulls} pulls, {share} failed',
  took: ', {mean} s on average, {max} s at most',
  line: 'line {line}',
  times: '{count} times, lines {first} to {last}',
  span: '{first} to {last}',
  cause: 'cause',
  next: 'next',
  image: 'image',
  host: 'host',
  text: 'text',
  sure: 'sure',
  more: 'more',
  else: '{certainty} (else {others})',
  'may-hide': '{certainty}; may hide {class}',
  'may-retry': '{certainty}; a retry may help',
  'no-folder': 'no folder for this registry under certs.d',
  'no-hosts-file': '{directory} (no hosts.toml)',
  'host-unverified': 'certificate not checked',
  'host-https-first': 'https first, then http',
  'host-ca': '{count} CA',
  'host-client': '{count} client certificate',
  'host-headers': 'headers {names}',
  ready: '{node} is ready{after}.',
  'not-ready': '{node} is not ready{after}: {failed} of {count} checks failed.',
  after: ' after {time}',
  simulated: 'simulated',
  stopped: 'Stopped',
  resolved: 'Resolved',
  'manifest-read': 'Manifest read',
  pulled: 'Pulled',
  gets: '{stage}: containerd {containerd} ({via}) gets {digest}, {mediaType}.',
  warning: 'Warning:',
  reports: 'containerd {containerd} ({via}) reports{code}:',
  'grpc-code': ', code {code}',
  'root-cause': 'Root cause:',
  attempt: 'attempt {number}',
  hidden: 'Hidden:',
  'shows-instead': 'The reported text shows {class} instead; {releases} the cause this way.',
  'every-release-hides': 'every release of containerd hides',
  'releases-hide': 'containerd {releases} hide',
  'releases-hides': 'containerd {releases} hides',
  before: 'before {to}',
  'and-newer': '{from} and newer',
  'from-to': 'from {from} until before {to}',
  and: '{first}, and {second}',
  'next-step': 'Next:',
  'other-releases': 'Other releases:',
  needs: 'unknown: it would have asked {request} (--predict asks)',
  same: 'the same',
  fails: 'fails',
  'pulls-it': 'pulls it',
  'pulls-without-layers': 'says that it is pulled, without any of its layers',
  'image-pieces': 'Image:',
  'not-fetched': 'not fetched',
  'diagnosis-ok': 'OK',
  'diagnosis-cause': 'CAUSE',
  'diagnosis-next': 'NEXT',
  'unknown-release': 'of unknown release',
  'not-seen': 'not seen: {gap}',
  also: 'Also:',
  'more-findings': 'and {count} more: --format json shows all',
  'more-help': 'More: containerd-runbooks help {id}',
  'nothing-found': '{files}, nothing found.',
  found: '{files}: {counts}.',
  'one-file': '1 file',
  files: '{count} files',
  'one-error': '1 error',
  errors: '{count} errors',
  'one-warning': '1 warning',
  warnings: '{count} warnings',
  'one-info': '1 note',
  infos: '{count} notes',
  'one-hint': '1 hint',
  hints: '{count} hints',
} as const;

/** What the command line itself says in text output, around the messages of core. */
export const phraseCatalog: Catalog = catalogOf('cli', texts);

export type Phrase = keyof typeof texts;
export type Say = (phrase: Phrase, args?: MessageArgs) => string;

export function sayIn(catalogs: readonly Catalog[]): Say {
  return (phrase, args) => render(message(`cli/${phrase}`, args), ...catalogs, phraseCatalog);
}

/** Filled with spaces to so many columns of a terminal, where a Chinese character takes two. */
export function padded(text: string, columns: number): string {
  const wide = text.match(/[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/g)?.length ?? 0;
  return text + ' '.repeat(Math.max(0, columns - text.length - wide));
}
