/**
 * Where somebody's own words hand over to the message they report (`since yesterday we get "…`, `my pod fails with: …`), 0 when the line
 * tells of no such thing. Prose that only speaks of a message (`if you see "…"`) does not report it.
 */
export function reportedAt(line: string): number {
  const start = line.slice(0, REACH);
  if (!told.test(start) && !/\berror/i.test(start)) return 0;
  for (const { index, 0: mark } of start.matchAll(/[\s(\u3001-\u9fff\uff0c\uff1a](?:[`'"]|\*\*|__)(?=\S)|(?:: |\uff1a)(?=\S)/g)) {
    const words = line.slice(0, index);
    if ((told.test(words) || named.test(words + mark)) && happened.test(words) && !supposed.test(words)) return index + mark.length;
  }
  return 0;
}

/** Nobody needs longer to come to the point. */
const REACH = 400;

const told =
  /(?<![\w./:@-])(?:I|[Ww]e|I'm|[Ww]e're|I've|[Ww]e've|[Mm]y|[Oo]ur|[Gg]etting|[Gg]ot|[Rr]eported|since|always|again|[Tt]oday|[Yy]esterday|fail(?:s|ed|ing)? with|(?:docker|containerd|kubelet|podman|nerdctl|crictl|ctr) (?:says?|said|report(?:s|ed)|complain(?:s|ed)))\b(?![-./:@]\w)|\berrors?(?: messages?)?:(?=$| [`'"])|报错|遇到|出现|提示|失败/;
/** `it stops with the error "…"`, which in brackets is a field of a log. */
const named = /(?<!\()\b[Ee]rrors?(?: messages?)? (?:[`'"]|\*\*|__)$/;
const happened =
  /\b(?:gets?|getting|got|sees?|seeing|saw|receiv(?:e|ed|ing)|fail(?:s|ed|ing|ure)?|hit(?:ting)?|errors?|message|report(?:s|ed)|complain(?:s|ed)|says?|said|stuck)\b|报错|遇到|出现|提示|失败/i;
const supposed =
  /\b(?:if|you|your|should|would|could|might|may|means?|usually|often|typically|sometimes|example|instead|users?|so that|where|fix(?:es|ed)|return(?:s|ed)?|when(?! (?:I|we)\b)|whenever)\b|如果|可能|通常|表示|意味|例如/i;

/** How many words of a text are such as sentences have and messages have not. */
export function proseWords(text: string): number {
  return text.match(functionWords)?.length ?? 0;
}

const functionWords =
  /(?<![\w./:@-])(?:the|this|that|these|you|your|when|whenever|where|if|should|would|can|will|we|our|is|are|was|were|means|because|how|what|which|then|see|it|they|there|often|usually|about|my|have|has)\b(?![-./:@]\w)/gi;
