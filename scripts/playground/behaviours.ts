/** What the playground's registries do wrong, one function each: what it answers to a request, before the image would. */
import type { TinyImage } from './image';

export interface Asked {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly authorization: string | undefined;
  /** `http://127.0.0.1:PORT` of this registry. */
  readonly self: string;
}

/** `reset` cuts the connection; undefined lets the image answer. */
export type Answer =
  { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | 'reset' | undefined;

export interface Behaviour {
  /** One line for the reader of the playground. */
  readonly says: string;
  answer(asked: Asked, image: TinyImage): Answer;
  /** Whether only a pull by digest shows it. */
  readonly byDigest?: boolean;
  /** Media type of the image's config, where it is the fault. */
  readonly configType?: string;
}

export const behaviours = {
  good: { says: 'serves the image as it should', answer: () => undefined },
  'no-challenge': {
    says: 'answers 401 and never says how to log in',
    answer: ({ path }) => (path === '/v2/' ? undefined : failure(401, 'UNAUTHORIZED', 'authentication required')),
  },
  denied: { says: 'gives out tokens that allow nothing', answer: deny },
  'token-refused': { says: 'refuses to give out anonymous tokens', answer: refuseToken },
  masked: {
    says: 'cuts the connection on manifests and answers 401 on blobs: containerd 2 reports the 401',
    byDigest: true,
    answer: ({ path }) => (isManifest(path) ? 'reset' : isBlob(path) ? failure(401, 'UNAUTHORIZED', 'authentication required') : undefined),
  },
  'masked-not-found': {
    says: 'cuts the connection on manifests and answers 404 on blobs: containerd 2 reports “not found”',
    byDigest: true,
    answer: ({ path }) =>
      isManifest(path) ? 'reset' : isBlob(path) ? failure(404, 'BLOB_UNKNOWN', 'blob unknown to registry') : undefined,
  },
  forbidden: {
    says: 'answers 403',
    answer: ({ path }) => (path === '/v2/' ? undefined : failure(403, 'DENIED', 'requested access is denied')),
  },
  'rate-limit': {
    says: 'answers 429, as a registry that counts pulls',
    answer: ({ path }) => (path === '/v2/' ? undefined : failure(429, 'TOOMANYREQUESTS', 'pull rate limit exceeded')),
  },
  unavailable: { says: 'answers 503 to everything', answer: () => ({ status: 503, body: 'upstream connect error' }) },
  html: {
    says: 'answers every path with a web page and 200, as a portal or a wrong path does',
    answer: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' }),
  },
  'lost-layer': {
    says: 'has the manifest but not the layer',
    answer: ({ path }, image) => (path.endsWith(image.layer.digest) ? failure(404, 'BLOB_UNKNOWN', 'blob unknown to registry') : undefined),
  },
  'old-image': {
    says: 'serves an image whose config is application/octet-stream, as Docker before 1.10 wrote it',
    answer: () => undefined,
    configType: 'application/octet-stream',
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof behaviours;

export function isBehaviour(name: string): name is BehaviourName {
  return Object.hasOwn(behaviours, name);
}

function isManifest(path: string): boolean {
  return path.includes('/manifests/');
}

function isBlob(path: string): boolean {
  return path.includes('/blobs/');
}

function failure(status: number, code: string, text: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ errors: [{ code, message: text }] }) };
}

function challenge(self: string, error = ''): Answer {
  const scope = 'scope="repository:app:pull"';
  const headers = { 'www-authenticate': `Bearer realm="${self}/token",service="playground",${scope}${error}` };
  return { status: 401, headers, body: '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}' };
}

function deny({ path, authorization, self }: Asked): Answer {
  if (path === '/token') return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"token":"allows-nothing"}' };
  return challenge(self, authorization?.startsWith('Bearer ') === true ? ',error="insufficient_scope"' : '');
}

function refuseToken({ path, self }: Asked): Answer {
  return path === '/token' ? failure(403, 'DENIED', 'anonymous access is off') : challenge(self);
}
