import type { ErrorChain } from '../chain';
import { atMirror, hostsTried } from '../endpoints';
import type { ErrorClass } from '../errorClass';

const silent =
  (seconds: number) =>
  ({ captures }: ErrorChain): boolean =>
    (captures.elapsedSeconds ?? 0) >= seconds;

const lateNotFound = {
  pattern: /failed to resolve (?:reference|image)/,
  then: /: not found/,
  versions: '>=2.0.0',
  unless: /@sha256:[0-9a-f]{64}"?: not found/,
} as const;

export const maskedOtherHostsError: ErrorClass = {
  id: 'masked.other-hosts-error',
  title: 'Another host’s failure is the cause',
  signals: [
    {
      pattern: /trying next host|fetch failed/,
      weight: 92,
      scope: 'anywhere',
      when: ({ text }) => text.includes('\n') && hostsTried(text) >= 2,
    },
    { pattern: /trying next host - response was http\.StatusNotFound|trying next host after status: 404/, weight: 82, scope: 'anywhere' },
    { pattern: /unexpected status|failed with status code|failed to do request/, weight: 44, when: atMirror },
    // A 404 comes at once. After 30 s (dial) another host had most likely timed out before, which from 2.0 a 404 outranks. After 10 s that
    // may have been a TLS handshake, but also a cache that asked its upstream before it said 404.
    { ...lateNotFound, weight: 84, when: silent(30) },
    { ...lateNotFound, weight: 71, when: silent(10) },
    { pattern: /unexpected status (?:code |from )|failed with status code/, weight: 60, versions: '>=2.0.0', when: silent(30) },
    { pattern: /failed to resolve (?:reference|image)/, then: /: not found/, weight: 42, versions: '>=2.0.0' },
    { pattern: /server gave HTTP response to HTTPS client/, weight: 46, versions: '<2.0.0' },
  ],
  examples: [
    {
      text: 'level=info msg="trying next host" error="failed to do request: Head \\"https://mirror.example/v2/app/manifests/1?ns=registry.example\\": dial tcp 10.0.0.9:443: i/o timeout" host=mirror.example\nlevel=error msg="PullImage \\"registry.example/app:1\\" failed" error="failed to pull and unpack image \\"registry.example/app:1\\": failed to resolve reference \\"registry.example/app:1\\": unexpected status from HEAD request to https://registry.example/v2/app/manifests/1: 403 Forbidden" host=registry.example',
      containerd: '2.0',
    },
  ],
  causes: [
    {
      what: 'The mirror misses or is down, and the upstream that is shown was only the last resort',
      tell: 'all `trying next host` lines of the pull',
    },
    { what: 'Up to 1.7 a 404 never shows: the first other error does', tell: 'the mirror lacks the tag, the text is about another host' },
    {
      what: 'In 2.0 and newer an HTTP status outranks transport and token failures',
      tell: 'one host answered, another could not be reached',
    },
  ],
  cases: [
    {
      name: 'afterSilence',
      says: 'FATA[0031] … registry.example/app:1: not found',
      pattern: /: not found/,
      cause:
        'The "not found" came only after {seconds} seconds. A registry says so at once: probably another host did not answer first. A cache that looks upstream before it answers reads the same.',
      nextStep:
        'Read all "trying next host" lines of that pull and ask each host with curl -I and a clock (time): a slow 404 of one host is the cache, a time-out is the cause.',
    },
  ],
  retriable: true,
  doc: {
    meaning:
      'Several hosts were tried and containerd shows one error. Up to 1.7 it is the first that is not a 404; from 2.0 the first of the highest class: transport and token failures, then 404, then other statuses, then an oversized manifest.',
    impact: 'Repairing the host in the text does not help.',
    diagnosis: [
      {
        what: 'Read every host of that pull.',
        command: 'journalctl -u containerd --since -10min | grep -E "trying next host|fetch failed"',
      },
      { what: 'Replay the resolve.', command: 'containerd-runbooks resolve IMAGE' },
    ],
    mitigation: ['Repair the mirror, or take it out of hosts.toml.', 'Do not judge by the printed host.'],
    restart: 'No.',
    rules: ['hosts-upstream-is-asked'],
    related: [
      { id: 'notfound.manifest', apart: 'only one host is configured' },
      { id: 'registry.mirror-error', apart: 'the mirror’s error is the one shown' },
      { id: 'masked.blob-fallback', apart: 'one host, but a second request to it' },
    ],
    sources: ['containerd core/remotes/docker/resolver.go: Resolve, firstErrPriority'],
  },
  messages: {
    cause: 'Several hosts were tried; the error that is shown is not the one that decided.',
    nextStep: 'Read all "trying next host" lines of that pull, with their host, before repairing anything.',
  },
};
