import type { ErrorClass } from '../errorClass';
import { status } from '../status';

export const authzDenied403: ErrorClass = {
  id: 'authz.denied-403',
  title: 'Refused with 403',
  signals: [
    {
      ...status('403'),
      weight: 64,
      unless: /failed to fetch (?:anonymous|oauth) token/,
    },
    { pattern: /[Yy]our client does not have permission/, weight: 76, scope: 'anywhere' },
    {
      pattern:
        /Permission "[\w.]+" denied on resource|is not authorized to perform: |AccessDenied(?:Exception)?\b|caller does not have permission|don't have (?:the needed )?permission/i,
      weight: 70,
    },
    {
      pattern:
        /requested access to the resource is denied|access to the resource is denied|\baccess forbidden\b|Access denied(?! for user ')/,
      weight: 62,
      scope: 'anywhere',
      unless: /pull access denied for/,
    },
    { pattern: /\b451 Unavailable|\b418 I'm a [Tt]eapot|\b402 Payment/, weight: 64 },
    { pattern: /: denied(?=\.?(?:$|["'\s]))/m, weight: 58 },
    { pattern: /(?:^|[:"\])] ?)denied: /m, weight: 58, unless: /pull access denied|40[13579] |429 |5\d\d / },
    { pattern: /you may have invalid credentials/, weight: 55 },
    {
      pattern:
        /(?<!unauthorized: )access to the requested resource is not authorized|no permission|from registry 403\b|error parsing HTTP 403\b/,
      weight: 60,
    },
    { pattern: /failed to fetch oauth token: /, then: /\b403\b/, weight: 58 },
    {
      pattern:
        /\bdenied\b|\bforbidden\b|\bnot (?:authori[sz]ed|allowed|permitted)\b|\b403\b|\bpermissions?\b|拒绝访问|访问被拒绝|没有权限|无权限|权限不足/i,
      weight: 36,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to resolve image: unexpected status from HEAD request to https://registry.example/v2/app/manifests/1: 403 Forbidden',
      containerd: '2.1',
    },
    {
      text: 'failed to resolve reference "registry.example/app:1": pulling from host registry.example failed with status code [manifests 1]: 403 Forbidden',
      containerd: '1.6',
    },
    {
      text: 'Error response from daemon: Head "https://registry.example/v2/app/manifests/1": denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource',
    },
  ],
  causes: [
    { what: 'The account or node role may not read the repository', tell: 'a GET of the manifest has a body that names the permission' },
    { what: 'The source address or country is blocked', tell: 'an HTML page as body; other networks work' },
    { what: 'A mirror with an allow-list answers 403 for unknown images', tell: '`?ns=` in the URL' },
    { what: 'The registry refuses HEAD', tell: 'GET of the same URL answers 200' },
  ],
  cases: [
    {
      name: 'ecr',
      says: 'https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/…: 403 Forbidden',
      pattern: /\b\d{12}\.dkr\.ecr\.(?<region>[a-z0-9-]{3,30})\.amazonaws\.com/,
      cause: '{host} (ECR) refuses this caller: the node’s role or the kubelet credential provider is missing.',
      nextStep:
        'Give the node role AmazonEC2ContainerRegistryPullOnly (or ReadOnly) and check that kubelet runs with --image-credential-provider-config (ecr-credential-provider); by hand: crictl pull --creds "AWS:$(aws ecr get-login-password --region {region})" IMAGE.',
    },
    {
      name: 'acr',
      says: 'https://example.azurecr.io/v2/…: 403 Forbidden',
      pattern: /\b(?<registry>[a-z0-9]{5,50})\.azurecr\.io/,
      cause: '{host} (ACR) refuses this caller: the kubelet identity has no AcrPull on the registry {registry}.',
      nextStep:
        'Run az aks update -n CLUSTER -g GROUP --attach-acr {registry}, or assign AcrPull to the kubelet identity (a registry with ABAC permissions ignores AcrPull and wants Container Registry Repository Reader); az aks check-acr -n CLUSTER -g GROUP --acr {registry}.azurecr.io tells whether it works.',
    },
    {
      name: 'googleRegistry',
      says: 'https://europe-docker.pkg.dev/v2/…: 403 Forbidden',
      pattern: /\b[a-z0-9-]{2,40}-docker\.pkg\.dev|\b(?:[a-z]{2}\.)?gcr\.io/,
      cause: '{host} (Google) refuses this caller: the node’s service account may not read the repository.',
      nextStep:
        'Grant roles/artifactregistry.reader on the repository to the service account of the nodes; their access scopes must include devstorage.read_only or cloud-platform, and those of existing nodes cannot be changed: make a new node pool.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The server knows the request, with or without credentials, and refuses it.',
    impact: 'The image cannot be pulled. In 2.0 and newer a 403 of one host outranks a 404 or a network failure of another.',
    diagnosis: [
      {
        what: 'GET (not HEAD) shows the body with the reason; 2.3.3 and newer do that themselves.',
        command: 'curl -sS -i -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/manifests/TAG | head -40',
      },
      { what: 'See who answered.', command: 'journalctl -u containerd --since -10min | grep -E "trying next host|fetch failed"' },
    ],
    mitigation: [
      'Grant the reader role to the account, or to the node’s identity.',
      'Pull from another egress address.',
      'Correct the image name, or allow it in the mirror.',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'net.proxy', apart: 'a bare `Forbidden` without the number comes from a proxy' },
      { id: 'registry.mirror-error', apart: 'a 403 with `?ns=` fits both' },
      { id: 'authz.insufficient-scope', apart: 'Docker Hub’s wording for a repository that does not exist or is private' },
      { id: 'masked.blob-fallback', apart: 'the 403 is of a HEAD on `/blobs/`' },
    ],
    sources: [
      'containerd core/remotes/errors/errors.go: NewUnexpectedStatusErr',
      'https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html',
      'https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions',
      'https://cloud.google.com/artifact-registry/docs/integrate-gke',
    ],
  },
  messages: {
    cause: 'The server refuses this image to this caller.',
    causeAtHost: '{host} refuses this image to this caller.',
    nextStep: 'GET the manifest with curl to read the reason in the body, then grant the role or correct the name.',
  },
};
