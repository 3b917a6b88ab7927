import type { Signal } from './errorClass';

/**
 * The ways in which clients of registries write the status of an answer, with and without its reason; one place, because each tool has its
 * own and every class of an answer meets them all. `code` is the source of a pattern: `403`, `5\\d\\d`; most texts have no such number,
 * which `with` sees at once.
 */
export function status(code: string): Pick<Signal, 'pattern' | 'with'> {
  const pattern = new RegExp(forms.map((form) => form.replaceAll('CODE', code)).join('|'), 'm');
  return { pattern, with: new RegExp(`\\b${code}\\b`) };
}

const forms: readonly string[] = [
  /\b(?:received unexpected HTTP |unexpected (?=status code \[))?[Ss]tatus ?(?:[Cc]ode)?(?: from registry)?(?: \[[^\]\n]{1,300}\])?(?:: ?|=| )["[(]?CODE\b/,
  // containerd core/remotes/docker: of which request, before the status.
  /\b[Ss]tatus (?:from [A-Z]{3,6} request to|code) https?:\/\/\S+: CODE\b/,
  // With a version it is the first line of an answer, which is no failure by itself.
  /\bHTTP(?: (?:error|code|response))?:? CODE\b|(?<=[\w:"(] )HTTP\/[\d.]{1,3} CODE\b|\bhttp code:? CODE\b/,
  /\bCODE:? \(?(?:Unauthorized|Forbidden|Not Found|Request Time-?[Oo]ut|Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?[Oo]ut)/,
  /\b(?:returned|responded with|answered|got|code)(?: (?:an?|HTTP|error))?:? CODE\b(?!,\d| (?:bytes|[KMG]i?B|m?s)\b)|\berror: \(CODE\)/,
  /(?:"|\/(?:manifests|blobs)\/\S+): CODE(?= ?["']?$)/,
].map(({ source }) => source);
