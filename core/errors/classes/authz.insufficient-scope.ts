import type { ErrorClass } from '../errorClass';

export const authzInsufficientScope: ErrorClass = {
  id: 'authz.insufficient-scope',
  title: 'Repository does not exist or is private',
  signals: [
    { pattern: /\binsufficient_scope\b|does not match bearer token resource/, weight: 86, scope: 'anywhere' },
    { pattern: /pull access denied for \S+|may require 'docker login'/, weight: 84, scope: 'anywhere' },
    {
      pattern: /repository \S+ not found: does not exist or no pull access|repository does not exist or may require/,
      weight: 58,
      scope: 'anywhere',
      unless: /no basic auth|invalid_token/,
    },
    { pattern: /requested access to the resource is denied/, weight: 60, scope: 'anywhere' },
    { pattern: /\binsufficient[ _](?:scopes?|permissions?|rights|privileges?)\b/i, weight: 39, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'Failed to pull image "example/app:1": failed to pull and unpack image "docker.io/example/app:1": failed to resolve image: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      containerd: '2.1',
    },
    {
      text: "Error response from daemon: pull access denied for example/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    },
  ],
  causes: [
    { what: 'The name is wrong: Docker Hub hides whether a repository exists', tell: 'the page of the repository on the Hub answers 404' },
    { what: 'An image that exists only locally, with imagePullPolicy Always or the tag latest', tell: '`crictl images` lists it' },
    { what: 'A private repository and no, or other, credentials', tell: 'the page exists when logged in' },
  ],
  cases: [
    {
      name: 'officialImages',
      says: '"docker.io/library/app:1": … server message: insufficient_scope: authorization failed',
      pattern: /docker\.io\/library\/(?<name>[a-z0-9][\w.-]{0,120})/,
      cause:
        '{name} was looked up as docker.io/library/{name}, where only official images are: probably the registry or the namespace is missing in the name.',
      nextStep:
        'Write the image with its registry, as registry.example/team/{name}; for an image that was loaded by hand set imagePullPolicy to IfNotPresent.',
    },
  ],
  retriable: false,
  doc: {
    meaning:
      'The token service gave a token, but it does not cover this repository. Docker Hub answers so both for private repositories and for ones that do not exist.',
    impact: 'The image cannot be pulled. The text cannot say which of the two it is.',
    diagnosis: [
      {
        what: 'Look the repository up.',
        command: 'curl -s -o /dev/null -w "%{http_code}\\n" https://hub.docker.com/v2/repositories/NAMESPACE/NAME/',
      },
      { what: 'See whether the image is there already.', command: 'crictl images | grep NAME; ctr -n k8s.io images ls -q | grep NAME' },
    ],
    mitigation: [
      'Correct the name; official images are `docker.io/library/NAME`.',
      'Set imagePullPolicy IfNotPresent for images that are loaded by hand.',
      'Log in, or attach a pull secret.',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'auth.no-credentials', apart: '`no basic auth credentials`: nothing was sent' },
      { id: 'notfound.manifest', apart: 'the repository is visible, the tag is missing' },
    ],
    sources: ['containerd core/remotes/docker/authorizer.go: invalidAuthorization'],
  },
  messages: {
    cause: 'The repository does not exist, or it is private and the credentials do not cover it.',
    causeOfReference: 'The repository of {reference} does not exist, or it is private and the credentials do not cover it.',
    nextStep: 'Check the spelling of the name first, then the credentials.',
  },
};
