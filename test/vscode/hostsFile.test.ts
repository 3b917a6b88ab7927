import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { startNodeConfig, type NodeConfig } from '../fixtures/nodeConfig';
import { session, type Session } from './session';
import { fileBecomes } from './files';

describe('VS Code: a hosts.toml that a failed replay asks for', () => {
  let vscode: Session;
  let place: NodeConfig;
  let registry: Server;
  let reference: string;
  let made: string;

  before(async () => {
    vscode = await session();
    place = await startNodeConfig(vscode.worker.root);
    registry = await plainRegistry();
    // An address that leads to this machine, and that containerd does not take for a loopback: https is all that it tries.
    const host = `0.0.0.0:${(registry.address() as AddressInfo).port}`;
    reference = `${host}/app:1`;
    made = join(place.etc, 'certs.d', host, 'hosts.toml');
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
    await vscode.workbench.runCommand('Clear Diagnoses');
  });
  after(async () => {
    registry.close();
    rmSync(dirname(made), { recursive: true, force: true });
    await place.stop();
  });

  it('is one click away, where the registry itself was asked in the wrong way', async () => {
    const { workbench } = vscode;
    await workbench.contextMenu(workbench.node('worker-1'), 'Replay Image Resolve');
    await workbench.answer('Image reference', reference);
    await workbench.row('Diagnoses', `Resolve ${reference}, worker-1, failed`).waitFor({ timeout: 60_000 });
    await workbench.viewRows('Diagnoses').filter({ hasText: 'Make a hosts.toml for 0.0.0.0:' }).first().click();
    await workbench.difference('modified', 'server = "http://0.0.0.0:').waitFor();
    assert.equal(existsSync(made), false, 'nothing is written before it is confirmed');
  });

  it('is written where containerd there looks, and the replay that asked for it runs again', async () => {
    const { workbench } = vscode;
    await workbench.confirm('Write hosts.toml on worker-1?', 'Write');
    assert.match(await fileBecomes(made, (text) => text !== ''), /^server = "http:\/\/0\.0\.0\.0:\d+"$/m);
    await workbench.row('Diagnoses', `Resolve ${reference}, worker-1, passed`).waitFor({ timeout: 60_000 });
    await workbench.row('Diagnoses', `Resolve ${reference}, worker-1, failed`).waitFor();
  });

  it('is opened where it is there already', async () => {
    const { workbench } = vscode;
    const before = readFileSync(made, 'utf8');
    await workbench.tidy();
    await workbench.viewRows('Diagnoses').filter({ hasText: 'Make a hosts.toml for 0.0.0.0:' }).first().click();
    await workbench.line('server = "http://0.0.0.0:').waitFor();
    assert.equal(readFileSync(made, 'utf8'), before);
  });

  it('leaves a run that runs again from its menu', async () => {
    const { workbench } = vscode;
    const passed = workbench.row('Diagnoses', `Resolve ${reference}, worker-1, passed`);
    await workbench.contextMenu(passed.first(), 'Run Diagnosis Again');
    await passed.nth(1).waitFor({ timeout: 60_000 });
  });
});

/** Over plain HTTP, to whoever asks: one image without layers. */
async function plainRegistry(): Promise<Server> {
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf('{}'), size: 2 };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers: [] });
  const server = createServer(({ method, url = '' }, response) => {
    const [text, mediaType] = url.includes('/blobs/') ? ['{}', config.mediaType] : [manifest, type];
    response.setHeader('Docker-Content-Digest', digestOf(text));
    response.setHeader('Content-Type', mediaType);
    response.setHeader('Content-Length', Buffer.byteLength(text));
    response.end(method === 'HEAD' ? undefined : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return server;
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
