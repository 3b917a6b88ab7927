import { trimmedEnd } from './captures';
import type { ErrorChain } from './chain';
import { imageName, wordsOfFailedPulls } from './failedPull';
import { foreign, frame, ofLog, weakFrame } from './frames';
import { proseWords } from './report';

/** Whether words at an offset may be taken as a statement about an image pull. */
export interface PullContext {
  /** For words that any program says. */
  pull(offset: number, end: number): boolean;
  /** For words that only a pull or containerd's configuration says: they must still stand in a message, not in prose or source text. */
  anywhere(offset: number, end: number): boolean;
  /** For words of everyday use, found in `words()`. */
  failedPull(offset: number, end: number): boolean;
  /** The text without all that does not report a failed pull, and without names; offsets are kept. */
  words(): string;
}

export function pullContext(chain: ErrorChain): PullContext {
  const { text } = chain;
  const framedAt = framing(text);
  const aCase = caseData.test(text) || isChain(text);
  const reported = chain.reports.length > 0;
  const bare = (offset: number, end: number): boolean =>
    isBare(chain, offset) &&
    !isOfOtherOperation(text, offset) &&
    (aCase || end - offset >= LONG_WORDING || (!reported && isShortTail(text, end)));
  const pushed = text.indexOf('The push refers to repository');
  const aside = mirrorsAside(text);
  const stands = (inside: boolean, offset: number, end: number): boolean =>
    (((aCase || reported) && inside) || bare(offset, end)) &&
    !(pushed >= 0 && offset > pushed) &&
    !(offset > aside.start && offset < aside.end) &&
    !isQuoted(chain, offset, end);
  return {
    pull: (offset, end) => stands(framedAt(offset), offset, end),
    anywhere: (offset, end) => stands(framedAt(offset) || inMessage(text, offset), offset, end),
    failedPull: (offset, end) => !isQuoted(chain, offset, end),
    words: () => wordsOfFailedPulls(text, aCase || reported),
  };
}

/** What CRI-O says of the mirrors before it comes to what failed at last (containers/image docker_image_src.go, newImageSource). */
function mirrorsAside(text: string): { readonly start: number; readonly end: number } {
  const start = text.indexOf('(Mirrors also failed: [');
  return { start, end: start < 0 ? start : text.indexOf(']): ', start) };
}

/** Whether the words at an offset stand in the frame of a pull: in a line of a log its own, elsewhere one of the whole text. */
function framing(text: string): (offset: number) => boolean {
  const isFramed = (part: string): boolean => frame.test(part) || (weakFrame.test(part) && !foreign.test(part));
  const whole = isFramed(text);
  const lines = new Map<number, boolean>();
  return (offset) => {
    const { line, start } = lineAround(text, offset, offset);
    if (line.length === text.length || !ofLog.test(line)) return whole;
    const known = lines.get(start) ?? isFramed(line);
    lines.set(start, known);
    return known;
  };
}

/** From the line of the first offset to that of the second. */
function lineAround(text: string, offset: number, end: number): { readonly line: string; readonly start: number } {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const to = text.indexOf('\n', end);
  return { line: text.slice(start, to < 0 ? undefined : to), start };
}

/** What a message about one case has and a sentence about such messages has not: an address, reference, path, code, key or tool. */
const caseData =
  /rpc error|\(0x[0-9a-f]{1,8}\)|code = |https?:\/\/|\d\.\d{1,3}\.\d|sha256:|(?:^|[\s"'`=(])\/[\w.-]+\/|[A-Z]:\\|\w\[\d+\]: |\w:\d{2,5}\b|\/[\w.-]+[:@]\w|(?:level|error|err|msg|key|host)=|(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\[|[EWIF]\d{4} \d\d:|\{"|\bunix:\/\/|[Ee]rror response|"[\w.-]+[/:][\w./:@-]+"|(?:^|\n)(?:ctr|nerdctl|crictl|docker|containerd|kubelet|Error|error|ERROR|Failed to pull image|Unable to pull)\b[^.\n]{0,60}: |#\d+ ERROR|: Pulling from \w|\barn:aws|✘ (?:Image )?\S{1,200} +Error\b|\bErrImagePull(?::| \(| - )|\bTaskRun "|CannotPull\w{0,40}Error: |\([45]\d\d\)|\b[0-9a-f]{12}: [A-Z]|\bfor architecture "?\w|\b[45]\d\d \([A-Z]|(?:^|: |[—–|] |\n)(?:denied|unauthorized|toomanyrequests|(?:name|manifest|blob|digest) (?:unknown|invalid)): ['"\w]/;

/** Words that long are nobody's turn of phrase but a program's. */
const LONG_WORDING = 40;

/** Whether clauses are joined as Go joins them, without being sentences. */
function isChain(text: string): boolean {
  return text.split(': ').length >= 3 && proseWords(text) < 2;
}

/** Whether after the words comes the end of the message, or only a few words or another clause. */
function isShortTail(text: string, end: number): boolean {
  const to = text.indexOf('\n', end);
  const tail = text.slice(end, Math.min(to < 0 ? text.length : to, end + 200)).trim();
  return /^[:;,]/.test(tail) || tail.split(' ').length <= 4;
}

/** Whether nothing but other parts of an error stands before the offset: a clause that was copied without its frame. */
function isBare(chain: ErrorChain, offset: number): boolean {
  const line = chain.text.lastIndexOf('\n', offset - 1) + 1;
  const start = Math.max(line, ...[...chain.reports, ...chain.messageStarts].filter((one) => one <= offset));
  const before = trimmedEnd(chain.text.slice(start, offset), ' "\'`([');
  if (before === '') return true;
  if (before.length >= 400 || !/[:=,—–|]$/.test(before) || foreign.test(chain.text)) return false;
  return before
    .slice(0, -1)
    .split(': ')
    .every((piece) => knownClause.test(piece.trim()));
}

/**
 * Whether the record says itself what it failed at, and that is nothing about images: klog's `"StopContainer … failed" err="…"`, logfmt's
 * `msg="…" error="…"`. A clause without its frame may be a pull's only where nothing else claims it.
 */
function isOfOtherOperation(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const field = Math.max(line.lastIndexOf('" err='), line.lastIndexOf('" error='));
  const start = Math.max(line.lastIndexOf('] "', field), line.lastIndexOf('msg="', field));
  if (field < 0 || start < 0) return false;
  const operation = line.slice(start, field);
  return operation.includes(' ') && !frame.test(operation) && !weakFrame.test(operation);
}

const knownClause =
  /^(?:[\w ]{0,40}\b(?:[Ff]ail(?:ed|ure)?|[Ee]rror|[Uu]nable|[Cc]annot|could not)(?:$| (?:to )?(?:(?:be )?pull|do|resol|fetch|copy|authori|extract|unpack|regist|commit|prepare|read|open|get|verif|create|mount|apply|import|load|solve|comput|pars|decod|convert|Lchown|process|inspect|retriev|initiali|ping|reach|stat |list|find|handle|writ|stor|response|from daemon|tak|start pull|on ref|ensure|build|deploy|start|while|happen|during|in|image|layer|manifest))|dial (?:tcp|udp|unix)|lookup |(?:read|write)(?: (?:tcp|udp)|$)|connect$|connectex$|wsarecv$|getaddrinfow$|proxyconnect|(?:Get|Head|Post|GET|HEAD) "?https?:|tls|x509|net\/http|http|remote error|rpc error|[Ee]rrors?$|apply layer|mount callback|unexpected |server message|authorization failed|denied|unauthorized|unknown|manifest|layer|image|pull|errors?:|ctr|download failed|"?(?:layer|config|manifest|index)-sha256|(?=\S*[/.:])[\w./:@-]{3,200}$|(?=\S*\/)[\w./:@-]{3,200}"$|invalid |write |mkdir |open |archive\/tar|dev(?:ice)?mapper$)/;

/** After a colon, quote, bracket or `=`, at the start of a line, or anywhere behind a word that reports a failure. */
function inMessage(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, text.lastIndexOf('\n', offset - 1) + 1, offset - 400), offset);
  return (
    before === '' ||
    /["'`=([{]$|[:;,=>\]] $/.test(before) ||
    /\b(?:fail|error|err=|rpc|cannot|unable|denied|warn|level=|FATA|ERRO|[EWF]\d{4} )/i.test(before)
  );
}

/** Whether source text or prose only mentions the words. */
function isQuoted({ text, reports }: ErrorChain, offset: number, end: number): boolean {
  const { line: whole, start: from } = lineAround(text, offset, end);
  if (code.test(whole) || supposed.test(whole) || isExplained(whole) || otherOperation.test(whole) || isChallenge(whole)) return true;
  const reported = reports.find((start) => start >= from && start <= offset);
  const before = text.slice(reported ?? from, offset);
  if (strongFrame.test(before) || strongFrame.test(text.slice(offset, end))) return false;
  if (endsInTemplate(whole)) return true;
  const after = text.slice(end, end + 80);
  if (proseWords(before) >= 2 || (proseAfter.test(after) && !(reported !== undefined && occasion.test(after)))) return true;
  return reported === undefined && before !== '' && /[.?!]$/.test(whole) && proseWords(whole) >= 4 && !strongFrame.test(whole);
}

/** A sentence on what to do about a message, should it come. */
const supposed = /^(?:[-*>] |\d{1,2}[.)] )?(?:If|When(?:ever)?) (?:you|your|the|it|this|an?)\b[^"'`]{1,100}["'`]/;

/** Frames with the data of one case, and tools' prefixes: nobody writes these into prose without quoting a real error. */
const strongFrame =
  /rpc error: code = |pull and unpack image "|failed to resolve reference "|failed to do request: |ailed to pull image "[^"]+": |PullImage "|(?:level|lvl)=\w+ |httpReadSeeker: |(?:FATA|ERRO|WARN|INFO|DEBU)\[|Error response from daemon: |trying next host|image pull failed for |pull after error: |CannotPull\w{0,40}Error: |The pod errored with the message: |pinging container registry |initializing source docker:|\b(?:connectex|wsarecv|wsasend|getaddrinfow): |\b(?:Get|Head|GET|HEAD) (?:"https?:\/\/|https?:\S+ )|(?:^|: )(?:denied|unauthorized|toomanyrequests|(?:name|manifest|blob|digest) (?:unknown|invalid)): |^(?:ctr|nerdctl|crictl|docker|containerd|Error|ERROR): /;

/** A row of a table of errors, as documentation has them (a table of what happened names the image of each row), or of release notes. */
function isExplained(line: string): boolean {
  return (/^ ?\| /.test(line) && !imageName.test(line)) || /\[#\d{1,7}\]\(https?:|\bhttps:\/\/github\.com\/\S{1,200}\/pull\/\d/.test(line);
}

/** Source text, test code, shell, stack frames, and what a registry logs of its requests or a client of the usual first challenge. */
const code =
  /%[wqvs]\b(?!\()|\b(?:fmt|errors|log|assert|strings|console|logger)\.[A-Za-z]+\(|if err != nil|\bfunc [\w(]|=> ?\{|\bgoroutine \d|\b\w+ := |^"[^"]{0,200}", \w+: |^(?:\w+: |\{)?"[^"]{0,500}"(?:, \w{1,40})?(?:,|[)}]{1,3}[,;]?)$|^[a-z_]\w*\("|^"\w+": \("|\b(?:regexp\.MustCompile|new RegExp|re\.compile)\(|^ ?(?:at [\w$.<>]+\(|File "|import |from \w+ import|const |let |var |return |throw |raise |def |class |public |private |if \(|if \[|elif |case |(?:#+|\/\/) (?!(?:Error|ERROR|FATAL|ctr|nerdctl|crictl|docker|containerd): |(?:time|level|ts)=|\w{4}\[\d|Failed to pull|[A-Z][a-z]{2} {1,2}\d)|- name:|echo |grep |sed |awk )|Traceback \(most|Exception in thread|\w(?:Exception|Error)\((?!ErrorResponse \{)|;$|'[,;]$|'\],?$|`[,;]$|' \+$|\| ?grep\b|\bgrep -|(?<! request: )"(?:GET|HEAD) \S* HTTP\/|\bPing https?:\S+ status 401|\bhttp\.request\.(?:host|id|method|uri)=/;

/**
 * What failed here is no pull, whatever words it failed with: a push, a probe, kubectl, the name server of a cluster, another request to
 * the image service or to dockerd, Go's httputil.ReverseProxy, a database, a shim.
 */
const otherOperation =
  /\bpush access denied\b|\bdenied to push\b|\bwrite_package\b|\b[Ff]ailed to push\b|\bgetting image list\b|\bRequest for unknown blob\b|\[DEBUG\] \[|\berror writing layer blob\b|\bUpload failed: |\bfor push after error: |\/blobs\/uploads\/|\bRemoveImage\b|\bListImages\b|\bImageFsInfo\b|[Ff]ailed to remove image|\bHandler for (?!POST \S{0,80}\/(?:images\/create|build)\b)[A-Z]{3,6} \/|\bhttp: proxy error: |\bskipping pod synchronization\b|\b(?:dial tcp|ECONNREFUSED|ETIMEDOUT) \S{1,100}:(?:22|2379|3306|5432|6379|9092|27017)(?!\d)|\bunix \/run\/containerd\/s\/|\b[Pp]robe (?:failed|errored)\b|Unable to connect to the server: |The connection to the server \S+ was refused|\bplugin\/errors: \d/;

/** The first answer of every registry that wants a token, as containerd's debug log has it: it belongs to pulls that succeed, too. */
function isChallenge(line: string): boolean {
  const challenge = /\bBearer realm=/.test(line);
  return /\bfetch response received\b/.test(line)
    ? challenge || /\bstatus="?401\b/.test(line)
    : challenge && /\bUnauthorized"? +header=/.test(line);
}

/** A string of source text that began on another line; containerd puts words into backticks itself (`got `4``). */
function endsInTemplate(line: string): boolean {
  return line.endsWith('`') && line.split('`').length % 2 === 0;
}

/** What somebody was at when a message came. */
const occasion =
  /^["'`]? (?:when|while) (?:I|we|trying|attempting|pulling|running|doing|using|building|deploying|(?:(?:the|our|my) )?(?:pods?|nodes?|containerd|kubelet) (?:try|tries|pulls?|starts?))\b/;

const proseAfter =
  /^["'`]\. [A-Z]|^["'`)]{0,2} ?(?:→|[-=]>) |^["'`)]?,? (?:and ["'`]|(?:means?|meant|is (?:a|the|shown|returned|caused|not)|occurs?|happens|indicates|usually|when|because|errors?|messages?|if|in (?:the|your|our)|appears?|from (?:the|your)|you|we|and (?:the|you|then)) )/;
