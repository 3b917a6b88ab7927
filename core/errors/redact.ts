import { safeUrl } from './captures';

/** A text that may be shown: no user information or query values of URLs, no header or key that carries a secret. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\bhttps?:\/\/[^\s"'<>\\)\]]+/g, (url) => safeUrl(url))
    .replace(/\b(Basic|Bearer) [\w.~+/=-]{8,}/g, '$1 …')
    .replace(/\beyJ[\w-]{4,}(?:\.[\w-]+)*/g, '…')
    .replace(
      /\b(password|passwd|token|secret|identitytoken|registrytoken|authorization|x-registry-auth)(["']?[:=] ?["']?)(?!…)[^\s"',;&]{4,}/gi,
      '$1$2…',
    );
}
