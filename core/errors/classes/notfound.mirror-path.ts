import type { ErrorClass } from '../errorClass';

export const notfoundMirrorPath: ErrorClass = {
  id: 'notfound.mirror-path',
  title: 'Mirror URL put together wrongly',
  signals: [
    {
      pattern: /\/v2\/(?:[\w.<>{}$-]{1,120}\/){0,6}v2\//,
      weight: 82,
      with: /404|not found|400|Not Found|double|text\/html/,
      scope: 'anywhere',
    },
    {
      pattern: /unexpected media type text\/html|content descriptor \S* \(text\/html|unexpected content[- ]type:? "?text\/html/i,
      weight: 82,
    },
    { pattern: /invalid character '<' looking for beginning of value/, weight: 80, unless: /token response|\b40[13]\b|\b5\d\d\b/ },
    {
      pattern: /https?:\/\/[^\s"/]+\/(?!v2\/)(?:[\w.-]+\/){1,6}v2\/\S+/,
      weight: 66,
      with: /404 Not Found|not found|400 Bad/,
      unless: /docker\/registry\/v2|registry-v2|artifactory\/api/,
    },
    { pattern: /\b30[0-8] (?:Found|Moved|Multiple|Not Modified|See Other|Temporary|Permanent)/, weight: 56 },
    { pattern: /stopped after 10 redirects|failed to authorize redirect/, weight: 58 },
    { pattern: /\b400 Bad Request\b/, weight: 46, unless: /HTTPS/ },
  ],
  examples: [
    {
      text: 'failed to resolve image: unexpected status from HEAD request to https://mirror.example/v2/proxy/v2/library/nginx/manifests/1?ns=docker.io: 404 Not Found',
      containerd: '2.1',
    },
    {
      text: 'failed to pull and unpack image "mirror.example/app:1": failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:1a2b (text/html) from remote: not found',
      containerd: '2.0',
    },
  ],
  causes: [
    {
      what: 'A path in `[host."https://HOST/v2/PROJECT"]` without `override_path = true`: containerd appends another /v2',
      tell: 'two `/v2/` in the requested URL',
    },
    { what: '`override_path = true` on a URL without /v2', tell: 'no `/v2/` in the requested URL' },
    {
      what: 'A Harbor, Nexus or Artifactory project prefix is missing, and a web page answers',
      tell: "`text/html`, or `invalid character '<'`",
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The mirror was asked for a path that its registry API does not have, so that it answered 404, a redirect or a web page.',
    impact: 'The mirror never serves anything; pulls go to the next host, or fail with a text that looks like a missing image.',
    diagnosis: [
      {
        what: 'Read the URL that containerd requests.',
        command:
          'journalctl -u containerd --since -10min | grep -o "url=[^ ]*"   # needs debug level\nctr -n k8s.io --debug images pull --hosts-dir /etc/containerd/certs.d IMAGE 2>&1 | grep "do request"',
      },
      { what: 'Find the path that works.', command: 'curl -sI https://HOST/v2/PROJECT/library/nginx/manifests/latest' },
    ],
    mitigation: ['Write `[host."https://HOST/v2/PROJECT"]` together with `override_path = true`.'],
    restart: 'No.',
    rules: ['hosts-doubled-path', 'hosts-override-path-without-v2', 'config-mirror-path'],
    related: [
      { id: 'notfound.manifest', apart: 'the URL is right, the tag is missing' },
      { id: 'registry.mirror-error', apart: 'the mirror errs although the URL is right' },
    ],
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig'],
  },
  messages: {
    cause: 'The mirror was asked for a path that its registry API does not have.',
    causeAtHost: '{host} was asked for a path that its registry API does not have.',
    nextStep: 'Compare the requested URL with the one that works in curl; with a path in the host’s URL set override_path = true.',
  },
};
