import { foreign, frame, ofLog } from './frames';
import { proseWords } from './report';

/**
 * What is left of a text for words of everyday use (`timed out`, `denied`): the lines that report a failed pull, without the names and
 * addresses in them, for what stands in a reference, URL or path (`kube-proxy:v1.30`) is nobody's word for a failure. The rest is blank.
 *
 * @param aCase whether the text is of one case, not about such texts
 */
export function wordsOfFailedPulls(text: string, aCase: boolean): string {
  const lines = text.split('\n');
  const ofPulls = lines.map(isOfPull);
  const count = ofPulls.filter(Boolean).length;
  return lines
    .map((line, i) => {
      const own = ofPulls[i] === true;
      return reportsFailedPull(line, aCase, { own, around: count > (own ? 1 : 0) }) ? withoutNames(line) : ' '.repeat(line.length);
    })
    .join('\n');
}

/** Whether a line, or one of those around it, is of a pull: has the frame of one, is a command or says `Pulling from`. */
interface OfPull {
  readonly own: boolean;
  readonly around: boolean;
}

function reportsFailedPull(line: string, aCase: boolean, ofPull: OfPull): boolean {
  if (!failure.test(line) || foreign.test(line) || otherwise.test(line)) return false;
  if (imageRow.test(line)) return true;
  const ofCommand = ofPull.around && aCase && !ofLog.test(line);
  if (ofCommand && outcome.test(line)) return true;
  if (!subject.test(line)) return false;
  return ofPull.own ? aCase || proseWords(line) < 2 : ofCommand || (aCase && imageName.test(line));
}

function isOfPull(text: string): boolean {
  return frame.test(text) || attempt.test(text);
}

/** In anybody's words. */
const attempt =
  /\b(?:pull|download|fetch|retriev)(?:e|ed|ing)? (?:the |an? |base |docker |container |OCI )?image\b|(?:拉取|下载)\S{0,30}镜像|镜像\S{0,10}(?:拉取|下载)/i;

/** What a command says at its end. */
const outcome = /^(?:[Ee]rror|ERROR|FATAL?|docker|ctr|nerdctl)\b[^:\n]{0,40}: /;

const subject =
  /\b(?:[Ii]mages?|[Rr]egistry|[Mm]anifests?|[Bb]lobs?|[Ll]ayers?|[Rr]epository|[Pp]ull(?:s|ed|ing)?)\b|PullImage|ErrImagePull|ImagePull|CannotPull|docker\.io|gcr\.io|quay\.io|Error response from daemon|镜像/;

const failure =
  /\b(?:fail(?:ed|ure|s|ing)?|errors?|cannot|can't|could not|couldn't|unable|denied|refused|invalid|not|unknown|no (?:such|space|route|matching)|unsupported|mismatch\w*|exceeded|time(?:d )?[ -]?out|reset|unauthorized|forbidden|unavailable|unreachable|rejected|unexpected|FATA|ERRO)\b|Err[A-Z]|[a-z]Error\b|失败|错误|报错|无法|不能|拒绝|超时|不存在|找不到/i;

/** A note in passing that names no error, a plugin that is loaded, the specification of a container, configuration, what is no registry. */
const otherwise =
  /^(?!.*\berr(?:or)?=).*(?:\blevel="?(?:info|debug|trace)|(?:^|\s)(?:INFO|DEBU|DEBUG|TRAC)\b|"level":"(?:info|debug))|\bUnable to find image '|plugin|&Container\{|\w = [[{]|\bhelm\b|terraform|\b(?:docker|oci)-archive:|如果|可能|通常|例如|建议|原因|因为|所以|必须|否则/;

/** With a registry's host, or a tag where it could be taken for something else. */
export const imageName =
  /(?:^|[\s"'`=(])(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?\/[a-z0-9][\w./-]*|localhost:\d+\/[\w./-]+|[a-z][a-z0-9._-]*\/[a-z0-9._/-]+:[\w.-]+|["'`][a-z][a-z0-9._-]*:[\w.-]+["'`]|[a-z][a-z0-9._-]*:[\w.-]+ [—–|] )/;

/** An item of a list of images: `- nginx:latest – not found`. The tag tells it from a module's version or an address. */
const imageRow = /^ ?(?:[*•+-] |\d{1,2}[.)] )?[`"]?[a-z0-9][\w./-]{0,200}:(?:latest[`"]? ?[-—–→|:]|v?\d{1,6}\.[\w.-]{1,60}[`"]? ?[—–→|]) /;

function withoutNames(line: string): string {
  return line.replace(/[^\s"'`()[\]{}<>=,;，。：；、]+/g, (word) => (isName(word) ? ' '.repeat(word.length) : word));
}

/** `manifest:unknown`, without a blank, is none. */
function isName(word: string): boolean {
  return /\w[/.@:]\w|^\/\w|\w\/$/.test(word) && !/^\w+:[a-z]+$/.test(word);
}
