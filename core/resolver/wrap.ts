/** What stands before an error by who pulls, and what CRI hides in it. */
import { formatWithoutArguments } from '../go/format';
import { encodeQuery, formatUrl, parseQuery, parseUrl } from '../go/url';
import { does } from './behaviours';
import { wrap, type PullError } from './errors';
import type { PullContext, Way } from './machine';
import type { Version } from '../versions/versions';

export interface ReportContext {
  readonly version: Version;
  readonly way: Way;
  readonly reference: PullContext['reference'];
}

/** Whether the transfer service pulls. */
export function isTransfer({ version, way }: Pick<ReportContext, 'version' | 'way'>): boolean {
  switch (way) {
    case 'cri':
      return does(version, 'criUsesTransfer');
    case 'ctr':
      return does(version, 'ctrUsesTransfer');
    default:
      return way === 'ctr-transfer';
  }
}

/** Whether ctr itself pulls: it fetches everything first and unpacks afterwards. */
export function isCtrLocal(context: Pick<ReportContext, 'version' | 'way'>): boolean {
  return context.way.startsWith('ctr') && !isTransfer(context);
}

/** `image`: CRI's own words about a pulled image, which have no frame of their own. */
export function reported(context: ReportContext, error: PullError, stage: 'resolve' | 'fetch' | 'image'): PullError {
  const said = framed(context, error, stage);
  const isFormat = does(context.version, 'statusTextIsFormat') && (context.way.startsWith('cri') || isTransfer(context));
  return isFormat && said.code !== 'Unknown' ? { ...said, text: formatWithoutArguments(said.text) } : said;
}

function framed(context: ReportContext, error: PullError, stage: 'resolve' | 'fetch' | 'image'): PullError {
  const { name } = context.reference;
  const staged =
    stage !== 'resolve' ? error : wrap(isTransfer(context) ? 'failed to resolve image' : `failed to resolve reference "${name}"`, error);
  if (!context.way.startsWith('cri')) return isTransfer(context) ? ofTransferService(context, staged) : staged;
  const whole = stage === 'image' ? staged : wrap(`failed to pull and unpack image "${name}"`, staged);
  return does(context.version, 'criHidesQuery') ? sanitize(whole) : whole;
}

/** service.Transfer (plugins/services/transfer/service.go): what one transferrer has not implemented none of the others has, and no more is said. */
function ofTransferService({ version }: ReportContext, error: PullError): PullError {
  if (error.code === 'Unimplemented')
    return {
      ...error,
      text: 'method Transfer not implemented for containerd.types.transfer.OCIRegistry to containerd.types.transfer.ImageStore',
    };
  return does(version, 'ctrUsesTransfer') ? overGrpc(error) : error;
}

/** errgrpc.ToNative: ctr gets the daemon's text and puts the words of its code behind it where they are not there yet. */
function overGrpc(error: PullError): PullError {
  const words =
    error.code === 'DeadlineExceeded' ? 'context deadline exceeded' : error.code === 'Canceled' ? 'context canceled' : undefined;
  return words === undefined || error.text.endsWith(words) ? error : { ...error, text: `${error.text}: ${words}` };
}

/** SanitizeError: every query value in the URL of a *url.Error; URLs in other errors stay. */
function sanitize(error: PullError): PullError {
  const { urlErrorUrl } = error;
  if (urlErrorUrl === undefined) return error;
  const parsed = parseUrl(urlErrorUrl);
  if (!parsed.ok) return error;
  const keys = new Set(parseQuery(parsed.url.query).map(([key]) => key));
  if (keys.size === 0) return error;
  const query = encodeQuery([...keys].map((key) => [key, '[REDACTED]'] as const));
  return { ...error, text: error.text.replaceAll(urlErrorUrl, () => formatUrl({ ...parsed.url, query })) };
}
