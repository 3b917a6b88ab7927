/** Whole files to begin with, offered where a hosts.toml says nothing yet. */
import type { HostsContext } from '../rules/rule';
import { catalogOf, message } from '../text/message';
import type { Completion } from './completionItem';
import { hostNamespace, upstreamUrl } from './hostNamespace';
import { escapeSnippet } from './snippets';

export const newHostsFileTexts = catalogOf('new-hosts-file', {
  mirror: 'A mirror that is asked first; the registry itself is asked when the mirror has no answer.',
  'private-ca': 'A mirror whose certificate comes from a CA of your own. `ca` is a file on the node, here beside hosts.toml.',
  harbor: 'A proxy cache project of Harbor. With `override_path`, the path is used as it is written: `/v2/` and the project.',
  artifactory: 'A remote repository of Artifactory. With `override_path`, the path is used as it is written, up to its `/v2`.',
  ecr: 'A pull through cache of Amazon ECR. With `override_path`, the path is used as it is written: `/v2/` and the prefix of the rule.',
  'plain-http': 'A mirror that speaks HTTP without TLS.',
  offline: 'Only the mirror is asked: it takes the place of the registry itself.',
});

interface Template {
  readonly id: string;
  readonly label: string;
  /** A snippet; `server` is the line for the registry itself, empty where the folder is for more than one. */
  readonly text: (server: string) => string;
}

const mirrorOf =
  (url: string, ...lines: readonly string[]) =>
  (server: string) =>
    `${server}[host."${url}"]\n  capabilities = ["pull", "resolve"]\n${lines.map((line) => `  ${line}\n`).join('')}`;

const templates: readonly Template[] = [
  { id: 'mirror', label: 'Mirror', text: mirrorOf('https://${1:mirror.example.com}') },
  { id: 'private-ca', label: 'Mirror with a private CA', text: mirrorOf('https://${1:mirror.example.com}', 'ca = "${2:ca.crt}"') },
  {
    id: 'harbor',
    label: 'Harbor proxy cache',
    text: mirrorOf('https://${1:harbor.example.com}/v2/${2:proxy-project}', 'override_path = true'),
  },
  {
    id: 'artifactory',
    label: 'Artifactory remote repository',
    text: mirrorOf('https://${1:artifactory.example.com}/artifactory/api/docker/${2:docker-remote}/v2', 'override_path = true'),
  },
  {
    id: 'ecr',
    label: 'ECR pull through cache',
    text: mirrorOf('https://${1:123456789012}.dkr.ecr.${2:eu-central-1}.amazonaws.com/v2/${3:docker-hub}', 'override_path = true'),
  },
  { id: 'plain-http', label: 'Mirror over plain HTTP', text: mirrorOf('http://${1:10.0.0.5:5000}') },
  // The empty table is for releases up to 1.7.31, which take no file without one.
  {
    id: 'offline',
    label: 'Mirror only, without the registry itself',
    text: () => 'server = "https://${1:mirror.example.com}"\n\n[host]\n',
  },
];

/** Empty when the file says something already. */
export function newHostsFile(context: HostsContext): readonly Completion[] {
  const { headers, assignments } = context.parsed.document;
  if (headers.length > 0 || assignments.length > 0) return [];
  const server = serverLine(context);
  return templates.map(({ id, label, text }) => ({
    label,
    kind: 'file',
    text: text(server),
    isSnippet: true,
    doc: [message(`new-hosts-file/${id}`)],
  }));
}

function serverLine(context: HostsContext): string {
  const namespace = hostNamespace(context);
  const upstream = namespace === undefined ? undefined : upstreamUrl(namespace, context);
  return upstream === undefined ? '' : `server = "${escapeSnippet(upstream.replace(/\/v2$/, ''))}"\n\n`;
}
