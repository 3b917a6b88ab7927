import type { Cancellation, HttpOutcome, SendRequest, TlsSettings } from '../../core/ports';

const dialTimeoutMs = 10_000;

/** GET /v2/ as Go's client, which containerd's requests go through: redirects are followed, up to ten. */
export async function askVersion(
  url: string,
  http: SendRequest,
  cancellation: Cancellation,
  tls: TlsSettings | undefined,
  redirects = 10,
): Promise<HttpOutcome> {
  const headers = [['user-agent', 'containerd-runbooks']] as const;
  const outcome = await http({ method: 'GET', url, headers, tls, dialTimeoutMs, want: { body: 'none' } }, cancellation);
  const moved = outcome.ok && [301, 302, 303, 307, 308].includes(outcome.status);
  const location = moved ? outcome.headers.find(([name]) => name === 'location')?.[1] : undefined;
  if (location === undefined || redirects === 0 || !URL.canParse(location, url)) return outcome;
  const next = new URL(location, url);
  return askVersion(next.href, http, cancellation, next.host === new URL(url).host ? tls : undefined, redirects - 1);
}
