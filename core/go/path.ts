/** Go path and net: cleaning of paths, host and port. */

/** Go path.Clean. */
export function pathClean(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const cleaned = parts.join('/');
  if (rooted) return `/${cleaned}`;
  return cleaned === '' ? '.' : cleaned;
}

/** Go path.Join: empty parts are left out, the rest is cleaned. */
export function pathJoin(...parts: readonly string[]): string {
  const filled = parts.filter((part) => part !== '');
  return filled.length === 0 ? '' : pathClean(filled.join('/'));
}

/** Go net.SplitHostPort, where only the parts are of interest: both empty when there is no port or too many colons. */
export function splitHostPort(hostPort: string): { readonly host: string; readonly port: string } {
  const none = { host: '', port: '' };
  const colon = hostPort.lastIndexOf(':');
  if (colon < 0) return none;
  if (hostPort.startsWith('[')) {
    const end = hostPort.indexOf(']');
    return end >= 0 && end + 1 === colon ? { host: hostPort.slice(1, end), port: hostPort.slice(colon + 1) } : none;
  }
  const host = hostPort.slice(0, colon);
  return host.includes(':') || /[[\]]/.test(hostPort) ? none : { host, port: hostPort.slice(colon + 1) };
}
