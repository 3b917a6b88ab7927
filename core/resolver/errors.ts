import type { NetFailure } from '../ports';

export type GrpcCode =
  'NotFound' | 'InvalidArgument' | 'FailedPrecondition' | 'Unimplemented' | 'Unavailable' | 'Canceled' | 'DeadlineExceeded' | 'Unknown';

/** An error as containerd passes it up: its text so far, and what later code asks about it (errors.Is, errors.As). */
export interface PullError {
  readonly text: string;
  readonly code: GrpcCode;
  /** docker.ErrInvalidAuthorization. */
  readonly invalidAuthorization?: boolean;
  /** remoteerrors.ErrUnexpectedStatus. */
  readonly status?: number;
  /** The URL in the outermost *url.Error. */
  readonly urlErrorUrl?: string;
  /** The request whose answer, or lack of one, this error tells of. */
  readonly request?: { readonly method: string; readonly url: string; readonly status?: number };
  /** The request whose answer came well and whose content this error refuses. */
  readonly content?: { readonly method: string; readonly url: string };
  /** The transport's failure, when there was one. */
  readonly failure?: NetFailure;
}

export function pullError(text: string, code: GrpcCode = 'Unknown'): PullError {
  return { text, code };
}

/** fmt.Errorf("PREFIX: %w"). */
export function wrap(prefix: string, error: PullError): PullError {
  return { ...error, text: `${prefix}: ${error.text}` };
}

/** errdefs.ErrNotFound with a message. */
export function notFound(what: string): PullError {
  return pullError(`${what}: not found`, 'NotFound');
}

export function failedPrecondition(what: string): PullError {
  return pullError(`${what}: failed precondition`, 'FailedPrecondition');
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: PullError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (error: PullError): { readonly ok: false; readonly error: PullError } => ({ ok: false, error });
