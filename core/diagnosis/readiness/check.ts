import type { CheckDocument, CheckStatus } from '../../protocol/ready';
import { render, type Catalog, type MessageArgs } from '../../text/message';
import { reasonMessages } from './reasons';

/** One way in which a check can end. `when` is the rule, for docs/readiness.md. */
export interface CheckOutcome {
  readonly status: CheckStatus;
  readonly text: string;
  readonly when?: string;
}

/** An outcome that a person has to do something about: what it means, the one next step, the page behind it. */
export interface AdvisedOutcome extends CheckOutcome {
  readonly status: 'fail' | 'warn';
  readonly when: string;
  readonly means: string;
  readonly next: string;
  readonly docs: string;
}

export type AnyOutcome = AdvisedOutcome | (CheckOutcome & { readonly status: 'pass' | 'skip' });

export interface CheckKind {
  readonly id: string;
  /** What is asked, and where the answer comes from: for docs/readiness.md. */
  readonly asks: string;
  readonly source: string;
  readonly outcomes: Readonly<Record<string, AnyOutcome>>;
}

/** `docs` in place of the outcome's own page, where what was observed names a better one. */
export function checkOf<K extends CheckKind>(
  kind: K,
  subject: string,
  key: keyof K['outcomes'] & string,
  args: MessageArgs = {},
  evidence = '',
  docs?: string,
): CheckDocument {
  const outcome: AnyOutcome | undefined = kind.outcomes[key];
  const shown = cleanArgs(args);
  const page = outcome && 'docs' in outcome ? (docs ?? outcome.docs) : undefined;
  return {
    id: kind.id,
    subject: clean(subject),
    status: outcome?.status ?? 'skip',
    message: render({ id: 'text', args: shown }, { text: outcome?.text ?? key }, reasonMessages),
    messageId: `${kind.id}/${key}`,
    args: shown,
    evidence: clean(evidence),
    ...(page !== undefined && { docs: page }),
  };
}

/** Texts by message id, and under `readiness/<message id>` what to do about it. */
export function textsOf(kinds: readonly CheckKind[]): Catalog {
  return Object.fromEntries(
    kinds.flatMap(({ id, outcomes }) =>
      Object.entries(outcomes).flatMap(([key, outcome]): [string, string][] => [
        [`${id}/${key}`, outcome.text],
        ...('next' in outcome ? [[`readiness/${id}/${key}`, `${outcome.means} ${outcome.next}`] as [string, string]] : []),
      ]),
    ),
  );
}

function cleanArgs(args: MessageArgs): MessageArgs {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typeof value === 'string' ? safe(value) : value]));
}

/** What a node says ends up on terminals: no escape sequence, no line break, no end. */
function safe(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/\p{C}+/gu, ' ')
    .slice(0, 600);
}

function clean(text: string): string {
  return safe(text).trim();
}
