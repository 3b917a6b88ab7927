/** A page that leads a person through making a hidden failure happen again: with iptables and a real client, and without either. */
import { errorCatalog } from '../errors/index';
import { parseUrl, portOf, hostname } from '../go/url';
import { quote } from '../probes/quote';
import type { AttemptDocument, ResolveDocument } from '../protocol/resolve';
import { printableText } from '../text/display';
import { message, render, type Catalog, type MessageArgs } from '../text/message';
import { guideMessages } from './guideMessages';
import { hidePasswords } from './hideSecrets';
import { verdictMessages } from './verdictMessages';

export interface GuideOptions {
  /** Where ctr finds hosts.toml. */
  readonly hostsDir: string;
  /** Words of the command line that led here: the node, the files. */
  readonly again: readonly string[];
  /** Before English. */
  readonly catalogs: readonly Catalog[];
}

/** Markdown; undefined where the reported error hides nothing. */
export function reproductionGuide(document: ResolveDocument, options: GuideOptions): string | undefined {
  const { masked, rootCause, reference, containerd, via, reported } = document;
  const attempt = rootCause && document.attempts[rootCause.attempt];
  if (!masked || !attempt) return undefined;
  const say = sayIn(options.catalogs);
  const cause = render(message(rootCause.messageId, rootCause.args), ...options.catalogs, verdictMessages, errorCatalog);
  const page = [
    `# ${say('title')}`,
    block('text', reference),
    say('reports', { containerd, via }),
    block('text', reported ?? ''),
    say('cause', { class: `\`${rootCause.class}\`` }),
    block('text', `${cause}\n${attempt.method} ${attempt.url}: ${attempt.error ?? String(attempt.status ?? '')}`),
    masked.versions === '*' ? say('hides-all') : say('hides', { versions: `\`${masked.versions}\`` }),
    ...withoutRoot(document, attempt, options.again, say),
    `## ${say('on-node')}`,
    ...(rootCause.class === 'net.timeout' ? withIptables(document, attempt, options.hostsDir, say) : [say('at-once')]),
    ...expected(document, say),
  ];
  // A proxy may be named with a password.
  return hidePasswords(`${page.join('\n\n')}\n`);
}

type Say = (key: string, args?: MessageArgs) => string;

function sayIn(catalogs: readonly Catalog[]): Say {
  return (key, args) => render(message(`guide/${key}`, args), ...catalogs, guideMessages);
}

function withoutRoot(document: ResolveDocument, attempt: AttemptDocument, again: readonly string[], say: Say): readonly string[] {
  const { reference, containerd, via } = document;
  const [url = ''] = attempt.url.split(/[?#]/, 1);
  const fault = `${attempt.method} ${url}*=${faultOf(document.rootCause?.class ?? '', attempt)}`;
  const words = [reference, ...again, '--containerd', containerd, '--via', via, '--fault', fault].map((one) =>
    /^--[a-z-]+$/.test(one) ? one : shellWord(one),
  );
  return [
    `## ${say('without-root')}`,
    say('fault-first'),
    say('private-replay'),
    block('sh', `containerd-runbooks resolve ${words.join(' ')}`),
  ];
}

/** The fault of --fault that is of the same kind. */
function faultOf(id: string, { status }: AttemptDocument): string {
  if (status !== null && status >= 400) return String(status);
  if (id.startsWith('dns.')) return 'dns';
  if (id.startsWith('tls.')) return 'tls';
  if (id === 'net.refused-or-no-route') return 'refused';
  return id === 'net.reset-or-eof' ? 'reset' : 'timeout';
}

/** How ctr is told the way that the replay went. */
const ctrFlags: ReadonlyMap<string, string> = new Map([
  ['ctr-local', ' --local'],
  ['ctr-transfer', ' --local=false'],
]);

function withIptables(
  { reference, attempts, via }: ResolveDocument,
  attempt: AttemptDocument,
  hostsDir: string,
  say: Say,
): readonly string[] {
  const seconds = secondsUntilThrough(attempts, attempt.host);
  // -w waits for the lock: kube-proxy and CNI plugins change rules all the time.
  const each = (action: string): string =>
    `for address in $addresses; do\n  case $address in *:*) tables=ip6tables ;; *) tables=iptables ;; esac\n  $tables -w ${action} OUTPUT -d "$address" -p tcp --dport ${portOfUrl(attempt.url)} -j DROP\ndone`;
  const name = shellWord(reference);
  return [
    say('as-root', { seconds: seconds + 2 }),
    say('addresses'),
    block('sh', `addresses=$(getent ahosts ${shellWord(hostOfUrl(attempt.url))} | awk '{ print $1 }' | sort -u); echo "$addresses"`),
    say('drop'),
    block('sh', each('-I')),
    say('pull'),
    block('sh', `ctr -n k8s.io images pull${ctrFlags.get(via) ?? ''} --hosts-dir ${shellWord(hostsDir)} ${name} &`),
    block('sh', `crictl pull ${name} &`),
    block('sh', `nerdctl --debug-full --hosts-dir ${shellWord(hostsDir)} pull ${name} &`),
    say('private-pull'),
    say('let-through', { seconds }),
    block('sh', `sleep ${seconds + 2}\n${each('-D')}\nwait`),
    say('check'),
    block('sh', '{ iptables -w -S OUTPUT; ip6tables -w -S OUTPUT; } | grep -wF "$addresses"'),
  ];
}

/** hosts.toml may name a registry twice: all that was asked of it before the first answer has to fail. */
function secondsUntilThrough(attempts: readonly AttemptDocument[], host: string): number {
  const through = attempts.findIndex((one) => one.host === host && one.status !== null);
  const swallowed = attempts.filter((one, index) => one.host === host && (through < 0 || index < through));
  return swallowed.reduce((total, one) => total + secondsUntilGivenUp(one), 0);
}

/** As long as it dialled; containerd dials for 30 s, and where another phase was too slow, or the fault was one of ours, it would. */
function secondsUntilGivenUp({ error, timings, simulated }: AttemptDocument): number {
  const seconds = Math.round((timings['total'] ?? 0) / 1000);
  return seconds >= 1 && simulated !== true && /^dial tcp .*: i\/o timeout$/.test(error ?? '') ? seconds : 30;
}

function expected({ predictions, reported, containerd }: ResolveDocument, say: Say): readonly string[] {
  const others = Object.entries(predictions ?? {}).flatMap(([line, prediction]) =>
    'needs' in prediction ? [] : [`containerd ${line}: ${prediction.ok ? say('pulls-it') : (prediction.reported ?? '')}`],
  );
  return [`## ${say('expect')}`, block('text', [`containerd ${containerd}: ${reported ?? ''}`, ...others].join('\n'))];
}

/** A fence that the text cannot end. */
function block(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A person copies it from one line: what would end the line, or hide in it, is made visible. */
function shellWord(word: string): string {
  return quote(printableText(word));
}

function hostOfUrl(url: string): string {
  const parsed = parseUrl(url);
  return parsed.ok ? hostname(parsed.url.host) : '';
}

function portOfUrl(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed.ok) return '443';
  const port = portOf(parsed.url.host);
  return /^\d+$/.test(port) ? port : parsed.url.scheme === 'http' ? '80' : '443';
}
