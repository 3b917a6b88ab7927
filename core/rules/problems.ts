import type { ConfigProblem } from '../config/configFile';
import { message, type MessageArgs } from '../text/message';
import type { TextEdit } from '../text/ranges';
import { withCodes } from './byCode';
import type { ConfigContext, FileOutcome, Finding, Fix, Severity } from './rule';

/** What loadConfig found in this very file, by code. */
export function problemsHere(context: ConfigContext, ...codes: readonly string[]): readonly ConfigProblem[] {
  return withCodes(context.file.problems, codes).filter(({ path }) => path === context.path);
}

export interface Said {
  readonly key: string;
  readonly severity?: Severity;
  readonly args?: MessageArgs;
  readonly fix?: Fix;
}

/** A problem as a finding: what keeps containerd or CRI from running is an error, what is ignored at least a warning. */
export function findingOf(problem: ConfigProblem, said: Said): Finding {
  const outcome = outcomes[problem.effect];
  return {
    range: problem.range,
    severity: said.severity ?? severities[problem.effect],
    key: said.key,
    args: { ...problem.args, text: problem.text ?? '', ...said.args },
    ...(outcome && { outcome }),
    ...(said.fix && { fix: said.fix }),
  };
}

export function fix(rule: string, edits: readonly TextEdit[], safe: boolean, args: MessageArgs = {}, key = 'fix'): Fix {
  return { title: message(`${rule}/${key}`, args), edits, safe };
}

const outcomes: Readonly<Record<ConfigProblem['effect'], FileOutcome | undefined>> = {
  exit: 'fatal',
  cri: 'fatal',
  ignored: 'partly-ignored',
  none: undefined,
};
const severities: Readonly<Record<ConfigProblem['effect'], Severity>> = {
  exit: 'error',
  cri: 'error',
  ignored: 'warning',
  none: 'warning',
};
