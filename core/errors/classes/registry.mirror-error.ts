import { atMirror } from '../endpoints';
import type { ErrorClass } from '../errorClass';
import { status } from '../status';

export const registryMirrorError: ErrorClass = {
  id: 'registry.mirror-error',
  title: 'A mirror errs or misses',
  signals: [
    {
      pattern:
        /mirror resolve retries exhausted|mirror with image component \S+ could not be found|could not (?:resolve|find) (?:a )?(?:mirror|peer)|[Mm]irror(?:ed)? (?:request|registry) (?:failed|error)|all mirrors? failed|request to (?:mirror|peer) failed|copying of (?:blob|manifest) data failed|expected mirror to respond with(?: \d{3} [\w ]{2,30} but received)?/,
      weight: 88,
      scope: 'anywhere',
    },
    // Harbor's proxy cache could not ask what it stands for (src/server/middleware/repoproxy/proxy.go).
    { pattern: /\bfailed to proxy (?:manifest|blob)\b|\bProxy to remote failed\b/, weight: 86, scope: 'anywhere' },
    { ...status('5\\d\\d'), weight: 72, when: atMirror },
    { pattern: /\b5\d\d [A-Z][a-z]+/, weight: 72, when: atMirror },
    {
      pattern: /\b(?:400 Bad Request|406 Not Acceptable|409 Conflict|416 Requested|421 Misdirected)/,
      weight: 66,
      when: atMirror,
      unless: /HTTPS/,
    },
    { ...status('40[13]'), weight: 56, when: atMirror, unless: /failed to fetch (?:anonymous|oauth)/ },
    { ...status('404'), weight: 54, when: atMirror },
    { ...status('400'), weight: 50 },
    { pattern: /response was http\.StatusNotFound/, weight: 54, when: atMirror },
    { pattern: /\b(?:400 Bad Request|406 Not Acceptable|409 Conflict|416 Requested|30[0-8] [A-Z]\w+)/, weight: 54, unless: /HTTPS/ },
    {
      pattern:
        /stopped after 10 redirects|unsupported Content-Encoding algorithm|unhandled content range|in header not a valid digest|unable to fetch descriptor \([^)]{0,200}\) which reports content size of zero|missing or empty Content-Type header|target\.MediaType must be set/i,
      weight: 62,
    },
    {
      pattern: /no available upstream|no mirrors? (?:found|available)|could not find any mirror|mirror with response status|dfdaemon/i,
      weight: 74,
    },
  ],
  examples: [
    {
      text: 'failed to resolve image: unexpected status from HEAD request to https://mirror.example/v2/library/nginx/manifests/1?ns=docker.io: 500 Internal Server Error',
      containerd: '2.1',
    },
    {
      text: 'failed to pull and unpack image "docker.io/library/nginx:1": failed to resolve reference "docker.io/library/nginx:1": pulling from host mirror.example failed with status code [manifests 1]: 502 Bad Gateway',
      containerd: '1.6',
    },
  ],
  causes: [
    { what: 'The cache cannot reach its upstream', tell: 'the mirror’s log, or an upstream error quoted in its answer' },
    {
      what: 'A peer-to-peer mirror does not have the content, which is normal',
      tell: 'Spegel or Dragonfly: a miss is followed by a pull from the registry',
    },
    { what: 'The mirror forwards the Authorization header to its storage', tell: '400 on blobs' },
  ],
  retriable: true,
  doc: {
    meaning: 'A host of hosts.toml that is not the image’s own registry answered with an error.',
    impact:
      'Normally the next host is asked. The pull fails when there is none, or while content is fetched: there the first host’s error is reported.',
    diagnosis: [
      { what: 'Ask the mirror as containerd does.', command: 'curl -sSI "https://MIRROR/v2/REPOSITORY/manifests/TAG?ns=HOST"' },
      { what: 'See which hosts failed.', command: 'journalctl -u containerd --since -10min | grep -E "trying next host|fetch failed"' },
    ],
    mitigation: [
      'Repair the mirror.',
      'Take it out of hosts.toml meanwhile; no restart is needed.',
      'Ignore misses of a peer-to-peer mirror when the pull succeeds.',
    ],
    restart: 'No.',
    rules: ['hosts-upstream-is-asked'],
    related: [
      { id: 'registry.5xx', apart: 'the image’s own registry errs' },
      { id: 'authz.denied-403', apart: 'a 403 with `?ns=` fits both' },
      { id: 'notfound.mirror-path', apart: 'the URL of the mirror is put together wrongly' },
    ],
    sources: ['containerd core/remotes/docker/registry.go', 'containerd core/remotes/docker/fetcher.go'],
  },
  messages: {
    cause: 'A mirror answered with an error; it is not the image’s own registry.',
    causeAtHost: 'The mirror {host} answered with an error; it is not the image’s own registry.',
    nextStep: 'Ask the mirror with curl and read its log; take it out of hosts.toml if it cannot be repaired now.',
  },
};
