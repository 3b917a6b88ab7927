/** Which credentials go to which host. */
import { decodeBase64, fromUtf8 } from '../go/bytes';
import { quote } from '../go/quote';
import { parseUrl } from '../go/url';
import { fail, ok, pullError, wrap, type Result } from './errors';

export interface Credentials {
  readonly username: string;
  readonly secret: string;
}

/** runtime.AuthConfig of a CRI request, or what config.toml holds for a host. */
export interface AuthConfig {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly serverAddress?: string;
  readonly identityToken?: string;
}

/**
 * The credentials function of an authorizer, by the host of the request, and by the registry host it was made for where it has one of
 * its own. Undefined: there is no such function (ctr without --user).
 */
export type CredentialSource = ((host: string, endpoint?: string) => Result<Credentials>) | undefined;

const none: Credentials = { username: '', secret: '' };

/**
 * PullImage's credentials function (internal/cri/server/images/image_pull.go): the request's auth for every host, else what
 * `registry.configs."HOST".auth` holds. `transfer`: the transfer service asks through a helper that puts its own words before an error.
 * `mirrors`: the authorizers of the legacy tables before 2.0, each of which shows what stands there for its own endpoint to every host
 * that it is sent on to.
 */
export function criCredentials(
  auth: AuthConfig | undefined,
  configs: ReadonlyMap<string, AuthConfig>,
  path: 'transfer' | 'mirrors' | 'local',
): CredentialSource {
  return (host, endpoint) => {
    const parsed = parseAuth(auth ?? configs.get(path === 'mirrors' ? (endpoint ?? host) : host), host);
    return parsed.ok || path !== 'transfer' ? parsed : fail(wrap(`failed to get credentials for ${quote(host)}`, parsed.error));
  };
}

/** `ctr --user NAME:SECRET`: sent to every host. Without it ctr still answers for every host, with nothing (cmd/ctr/commands/resolver.go). */
export function ctrCredentials(auth: AuthConfig | undefined): CredentialSource {
  return () =>
    ok(
      auth?.identityToken === undefined
        ? { username: auth?.username ?? '', secret: auth?.password ?? '' }
        : { username: '', secret: auth.identityToken },
    );
}

/** ParseAuth. */
function parseAuth(auth: AuthConfig | undefined, host: string): Result<Credentials> {
  if (!auth) return ok(none);
  if (auth.serverAddress !== undefined && auth.serverAddress !== '') {
    const server = parseUrl(auth.serverAddress);
    if (!server.ok) return fail(pullError(`parse server address: ${server.error}`));
    if (server.url.host !== host) return ok(none);
  }
  if (auth.username !== undefined && auth.username !== '') return ok({ username: auth.username, secret: auth.password ?? '' });
  if (auth.identityToken !== undefined && auth.identityToken !== '') return ok({ username: '', secret: auth.identityToken });
  return auth.auth === undefined || auth.auth === '' ? ok(none) : decodeAuth(auth.auth);
}

function decodeAuth(auth: string): Result<Credentials> {
  const decoded = decodeBase64(auth);
  if (!decoded.ok) return fail(pullError(decoded.error));
  const text = fromUtf8(decoded.bytes);
  const colon = text.indexOf(':');
  if (colon < 0) return fail(pullError('invalid decoded auth: "…"'));
  return ok({ username: text.slice(0, colon), secret: trimNul(text.slice(colon + 1)) });
}

/** strings.Trim(password, "\x00"). */
function trimNul(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === '\0') start += 1;
  while (end > start && text[end - 1] === '\0') end -= 1;
  return text.slice(start, end);
}
