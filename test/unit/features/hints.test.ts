import assert from 'node:assert/strict';
import { featureCatalog } from '../../../core/features/catalog';
import { codeLenses } from '../../../core/features/codeLens';
import { hostNamespace, upstreamUrl } from '../../../core/features/hostNamespace';
import { inlayHints } from '../../../core/features/inlayHints';
import { judgedVersion } from '../../../core/features/judgedVersion';
import { releasesMessage } from '../../../core/features/releases';
import { lintContext } from '../../../core/rules/lint';
import { render } from '../../../core/text/message';
import { formatVersion, newestVersion } from '../../../core/versions/versions';
import { contextFor, type Around } from '../../fixtures/editor';

/** The text with its hints in ‹›. */
function hinted(text: string, around?: Around): string {
  const hints = inlayHints(contextFor('hosts', text, around)).map(({ offset, label }) => ({
    offset,
    label: render(label, featureCatalog),
  }));
  return hints.reduceRight((shown, { offset, label }) => `${shown.slice(0, offset)}‹${label}›${shown.slice(offset)}`, text);
}

describe('inlay hints', () => {
  it('show the address, the turn, and the registry that comes last', () => {
    assert.equal(
      hinted('[host."m.example:5000/p"]\n[host."https://n"]\ncapabilities = ["pull"]\n'),
      '[host."m.example:5000/p"]‹1 of 3: https://m.example:5000/p/v2/…›\n[host."https://n"]‹2 of 3: https://n/v2/…, not asked for tags›‹, then https://registry-1.docker.io/v2/…›\ncapabilities = ["pull"]\n',
    );
  });

  it('show the server as the last', () => {
    assert.equal(
      hinted('server = "https://s"\n[host."https://m"]\n'),
      'server = "https://s"‹2 of 2: https://s/v2/…›\n[host."https://m"]‹1 of 2: https://m/v2/…›\n',
    );
  });

  it('know no registry that comes last where many come to the file', () => {
    assert.equal(
      hinted('[host."https://m"]\n', { path: '/etc/containerd/certs.d/_default/hosts.toml' }),
      '[host."https://m"]‹1 of 2: https://m/v2/…›‹, then the image’s own registry›\n',
    );
  });

  it('are not shown in a file that is dropped, or in config.toml', () => {
    assert.equal(hinted('[host."https://m"]\ncapabilities = ["fly"]\n'), '[host."https://m"]\ncapabilities = ["fly"]\n');
    assert.deepEqual(inlayHints(contextFor('config', 'version = 3\n')), []);
  });
});

describe('code lenses', () => {
  const titles = (kind: 'hosts' | 'config', text: string, around?: Around): string[] => {
    const context = contextFor(kind, text, around);
    return codeLenses(context, lintContext(context)).map(({ title }) => render(title, featureCatalog));
  };

  it('say what the release does with the file', () => {
    assert.deepEqual(titles('hosts', '[host."https://m"]\n', { containerd: '2.1.9' }), [
      'containerd 2.1.9 uses this file, hosts to try: 2',
      'Replay a resolve through it…',
    ]);
    assert.match(titles('hosts', 'capabilities = ["fly"]\n[host."https://m"]\n')[0] ?? '', /ignores this whole file/);
    assert.deepEqual(titles('config', 'version = 2\n', { containerd: '1.7.34' }), ['containerd 1.7.34 uses this file']);
    assert.match(titles('config', 'version = 3\n', { containerd: '1.7.34' })[0] ?? '', /does not start/);
  });
});

describe('host namespace', () => {
  const about = (path: string) => {
    const context = contextFor('hosts', '', { path });
    const namespace = context.kind === 'hosts' ? hostNamespace(context.hosts) : undefined;
    return [namespace, namespace !== undefined && context.kind === 'hosts' ? upstreamUrl(namespace, context.hosts) : undefined];
  };
  it('is the folder, with its port', () => {
    assert.deepEqual(about('/c/certs.d/docker.io/hosts.toml'), ['docker.io', 'https://registry-1.docker.io/v2']);
    assert.deepEqual(about('/c/certs.d/r.example_5000_/hosts.toml'), ['r.example:5000', 'https://r.example:5000/v2']);
    assert.deepEqual(about('/c/certs.d/_default/hosts.toml'), [undefined, undefined]);
    assert.deepEqual(about('Untitled-1'), [undefined, undefined]);
  });
});

describe('judged version', () => {
  it('is the setting, or the newest known', () => {
    assert.equal(formatVersion(judgedVersion('1.7.24')), '1.7.24');
    assert.equal(formatVersion(judgedVersion('1.7')), '1.7.34');
    assert.equal(judgedVersion('auto'), newestVersion);
    assert.equal(judgedVersion('the one we have'), newestVersion);
  });
});

describe('releases in words', () => {
  const words = (range: string) => {
    const said = releasesMessage(range);
    return said && render(said, featureCatalog);
  };
  it('name the bounds', () => {
    assert.equal(words('*'), undefined);
    assert.equal(words('>=1.6.0'), 'Known to containerd since 1.6.0.');
    assert.equal(words('<2.0.0'), 'Known to containerd before 2.0.0.');
    assert.equal(words('>=1.6.0 <2.0.0'), 'Known to containerd from 1.6.0 on, before 2.0.0.');
    assert.equal(words('>=1.7.14 <1.8.0 || >=2.0.0'), 'Known to containerd >=1.7.14 <1.8.0 || >=2.0.0.');
  });
});
