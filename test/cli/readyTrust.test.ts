import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadyDocument } from '../../core/protocol/ready';
import { call } from '../fixtures/call';
import { startDockerRegistry, type DockerRegistry } from '../fixtures/dockerRegistry';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { startSshd, type Sshd } from '../fixtures/sshd';

/** A node with processes of its own: its containerd was started with a configuration that is at no usual place, as k3s starts it. */
function startNode(folder: string): Promise<Sshd> {
  const inside = `{ ${folder}/containerd --config ${folder}/config.toml </dev/null >/dev/null 2>&1 & } && exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`;
  return startSshd({
    settings: [`ForceCommand export SSH_ORIGINAL_COMMAND; exec unshare --mount --pid --fork --mount-proc /bin/sh -c '${inside}'`],
    // Of a loopback address containerd believes any certificate.
    hosts: '127.0.0.1 own.example localhost\n',
  });
}

describe('ready while the files of a node are being mended', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crb-trust-'));
  let pki: Pki;
  let ca: Issued;
  let registry: DockerRegistry;
  let sshd: Sshd;
  before(async () => {
    pki = createPki();
    ca = pki.authority('Own CA');
    writeFileSync(join(folder, 'containerd'), '#!/bin/sh\nwhile :; do sleep 1; done\n', { mode: 0o755 });
    registry = await startDockerRegistry({ tls: pki.leaf('own', ca, { names: 'DNS:own.example' }) });
    sshd = await startNode(folder);
  });
  after(async () => {
    await Promise.all([sshd.stop(), registry.stop()]);
    pki.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const own = (): string => registry.host.replace('127.0.0.1', 'own.example');
  const images = '[plugins."io.containerd.grpc.v1.cri".registry]';
  const config = `version = 2\n${images}\n  config_path = "${folder}/certs.d"\n`;
  const mirrors = `[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\n  endpoint = ["https://mirror.invalid"]\n`;

  /** `mend` is called at the first line with `trouble` in it. */
  async function watched(trouble: string, mend: () => void, ...more: readonly string[]): Promise<ReadyDocument> {
    let mended = false;
    const words = ['ready', '--node', sshd.name, '--ssh-config', sshd.config, '--watch', '--timeout', '20', '--format', 'ndjson', ...more];
    const { stdout, stderr } = await call(words, process.cwd(), {}, (text) => {
      if (mended || !text.includes(`"messageId":"${trouble}"`)) return;
      mended = true;
      mend();
    });
    assert.deepEqual([stderr, mended], ['', true], stdout);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ReadyDocument;
  }
  const changesOf = ({ watched: seen }: ReadyDocument, wanted: string): readonly string[] | undefined =>
    seen?.changes.filter(({ id }) => id === wanted).map(({ status }) => status);

  it('trusts a registry as soon as a hosts.toml names its authority, where containerd there looks for one', async () => {
    writeFileSync(join(folder, 'config.toml'), config);
    const mend = (): void => {
      const place = join(folder, 'certs.d', own());
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'hosts.toml'), `server = "https://${own()}"\nca = "${ca.certFile}"\n[host]\n`);
    };
    const document = await watched('tls/unknown-ca', mend, '--registry', own());
    assert.deepEqual([document.ready, changesOf(document, 'tls')], [true, ['fail', 'pass']]);
  });

  it('sees that config.toml is taken again', async () => {
    writeFileSync(join(folder, 'config.toml'), config + mirrors);
    const document = await watched('containerd-config/refused', () => writeFileSync(join(folder, 'config.toml'), config));
    assert.deepEqual([document.ready, changesOf(document, 'containerd-config')], [true, ['fail', 'pass']]);
  });
});
