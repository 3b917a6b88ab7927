/**
 * Connections through the node's sshd over the control socket of our own ssh master: the proxy mode of OpenSSH's multiplexing
 * (PROTOCOL.mux, MUX_C_PROXY, since 7.4), in which a client speaks the connection protocol of RFC 4254 in clear. `ssh -W` over a
 * master keeps the reason of a failed connection to itself ("Session open refused by peer"); here sshd's own words arrive, the moment
 * of the connection is known, and no process is started per connection.
 */
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { frame, Frames, Reader, text, u32 } from './sshPackets';

export type Opened =
  | { readonly ok: true; readonly stream: Duplex }
  /** `code` as in RFC 4254, 5.1: 1 administratively prohibited, 2 connect failed. 0: the master is gone. */
  | { readonly ok: false; readonly code: number; readonly text: string };

const hello = 1;
const proxyRequest = 0x1000000f;
const proxyGranted = 0x8000000f;
const muxVersion = 4;

const channelOpen = 90;
const openConfirmation = 91;
const openFailure = 92;
const windowAdjust = 93;
const channelData = 94;
const channelEof = 96;
const channelClose = 97;

const localWindow = 2 * 1024 * 1024;
const maxPacket = 32 * 1024;

/** Opens the control socket of a master. Rejects when it does not grant the proxy mode. */
export function openMuxChannels(path: string, timeoutMs: number): Promise<MuxChannels> {
  const socket = connect(path);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error('the ssh master does not answer')), timeoutMs);
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the ssh master closed its control socket')));
    const frames = new Frames(
      (frame) => {
        const type = frame.length >= 4 ? frame.readUInt32BE(0) : 0;
        if (type === hello) return;
        if (type !== proxyGranted) {
          fail(new Error('the ssh master has no proxy mode'));
          return;
        }
        clearTimeout(timer);
        socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close');
        resolve(new MuxChannels(socket));
      },
      () => fail(new Error('the ssh master does not speak the multiplexing protocol')),
    );
    socket.on('data', (chunk: Buffer) => frames.push(chunk));
    socket.write(frame(u32(hello), u32(muxVersion)));
    socket.write(frame(u32(proxyRequest), u32(0)));
  });
}

export class MuxChannels {
  readonly #channels = new Map<number, Channel>();
  #next = 0;
  #closed = false;

  constructor(private readonly socket: Socket) {
    const frames = new Frames(
      (packet) => this.#receive(packet),
      () => this.close(),
    );
    socket.on('data', (chunk: Buffer) => frames.push(chunk));
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Asks sshd for a connection. `abandon` gives it up while it is being made. */
  open(host: string, port: number): { readonly opened: Promise<Opened>; abandon(): void } {
    const id = this.#next++;
    let abandon: () => void = () => undefined;
    const opened = new Promise<Opened>((resolve) => {
      const channel = new Channel(
        resolve,
        (type, ...parts) => this.#send(type, ...parts),
        () => this.#channels.delete(id),
      );
      if (this.#closed) {
        channel.lost();
        return;
      }
      this.#channels.set(id, channel);
      this.#send(
        channelOpen,
        text('direct-tcpip'),
        u32(id),
        u32(localWindow),
        u32(maxPacket),
        text(host),
        u32(port),
        text('127.0.0.1'),
        u32(0),
      );
      abandon = () => channel.abandon();
    });
    return { opened, abandon: () => abandon() };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.socket.destroy();
    for (const channel of [...this.#channels.values()]) channel.lost();
    this.#channels.clear();
  }

  #send(type: number, ...parts: readonly Buffer[]): void {
    if (!this.#closed) this.socket.write(frame(Buffer.from([0, type]), ...parts));
  }

  #receive(packet: Buffer): void {
    if (packet.length < 6) return;
    this.#channels.get(packet.readUInt32BE(2))?.receive(packet.readUInt8(1), new Reader(packet.subarray(6)));
  }
}

/** One connection: what RFC 4254 says about windows on one side, a Duplex on the other. */
class Channel {
  #remote = 0;
  #window = 0;
  #maxPacket = maxPacket;
  #unacknowledged = 0;
  #state: 'opening' | 'abandoned' | 'open' | 'closed' = 'opening';
  #waiting: { readonly chunk: Buffer; readonly done: () => void } | undefined;
  readonly #stream: Duplex;

  constructor(
    private readonly settle: (opened: Opened) => void,
    private readonly send: (type: number, ...parts: readonly Buffer[]) => void,
    private readonly forget: () => void,
  ) {
    this.#stream = new Duplex({
      allowHalfOpen: true,
      read: () => this.#acknowledge(),
      write: (chunk: Buffer, _encoding, done) => this.#write({ chunk, done }),
      final: (done) => {
        if (this.#state === 'open') this.send(channelEof, u32(this.#remote));
        done();
      },
      destroy: (error, done) => {
        this.#end();
        done(error);
      },
    });
    // The connection may be lost while nobody reads; readers have listeners of their own.
    this.#stream.on('error', () => undefined);
  }

  abandon(): void {
    if (this.#state === 'opening') this.#state = 'abandoned';
  }

  lost(): void {
    if (this.#state === 'opening') this.settle({ ok: false, code: 0, text: 'the ssh connection was lost' });
    else if (this.#state === 'open') this.#stream.destroy(Object.assign(new Error('the ssh connection was lost'), { code: 'ECONNRESET' }));
    this.#state = 'closed';
  }

  receive(type: number, body: Reader): void {
    if (type === openConfirmation) this.#confirmed(body);
    else if (type === openFailure) this.#refused(body);
    else if (type === windowAdjust) this.#widen(body.u32());
    else if (type === channelData) this.#data(body.bytes());
    else if (type === channelEof) this.#stream.push(null);
    else if (type === channelClose) this.#closedByPeer();
  }

  #confirmed(body: Reader): void {
    this.#remote = body.u32();
    this.#window = body.u32();
    this.#maxPacket = Math.min(maxPacket, Math.max(1, body.u32()));
    if (this.#state === 'abandoned') {
      this.#state = 'open';
      this.#end();
      return;
    }
    this.#state = 'open';
    this.settle({ ok: true, stream: this.#stream });
  }

  #refused(body: Reader): void {
    const code = body.u32();
    const words = body.bytes().toString('utf8');
    this.#state = 'closed';
    this.forget();
    this.settle({ ok: false, code, text: words });
  }

  #data(bytes: Buffer): void {
    if (this.#state !== 'open' || bytes.length === 0) return;
    this.#unacknowledged += bytes.length;
    if (this.#stream.push(bytes)) this.#acknowledge();
  }

  /** The window opens again only when the reader wants more, so that a slow reader slows the sender down. */
  #acknowledge(): void {
    if (this.#state !== 'open' || this.#unacknowledged < localWindow / 4) return;
    this.send(windowAdjust, u32(this.#remote), u32(this.#unacknowledged));
    this.#unacknowledged = 0;
  }

  #widen(bytes: number): void {
    this.#window += bytes;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) this.#write(waiting);
  }

  #write({ chunk, done }: { readonly chunk: Buffer; readonly done: () => void }): void {
    let rest = chunk;
    while (rest.length > 0 && this.#window > 0 && this.#state === 'open') {
      const part = rest.subarray(0, Math.min(this.#window, this.#maxPacket));
      this.send(channelData, u32(this.#remote), u32(part.length), part);
      this.#window -= part.length;
      rest = rest.subarray(part.length);
    }
    if (rest.length === 0 || this.#state !== 'open') done();
    else this.#waiting = { chunk: rest, done };
  }

  #closedByPeer(): void {
    if (!this.#stream.readableEnded) this.#stream.push(null);
    this.#end();
    // Both directions are over, but what has arrived may still have to be read.
    this.#stream.end();
  }

  #end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    this.send(channelClose, u32(this.#remote));
    this.forget();
    this.#waiting?.done();
    this.#waiting = undefined;
  }
}
