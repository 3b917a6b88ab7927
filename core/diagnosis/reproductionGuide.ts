/** A page that leads a person through making a hidden failure happen again: with iptables and a real client, and without either. */
import { parseUrl, portOf, hostname } from '../go/url';
import { quote } from '../probes/quote';
import type { AttemptDocument, ResolveDocument } from '../protocol';

/** Markdown, English; undefined where the reported error hides nothing. */
export function reproductionGuide(document: ResolveDocument): string | undefined {
  const { masked, rootCause, reference, containerd, via, reported } = document;
  const attempt = rootCause && document.attempts[rootCause.attempt];
  if (!masked || !attempt) return undefined;
  return `${[
    `# Reproduce the hidden error of ${reference}`,
    `containerd ${containerd} (${via}) reports:`,
    block('text', reported ?? ''),
    `What went wrong before that, and is not in it: ${rootCause.message} (\`${rootCause.class}\`)`,
    block('text', `${attempt.method} ${attempt.url}: ${attempt.error ?? String(attempt.status ?? '')}`),
    `Releases \`${masked.versions}\` hide it.`,
    ...withoutRoot(document, attempt),
    ...(rootCause.class === 'net.timeout' ? withIptables(document, attempt) : [noIptables]),
    ...expected(document),
  ].join('\n\n')}\n`;
}

const noIptables =
  '## On the node\n\nThis failure passes at once: there is no moment between two requests in which a person could switch a firewall rule. Use the replay above.';

function withoutRoot({ reference, containerd, via }: ResolveDocument, { method, url }: AttemptDocument): readonly string[] {
  const path = /^https?:\/\/[^/]*(\/[^?]*)/.exec(url)?.[1] ?? '';
  const fault = `${method} *${path}*=timeout`;
  return [
    '## Without root, without waiting',
    'The fault is put before the real answers; the node and its firewall stay as they are.',
    block('sh', `containerd-runbooks resolve ${quote(reference)} --containerd ${containerd} --via ${via} --fault ${quote(fault)}`),
  ];
}

function withIptables({ reference }: ResolveDocument, attempt: AttemptDocument): readonly string[] {
  // Below that it was a fault of our own, or a host that was only slow: containerd dials for 30 s.
  const seconds = Math.round((attempt.timings['total'] ?? 0) / 1000);
  const givesUp = seconds < 5 ? 30 : seconds;
  const each = (action: string): string =>
    `for address in $addresses; do\n  case $address in *:*) tables=ip6tables ;; *) tables=iptables ;; esac\n  $tables ${action} OUTPUT -d "$address" -p tcp --dport ${portOfUrl(attempt.url)} -j DROP\ndone`;
  return [
    '## On the node, with a real client',
    'As root, in one shell, on a node that runs nothing important: for half a minute it cannot reach that registry.',
    '1. Look up the addresses once, while the registry can be reached, so that the same rules are taken away again.',
    block('sh', `addresses=$(getent ahosts ${quote(hostOfUrl(attempt.url))} | awk '{ print $1 }' | sort -u); echo "$addresses"`),
    '2. Drop what goes to it.',
    block('sh', each('-I')),
    '3. Pull with one of these. Nothing has to be wiped first: each of them resolves anew.',
    block('sh', pulls(reference)),
    `4. The first request gives up after ${givesUp} s. Let the second one through, and wait for the end.`,
    block('sh', `sleep ${givesUp + 2}\n${each('-D')}\nwait`),
    '5. See that none of these rules is left: this prints nothing.',
    block('sh', '{ iptables -S OUTPUT; ip6tables -S OUTPUT; } | grep -F "$addresses"'),
  ];
}

function pulls(reference: string): string {
  const name = quote(reference);
  return [
    `ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d ${name} &   # a private registry: --user NAME asks for the password, so run it in a second shell`,
    `crictl pull ${name} &`,
    `nerdctl --debug-full pull ${name} &   # a private registry: nerdctl login first`,
  ].join('\n');
}

function expected({ predictions, reported, containerd }: ResolveDocument): readonly string[] {
  const others = Object.entries(predictions ?? {}).flatMap(([line, prediction]) =>
    'needs' in prediction ? [] : [`containerd ${line}: ${prediction.ok ? 'pulls it' : (prediction.reported ?? '')}`],
  );
  return ['## What you should see', block('text', [`containerd ${containerd}: ${reported ?? ''}`, ...others].join('\n'))];
}

/** A fence that the text cannot end. */
function block(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function hostOfUrl(url: string): string {
  const parsed = parseUrl(url);
  return parsed.ok ? hostname(parsed.url.host) : '';
}

function portOfUrl(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed.ok) return '443';
  return portOf(parsed.url.host) || (parsed.url.scheme === 'http' ? '80' : '443');
}
