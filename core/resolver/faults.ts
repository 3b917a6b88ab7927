/** Faults of `--fault`, put before the answers of a registry. */
import { statusText } from '../go/status';
import { hostname, parseUrl, portOf, redacted } from '../go/url';
import type { HttpOutcome, HttpRequest, NetFailure, SendRequest } from '../ports';

/** A fault of `--fault 'METHOD URL-GLOB=WHAT'`: `HEAD *\/manifests/*=timeout`, `*=503`. */
export interface FaultRule {
  readonly method: string | undefined;
  readonly glob: string;
  readonly fault: 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | number;
}

/** Reads a rule; undefined when it is none. */
export function parseFault(text: string): FaultRule | undefined {
  const equals = text.lastIndexOf('=');
  if (equals < 0) return undefined;
  const [pattern, what] = [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
  const fault = /^[1-5]\d\d$/.test(what)
    ? Number(what)
    : (['timeout', 'refused', 'reset', 'dns', 'tls'] as const).find((name) => name === what);
  const match = /^(HEAD|GET|POST|\*)\s+(\S+)$/.exec(pattern);
  if (fault === undefined || pattern === '' || (!match && /\s/.test(pattern))) return undefined;
  return { method: match && match[1] !== '*' ? match[1] : undefined, glob: match?.[2] ?? pattern, fault };
}

/** Answers requests that a rule names with its fault; all others go on to `send`. */
export function withFaults(send: SendRequest, rules: readonly FaultRule[]): SendRequest {
  return (request, cancellation) => {
    const rule = faultOf(rules, request);
    return rule ? Promise.resolve(faultOutcome(rule, request)) : send(request, cancellation);
  };
}

/** The first rule that names this request. Its password is nowhere to be seen, so a rule cannot name it. */
export function faultOf(rules: readonly FaultRule[], { method: asked, url }: HttpRequest): FaultRule | undefined {
  if (rules.length === 0) return undefined;
  const parsed = parseUrl(url);
  const shown = parsed.ok ? redacted(parsed.url) : url;
  return rules.find(({ method, glob }) => (method === undefined || method === asked) && matchesGlob(glob, shown));
}

/** `*` stands for any text; everything else for itself. Linear: each part is looked for once, from where the one before ended. */
export function matchesGlob(glob: string, text: string): boolean {
  const parts = glob.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return glob === text;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

export function faultOutcome({ fault }: FaultRule, request: HttpRequest): HttpOutcome {
  if (typeof fault === 'number')
    return { ok: true, status: fault, statusText: statusText(fault), headers: [], body: '', timings: { total: 0 } };
  const failure = faultFailure(fault, request);
  return { ok: false, failure, timings: { total: fault === 'timeout' ? request.dialTimeoutMs : 0 } };
}

/** The address of a simulated failure is from the block for documentation: nobody was asked. */
function faultFailure(fault: Exclude<FaultRule['fault'], number>, { url }: HttpRequest): NetFailure {
  const parsed = parseUrl(url);
  const authority = parsed.ok ? parsed.url.host : '';
  const address = `192.0.2.1:${portOf(authority) || (url.startsWith('https:') ? '443' : '80')}`;
  switch (fault) {
    case 'timeout':
      return { kind: 'dial', address, reason: 'i/o timeout' };
    case 'refused':
      return { kind: 'dial', address, reason: 'connection refused' };
    case 'reset':
      return { kind: 'read', local: '192.0.2.2:40000', address, reason: 'connection reset by peer' };
    case 'dns':
      return { kind: 'lookup', host: hostname(authority), server: '192.0.2.53:53', reason: 'no such host' };
    case 'tls':
      return { kind: 'tls', reason: { kind: 'unknown-authority' } };
  }
}
