import assert from 'node:assert/strict';
import { credentialProviders, matchesImage } from '../../../core/steps/kubeletConfig';

const config = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  # Amazon
  - name: ecr-credential-provider
    matchImages:
      - "*.dkr.ecr.*.amazonaws.com"
      - 'public.ecr.aws'   # the public one
    defaultCacheDuration: "12h"
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    args:
      - get-credentials
    env:
      - name: AWS_PROFILE
        value: "a b"
      - name: EMPTY
  - matchImages: ["*.azurecr.io", registry.io:8080/path]
    name: acr
kindOfEnd: x
`;

describe("the kubelet's credential providers", () => {
  it('are read from its configuration', () => {
    assert.deepEqual(credentialProviders(config), [
      {
        name: 'ecr-credential-provider',
        apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
        matchImages: ['*.dkr.ecr.*.amazonaws.com', 'public.ecr.aws'],
        args: ['get-credentials'],
        env: [
          { name: 'AWS_PROFILE', value: 'a b' },
          { name: 'EMPTY', value: '' },
        ],
      },
      { name: 'acr', apiVersion: undefined, matchImages: ['*.azurecr.io', 'registry.io:8080/path'], args: [], env: [] },
    ]);
    assert.equal(credentialProviders(config.replace(/^ {2}/gm, '')).length, 2);
    for (const text of [
      '',
      '{',
      '{}',
      '{"providers":7}',
      '{"providers":[null,[],{"env":[1,{"name":2}]}]}',
      '{"providers":[',
      'providers:',
      'providers:\n- \n',
      'nothing: here',
      '\0',
    ])
      assert.ok(Array.isArray(credentialProviders(text)));
  });

  it('are read from JSON as from YAML', () => {
    const providers = [
      {
        name: 'ecr-credential-provider',
        matchImages: ['*.dkr.ecr.*.amazonaws.com', 'public.ecr.aws'],
        defaultCacheDuration: '12h',
        apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
        args: ['get-credentials'],
        env: [{ name: 'AWS_PROFILE', value: 'a b' }, { name: 'EMPTY' }],
      },
      { matchImages: ['*.azurecr.io', 'registry.io:8080/path'], name: 'acr' },
    ];
    const document = { apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig', providers };
    for (const indent of [undefined, 2, '\t'])
      assert.deepEqual(credentialProviders(`\n${JSON.stringify(document, null, indent)}\n`), credentialProviders(config));
  });

  it('match an image part by part, by port and by the beginning of its path', () => {
    const matching = [
      ['*.dkr.ecr.*.amazonaws.com', '123.dkr.ecr.eu-west-1.amazonaws.com/app'],
      ['registry.io:8080/path', 'registry.io:8080/path/app'],
      ['*.*.registry.io', 'a.b.registry.io/app'],
      ['docker.io', 'docker.io/library/nginx'],
    ] as const;
    for (const [pattern, image] of matching) assert.ok(matchesImage(pattern, image), pattern);
    const others = [
      ['*.registry.io', 'a.b.registry.io/app'],
      ['registry.io', 'registry.io:8080/app'],
      ['registry.io:8080/path', 'registry.io:8080/other'],
      ['*', 'docker.io/library/nginx'],
      ['registry-io', 'registry.io/app'],
    ] as const;
    for (const [pattern, image] of others) assert.ok(!matchesImage(pattern, image), pattern);
  });
});
