import type { ErrorClass } from '../errorClass';

const digestNotFound = /@sha256:[0-9a-f]{64}"?: not found/;

export const maskedBlobFallback: ErrorClass = {
  id: 'masked.blob-fallback',
  title: 'The answer for /blobs/ hides the first failure',
  signals: [
    {
      pattern: /HEAD request to (?=\S+\/blobs\/sha256:)\S+ [3-5]\d\d\b/,
      weight: 97,
      scope: 'anywhere',
      versions: '>=2.0.0',
    },
    // Half a minute is a connect time-out; a registry that really lacks a digest says so at once, a cache that asks its upstream later.
    { pattern: digestNotFound, weight: 90, versions: '>=2.0.0', when: ({ captures }) => (captures.elapsedSeconds ?? 0) >= 30 },
    { pattern: digestNotFound, weight: 80, versions: '>=2.0.0', when: ({ captures }) => (captures.elapsedSeconds ?? 0) >= 10 },
    { pattern: digestNotFound, weight: 53, versions: '>=2.0.0' },
    { pattern: /unexpected media type application\/octet-stream for sha256:/, weight: 66 },
    { pattern: /\bHead "(?=\S+\/blobs\/sha256:)/, weight: 50 },
  ],
  examples: [
    {
      text: 'failed to resolve image: unexpected status from HEAD request to https://public.example/v2/app/blobs/sha256:1a2b3c4d: 401 Unauthorized',
      containerd: '2.1',
    },
    {
      text: 'FATA[0031] failed to resolve reference "private.example/app@sha256:0101010101010101010101010101010101010101010101010101010101010101": private.example/app@sha256:0101010101010101010101010101010101010101010101010101010101010101: not found',
      containerd: '2.0',
    },
  ],
  causes: [
    {
      what: 'The pull began before the network interface was ready',
      tell: 'the first attempt took 10 to 30 seconds; it happens after boot or after an interface was attached',
    },
    { what: 'A firewall or NAT that warms up, or a resolver that flaps', tell: 'the same reference works a minute later' },
    { what: 'The manifest really is missing', tell: 'the manifests URL answers 404 at once' },
  ],
  cases: [
    {
      name: 'afterSilence',
      says: 'FATA[0031] … app@sha256:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f: not found',
      pattern: /@sha256:[0-9a-f]{64}"?: not found/,
      cause:
        'The "not found" came only after {seconds} seconds, so the request for the manifest probably failed first (time-out, reset, DNS). A cache that looks upstream before it answers reads the same.',
      nextStep:
        'Check that the network interface was ready, and replay the resolve: a first attempt that times out is the cause, a slow 404 is the cache. Then retry.',
    },
  ],
  retriable: true,
  doc: {
    meaning:
      'For a reference by digest containerd asks `/manifests/<digest>` and then `/blobs/<digest>`. When the first request failed (time-out, reset, DNS), 2.0 and newer report the answer to the second, because an HTTP status outranks a transport error.',
    impact: 'A passing network failure looks like a permanent 401 or 404. Callers that retry only time-outs give up.',
    diagnosis: [
      {
        what: 'See whether the interface was ready when the pull began.',
        command: 'ip -br addr; journalctl -b -o short-precise | grep -E "carrier|link becomes ready" | tail',
      },
      { what: 'Replay the resolve and look at the first attempt.', command: 'containerd-runbooks resolve REFERENCE --until resolve' },
      {
        what: 'Make it happen again with the first request timed out, and have the steps for ctr, crictl, nerdctl and iptables written for this image.',
        command: "containerd-runbooks resolve REFERENCE --fault 'HEAD */manifests/*=timeout' --guide GUIDE.md",
      },
      {
        what: 'Find the hidden error (debug level).',
        command: 'journalctl -u containerd --since -10min | grep -E "do request|trying next host"\nnerdctl --debug-full pull REFERENCE',
      },
    ],
    mitigation: [
      'Pull only when the interface is up, running and has an address.',
      'Retry such a 401 or 404 of a reference by digest.',
      'Upgrade: 2.0.11, 2.2.6 and 2.3.0 stop the fallback after other statuses (not after time-outs).',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'notfound.manifest', apart: '`<reference>@sha256:…: not found` without a long silence reads the same' },
      { id: 'auth.no-credentials', apart: 'a 401 of `/manifests/`' },
      { id: 'net.timeout', apart: 'what usually stands behind it' },
    ],
    sources: ['containerd core/remotes/docker/resolver.go: Resolve, firstErrPriority'],
  },
  messages: {
    cause:
      'The request for the manifest probably failed first (time-out, reset, DNS); what is shown is only the answer for /blobs/ that followed.',
    causeAtHost:
      'The request to {host} for the manifest probably failed first (time-out, reset, DNS); what is shown is only the answer for /blobs/ that followed.',
    nextStep: 'Check that the network interface is ready, replay the resolve and look at its first attempt; then retry.',
  },
};
