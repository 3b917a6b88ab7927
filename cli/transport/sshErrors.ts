import { message, type Message } from '../../core/text/message';
import { CallError } from '../command';

/** What ssh printed before it gave up, as one line that says what happened and what to do. */
export function sshFailure(destination: string, stderr: string): CallError {
  const text = plain(stderr);
  const reason = reasons.map(({ pattern, say }) => {
    const match = pattern.exec(text);
    return match ? say(match, destination, text) : undefined;
  });
  const known = reason.find((line) => line !== undefined);
  return unreachable(destination, known ?? (lastLine(text) || message('failure/ssh-silent')));
}

/** With `StrictHostKeyChecking no` ssh only warns of a changed key and logs in. Nothing of ours goes there: undefined where it did not warn. */
export function changedHostKey(destination: string, stderr: string): CallError | undefined {
  return hasChangedKey.test(stderr) ? sshFailure(destination, stderr) : undefined;
}

export function sshMissing(destination: string): CallError {
  return unreachable(destination, message('failure/ssh-missing'));
}

export function unreachable(node: string, what: string | Message): CallError {
  return new CallError(message('failure/unreachable', { node: plain(node), what }), 'unreachable');
}

const hasChangedKey = /REMOTE HOST IDENTIFICATION HAS CHANGED/;

interface Reason {
  readonly pattern: RegExp;
  readonly say: (match: RegExpExecArray, destination: string, text: string) => Message;
}

/** Most telling first: the lines that follow from another are below it. Texts of OpenSSH 7.4 to 10. */
const reasons: readonly Reason[] = [
  {
    pattern: /Timeout, server \S{1,255} not responding/,
    say: () => message('failure/ssh-no-answer'),
  },
  {
    pattern: /Connection to \S{1,255} closed by remote host|client_loop: send disconnect|Shared connection to \S{1,255} closed/,
    say: () => message('failure/ssh-closed'),
  },
  {
    pattern: hasChangedKey,
    say: (_match, destination, text) => {
      const place = /Offending \S+ key in (.{1,500}:\d+)$/m.exec(text)?.[1];
      return message('failure/ssh-key-changed', { place: place ?? 'known_hosts', node: plain(destination) });
    },
  },
  {
    pattern: /REVOKED HOST KEY|host key \S+ .{0,200}revoked/i,
    say: () => message('failure/ssh-key-revoked'),
  },
  {
    pattern: /Host key verification failed|No \S+ host key is known for|No matching host key fingerprint/,
    say: (_match, destination) => message('failure/ssh-key-unknown', { node: plain(destination) }),
  },
  {
    pattern: /ssh: connect to host (\S{1,255}) port (\d{1,5}): Connection refused/,
    say: (match) => message('failure/ssh-refused', at(match)),
  },
  {
    pattern: /ssh: connect to host (\S{1,255}) port (\d{1,5}): (?:Connection|Operation) timed out/,
    say: (match) => message('failure/ssh-late', at(match)),
  },
  {
    pattern: /Connection timed out during banner exchange|Connection to \S{1,255} port \d{1,5} timed out/,
    say: () => message('failure/ssh-no-server'),
  },
  {
    pattern: /ssh: connect to host (\S{1,255}) port (\d{1,5}): ([^\r\n]{1,200})/,
    say: (match) => message('failure/ssh-no-way', { ...at(match), why: (match[3] ?? '').trim().toLowerCase() }),
  },
  {
    pattern: /Could not resolve hostname ([^\s:]{1,255}): ([^\r\n]{1,200})/,
    say: (match) => message('failure/ssh-no-name', { host: match[1] ?? '', why: (match[2] ?? '').trim() }),
  },
  {
    pattern: /Permission denied \(([^)\n]{1,200})\)/,
    say: (match) => message('failure/ssh-no-login', { methods: match[1] ?? '' }),
  },
  {
    pattern: /Too many authentication failures/,
    say: () => message('failure/ssh-many-keys'),
  },
  { pattern: /UNPROTECTED PRIVATE KEY FILE/, say: () => message('failure/ssh-open-key') },
  {
    pattern: /Unable to negotiate with [^\n]{1,300}: (no matching [a-z ]{1,80} found)/,
    say: (match) => message('failure/ssh-no-algorithm', { why: match[1] ?? '' }),
  },
  {
    pattern: /Can't open user config file ([^\n:]{1,500})/,
    say: (match) => message('failure/ssh-config-closed', { path: match[1] ?? '' }),
  },
  {
    pattern: /Bad (?:owner or permissions on|configuration option)[^\n]{0,500}|^[^\n]{1,300}? line \d+: [^\n]{1,300}/m,
    say: (match) => message('failure/ssh-config-wrong', { why: match[0].trim() }),
  },
  {
    pattern: /kex_exchange_identification: ([^\n]{1,200})|Connection (?:closed|reset) by [^\n]{1,200}/,
    say: (match) => message('failure/ssh-before-login', { why: match[0].trim() }),
  },
];

function at(match: RegExpExecArray): { readonly host: string; readonly port: string } {
  return { host: match[1] ?? '', port: match[2] ?? '' };
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.filter((line) => line !== '').at(-1) ?? '').slice(0, 300);
}

/** A server's banner may hold anything: what a terminal would obey is left out. */
function plain(text: string): string {
  return text.replace(/\r/g, '').replace(/[^\n\P{C}]/gu, '');
}
