import type { Duplex } from 'node:stream';
import { proxyOf, type ProxySettings } from '../../core/go/proxy';
import type { HttpOutcome, HttpRequest, Node, SendRequest } from '../../core/ports';
import { NodeAddresses } from '../transport/nodeAddresses';
import type { Limits } from './exchange';
import type { Origin } from './origin';
import { TrustStore } from './trust';

export interface HttpOptions {
  readonly node: Node<Duplex>;
  /** Reads a file of the node (a CA, a client certificate or key); rejects when it cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
  /** The node's own trust store as PEM text; asked for once, at the first verified connection. */
  readonly systemCa: () => Promise<string>;
  /** The proxies of the program whose requests these are; asked for once, at the first request. Absent: none. */
  readonly proxies?: () => Promise<ProxySettings>;
  /** Go's default is 10 s. */
  readonly tlsHandshakeTimeoutMs?: number;
  readonly limits?: Partial<Limits>;
}

/** A SendRequest whose requests leave from the node's own network. Connections are kept for reuse until `close`. */
export interface Http {
  readonly send: SendRequest;
  /** The same, with connections of its own. */
  apart(): Http;
  close(): Promise<void>;
}

/** Bounds for every server that trickles or is silent. */
const defaultLimits: Limits = { responseMs: 60_000, idleMs: 60_000, bodyMs: 15 * 60_000 };

export function createHttp({ node, readFile, systemCa, proxies, tlsHandshakeTimeoutMs = 10_000, limits }: HttpOptions): Http {
  const trust = new TrustStore(readFile, systemCa);
  const addresses = new NodeAddresses(node);
  const bounds = { ...defaultLimits, ...limits };
  let settings: Promise<ProxySettings> | undefined;
  const originOf = async (request: HttpRequest, origins: Origins): Promise<Origin | undefined> => {
    // undici is half of what this program loads, and most calls make no request.
    const { Origin, targetOf } = await import('./origin.js');
    const target = targetOf(request.url);
    if (!target) return undefined;
    if (proxies) settings ??= proxies();
    const proxy = settings && proxyOf(await settings, request.url);
    const key = JSON.stringify([
      request.transport,
      target.scheme,
      target.authority,
      target.scheme === 'https' || proxy?.scheme === 'https' ? request.tls : null,
    ]);
    const open = (origins.get(key) ?? []).filter((origin) => !origin.client.destroyed);
    const idle = open.find((origin) => !origin.busy);
    const origin = idle ?? new Origin(target, request.tls, { node, addresses, trust }, tlsHandshakeTimeoutMs, proxy);
    if (!idle) origins.set(key, [...open, origin]);
    // Taken here and now: two requests that come at the same moment must not get the same connection.
    origin.busy = true;
    return origin;
  };
  const apart = (): Http => {
    const origins: Origins = new Map();
    const send: SendRequest = async (request, cancellation) => {
      const { exchange } = await import('./exchange.js');
      for (let tries = 1; ; tries++) {
        const origin = await originOf(request, origins);
        if (!origin) return notAUrl(request.url);
        const { outcome, stale } = await exchange(origin, request, bounds, cancellation);
        if (!stale || tries > 1) return withAddress(outcome, addresses);
      }
    };
    return {
      send: node.requests?.(send) ?? send,
      apart,
      close: () => {
        for (const origin of [...origins.values()].flat()) origin.close();
        origins.clear();
        return Promise.resolve();
      },
    };
  };
  return apart();
}

/** The open connections by what has to be alike for a request to go over one. */
type Origins = Map<string, Origin[]>;

async function withAddress(outcome: HttpOutcome, addresses: NodeAddresses<Duplex>): Promise<HttpOutcome> {
  if (!outcome.ok) return { ...outcome, failure: await addresses.named(outcome.failure) };
  if (!outcome.bodyFailure) return outcome;
  return { ...outcome, bodyFailure: await addresses.named(outcome.bodyFailure) };
}

function notAUrl(url: string): HttpOutcome {
  return {
    ok: false,
    failure: { kind: 'unavailable', reason: `${JSON.stringify(url)} is no http or https URL with a host` },
    timings: { total: 0 },
  };
}
