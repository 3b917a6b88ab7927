import { CallError } from '../command';

/** What ssh printed before it gave up, as one line that says what happened and what to do. */
export function sshFailure(destination: string, stderr: string): CallError {
  const text = plain(stderr);
  const reason = reasons.map(({ pattern, say }) => {
    const match = pattern.exec(text);
    return match ? say(match, destination, text) : undefined;
  });
  const known = reason.find((line) => line !== undefined);
  return unreachable(destination, known ?? (lastLine(text) || 'ssh ended without saying why; try the same with "ssh -v"'));
}

/** With `StrictHostKeyChecking no` ssh only warns of a changed key and logs in. Nothing of ours goes there: undefined where it did not warn. */
export function changedHostKey(destination: string, stderr: string): CallError | undefined {
  return hasChangedKey.test(stderr) ? sshFailure(destination, stderr) : undefined;
}

export function sshMissing(destination: string): CallError {
  return unreachable(destination, 'there is no "ssh" program on this machine; install the OpenSSH client or put it on PATH');
}

export function unreachable(node: string, what: string): CallError {
  return new CallError(`cannot reach ${plain(node)}: ${what}`, 'unreachable');
}

const hasChangedKey = /REMOTE HOST IDENTIFICATION HAS CHANGED/;

interface Reason {
  readonly pattern: RegExp;
  readonly say: (match: RegExpExecArray, destination: string, text: string) => string;
}

/** Most telling first: the lines that follow from another are below it. Texts of OpenSSH 7.4 to 10. */
const reasons: readonly Reason[] = [
  {
    pattern: /Timeout, server \S{1,255} not responding/,
    say: () => 'the connection was lost: the node does not answer any more; check the network, and whether the machine still runs',
  },
  {
    pattern: /Connection to \S{1,255} closed by remote host|client_loop: send disconnect|Shared connection to \S{1,255} closed/,
    say: () => 'the connection was lost: the other side closed it; sshd was stopped there, or something on the way gave up',
  },
  {
    pattern: hasChangedKey,
    say: (_match, destination, text) => {
      const place = /Offending \S+ key in (.{1,500}:\d+)$/m.exec(text)?.[1];
      const where = place === undefined ? 'known_hosts' : place;
      return `its host key has changed since it was recorded in ${where}; if the machine was really reinstalled, remove that line and run "ssh ${plain(destination)}" once to check the new key`;
    },
  },
  {
    pattern: /REVOKED HOST KEY|host key \S+ .{0,200}revoked/i,
    say: () => 'its host key is marked as revoked; do not connect before the administrator has explained it',
  },
  {
    pattern: /Host key verification failed|No \S+ host key is known for|No matching host key fingerprint/,
    say: (_match, destination) =>
      `its host key is not known yet; run "ssh ${plain(destination)}" once, compare the fingerprint and accept it`,
  },
  {
    pattern: /ssh: connect to host (\S{1,255}) port (\d{1,5}): Connection refused/,
    say: (match) => `${at(match)} refused the connection; is sshd running there, on that port?`,
  },
  {
    pattern: /ssh: connect to host (\S{1,255}) port (\d{1,5}): (?:Connection|Operation) timed out/,
    say: (match) => `${at(match)} did not answer in time; check the address, the firewall and the VPN`,
  },
  {
    pattern: /Connection timed out during banner exchange|Connection to \S{1,255} port \d{1,5} timed out/,
    say: () => 'something accepts the connection but does not answer as an ssh server',
  },
  {
    pattern: /ssh: connect to host (\S{1,255}) port (\d{1,5}): ([^\r\n]{1,200})/,
    say: (match) => `no connection to ${at(match)}: ${(match[3] ?? '').trim().toLowerCase()}; check the address and the routes`,
  },
  {
    pattern: /Could not resolve hostname ([^\s:]{1,255}): ([^\r\n]{1,200})/,
    say: (match) =>
      `the name ${match[1] ?? ''} was not found (${(match[2] ?? '').trim()}); check its spelling and the Host entries of the ssh config`,
  },
  {
    pattern: /Permission denied \(([^)\n]{1,200})\)/,
    say: (match) =>
      `the server accepts none of our logins (it takes ${match[1] ?? ''}); check the user name and that the key is offered (ssh-add -l, IdentityFile)`,
  },
  {
    pattern: /Too many authentication failures/,
    say: () => 'too many keys were offered before the right one; set IdentityFile and IdentitiesOnly for it in the ssh config',
  },
  { pattern: /UNPROTECTED PRIVATE KEY FILE/, say: () => 'ssh ignores a private key that others may read; give it mode 0600' },
  {
    pattern: /Unable to negotiate with [^\n]{1,300}: (no matching [a-z ]{1,80} found)/,
    say: (match) => `ssh and the server share no algorithm (${match[1] ?? ''}); the server is very old or very new`,
  },
  { pattern: /Can't open user config file ([^\n:]{1,500})/, say: (match) => `the ssh config ${match[1] ?? ''} cannot be read` },
  {
    pattern: /Bad (?:owner or permissions on|configuration option)[^\n]{0,500}|^[^\n]{1,300}? line \d+: [^\n]{1,300}/m,
    say: (match) => `the ssh config has an error: ${match[0].trim()}`,
  },
  {
    pattern: /kex_exchange_identification: ([^\n]{1,200})|Connection (?:closed|reset) by [^\n]{1,200}/,
    say: (match) =>
      `the connection was closed before the login (${match[0].trim()}); the server may be limiting logins, or a jump host cannot reach it`,
  },
];

function at(match: RegExpExecArray): string {
  return `${match[1] ?? ''} port ${match[2] ?? ''}`;
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.filter((line) => line !== '').at(-1) ?? '').slice(0, 300);
}

/** A server's banner may hold anything: what a terminal would obey is left out. */
function plain(text: string): string {
  return text.replace(/\r/g, '').replace(/[^\n\P{C}]/gu, '');
}
