import { errorClasses } from '../core/errors';
import { classify } from '../core/errors/classify';
import { confirmationsOf, type Confirmation } from '../core/errors/confirmation';
import type { Case, ErrorClass, Step } from '../core/errors/errorClass';
import { usualConfigs, usualRoots, usualSockets } from '../core/probes/containerdPlace';
import { render } from '../core/text/message';
import { parseVersion } from '../core/versions/versions';

/** docs/errors: the page of each error class, and the overview of all. */
export function errorPages(): ReadonlyMap<string, string> {
  const pages = new Map(errorClasses.map((one) => [`docs/errors/${one.id}.md`, errorPage(one)]));
  return pages.set('docs/errors/README.md', overview());
}

function errorPage({ id, title, examples, causes, cases = [], retriable, doc }: ErrorClass): string {
  const parts = [
    `# ${id}`,
    `${title}.`,
    '## Meaning',
    doc.meaning,
    ...(examples.length === 0 ? [] : ['It reads like this:', ...examples.map((example) => exampleBlock(example.text, example.containerd))]),
    '## Impact',
    doc.impact,
    retriable ? 'A retry may help without any change.' : 'A retry without a change does not help.',
    '## Diagnosis',
    confirmation(id),
    ['| Likely cause | What tells |', '|---|---|', ...causes.map(({ what, tell }) => `| ${cell(what)} | ${cell(tell)} |`)].join('\n'),
    ...caseSection(cases),
    doc.diagnosis.map(step).join('\n\n'),
    ...(doc.diagnosis.some(({ command = '' }) => command.includes('$TOKEN') && !command.includes('TOKEN='))
      ? ['Where `$TOKEN` comes from: [a token for curl](README.md#a-token-for-curl).']
      : []),
    '## Mitigation',
    doc.mitigation.map((one) => `- ${one}`).join('\n'),
    `Restart needed: ${doc.restart}`,
    ...(namesPlaces(doc)
      ? ['[On k3s, RKE2 and MicroK8s](README.md#on-k3s-rke2-and-microk8s) files, commands and services have other names.']
      : []),
    ...(doc.rules.length === 0 ? [] : ['## Rules that find it', doc.rules.map((rule) => `- [${rule}](../rules/${rule}.md)`).join('\n')]),
    '## Classes that read alike',
    doc.related.map((other) => `- [${other.id}](${other.id}.md): ${other.apart}.`).join('\n'),
    '## Sources',
    doc.sources.map((source) => `- ${source}`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A text, and what classify says of it today, so that the page cannot drift from the code. */
function exampleBlock(text: string, containerd: string | undefined): string {
  const { class: found, confidence } = classify(text, parseVersion(containerd ?? ''));
  const label = containerd === undefined ? '' : `containerd ${containerd}: `;
  return `${fence('text', text)}\n\n${label}\`${found?.id ?? 'no class'}\`, ${Math.round(100 * confidence)} % sure.`;
}

/** The first link of each line is the one that the editor makes a command of (src/report/editorLinks.ts). */
function confirmation(id: string): string {
  return [
    'One step to certainty:',
    confirmationsOf(id)
      .map((one) => `- ${confirmationTexts[one]}`)
      .join('\n'),
  ].join('\n\n');
}

/** What the words tell apart: what a text says, what that means, what to do. */
function caseSection(cases: readonly Case[]): readonly string[] {
  if (cases.length === 0) return [];
  const rows = cases.map((one) => {
    const said = sayingOf(one);
    return `| ${code(one.says)} | ${cell(said(one.cause))} | ${cell(said(one.nextStep))} |`;
  });
  return [['| Where the text says | The cause is | Next step |', '|---|---|---|', ...rows].join('\n')];
}

/** With the example's own values; what another text would name stands in capitals. */
function sayingOf({ pattern, says }: Case): (text: string) => string {
  const own = pattern.exec(says)?.groups ?? {};
  const args = { host: 'HOST', reference: 'IMAGE', namespace: 'HOST', seconds: Number(/\[(\d+)\]/.exec(says)?.[1] ?? 0), ...own };
  return (text) => render({ id: 'case', args }, { case: text });
}

/** Whether a step names what such a distribution has elsewhere. */
function namesPlaces({ diagnosis, mitigation, restart }: ErrorClass['doc']): boolean {
  const text = [...diagnosis.flatMap(({ what, command = '' }) => [what, command]), ...mitigation, restart].join('\n');
  return /\/etc\/containerd|\/var\/lib\/containerd|config\.toml|crictl|\bctr |-u (?:containerd|kubelet)|containerd\.sock|Yes, (?:containerd|kubelet)/.test(
    text,
  );
}

const confirmationTexts: Readonly<Record<Confirmation, string>> = {
  replay: '[Replay the pull](../../README.md#on-the-command-line), request by request: `containerd-runbooks resolve IMAGE --node NODE`',
  diagnosis:
    '[Diagnose the node](README.md#diagnose-the-node), its configuration as containerd reads it: `containerd-runbooks diagnose --node NODE`',
  journal:
    '[Explain the node’s journal](README.md#explain-the-nodes-journal), every failed pull of the last day with its cause: `containerd-runbooks explain --node NODE --since 1d`',
  readiness: '[Check the node’s readiness](../readiness.md): `containerd-runbooks ready --node NODE --registry HOST`',
};

function step({ what, command }: Step, index: number): string {
  const number = `${index + 1}. ${what}`;
  if (command === undefined) return number;
  const indented = fence('sh', command)
    .split('\n')
    .map((one) => `   ${one}`)
    .join('\n');
  return `${number}\n\n${indented}`;
}

function overview(): string {
  const rows = errorClasses.map(({ id, title, retriable }) => `| [${id}](${id}.md) | ${title} | ${retriable ? 'yes' : 'no'} |`);
  return [
    '# Error classes',
    `The ${errorClasses.length} kinds of pull failure that \`containerd-runbooks explain\` tells apart, each with its runbook.`,
    ['| Class | | A retry may help |', '|---|---|---|', ...rows].join('\n'),
    '## Diagnose the node',
    '`containerd-runbooks diagnose --node NODE` looks at the node’s state, reads config.toml, its imports and certs.d as this containerd reads them, reads the journal, replays what failed last, and gives one verdict. `containerd-runbooks config lint --node NODE` does the second alone.',
    '## Explain the node’s journal',
    '`containerd-runbooks explain --node NODE --since 1d` reads what the node wrote about pulls, with sudo where that needs no password: which failed, why, how often, from when to when, and how long each registry took. `--node` may repeat; `--follow` goes on with what comes.',
    '## A token for curl',
    'Most registries want a token even for public images. The registry names where it is had; `-u USER` asks for that of an account.',
    fence(
      'sh',
      [
        'curl -sS -D - -o /dev/null https://HOST/v2/ | grep -i www-authenticate   # Bearer realm="REALM",service="SERVICE"',
        'TOKEN=$(curl -sS "REALM?service=SERVICE&scope=repository:REPOSITORY:pull" | jq -r ".token // .access_token")',
      ].join('\n'),
    ),
    'Docker Hub: HOST is `registry-1.docker.io`, REALM `https://auth.docker.io/token`, SERVICE `registry.docker.io`, and REPOSITORY of an official image `library/NAME`.',
    '## On k3s, RKE2 and MicroK8s',
    places(),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

/** The names that the pages use, and those of the distributions; the programs of this project find them by themselves. */
function places(): string {
  const rows = [
    ['', 'k3s', 'RKE2', 'MicroK8s'],
    ['---', '---', '---', '---'],
    ['config.toml (generated: edit what is named below it)', ...[0, 1, 2].map((index) => code(usualConfigs[index] ?? ''))],
    [
      'to change config.toml',
      '`config.toml.tmpl` beside it (`config-v3.toml.tmpl` for containerd 2)',
      'the same',
      '`/var/snap/microk8s/current/args/containerd-template.toml`',
    ],
    [
      'certs.d',
      '`/var/lib/rancher/k3s/agent/etc/containerd/certs.d`, generated',
      '`/var/lib/rancher/rke2/agent/etc/containerd/certs.d`, generated',
      '`/var/snap/microk8s/current/args/certs.d`',
    ],
    [
      'to change certs.d',
      '`/etc/rancher/k3s/registries.yaml`, then a restart',
      '`/etc/rancher/rke2/registries.yaml`, then a restart',
      'the files themselves',
    ],
    ['root, in place of /var/lib/containerd', ...[0, 1, 2].map((index) => code(usualRoots[index] ?? ''))],
    ['socket', code(usualSockets[1] ?? ''), code(usualSockets[1] ?? ''), code(usualSockets[3] ?? '')],
    [
      'crictl',
      '`k3s crictl`',
      '`CRI_CONFIG_FILE=/var/lib/rancher/rke2/agent/etc/crictl.yaml /var/lib/rancher/rke2/bin/crictl`',
      '`crictl --runtime-endpoint unix:///var/snap/microk8s/common/run/containerd.sock`',
    ],
    ['ctr', '`k3s ctr`', '`/var/lib/rancher/rke2/bin/ctr --address /run/k3s/containerd/containerd.sock`', '`microk8s ctr`'],
    [
      'containerd’s log',
      '`/var/lib/rancher/k3s/agent/containerd/containerd.log`',
      '`/var/lib/rancher/rke2/agent/containerd/containerd.log`',
      '`journalctl -u snap.microk8s.daemon-containerd`',
    ],
    [
      'kubelet’s log',
      '`journalctl -u k3s` or `-u k3s-agent`',
      '`/var/lib/rancher/rke2/agent/logs/kubelet.log`',
      '`journalctl -u snap.microk8s.daemon-kubelite`',
    ],
    [
      'proxy variables',
      '`/etc/systemd/system/k3s.service.env` (agent: `k3s-agent.service.env`)',
      '`/etc/default/rke2-server` or `rke2-agent`',
      '`/var/snap/microk8s/current/args/containerd-env`',
    ],
    [
      'restart',
      '`systemctl restart k3s` or `k3s-agent`',
      '`systemctl restart rke2-server` or `rke2-agent`',
      '`snap restart microk8s.daemon-containerd`',
    ],
  ];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** A code span that holds any text. */
function code(text: string): string {
  const fenceOf = text.includes('`') ? '``' : '`';
  return cell(`${fenceOf}${text}${fenceOf}`);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function fence(language: string, body: string): string {
  return `\`\`\`${language}\n${body}\n\`\`\``;
}
