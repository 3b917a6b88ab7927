import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadyDocument } from '../../core/protocol/ready';
import { call } from '../fixtures/call';
import { nodeRoot } from '../fixtures/nodeRoot';

const document = {
  apiVersion: 'kubelet.config.k8s.io/v1',
  kind: 'CredentialProviderConfig',
  providers: [
    { name: 'ecr', matchImages: ['*.amazonaws.com'], args: ['get'], env: [{ name: 'AWS_PROFILE', value: 'a "}] b' }, { name: 'EMPTY' }] },
    { env: [{ name: 'TOKEN', value: 'Zq7pX2vK9mW4tB' }], matchImages: ['gcr.io'], name: 'gcr' },
  ],
};
const yaml = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  # Amazon
  - name: "ecr"   # ours
    matchImages: ["*.amazonaws.com"]
    env:
      - name: AWS_PROFILE
        value: "a b"
      - name: EMPTY
  - env:
    - name: TOKEN
      value: Zq7pX2vK9mW4tB
    matchImages:
    - gcr.io
    name: gcr
`;

describe("readiness: the kubelet's credential providers", () => {
  const configurations: Readonly<Record<string, string>> = {
    'YAML that is indented': yaml,
    'YAML that is not': yaml.replace(/^ {2}/gm, ''),
    'JSON in one line': JSON.stringify(document),
    'JSON in many lines': `\n${JSON.stringify(document, null, 2)}\n`,
  };
  for (const [kind, text] of Object.entries(configurations)) {
    it(`are told from their variables in ${kind}, and the one that is missing is named`, async () => {
      const root = nodeRoot({
        files: {
          '/proc/4242/comm': 'kubelet\n',
          '/proc/4242/cmdline': 'kubelet\0--image-credential-provider-config=/etc/p\0--image-credential-provider-bin-dir=/opt/p\0',
          '/etc/p': text,
          '/opt/p/ecr': '#!/bin/sh\n',
        },
      });
      try {
        chmodSync(join(root.folder, 'opt/p/ecr'), 0o755);
        const { stdout, stderr } = await call(['ready', '--node', root.node, '--format', 'json']);
        assert.equal(stderr, '');
        const check = (JSON.parse(stdout) as ReadyDocument).checks.find(({ id }) => id === 'kubelet-credentials');
        assert.deepEqual([check?.status, check?.args], ['warn', { providers: 'gcr', config: '/etc/p', folder: '/opt/p' }]);
        assert.ok(!stdout.includes('Zq7pX2vK9mW4tB'));
      } finally {
        root.remove();
      }
    });
  }

  describe('in a folder', () => {
    const inFolder = (names: readonly string[]): string =>
      `kind: CredentialProviderConfig\nproviders:\n${names.map((name) => `- name: ${name}\n`).join('')}`;
    const providerCheck = async (files: Readonly<Record<string, string>>) => {
      const root = nodeRoot({
        files: {
          '/proc/4242/comm': 'kubelet\n',
          '/proc/4242/cmdline': 'kubelet\0--image-credential-provider-config=/etc/p/\0--image-credential-provider-bin-dir=/opt/p\0',
          ...files,
        },
      });
      try {
        const { stdout } = await call(['ready', '--node', root.node, '--format', 'json']);
        const check = (JSON.parse(stdout) as ReadyDocument).checks.find(({ id }) => id === 'kubelet-credentials');
        return [check?.messageId, check?.args['providers']];
      } finally {
        root.remove();
      }
    };

    it('are those of each file that the kubelet reads, in the order of the names', async () => {
      const found = await providerCheck({
        '/etc/p/b.yml': inFolder(['third', 'fourth']),
        '/etc/p/B.json': JSON.stringify(document),
        '/etc/p/a.yaml': inFolder(['second']),
        '/etc/p/.a.yaml': inFolder(['first']),
        '/etc/p/c.yaml.bak': inFolder(['backup']),
        '/etc/p/d.conf': inFolder(['other']),
        '/etc/p/sub.yaml/e.yaml': inFolder(['deeper']),
      });
      assert.deepEqual(found, ['kubelet-credentials/missing', 'first, ecr, gcr, second, third, fourth']);
    });

    it('are unknown where nothing in it is for the kubelet', async () => {
      assert.deepEqual(await providerCheck({ '/etc/p/c.txt': inFolder(['no']) }), ['kubelet-credentials/unread', undefined]);
    });
  });
});
