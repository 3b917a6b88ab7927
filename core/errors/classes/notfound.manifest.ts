import type { ErrorClass } from '../errorClass';
import { status } from '../status';

const otherThings =
  /content digest sha256:|no match for platform|parent snapshot|snapshot \S+ (?:does not exist|not found)|snapshotter|unexpected media type|no resolve hosts|no pull hosts|rejecting \d|plugin: not found|executable file not found|not found in \$PATH/;

export const notfoundManifest: ErrorClass = {
  id: 'notfound.manifest',
  title: 'Tag or digest not found',
  signals: [
    {
      pattern:
        /manifest unknown|MANIFEST_UNKNOWN|manifest for \S+ not found|NOT_FOUND: artifact|artifact \S+ not found|\btag \S+ not found in repository|name unknown|NAME_UNKNOWN|repository name not known|tag does not exist|manifest invalid: /i,
      weight: 72,
      scope: 'anywhere',
    },
    // Cut off or not: containerd says this of a 404 only.
    { pattern: /\bcontent at https?:/, weight: 70 },
    {
      pattern: /could not fetch content descriptor \S{0,200} \([^)]{0,200}\) from remote: not found/,
      weight: 66,
      unless: /prettyjws|\(text\/html/,
    },
    { pattern: /failed to resolve (?:reference|ref|image)\b/, then: /: not found/, weight: 62, unless: otherThings },
    { pattern: /(?:\w:[\w.-]{1,60}|@sha256:[0-9a-f.]+)"?: not found/, weight: 58, unless: otherThings },
    { ...status('404'), weight: 52 },
    { pattern: /response was http\.StatusNotFound/, weight: 52 },
    { pattern: /\b410 Gone\b|\b405 Method Not Allowed\b/, weight: 60 },
    { pattern: /manifest(?: \S+)? not found/, weight: 50, scope: 'anywhere' },
    { pattern: /could not be accessed on a registry to record its digest/, weight: 62, scope: 'anywhere' },
    { pattern: /could not fetch content descriptor/, weight: 48 },
    // All that is left where the reason was cut off.
    { pattern: /code = NotFound desc = /, weight: 38, with: /\bpull/, unless: otherThings },
    { pattern: /failed to (?:copy|pull)\b/, then: /: not found/, weight: 44, unless: otherThings },
    {
      pattern:
        /(?:[Rr]epository|image|tag|artifact) \S+ (?:is )?not found|unknown blob|blob unknown|BLOB_UNKNOWN|[Nn]o such image|manifest tagged by|(?:tag|image|repository|manifest) does not exist(?! or)|failed to resolve \S+: not found/,
      weight: 62,
      unless: otherThings,
    },
    {
      pattern:
        /\bnot ?found\b|\bno such\b|\b(?:does not|doesn't|do not|don't|did not|didn't|not) exists?\b|\bnot exist(?:ing)?\b|\b(?:manifest|name|tag|image|repository|target|blob) (?:is )?unknown\b|\b404\b|\bmissing\b|\b(?:cannot|can't|could not|couldn't|unable to|failed to) find\b|\bnot (?:be )?(?:available|present|located)\b|不存在|找不到|未找到|没有找到/i,
      weight: 36,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:nope": failed to resolve image: registry.example/app:nope: not found',
      containerd: '2.1',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to copy: httpReadSeeker: failed open: content at https://registry.example/v2/app/manifests/sha256:1a2b not found: not found',
      containerd: '1.7',
    },
    { text: 'Error response from daemon: manifest for registry.example/app:nope not found: manifest unknown: manifest unknown' },
  ],
  causes: [
    { what: 'The tag was never pushed, was deleted, or is misspelt', tell: 'a request with curl to the registry itself answers 404' },
    { what: 'A proxy cache that does not fetch on HEAD or by digest', tell: 'the registry has it, the mirror does not' },
    {
      what: 'A reverse proxy that changes manifests or their Content-Type',
      tell: '`could not fetch content descriptor … (application/json)` or `()`',
    },
    { what: 'A private repository on a registry that answers 404 instead of 401', tell: 'it is found with credentials' },
    {
      what: 'Up to 1.7 every host said 404; in 2.0 and newer a network failure of another host may stand behind it',
      tell: '`trying next host` lines of the pull',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'Every host that was asked and answered said that it has no such tag or digest.',
    impact: 'The image cannot be pulled. A reference by digest that is known to exist deserves a second look: see masked.blob-fallback.',
    diagnosis: [
      {
        what: 'Ask each host separately.',
        command:
          'curl -sI -H "Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, */*" -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/manifests/TAG',
      },
      {
        what: 'See all hosts that were tried.',
        command: 'journalctl -u containerd --since -10min | grep -E "trying next host|fetch failed"',
      },
      {
        what: 'Repeat with more words.',
        command: 'ctr -n k8s.io --debug images pull --hosts-dir /etc/containerd/certs.d IMAGE\nnerdctl --debug-full pull IMAGE',
      },
    ],
    mitigation: ['Correct or push the tag.', 'Let the cache fetch from its upstream, or take it out of hosts.toml.'],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'masked.blob-fallback', apart: 'a reference by digest and a long silence before the error, or a HEAD on `/blobs/`' },
      { id: 'masked.other-hosts-error', apart: 'another host’s failure can hide behind a 404' },
      { id: 'platform.mismatch', apart: '`manifest not found` while unpacking is about the platform' },
      { id: 'content.store-state', apart: '`content digest …: not found` is the local store' },
      { id: 'notfound.mirror-path', apart: 'the URL itself is put together wrongly' },
    ],
    sources: ['containerd core/remotes/docker/resolver.go: Resolve', 'containerd core/remotes/docker/fetcher.go: Fetch'],
  },
  messages: {
    cause: 'No host that answered has this tag or digest.',
    causeOfReference: 'No host that answered has {reference}.',
    causeAtHost: '{host} does not have this tag or digest.',
    nextStep: 'Ask each host for the manifest with curl -I, and look for trying next host lines in the journal.',
  },
};
