import type { ErrorClass } from '../errorClass';

export const refInvalid: ErrorClass = {
  id: 'ref.invalid',
  title: 'Image reference does not parse',
  signals: [
    { pattern: /(?:^\S{1,253} +\d{1,3}\/\d{1,3} +(?:Init:)?)?\bInvalidImageName\b/m, weight: 84, scope: 'anywhere' },
    {
      pattern:
        /couldn't parse image (?:reference|name)|[Ff]ailed to parse (?:image )?reference|could not parse (?:image )?reference|parsing image (?:name|reference)|Failed to apply default image tag|error parsing image name/,
      weight: 84,
      scope: 'anywhere',
      // skopeo puts `Error parsing image name` before whatever a registry says.
      unless: /reading manifest |pinging container registry /,
    },
    {
      pattern:
        /invalid reference format|repository name (?:\S+ )?must be lowercase|invalid checksum digest (?:format|length)|invalid repository name|repository name (?:component )?must (?:have|not|match)/,
      weight: 82,
      scope: 'anywhere',
      // The registry's, not the person's: containerd read it in an answer.
      unless: /in header not a valid digest/,
    },
    {
      pattern: /failed to resolve reference "[^"\s]*": (?:object required|parse "dummy:|invalid reference|hostname required)/,
      weight: 86,
    },
    { pattern: /parse "dummy:\/\/|invalid port ":[\w.-]+" after host/, weight: 78, unless: /parse "https?:/ },
    { pattern: /: object required/, weight: 60 },
    // What other tools put before a reference is none of HTTP's schemes.
    { pattern: /unsupported protocol scheme "(?:oci|docker)"/, weight: 76 },
    {
      pattern:
        /invalid tag format|repository name must be canonical|invalid image name|image name is empty|cannot parse image|short-name "[^"]+" did not resolve|short-name resolution enforced|no unqualified-search registries|no registries configured while trying to pull/i,
      weight: 78,
      scope: 'anywhere',
    },
    {
      pattern:
        /\binvalid (?:\w+ ){0,2}(?:reference|name|tag|format|image)\b|\bmalformed\b|\b(?:could not|cannot|can't|failed to|unable to|error) pars(?:e|ing)\b|\blower ?case\b|\bnot a valid\b|\binvalidimagename\b/i,
      weight: 37,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'Failed to apply default image tag "${IMAGE}": couldn\'t parse image reference "${IMAGE}": invalid reference format: repository name must be lowercase',
    },
    {
      text: 'failed to parse image reference "registry.example/App:1": invalid reference format: repository name (App) must be lowercase',
      containerd: '2.1',
    },
    { text: 'ctr: failed to resolve reference "busybox": object required', containerd: '1.7' },
  ],
  causes: [
    { what: 'A variable of a template was not replaced', tell: '`${…}` or `{{…}}` in the name' },
    { what: 'Capital letters in the repository name', tell: '`must be lowercase`' },
    { what: 'A scheme, a blank or two tags in the name', tell: '`https://` in front, or `name:tag:tag`' },
    { what: 'ctr wants the full name', tell: '`object required`: write `docker.io/library/NAME:TAG`' },
  ],
  cases: [
    {
      name: 'capitals',
      says: 'invalid reference format: repository name (App) must be lowercase',
      pattern: /must be lowercase/,
      cause: 'The repository name has capital letters, which are not allowed; no registry was asked.',
      nextStep: 'Write the repository in lower case (the tag may have capitals), or find the template variable that put them there.',
    },
    {
      name: 'shortName',
      says: 'short-name "app" did not resolve to an alias',
      pattern: /short-name|no unqualified-search registries/,
      cause: 'The image name has no registry, and this runtime has none to search.',
      nextStep: 'Write the full name, as docker.io/library/NAME, or set unqualified-search-registries in /etc/containers/registries.conf.',
    },
    {
      name: 'unreplaced',
      says: 'Failed to apply default image tag "${IMAGE}": parsing image reference "${IMAGE}"',
      pattern: /image (?:reference|tag) "[^"]{0,100}(?:\$\{|\{\{|<\w|None)/,
      cause: 'The image name still holds a variable that nothing replaced; no registry was asked.',
      nextStep: 'Render the template (helm template, kubectl kustomize) and set the missing image value.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The image name could not be read as a reference, so no registry was asked.',
    impact: 'The container stays in InvalidImageName until the name changes.',
    diagnosis: [
      {
        what: 'See the name as it reached the cluster (from a machine with kubectl).',
        command: 'kubectl -n NAMESPACE get pod POD -o jsonpath="{.spec.initContainers[*].image} {.spec.containers[*].image}"',
      },
    ],
    mitigation: ['Correct the manifest or the values of the template.', 'With ctr, give registry, repository and tag.'],
    restart: 'No.',
    rules: [],
    related: [{ id: 'notfound.manifest', apart: 'the name is valid, but nothing stands behind it' }],
    sources: ['distribution/reference: ParseNormalizedNamed', 'containerd pkg/reference: Parse'],
  },
  messages: {
    cause: 'The image name is no valid reference, so no registry was asked.',
    causeOfReference: '{reference} is no valid image reference, so no registry was asked.',
    nextStep: 'Correct the image name: lower case, no scheme, one tag, no unreplaced variables.',
  },
};
