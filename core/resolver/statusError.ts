/** core/remotes/errors/errors.go: an answer with a status that was not hoped for. */
import { utf8 } from '../go/bytes';
import { statusText } from '../go/status';
import type { Version } from '../versions/versions';
import { does } from './behaviours';
import type { CallResponse } from './client';
import { pullError, type PullError } from './errors';
import { registryErrorText } from './registryErrors';

/** NewUnexpectedStatusErr without the registry's own words. */
export function statusError(version: Version, response: CallResponse): PullError {
  const prefix = does(version, 'statusErrorNamesRequest')
    ? `unexpected status from ${response.method} request to ${response.url}`
    : 'unexpected status';
  return { ...pullError(`${prefix}: ${statusLine(response)}`), status: response.status, request: response };
}

/** unexpectedResponseErr: with them where the release joins them. A HEAD has none. */
export function responseError(version: Version, response: CallResponse): PullError {
  const error = statusError(version, response);
  return response.method === 'HEAD' ? error : withRegistryError(version, error, response);
}

/** errors.Join of the status error and what the registry said in the body. */
export function withRegistryError(version: Version, error: PullError, { body }: CallResponse): PullError {
  const said = does(version, 'statusErrorHasBody') && !isCut(body) ? registryErrorText(body, 'all') : undefined;
  return said === undefined ? error : { ...error, text: `${error.text}\n${said}` };
}

/** NewUnexpectedStatusErr keeps 64000 bytes; JSON that ends there is none. */
function isCut(body = ''): boolean {
  return body.length > 64_000 || (body.length > 16_000 && utf8(body).length > 64_000);
}

/** http.Response.Status: the words of the server; HTTP/2 has none, there Go puts its own. */
export function statusLine({ status, statusText: words }: Pick<CallResponse, 'status' | 'statusText'>): string {
  return `${status} ${words === '' ? statusText(status) : words}`;
}
