/** In which order a person reads what is wrong with a node. */
import type { CheckDocument, ReadyDocument } from '../../protocol/ready';
import type { FindingDocument } from '../../protocol/said';

/** From the ground up; what is not named stands on all of these, in the order in which it is asked. A warning of a layer may be `why` others fail. */
const layers: readonly { readonly ids: readonly string[]; readonly why: readonly string[] }[] = [
  { ids: ['node-access'], why: [] },
  {
    ids: ['interface-running', 'interface-address', 'interface-mtu', 'default-route', 'gateway-neighbour', 'resolver'],
    why: [
      ...['dns/fail', 'dns/no-answer', 'dns/proxy-fail', 'dns/proxy-no-answer', 'tcp/fail', 'tcp/proxy-fail', 'tls/fail'],
      ...['registry-over-interface/unanswered', 'registry-over-interface/proxy-unanswered'],
    ],
  },
  {
    ids: ['disk-space', 'disk-inodes', 'disk-writable'],
    why: ['containerd-running/stopped', 'containerd-answers/silent', 'cri-plugin/failed'],
  },
  { ids: ['clock', 'clock-registry'], why: ['tls/expired'] },
  { ids: ['containerd-config'], why: ['containerd-running/stopped', 'cri-plugin/failed'] },
];

/** Checks with what to do about each, in the order of `problemsInOrder`, and all other checks as they were asked. */
export function problemsFirst({ checks, findings }: Pick<ReadyDocument, 'checks' | 'findings'>): {
  readonly problems: readonly { readonly check: CheckDocument; readonly finding: FindingDocument }[];
  readonly others: readonly CheckDocument[];
} {
  const problems = problemsInOrder(checks).flatMap((check) => {
    const finding = findings.find((one) => isAbout(one, check));
    return finding ? [{ check, finding }] : [];
  });
  return { problems, others: checks.filter((check) => !problems.some((one) => one.check === check)) };
}

function isAbout({ id, messageId, args }: FindingDocument, check: CheckDocument): boolean {
  return id === check.id && messageId === `readiness/${check.messageId}` && JSON.stringify(args) === JSON.stringify(check.args);
}

/** What fails or warns, the cause before what comes of it: failures and the warnings that may be why, then all other warnings. */
export function problemsInOrder(checks: readonly CheckDocument[]): readonly CheckDocument[] {
  const failed = checks.filter(({ status }) => status === 'fail').map(({ messageId }) => messageId);
  const rank = ({ id, status }: CheckDocument): number => {
    const found = layers.findIndex(({ ids }) => ids.includes(id));
    const layer = found < 0 ? layers.length : found;
    const isFirst = status === 'fail' || layers[layer]?.why.some((one) => failed.includes(one)) === true;
    return isFirst ? layer : layer + layers.length + 1;
  };
  return checks.filter(({ status }) => status === 'fail' || status === 'warn').sort((a, b) => rank(a) - rank(b));
}
