import assert from 'node:assert/strict';
import { completion } from '../../../core/features/completion';
import { withoutPlaceholders } from '../../../core/features/snippets';
import { lint } from '../../../core/rules/lint';
import { newestVersion } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';
import { contextFor } from '../../fixtures/editor';

const pathOf = (folder: string) => `/etc/containerd/certs.d/${folder}/hosts.toml`;

function offered(folder: string, text = ''): ReadonlyMap<string, string> {
  const { items } = completion(contextFor('hosts', text, { path: pathOf(folder) }), text.length);
  return new Map(items.filter(({ kind }) => kind === 'file').map((item) => [item.label, withoutPlaceholders(item.text)]));
}

describe('a new hosts.toml', () => {
  it('begins with the registry of its folder', () => {
    assert.match(offered('docker.io').get('Mirror') ?? '', /^server = "https:\/\/registry-1\.docker\.io"\n\n\[host\."https:/);
    assert.match(offered('registry.example_5000_').get('Mirror') ?? '', /^server = "https:\/\/registry\.example:5000"\n/);
    assert.match(offered('_default').get('Mirror') ?? '', /^\[host\./);
  });

  it('is offered in an empty file only, comments aside', () => {
    assert.equal(offered('docker.io', '# mine\n\n').size, 7);
    assert.equal(offered('docker.io', 'server = "https://m.example"\n').size, 0);
    assert.equal(offered('docker.io', '[host."https://m.example"]\n').size, 0);
  });

  for (const folder of ['docker.io', 'registry.example_5000_', 'quay.io']) {
    for (const [label, text] of offered(folder)) {
      it(`${label} in ${folder}: lint has nothing to say, but for a CA that is not there yet`, () => {
        const path = pathOf(folder);
        const { findings, outcome } = lint({ path, text, kind: 'hosts', version: newestVersion, tree: mapTree({ [path]: text }, false) });
        assert.deepEqual(
          findings.map(({ message }) => message.id),
          label.includes('CA') ? ['hosts-unusable-ca/elsewhere'] : [],
        );
        assert.equal(outcome, 'used');
      });
    }
  }
});
