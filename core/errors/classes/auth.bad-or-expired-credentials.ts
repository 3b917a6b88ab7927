import type { ErrorClass } from '../errorClass';

export const authBadOrExpiredCredentials: ErrorClass = {
  id: 'auth.bad-or-expired-credentials',
  title: 'Credentials were sent and refused',
  signals: [
    {
      pattern:
        /incorrect username or password|invalid username(?:\/| or )password|invalid credentials|bad credentials|access denied due to invalid credentials|wrong (?:username|password)|username or password (?:is )?incorrect/i,
      weight: 85,
      unless: /you may have invalid credentials/,
    },
    {
      pattern:
        /authorization token has expired|token (?:has |is )?expired|ExpiredToken|credentials? (?:has|have|is|are)? ?expired|Reauthenticate and try again/i,
      weight: 85,
    },
    { pattern: /cannot be authenticated with the token provided/, weight: 84, scope: 'anywhere' },
    { pattern: /denied: [Yy]our [Aa]uthorization [Tt]oken has expired|aws ecr get-login\b/, weight: 86, scope: 'anywhere' },
    { pattern: /failed to fetch oauth token: /, then: /\b40[01]\b/, weight: 83 },
    {
      pattern: /failed to fetch oauth token: /,
      then: /\b403\b|denied|unauthorized/,
      weight: 76,
    },
    { pattern: /server message: invalid_token|\binvalid_token\b/, weight: 82 },
    { pattern: /illegal base64 data|invalid decoded auth|parse server address|failed to get credentials for "/, weight: 80 },
    { pattern: /expected acArg to be/, weight: 60, scope: 'anywhere' },
    { pattern: /you may have invalid credentials/, weight: 66 },
    { pattern: /\[rpc error: /, then: /, rpc error: /, weight: 72, with: /unauthorized|\b401\b|denied/ },
    { pattern: /login attempt to https?:\S+ failed with status: 401|unable to retrieve auth token: invalid/, weight: 82 },
    { pattern: /unauthorized: authentication required|unauthorized to access repository/, weight: 60, scope: 'anywhere' },
    { pattern: /\bunauthorized:|\bUNAUTHORIZED\b/, weight: 56 },
    { pattern: /\b401 Unauthorized/, weight: 52, unless: /anonymous token|no basic auth/ },
    { pattern: /(?:: |^|[\s"])unauthorized(?=$|[\s"',)])/m, weight: 55 },
    {
      pattern:
        /HTTP Basic: Access denied|Incorrect authentication credentials|Could not find [Rr]obot|not authorized: |[Nn]ot Authorized\b|CONNECTIVITY_REFRESH_TOKEN_ERROR|(?:password|credentials?) (?:is|are|was|were) (?:wrong|incorrect|invalid|not valid)/,
      weight: 70,
    },
    { pattern: /denied: denied/, weight: 56 },
    {
      pattern: /\bunauth(?:ori[sz]ed|enticated)\b|\bauthentication\b|\b401\b|\bcredentials?\b|\bpassword\b|认证失败|鉴权失败|未授权|密码/i,
      weight: 35,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to resolve reference "registry.example/app:1": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://registry.example/token?service=registry: 401 Unauthorized',
      containerd: '1.7',
    },
    {
      text: 'Failed to pull image "registry.example/app:1": Error response from daemon: Get "https://registry.example/v2/": unauthorized: incorrect username or password',
    },
    {
      text: 'pull access denied, repository does not exist or may require authorization: server message: invalid_token: authorization failed',
      containerd: '2.0',
    },
  ],
  causes: [
    { what: 'The password or token was rotated', tell: 'the same user fails with `curl -u` too' },
    {
      what: 'A cloud token with a short life is stored in a static secret (ECR: 12 hours)',
      tell: 'it worked when the secret was made; the text may say *expired*',
    },
    { what: 'The secret is malformed', tell: '`illegal base64 data` or `invalid decoded auth`' },
    { what: 'The credentials belong to another registry or account', tell: 'the server key of .dockerconfigjson is another host' },
  ],
  cases: [
    {
      name: 'expiredToken',
      says: 'denied: Your authorization token has expired. Reauthenticate and try again.',
      pattern: /(?:authorization token has|token(?: \w+)? (?:has |is )?)expired/i,
      cause: 'The credentials for {host} have expired (a token of ECR lives 12 hours).',
      nextStep:
        'Make the secret again with a new token; for good, use the kubelet credential provider of the cloud instead of a static secret.',
    },
    {
      name: 'password',
      says: 'unauthorized: incorrect username or password',
      pattern: /incorrect username or password/,
      cause: 'The user name or password that was sent for {namespace} is wrong.',
      nextStep:
        'Decode .dockerconfigjson of the pull secret (base64 -d) and try that user with crictl pull --creds; Docker Hub wants an access token where two-factor login is on.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'Credentials reached the registry or its token service, and it did not accept them.',
    impact:
      'Images of that registry cannot be pulled by this pod or node. Wrong Basic credentials are sent up to six times per pull, which can lock an account.',
    diagnosis: [
      {
        what: 'Look at the secret (from a machine with kubectl; do not share the output).',
        command: 'kubectl -n NAMESPACE get secret NAME -o jsonpath="{.data.\\.dockerconfigjson}" | base64 -d',
      },
      {
        what: 'Try the same credentials where the registry wants them: itself where it asks for Basic, else at the realm that its Bearer names. 200 is good.',
        command:
          'curl -sS -D - -o /dev/null https://HOST/v2/ | grep -i www-authenticate\ncurl -sS -o /dev/null -w "%{http_code}\\n" -u USER https://HOST/v2/                     # Basic\ncurl -sS -o /dev/null -w "%{http_code}\\n" -u USER "REALM?service=SERVICE"             # Bearer\ncrictl pull --creds USER:PASSWORD IMAGE',
      },
    ],
    mitigation: [
      'Renew the secret.',
      'Use a credential provider or an operator that refreshes short-lived tokens.',
      'Correct the server key and the base64 of `auth`.',
    ],
    restart: 'No, unless the credentials stand in config.toml.',
    rules: ['config-clear-text-credentials', 'hosts-clear-text-credentials'],
    related: [
      { id: 'auth.no-credentials', apart: 'nothing was sent: *anonymous token*, `no basic auth credentials`' },
      { id: 'auth.token-endpoint', apart: 'the token service itself failed' },
      { id: 'authz.denied-403', apart: 'who you are is accepted, what you want is not' },
    ],
    sources: [
      'containerd core/remotes/docker/authorizer.go: doBearerAuth',
      'containerd internal/cri/server/images/image_pull.go: ParseAuth',
    ],
  },
  messages: {
    cause: 'Credentials were sent and refused: wrong, expired or malformed.',
    causeAtHost: 'Credentials were sent to {host} and refused: wrong, expired or malformed.',
    nextStep: 'Decode the pull secret (base64 -d) and try the same credentials with crictl pull --creds USER:PASSWORD.',
  },
};
