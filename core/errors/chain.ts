import type { TextRange } from '../text/ranges';
import { capture, type Captures } from './captures';
import { splitClauses, type Clause } from './clauses';
import { listItem, normalize, type Wrapped } from './normalize';
import { reportedAt } from './report';

/** A pull error taken apart. Offsets are those of `text`; `sourceRange` leads back to what was given. */
export interface ErrorChain {
  /** Escapes undone, wrapped lines joined; still with its prefixes. */
  readonly text: string;
  /** Without envelope and tool prefixes, outermost first. */
  readonly clauses: readonly Clause[];
  readonly captures: Captures;
  /** Where the message begins in each line of `text`, after timestamps and tool names. */
  readonly messageStarts: readonly number[];
  /** Where a message begins that somebody's own words report. */
  readonly reports: readonly number[];
  sourceRange(start: number, end: number): TextRange;
}

/** `wrapped` as of `normalize`. */
export function parseChain(source: string, wrapped: Wrapped = 'asSeen'): ErrorChain {
  const { text, offsets } = normalize(source, wrapped);
  const messageStarts: number[] = [];
  const reports: number[] = [];
  const clauses: Clause[] = [];
  let lineStart = 0;
  for (const line of text.split('\n')) {
    const reported = reportedAt(line);
    const start = lineStart + reported + envelopeLength(line.slice(reported));
    if (reported > 0) reports.push(lineStart + reported);
    messageStarts.push(start);
    clauses.push(...splitClauses(text, start, lineStart + line.length));
    lineStart += line.length + 1;
  }
  const last = source.length;
  return {
    text,
    clauses,
    captures: capture(text),
    messageStarts,
    reports,
    sourceRange: (start, end) => ({
      start: offsets[start] ?? last,
      end: Math.max(offsets[start] ?? last, (offsets[end - 1] ?? last - 1) + 1),
    }),
  };
}

/** Whether one line of the text has words of each kind; a failure on another line is of something else. */
export function onOneLine({ text }: ErrorChain, ...kinds: readonly RegExp[]): boolean {
  return text.split('\n').some((line) => kinds.every((kind) => kind.test(line)));
}

/** What loggers and tools put before the message itself. Each is tried where the one before ended. */
const envelopes: readonly RegExp[] = [
  /> /y,
  listItem,
  /[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S+ \S+: ?/y,
  /\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S* (?:std(?:err|out) [FP] )?/y,
  /(?:containerd|dockerd|kubelet|crio|k3s|rke2)\[\d{1,7}\]: /y,
  /[IWEF]\d{4} \d\d:\d\d:\d\d(?:\.\d{1,9})? +\d{1,10} [\w.-]+:\d{1,6}\] /y,
  /(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)(?:\[[^\]]{0,40}\])? /y,
  /\[(?:ERROR|WARNING|preflight) ?\w{0,30}\]:? /y,
  /\[preflight\] Some fatal errors occurred: /y,
  /(?:Warning|Normal) +(?:Failed|BackOff|Pulling|InspectFailed|ErrImageNeverPull|FailedCreatePodSandBox)\w* +(?:\S+ (?:\(x\d+ over \S+\) )?)?(?:kubelet(?:, \S+)? )?/y,
  /(?:time|ts|t)="?[^"\s]*"? /y,
  /level="?\w{0,10}"? /y,
  /(?:msg|message|error|err|reason)=['"]?/y,
  /"[^"]*" (?=err=|error=)/y,
  /\{"(?:error|err|log|msg|message)":"/y,
  /\{?"(?:time|level|ts|caller|logger|stream)":"[^"]*",/y,
  /(?:"error"|"err"|"msg"|"message"|"log"):"/y,
  /(?:ctr|crictl|nerdctl|containerd|docker|podman|kubeadm|k3s|Error|error|ERROR|fatal|output|reason|message|E): /y,
  /rpc error: /y,
  /code = \w{1,30} desc = /y,
  /(?:ERROR|FATAL|WARN(?:ING)?) /y,
  /["'`[\s]/y,
];

/** How many characters of a line are envelope. At most a dozen layers: journal, logfmt, CRI, gRPC. */
function envelopeLength(line: string): number {
  let at = 0;
  for (let layer = 0; layer < 24; layer++) {
    const before = at;
    for (const envelope of envelopes) {
      envelope.lastIndex = at;
      at += envelope.exec(line)?.[0].length ?? 0;
    }
    if (at === before) break;
  }
  return at;
}
