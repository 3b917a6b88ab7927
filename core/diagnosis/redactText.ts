import { trimmedEnd } from '../errors/captures';
import { hidePasswords, hideSecrets, userEnd } from './hideSecrets';

const redacted = 'REDACTED';

/**
 * A text without what looks like a secret; `note` is told each. Words of containerd stay, for they are what is diagnosed, and so does a
 * challenge: `Bearer realm="…"` asks for a token and is none.
 */
export function redactText(text: string, note: (secret: string) => void = () => undefined): string {
  const hide = (secret: string): string => {
    if (secret !== redacted && !secret.startsWith('…')) note(secret);
    return redacted;
  };
  const hiddenByForm = text
    .replace(/-----BEGIN ([A-Z ]{0,40}PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, (_, label: string) => hiddenKeyBlock(label))
    .replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>`]+/gi, (url) => withoutUrlSecrets(url, hide))
    .replace(
      /((?:https?|all|ftp)_proxy["']?[ \t]{0,9}[:=][ \t]{0,9}["']?(?:[a-z][a-z0-9+.-]{0,20}:\/\/)?)([^\s"']{1,300})@/gi,
      (_, head: string, user: string) => `${head}${hide(user)}@`,
    )
    .replace(
      /\b(Basic|Bearer|Negotiate)([ +]|%20)(?!(?:realm|service|scope|charset|error)=)([\w.~+/=-]{6,})/gi,
      (all, scheme: string, gap: string, secret: string) => (isPlainWord(secret) ? all : `${scheme}${gap}${hide(secret)}`),
    )
    .replace(requestHeader, (all, head: string, name: string, value: string) => (ownHeader.test(name) ? all : head + hidden(value, hide)))
    .replace(/\beyJ[\w+/=-]{8,}(?:\.[\w+/=-]+)*/g, (token) => hide(token))
    .replace(assignment, (all, head: string, name: string, value: string) =>
      isAssigned(name, head, value) ? head + hidden(value, hide) : all,
    );
  // What names no scheme.
  return hidePasswords(hiddenByForm);
}

/** A block still, so that whoever reads the file as PEM sees that there is a key. */
function hiddenKeyBlock(label: string): string {
  return `-----BEGIN ${label}-----\n${redacted}\n-----END ${label}-----`;
}

/**
 * `password=…`, `"auth": "…"`, `Private-Token: …`; the value in quotes or up to the next space. Bounded, so that it stays linear.
 */
const assignment =
  /((\b[\w-]{0,30}(?:password|passwd|pwd|secret|token|authorization|credentials?|cookie|api[-_]?key|access[-_]?key|private[-_]?key|jfrog-art-api|registry-auth)|(?<![\w-])auth)\\?["']?[ \t]{0,9}[:=][ \t]{0,9})(\\?"(?:[^"\\\n]|\\(?!"))*\\?"|'[^'\n]*'|[^\s"',;&\])}]+)/gi;

/** requestFields of core/remotes/docker/resolver.go logs every header of a request: those of containerd itself, and those of a hosts.toml. */
const requestHeader = /(\brequest\.header\.([\w-]{1,100})[\w.-]{0,20}=)("(?:[^"\\\n]|\\[^\n])*"|[^\s"]+)/gi;
const ownHeader = /^(?:accept|accept-encoding|user-agent|range|content-type|content-length)$/i;

function isAssigned(name: string, head: string, value: string): boolean {
  if (value.includes(redacted) || value === '""' || value === "''") return false;
  const quoted = /^\\?["']/.test(value);
  if (/^auth$/i.test(name)) return quoted && value.length > 4;
  if (/password|passwd|pwd|secret|key$/i.test(name) || head.trimEnd().endsWith('=')) return true;
  // "failed to fetch anonymous token: unexpected status" is no token, nor is a token's URL one.
  return quoted || !(isPlainWord(value) || /^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(value));
}

function isPlainWord(text: string): boolean {
  return /^[A-Za-z]?[a-z-]+:?$/.test(text);
}

function hidden(value: string, hide: (secret: string) => string): string {
  const mark = /^\\?["']/.exec(value)?.[0] ?? '';
  const inside = mark === '' ? value : value.slice(mark.length, value.length - mark.length);
  const scheme = /^(?:Basic|Bearer|Digest) /i.exec(inside)?.[0] ?? '';
  return `${mark}${scheme}${hide(inside.slice(scheme.length))}${mark}`;
}

/** User information and values of query parameters. `ssh://me@host` names a user, no secret. */
function withoutUrlSecrets(url: string, hide: (secret: string) => string): string {
  const slashes = url.indexOf('://') + 3;
  const scheme = url.slice(0, slashes);
  const rest = withoutUser(scheme, url.slice(slashes), hide);
  const query = rest.indexOf('?');
  if (query < 0) return scheme + rest;
  // What closes a URL in a sentence belongs to the sentence.
  const kept = trimmedEnd(rest, '\\)],;:.');
  const tail = rest.slice(kept.length);
  const whole = scheme + kept;
  for (const pair of whole.slice(whole.indexOf('?') + 1).split('&')) {
    const value = pair.slice(pair.indexOf('=') + 1);
    if (pair.includes('=') && /sig|token|secret|pass|key|cred|auth/i.test(pair.slice(0, pair.indexOf('=')))) hide(value);
  }
  return hideSecrets(whole) + tail;
}

function withoutUser(scheme: string, rest: string, hide: (secret: string) => string): string {
  const at = userEnd(rest);
  if (at < 0) return rest;
  const user = rest.slice(0, at);
  const colon = user.indexOf(':');
  if (colon < 0) return scheme.toLowerCase() === 'ssh://' ? rest : `${hide(user)}${rest.slice(at)}`;
  hide(user.slice(colon + 1));
  return `${user.slice(0, colon)}:xxxxx${rest.slice(at)}`;
}
