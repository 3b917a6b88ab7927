import assert from 'node:assert/strict';
import { completion } from '../../../core/features/completion';
import { withoutPlaceholders } from '../../../core/features/snippets';
import { contextFor, cursorIn, type Around } from '../../fixtures/editor';

interface Offered {
  readonly labels: readonly string[];
  /** The text after choosing an item, placeholders filled. */
  choose(label: string): string;
}

function complete(kind: 'hosts' | 'config', marked: string, around?: Around): Offered {
  const { text, offset } = cursorIn(marked);
  const { items, range } = completion(contextFor(kind, text, around), offset);
  return {
    labels: items.map(({ label }) => label),
    choose: (label) => {
      const item = items.find((candidate) => candidate.label === label);
      assert.ok(item, `${label} is not offered`);
      const inserted = item.isSnippet ? withoutPlaceholders(item.text) : item.text;
      return text.slice(0, range.start) + inserted + text.slice(range.end);
    },
  };
}

describe('completion in hosts.toml', () => {
  it('offers the keys of the place that are not written yet', () => {
    const { labels } = complete('hosts', '[host."https://m"]\nca = "x"\n$0');
    assert.ok(labels.includes('skip_verify') && labels.includes('capabilities'));
    assert.ok(!labels.includes('ca') && !labels.includes('server'));
    assert.ok(complete('hosts', 'ser$0').labels.includes('server'));
  });

  it('offers only what the release knows', () => {
    assert.ok(!complete('hosts', '[host."https://m"]\n$0', { containerd: '1.5' }).labels.includes('override_path'));
    assert.ok(!complete('hosts', 'capabilities = [$0]', { containerd: '2.1' }).labels.includes('"referrers"'));
    assert.ok(complete('hosts', 'capabilities = [$0]', { containerd: '2.2' }).labels.includes('"referrers"'));
  });

  it('completes a half-typed key, and one that has its value already', () => {
    assert.equal(
      complete('hosts', '[host."https://m"]\n  skip$0\nca = "x"').choose('skip_verify'),
      '[host."https://m"]\n  skip_verify = true\nca = "x"',
    );
    assert.equal(complete('hosts', 'sk$0ip = true').choose('skip_verify'), 'skip_verify = true');
  });

  it('completes values in their quotes', () => {
    assert.equal(complete('hosts', 'capabilities = ["pu$0"]').choose('"pull"'), 'capabilities = ["pull"]');
    assert.equal(complete('hosts', 'capabilities = ["pull", $0]').choose('"resolve"'), 'capabilities = ["pull", "resolve"]');
    assert.equal(complete('hosts', 'capabilities = ["pull", "re$0').choose('"resolve"'), 'capabilities = ["pull", "resolve"');
    assert.deepEqual(complete('hosts', 'skip_verify = $0').labels, ['true', 'false']);
    assert.equal(complete('hosts', 'skip_verify = t$0\n').choose('true'), 'skip_verify = true\n');
  });

  it('offers the certificates beside the file', () => {
    const files = { '/etc/containerd/certs.d/docker.io/ca.crt': '', '/etc/containerd/certs.d/docker.io/notes.txt': '' };
    assert.deepEqual(complete('hosts', 'ca = "$0"', { files }).labels, ['"ca.crt"']);
  });

  it('completes headers up to their bracket', () => {
    assert.equal(complete('hosts', '[$0').choose('host."https://…"'), '[host."https://mirror.example.com"]');
    assert.equal(
      complete('hosts', '[host."https://m"]\n[ho$0]').choose('host."https://m".header'),
      '[host."https://m"]\n[host."https://m".header]',
    );
  });

  it('is silent in comments', () => {
    assert.deepEqual(complete('hosts', '# sk$0').labels, []);
  });
});

describe('completion in config.toml', () => {
  it('offers plugin tables by release', () => {
    const header = 'version = 2\n[plugins.$0]';
    assert.ok(complete('config', header).labels.includes('plugins."io.containerd.cri.v1.images".registry'));
    assert.ok(!complete('config', header, { containerd: '1.7' }).labels.includes('plugins."io.containerd.cri.v1.images".registry'));
    assert.ok(complete('config', header, { containerd: '1.7' }).labels.includes('plugins."io.containerd.grpc.v1.cri".registry'));
    assert.equal(
      complete('config', 'version = 3\n[plu$0').choose('plugins."io.containerd.cri.v1.images".registry'),
      'version = 3\n[plugins."io.containerd.cri.v1.images".registry]',
    );
  });

  it('offers the old layout in a file that is migrated', () => {
    const { labels } = complete('config', 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n$0');
    assert.ok(labels.includes('config_path'), labels.join(' '));
  });

  it('offers keys with their defaults, and values', () => {
    const section = 'version = 3\n[plugins."io.containerd.cri.v1.images"]\n';
    assert.equal(complete('config', `${section}max_con$0`).choose('max_concurrent_downloads'), `${section}max_concurrent_downloads = 3`);
    assert.ok(complete('config', '[debug]\nlevel = "$0"').labels.includes('"trace"'));
    assert.ok(complete('config', 'disabled_plugins = ["$0"]').labels.includes('"io.containerd.snapshotter.v1.zfs"'));
    assert.equal(
      complete('config', '[timeouts]\n$0').choose('io.containerd.timeout.shim.load'),
      '[timeouts]\n"io.containerd.timeout.shim.load" = "5s"',
    );
  });
});
