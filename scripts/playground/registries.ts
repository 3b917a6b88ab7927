import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { behaviours, type Behaviour, type BehaviourName } from './behaviours';
import { tinyImage, type TinyImage } from './image';

export interface Registry {
  /** Image references begin with `<name>.playground/`. */
  readonly name: string;
  readonly behaviour: BehaviourName;
  readonly port: number;
  /** `<name>.playground/app:1`, or by digest where only that shows the fault. */
  readonly reference: string;
  close(): Promise<void>;
}

/** Starts one on loopback; on `port` when it is free to take, which a playground that is kept asks for. */
export async function startRegistry(name: string, behaviour: BehaviourName, port = 0): Promise<Registry> {
  const { configType, byDigest }: Behaviour = behaviours[behaviour];
  const image = configType === undefined ? tinyImage(name) : tinyImage(name, configType);
  const server = createServer();
  serve(server, behaviours[behaviour], image);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    name,
    behaviour,
    port: (server.address() as AddressInfo).port,
    reference: byDigest ? `${name}.playground/app@${image.manifest.digest}` : `${name}.playground/app:1`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(server: Server, behaviour: Behaviour, image: TinyImage): void {
  server.on('request', (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const self = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const method = request.method ?? '';
    const answer = behaviour.answer({ method, path, authorization: request.headers.authorization, self }, image);
    if (answer === 'reset') request.socket.resetAndDestroy();
    else if (answer) send(response, method, answer.status, answer.headers ?? {}, Buffer.from(answer.body ?? ''));
    else sendImage(response, method, path, image);
  });
}

function sendImage(response: ServerResponse, method: string, path: string, image: TinyImage): void {
  if (path === '/v2/') {
    send(response, method, 200, { 'content-type': 'application/json' }, Buffer.from('{}'));
    return;
  }
  const wanted = path.slice(path.lastIndexOf('/') + 1);
  const manifest = path.includes('/manifests/') && (wanted === '1' || wanted === image.manifest.digest);
  const blob = path.includes('/blobs/') ? [image.config, image.layer].find(({ digest }) => digest === wanted) : undefined;
  const found = manifest ? image.manifest : blob;
  if (!found) {
    send(response, method, 404, { 'content-type': 'application/json' }, Buffer.from('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}'));
    return;
  }
  const type = manifest ? image.manifestType : 'application/octet-stream';
  send(response, method, 200, { 'content-type': type, 'docker-content-digest': found.digest }, found.bytes);
}

function send(response: ServerResponse, method: string, status: number, headers: Readonly<Record<string, string>>, body: Buffer): void {
  response.writeHead(status, { 'docker-distribution-api-version': 'registry/2.0', 'content-length': String(body.length), ...headers });
  response.end(method === 'HEAD' ? undefined : body);
}
