import { safeUrl } from './captures';

/** A text that may be shown: no user information or query values of URLs, no header, key or flag that carries a secret. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\bhttps?:\/\/[^\s"'<>\\)\]]+/g, (url) => safeUrl(url))
    .replace(/\b(Basic|Bearer) [\w.~+/=-]{8,}/g, '$1 …')
    .replace(/\beyJ[\w-]{4,}(?:\.[\w-]+)*/g, '…')
    .replace(/(password|passwd|token|secret|registry-auth)(=["']?|["']: ?["'])(?!…)[^\s"',;&]+/gi, '$1$2…')
    .replace(/\bauthorization(=["']?|["']?: ?["']?)(?!…|Basic |Bearer )[\w+/=.-]{16,}/gi, 'authorization$1…')
    .replace(/(--creds|--user|-u)([ =])\S+/g, '$1$2…');
}
