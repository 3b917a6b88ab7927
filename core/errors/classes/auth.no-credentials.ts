import type { ErrorClass } from '../errorClass';
import { status } from '../status';

export const authNoCredentials: ErrorClass = {
  id: 'auth.no-credentials',
  title: 'No credentials reached the registry',
  signals: [
    { pattern: /no basic auth credentials/, weight: 84, scope: 'anywhere' },
    { pattern: /\bInaccessibleImage\b|check the image and registry credential/, weight: 66, scope: 'anywhere' },
    {
      pattern: /image pull failed for \S+ this may be because there are no credentials on this request/,
      weight: 76,
      scope: 'anywhere',
      unless:
        /i\/o timeout|TLS handshake|connection re(?:fused|set)|no such host|x509: |Client\.Timeout|details: \(Error: image \S+ not found/,
    },
    { pattern: /image pull failed for \S+ this may be because there are no credentials on this request/, weight: 50, scope: 'anywhere' },
    { pattern: /\bnot authorized to perform: ecr:GetAuthorizationToken/, weight: 84, scope: 'anywhere' },
    { pattern: /failed to fetch anonymous token: /, then: /\b(?:401|[Uu]nauthorized)\b/, weight: 82 },
    { pattern: /failed to fetch anonymous token: /, then: /\b403\b/, weight: 74 },
    {
      pattern:
        /Unauthenticated requests? (?:do|does) not have permission|[Uu]nauthenticated request|[Aa]nonymous (?:caller|user|access|pull)s? (?:does|do|is|are) not/,
      weight: 82,
      scope: 'anywhere',
    },
    {
      pattern:
        /missing username or secret|credential required for basic auth|error getting credentials|docker-credential-\w|[Ff]ailed (?:to get|getting) credentials? from (?:external |exec )?(?:registry )?(?:credential )?(?:plugin|provider)|[Nn]o credentials? (?:found|available|provided)|could not find (?:any )?credentials/,
      weight: 78,
    },
    { pattern: /\bCredentialProvider(?:Request|Response|Config)\b/, with: /error|fail/i, weight: 70 },
    { pattern: /credential (?:helper|provider)/, then: /fail|not found|error|unable/, weight: 78 },
    {
      pattern: /\bFailedToRetrieveImagePullSecret|[Uu]nable to retrieve (?:(?:some )?image pull secrets|pull secret \S)/,
      weight: 78,
      scope: 'anywhere',
    },
    // A size of 401 bytes is none: containerd's debug log has `size=401` and `content-length=401`.
    { pattern: /(?<![=.])\b401(?: \(?Unauthorized|[: ,])/, weight: 62 },
    {
      pattern: /unauthorized: authentication required|unauthorized to access repository/,
      weight: 57,
      scope: 'anywhere',
    },
    // go-git says so of a repository of sources.
    { pattern: /[Aa]uthentication ?(?:is )?required/, weight: 57, unless: /authentication required: Repository not found/ },
    { pattern: /UNAUTHORIZED\b|unauthorized:/, weight: 57 },
    { pattern: /authorization failed/, weight: 50 },
    { pattern: /expected acArg to be/, weight: 52, scope: 'anywhere' },
    { pattern: /pull access denied/, weight: 42, unless: /no basic auth/ },
    { pattern: /you may have invalid credentials/, weight: 60 },
    { pattern: /(?:: |^|[\s"])unauthorized(?=$|[\s"',)])/m, weight: 57 },
    { ...status('401'), weight: 60 },
    { pattern: /[Ll]ogin (?:is )?required|[Nn]ot logged in|authentication token required|authorization token required/, weight: 66 },
    {
      pattern:
        /authentication ?required|\b(?:no|missing|without|lacks?) (?:\w+ ){0,2}credentials?\b|\b(?:retrieve|get|fetch|find|obtain) (?:\w+ ){0,4}(?:auth|credentials?)\b|\bnot logged in\b|\blog ?in\b|未登录|需要登录|未认证|需要认证/i,
      weight: 36,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'Failed to pull image "registry.example/app:1": failed to pull and unpack image "registry.example/app:1": failed to resolve reference "registry.example/app:1": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
      containerd: '1.7',
    },
    {
      text: 'failed to resolve image: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://registry.example/token?scope=repository%3Aapp%3Apull: 401 Unauthorized',
      containerd: '2.1',
    },
    {
      text: 'failed to resolve reference "registry.example/app:1": pulling from host registry.example failed with status code [manifests 1]: 401 Unauthorized',
      containerd: '1.6',
    },
  ],
  causes: [
    {
      what: 'No imagePullSecret on the pod or its service account, or it is in another namespace',
      tell: '`kubectl get pod -o jsonpath={.spec.imagePullSecrets}` is empty',
    },
    {
      what: 'The secret’s server key names another host',
      tell: 'the key in .dockerconfigjson is not the host of the image (that of Docker Hub is `https://index.docker.io/v1/`)',
    },
    {
      what: 'The kubelet credential provider is not configured or failed',
      tell: 'the word *anonymous* in the text, and a line of the provider in kubelet’s log',
    },
    {
      what: 'Credentials were put where containerd does not look: ~/.docker/config.json, credHelpers, keys in hosts.toml',
      tell: '`crictl pull --creds` works',
    },
  ],
  cases: [
    {
      name: 'ecr',
      says: 'https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/…: no basic auth credentials',
      pattern: /\b\d{12}\.dkr\.ecr\.(?<region>[a-z0-9-]{3,30})\.amazonaws\.com/,
      cause: '{host} (ECR) got no credentials: the node’s role or the kubelet credential provider is missing.',
      nextStep:
        'Give the node role AmazonEC2ContainerRegistryPullOnly (or ReadOnly) and check that kubelet runs with --image-credential-provider-config (ecr-credential-provider); by hand: crictl pull --creds "AWS:$(aws ecr get-login-password --region {region})" IMAGE.',
    },
    {
      name: 'acr',
      says: 'failed to fetch anonymous token: … https://example.azurecr.io/oauth2/token…: 401 Unauthorized',
      pattern: /\b(?<registry>[a-z0-9]{5,50})\.azurecr\.io/,
      cause: '{host} (ACR) got no credentials: the kubelet identity has no AcrPull on the registry {registry}.',
      nextStep:
        'Run az aks update -n CLUSTER -g GROUP --attach-acr {registry}, or assign AcrPull to the kubelet identity (a registry with ABAC permissions ignores AcrPull and wants Container Registry Repository Reader); az aks check-acr -n CLUSTER -g GROUP --acr {registry}.azurecr.io tells whether it works.',
    },
    {
      name: 'googleRegistry',
      says: 'failed to fetch anonymous token: … https://europe-docker.pkg.dev/v2/token…: 401 Unauthorized',
      pattern: /\b[a-z0-9-]{2,40}-docker\.pkg\.dev|\b(?:[a-z]{2}\.)?gcr\.io/,
      cause: '{host} (Google) got no credentials: the node’s service account may not read the repository.',
      nextStep:
        'Grant roles/artifactregistry.reader on the repository to the service account of the nodes; their access scopes must include devstorage.read_only or cloud-platform, and those of existing nodes cannot be changed: make a new node pool.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The registry asked who is there, and containerd had nothing to answer with.',
    impact: 'Private images cannot be pulled. hosts.toml has no credential keys in any release, so it cannot help.',
    diagnosis: [
      {
        what: 'See whether the pod names a secret (from a machine with kubectl).',
        command:
          'kubectl -n NAMESPACE get pod POD -o jsonpath="{.spec.imagePullSecrets}"; kubectl -n NAMESPACE get sa SA -o jsonpath="{.imagePullSecrets}"',
      },
      {
        what: 'Look for the credential provider.',
        command: 'journalctl -u kubelet | grep -i credential-provider; ps -o args= -C kubelet | tr " " "\\n" | grep credential',
      },
      {
        what: 'Pull with credentials by hand.',
        command:
          'crictl pull --creds USER:PASSWORD IMAGE\nctr -n k8s.io images pull --user USER IMAGE\nnerdctl login HOST && nerdctl pull IMAGE',
      },
    ],
    mitigation: [
      'Attach an imagePullSecret, of the pod’s own namespace, to the pod or service account: `kubectl create secret generic regcred --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=$HOME/.docker/config.json`, then `kubectl patch serviceaccount SA -p \'{"imagePullSecrets":[{"name":"regcred"}]}\'`.',
      'Configure the kubelet credential provider of the cloud, or attach the registry role to the node.',
      'Only as a last resort `registry.configs."HOST".auth` in config.toml (k3s and RKE2: `configs."HOST".auth` in registries.yaml).',
    ],
    restart: 'No for secrets. Yes (containerd) for registry.configs; yes (kubelet) for its credential provider flags.',
    rules: ['hosts-unknown-key', 'config-registry-host'],
    related: [
      {
        id: 'auth.bad-or-expired-credentials',
        apart: 'a sign that something was sent: *oauth token*, a user name, *expired*, two bracketed errors',
      },
      { id: 'authz.insufficient-scope', apart: 'a token was given, but it does not cover this repository' },
      { id: 'masked.blob-fallback', apart: 'a HEAD on `/blobs/` for a reference by digest' },
      { id: 'cri.sandbox-image', apart: 'the pause image: the runtime’s own pull has no pod and no secret' },
    ],
    sources: [
      'containerd core/remotes/docker/authorizer.go: AddResponses',
      'containerd internal/cri/server/images/image_pull.go: ParseAuth',
      'https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html',
      'https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions',
      'https://cloud.google.com/artifact-registry/docs/integrate-gke',
    ],
  },
  messages: {
    cause: 'The registry asks for credentials and none were sent.',
    causeAtHost: '{host} asks for credentials and none were sent.',
    nextStep: 'Check imagePullSecrets and the kubelet credential provider; try crictl pull --creds.',
  },
};
