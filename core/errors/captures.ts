/** What a pull error names. Nothing secret: user information and the values of query parameters are dropped. */
export interface Captures {
  readonly reference: string | null;
  readonly host: string | null;
  readonly url: string | null;
  readonly status: number | null;
  readonly digest: string | null;
  readonly mediaType: string | null;
  /** `ip:port` that was dialled, or the resolver's. */
  readonly address: string | null;
  /** As written: `5m0s`. */
  readonly duration: string | null;
  /** Seconds since the program started, as `FATA[0031]` says. */
  readonly elapsedSeconds: number | null;
  readonly grpcCode: string | null;
}

export function capture(text: string): Captures {
  const urls = urlsOf(text);
  const url = urls.at(-1) ?? null;
  const reference = referenceOf(text);
  return {
    reference,
    host: hostOf(text, url, reference),
    url: url === null ? null : safeUrl(url),
    status: statusOf(text),
    digest: /\bsha256:[0-9a-f]{64}\b/.exec(text)?.[0] ?? null,
    mediaType: /\b(?:application|text)\/[\w.+-]{3,120}/.exec(withoutUrls(text))?.[0] ?? null,
    address: /\b(?:dial|read|write) (?:tcp|udp)[46]? (?:\S+->)?(\S+?:\d{1,5}):/.exec(text)?.[1] ?? null,
    duration: /\bno progress in (\d[\dhms.]{0,20})/.exec(text)?.[1] ?? null,
    elapsedSeconds: elapsedOf(text),
    grpcCode: /\bcode = ([A-Z][A-Za-z]{1,30})/.exec(text)?.[1] ?? null,
  };
}

/** Host and port of an image reference as containerd reads it: `nginx` is docker.io's. */
export function hostOfReference(reference: string): string {
  const first = reference.split('/', 1)[0] ?? '';
  return reference.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}

/** Whether requests for images of `image` go to `host` when nothing is configured (containerd docker.DefaultHost). */
export function servesImagesOf(host: string, image: string): boolean {
  const bare = (name: string): string => name.replace(/:(?:80|443)$/, '').toLowerCase();
  return bare(host) === bare(image) || (bare(image) === 'docker.io' && /^(?:registry-1|index|auth)\.docker\.io$/.test(bare(host)));
}

/** URLs in the order of the text, without their query. */
export function urlsOf(text: string): readonly string[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s"'<>\\)\]]+/g)].map(([url]) => trimmedEnd(url, '.,:;'));
}

/** Without the characters of `set` at its end; a loop, because a regular expression for it is quadratic. */
export function trimmedEnd(text: string, set: string): string {
  let end = text.length;
  while (end > 0 && set.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** A URL without user information and with the values of its query left out. */
export function safeUrl(url: string): string {
  const [head, query] = splitOnce(url.replace(/^(https?:\/\/)[^/?#@]*@/, '$1'), '?');
  if (query === undefined) return head;
  const names = query.split('&').map((pair) => pair.split('=', 1)[0] ?? '');
  return `${head}?${names.map((name) => (name === 'ns' ? (query.split('&').find((pair) => pair.startsWith('ns=')) ?? 'ns=') : `${name}=…`)).join('&')}`;
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function withoutUrls(text: string): string {
  return text.replace(/\bhttps?:\/\/[^\s"]+/g, ' ');
}

const referencePatterns: readonly RegExp[] = [
  /\bpull and unpack image "([^"\s]+)"/,
  /\bresolve (?:reference|image) "([^"\s]+)"/,
  /\bimage reference "([^"\s]+)"/,
  /\b[Pp]ull(?:ing)? (?:runtime )?image:? "([^"\s]+)"/,
  /\bsandbox image "([^"\s]+)"/,
  /\bPullImage "([^"\s]+)"/,
  /\bimage tag "([^"\s]+)"/,
  /\bimage="([^"\s]+)"/,
  /\bpulling image ([^\s":,]{1,200}(?::\w[\w.-]*)?) because/,
  /\bpull(?:ing)? image (\w[\w./:@-]{2,250}): /,
  /\bmanifest for (\w[\w./:@-]{2,250}?):? not found/,
  /\bpull access denied for (\w[\w./:@-]{2,250}),/,
  /\b(?:initializing source|reading manifest \S+ in) (?:docker:\/\/)?(\w[\w./:@-]{2,250}?)(?: |: |$)/,
  /(?:^|[\s"])((?:[\w.-]+(?::\d{1,5})?\/)?[\w./-]{1,200}(?::\w[\w.-]*|@sha256:[0-9a-f]{64})): not found/,
];

function referenceOf(text: string): string | null {
  for (const pattern of referencePatterns) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined && !/^(?:https?|sha256):/.test(found)) return found.replace(/^[^/@]{1,200}:[^/@]{1,200}@(?!sha256:)/, '');
  }
  return null;
}

function hostOf(text: string, url: string | null, reference: string | null): string | null {
  const named =
    (url === null ? undefined : /^https?:\/\/(?:[^/?#@]*@)?([^/?#\s]+)/.exec(url)?.[1]) ??
    /\blookup ([\w.-]+)/.exec(text)?.[1] ??
    /\bpulling from host (\S+) failed/.exec(text)?.[1] ??
    /\bhost="?([\w.:[\]-]+)"?/.exec(text)?.[1];
  return named ?? (reference === null ? null : hostOfReference(reference));
}

function statusOf(text: string): number | null {
  const found =
    /\b([1-5]\d\d) (?:Unauthorized|Forbidden|Not Found|Too Many|Bad |Internal Server|Service Unavail|Gateway|Proxy Auth|[A-Z][a-z]+)/.exec(
      text,
    )?.[1] ??
    /\b(?:[Ss]tatus(?: code)?|HTTP(?:\/\d\.\d)?|response code|StatusCode)[:=]? ?"?([1-5]\d\d)\b/.exec(text)?.[1] ??
    /"status":(\d{3})\b/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function elapsedOf(text: string): number | null {
  const seconds = /(?:FATA|ERRO|INFO|WARN|DEBU)\[(\d{1,6})\]/.exec(text)?.[1];
  return seconds === undefined ? null : Number(seconds);
}
