import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import type { Io } from '../../cli/command';
import { createHandlers } from '../../cli/serve/handlers';
import { NodePool } from '../../cli/serve/nodePool';
import { CancellationSource, type Session } from '../../cli/serve/session';
import { nodeRoot } from '../fixtures/nodeRoot';

const io = { env: process.env, cwd: tmpdir() } as Io;
const session: Session = { cancellation: new CancellationSource(), ask: () => Promise.resolve(null), step: () => undefined };

describe('serve: a replay on a node', () => {
  it('reads the config.toml that containerd there has: that of k3s is not under /etc', async () => {
    const etc = '/var/lib/rancher/k3s/agent/etc/containerd';
    const config = `version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "${etc}/certs.d"\n`;
    const root = nodeRoot({
      containerd: 'v1.7.24',
      dump: config,
      files: {
        [`${etc}/config.toml`]: config,
        [`${etc}/certs.d/registry.invalid/hosts.toml`]: '[host."http://127.0.0.1:9"]\n',
      },
    });
    const pool = new NodePool(process.env);
    try {
      const params = { node: root.node, reference: 'registry.invalid/app:1' };
      const { attempts } = await createHandlers(io, pool, []).resolve(params, session);
      assert.equal(attempts[0]?.url, 'http://127.0.0.1:9/v2/app/manifests/1?ns=registry.invalid');
    } finally {
      await pool.close();
      root.remove();
    }
  });

  it('waits once for a node that is not reached', async () => {
    let waited = 0;
    const pool = new NodePool(process.env, () => {
      waited++;
      return Promise.reject(new Error('no route to host'));
    });
    const replay = createHandlers(io, pool, []).resolve({ node: 'gone', reference: 'registry.invalid/app:1' }, session);
    await assert.rejects(replay, /no route to host/);
    assert.equal(waited, 1);
  });
});
