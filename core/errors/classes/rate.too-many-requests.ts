import type { ErrorClass } from '../errorClass';
import { status } from '../status';

export const rateTooManyRequests: ErrorClass = {
  id: 'rate.too-many-requests',
  title: 'Registry throttles',
  signals: [
    { ...status('429'), weight: 90 },
    { pattern: /\bError 429\b|error parsing HTTP 429\b|\(Too Many Requests\)|StatusTooManyRequests/, weight: 90 },
    { pattern: /\btoomanyrequests\b|TOOMANYREQUESTS/, weight: 88, scope: 'anywhere' },
    {
      pattern: /reached your (?:unauthenticated |authenticated )?pull rate limit|increase the limit by authenticating/,
      weight: 88,
      scope: 'anywhere',
    },
    { pattern: /[Rr]ate (?:limit )?exceeded|[Qq]uota exceeded for quota metric|Data limit exceeded|rate limited/, weight: 78 },
    { pattern: /[Tt]oo many requests|rate ?limit/, weight: 72 },
    {
      pattern:
        /\btoo ?many ?requests\b|\brate[ -]?limit|\b429\b|\bquota\b|\bthrottl|\blimit (?:\w+ ){0,2}(?:reached|exceeded)|\bexceeded (?:\w+ ){0,3}limit|限流|限速|请求(?:次数)?过多|频率限制|次数限制/i,
      weight: 40,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "docker.io/library/nginx:1": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:1a2b: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
      containerd: '2.0',
    },
    { text: 'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit.' },
  ],
  causes: [
    {
      what: 'Docker Hub: 100 anonymous pulls in six hours per IPv4 address or IPv6 /64, shared by all nodes behind one NAT; 200 with a free account',
      tell: '`You have reached your … pull rate limit`; docker-ratelimit-source of the answer is the NAT’s address',
    },
    {
      what: 'Docker Hub’s abuse limit: thousands of requests a minute from one address, whatever the account',
      tell: 'a bare `Too Many Requests` without the words about the pull rate limit',
    },
    { what: 'imagePullPolicy Always on many pods', tell: 'pulls of unchanged images in the journal' },
    {
      what: 'ECR Public: one anonymous pull per second, ten with a login or from AWS; limits of other registries',
      tell: 'the host in the URL',
    },
  ],
  cases: [
    {
      name: 'hubAnonymous',
      says: 'You have reached your unauthenticated pull rate limit.',
      pattern: /unauthenticated pull rate limit/,
      cause:
        'Docker Hub counted this as an anonymous pull (no credentials arrived), and the limit of the node’s public address is used up.',
      nextStep:
        'Attach a pull secret made with kubectl create secret docker-registry NAME --docker-server=https://index.docker.io/v1/, or put a pull-through cache into /etc/containerd/certs.d/docker.io/hosts.toml.',
    },
    {
      name: 'hub',
      says: 'You have reached your pull rate limit. … https://www.docker.com/increase-rate-limit',
      pattern: /docker\.com\/increase-rate-limit|registry-1\.docker\.io/,
      cause: 'Docker Hub limits how much this account, or without one this public address, may pull.',
      nextStep:
        'Attach a pull secret for https://index.docker.io/v1/, or put a pull-through cache into /etc/containerd/certs.d/docker.io/hosts.toml; the limit counts over six hours and passes by itself.',
    },
    {
      name: 'ecrPublic',
      says: 'https://public.ecr.aws/v2/…: 429 Too Many Requests',
      pattern: /public\.ecr\.aws/,
      cause: 'ECR Public allows one anonymous pull per second; with a login it is ten.',
      nextStep: 'Log in with aws ecr-public get-login-password --region us-east-1, or copy the image into your own registry.',
    },
  ],
  retriable: true,
  doc: {
    meaning: 'The registry answers 429: too many requests from this account or address.',
    impact:
      'containerd repeats at once up to six times (2.3.2: five) per host without waiting, which uses up more of the limit; kubelet’s back-off is the only pause.',
    diagnosis: [
      {
        what: 'Ask Docker Hub how much is left; a HEAD does not count as a pull. `w=21600` are six hours in seconds.',
        command:
          'TOKEN=$(curl -s "https://auth.docker.io/token?service=registry.docker.io&scope=repository:ratelimitpreview/test:pull" | jq -r .token)\ncurl -sI -H "Authorization: Bearer $TOKEN" https://registry-1.docker.io/v2/ratelimitpreview/test/manifests/latest | grep -i ratelimit',
      },
    ],
    mitigation: [
      'Pull with an account.',
      'Put a pull-through cache in front in hosts.toml.',
      'Use imagePullPolicy IfNotPresent and digests.',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'rate.kubelet-qps', apart: '`pull QPS exceeded`: kubelet’s own limit' },
      { id: 'registry.5xx', apart: 'an overloaded registry without a limit' },
    ],
    sources: [
      'containerd core/remotes/docker/resolver.go: retryRequest',
      'https://docs.docker.com/docker-hub/usage/pulls/',
      'https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html',
    ],
  },
  messages: {
    cause: 'The registry limits how much this account or address may pull.',
    causeAtHost: '{host} limits how much this account or address may pull.',
    nextStep: 'Pull with an account, or through a cache; the limit itself passes with time.',
  },
};
