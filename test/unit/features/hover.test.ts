import assert from 'node:assert/strict';
import { featureCatalog } from '../../../core/features/catalog';
import { hover } from '../../../core/features/hover';
import { render } from '../../../core/text/message';
import { contextFor, cursorIn, type Around } from '../../fixtures/editor';

function hoverIn(kind: 'hosts' | 'config', marked: string, around?: Around): { over: string; says: string } | undefined {
  const { text, offset } = cursorIn(marked);
  const found = hover(contextFor(kind, text, around), offset);
  return (
    found && {
      over: text.slice(found.range.start, found.range.end),
      says: found.paragraphs.map((paragraph) => render(paragraph, featureCatalog)).join('\n'),
    }
  );
}

describe('hover in hosts.toml', () => {
  it('explains a key with its type, default, release and an example', () => {
    const found = hoverIn('hosts', '[host."https://m.example"]\n  over$0ride_path = true\n');
    assert.equal(found?.over, 'override_path');
    assert.match(
      found.says,
      /^`override_path` · boolean · default `false`\n.*\nKnown to containerd since 1\.6\.0\.\n```toml\noverride_path = true\n```$/,
    );
  });

  it('says where requests to a host go and when', () => {
    const found = hoverIn(
      'hosts',
      'server = "https://s.example"\n[host."https://m$0.example/proxy"]\nskip_verify = true\ncapabilities = ["pull"]\n',
    );
    assert.equal(found?.over, '"https://m.example/proxy"');
    assert.equal(
      found.says,
      'Tried as number 1 of 2: requests go to `https://m.example/proxy/v2/<repository>/…`.\nAsked for: pull.\nIts certificate is not verified.',
    );
  });

  it('explains a capability, and the header of a request', () => {
    assert.match(hoverIn('hosts', '[host."https://m"]\ncapabilities = ["pull", "Res$0olve"]\n')?.says ?? '', /^`resolve`: /);
    assert.match(hoverIn('hosts', '[host."https://m".header]\n"X-a$0" = "1"\n')?.says ?? '', /`X-a`/);
    assert.match(hoverIn('hosts', '[ho$0st."https://m"]\n')?.says ?? '', /^`host` · table/);
  });

  it('is silent about what containerd does not know, and beside the text', () => {
    assert.equal(hoverIn('hosts', '[host."https://m"]\npass$0word = "x"\n'), undefined);
    assert.equal(hoverIn('hosts', '[host."https://m"]\nser$0ver = "x"\n'), undefined);
    assert.equal(hoverIn('hosts', '# skip_$0verify\n'), undefined);
    assert.equal(hoverIn('hosts', '$0'), undefined);
  });
});

describe('hover in config.toml', () => {
  it('explains a setting of a plugin', () => {
    const found = hoverIn('config', 'version = 3\n[plugins."io.containerd.cri.v1.images"]\nuse_local$0_image_pull = true\n');
    assert.equal(found?.over, 'use_local_image_pull');
    assert.match(found.says, /^`use_local_image_pull` · bool · default `false`\n/);
    assert.match(found.says, /Known to containerd since 2\.1\.0\./);
  });

  it('says where a release moves a setting of an older file', () => {
    const text = 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig$0_path = "/etc/containerd/certs.d"\n';
    assert.match(
      hoverIn('config', text)?.says ?? '',
      /containerd 2\.\d\.\d moves it to `plugins\."io\.containerd\.cri\.v1\.images"\.registry\.config_path`\./,
    );
    assert.doesNotMatch(hoverIn('config', text, { containerd: '1.7' })?.says ?? 'moves', /moves/);
  });

  it('knows settings of other releases, and says that this one has none', () => {
    const text = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nsystemd$0_cgroup = true\n';
    assert.match(hoverIn('config', text)?.says ?? '', /does not have this setting/);
    assert.doesNotMatch(hoverIn('config', text, { containerd: '1.6' })?.says ?? 'does not have', /does not have/);
  });

  it('explains plugins, tables and values', () => {
    assert.match(
      hoverIn('config', 'version = 3\n[plugins."io.containerd.cri.v1.ima$0ges"]\n')?.says ?? '',
      /`io\.containerd\.cri\.v1\.images`/,
    );
    assert.match(hoverIn('config', '[deb$0ug]\n')?.says ?? '', /^`debug` · table/);
    assert.match(hoverIn('config', '[debug]\nlevel = "in$0fo"\n')?.says ?? '', /One of .*`"info"`/);
    assert.equal(hoverIn('config', 'version = 3\n[plugins.not$0hing]\n'), undefined);
  });

  it('shows no default of a secret', () => {
    const text = 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.configs."r".auth]\npass$0word = "hush"\n';
    const says = hoverIn('config', text, { containerd: '1.7' })?.says ?? '';
    assert.match(says, /password/);
    assert.doesNotMatch(says, /hush|default/);
  });
});
