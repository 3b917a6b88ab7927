import type { RegistryHost } from '../hosts/hostsFile';
import type { HttpOutcome, HttpRequest } from '../ports';
import type { Message } from '../text/message';
import type { Version } from '../versions/versions';
import type { CredentialSource } from './credentials';
import { ok, type Result } from './errors';

export type Phase = 'resolve' | 'token' | 'manifest' | 'config' | 'layer';

/** One request a machine wants to have answered. */
export interface Exchange {
  readonly phase: Phase;
  readonly request: HttpRequest;
  /** Why this request is not to be made. Without an answer of old the pull ends there. */
  readonly refuse?: Message;
}

/** Machines that run side by side, at most `limit` of them; a lane that returns false stops the others. */
export interface Parallel {
  readonly lanes: readonly Machine<boolean>[];
  readonly limit: number;
}

/** Nothing to do until another lane has brought this about. */
export interface Pause {
  readonly until: () => boolean;
}

/**
 * Work that needs answers from outside: it yields requests and takes their outcomes, so that the same code runs against a live
 * registry, a recorded transcript or a simulated fault. What comes back after a Parallel or a Pause says nothing.
 */
export type Machine<T> = Generator<Exchange | Parallel | Pause, T, HttpOutcome>;

/** errgroup.Group with a limit: the first error in time wins, and what is under way or not yet begun then is given up. */
export function* inParallel(machines: readonly Machine<Result<undefined>>[], limit: number): Machine<Result<undefined>> {
  let first: Result<undefined> = ok(undefined);
  const lanes = machines.map(function* (machine): Machine<boolean> {
    const result = yield* machine;
    if (!result.ok) first = result;
    return result.ok;
  });
  yield { lanes, limit };
  return first;
}

export const ways = ['cri', 'cri-local', 'ctr', 'ctr-local', 'ctr-transfer'] as const;
/** Who pulls, and through what. `-local`: the client's own pull where the release would use the transfer service. */
export type Way = (typeof ways)[number];

/** An image reference as containerd's pkg/reference sees it. */
export interface ImageReference {
  /** As it stands in messages: after normalisation for CRI, as written for ctr. */
  readonly name: string;
  /** Image host with port: docker.io, not registry-1.docker.io. */
  readonly host: string;
  /** Without the host. */
  readonly repository: string;
  /** Tag, `@digest` or `tag@digest`. */
  readonly object: string;
  readonly digest: string | undefined;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/**
 * ConfigureHosts: the hosts in order, or the error that ends the pull. `apart`: every host has a client and an authorizer of its own,
 * as the CRI plugin makes them of its legacy tables.
 */
export type HostsResult =
  { readonly ok: true; readonly hosts: readonly RegistryHost[]; readonly apart?: boolean } | { readonly ok: false; readonly error: string };

export interface PullContext {
  readonly reference: ImageReference;
  readonly version: Version;
  /** The Go that this containerd was built with, e.g. `1.24`. */
  readonly go: string;
  readonly way: Way;
  readonly hosts: HostsResult;
  readonly credentials: CredentialSource;
  /** CRI `registry.headers`: sent to every host. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly platform: Platform;
  readonly until: 'resolve' | 'manifest' | 'layers';
  /** Read config and layers instead of closing the answer after its headers. */
  readonly download: boolean;
  readonly snapshotter: string;
  /** How many requests for content are under way at once: max_concurrent_downloads. */
  readonly downloads: number;
}
