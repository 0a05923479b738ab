import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Failure, Ring } from '@jamnet/base';
import { splitHostPort } from './socket-address.ts';
import { SOCKET_BUFFER_BYTES, type UdpPort, type UdpPortOptions } from './udp-port.ts';

/** Datagrams kept between the opening of a port and its first turn; the kernel's own buffer is beyond our reach here. */
const EARLY_MAX = 1024;

export interface Arrived {
  readonly bytes: Uint8Array;
  readonly from: string;
}

/** UDP by `node:dgram`, on every platform: lives on the event loop of its thread. */
export class DgramPort implements UdpPort {
  readonly kind = 'dgram';
  readonly host: string;
  readonly port: number;
  refused = 0;
  readonly #socket: Socket;
  readonly #isConnected: boolean;
  readonly #targets = new Map<string, { readonly host: string; readonly port: number }>();
  readonly #early = new Ring<Arrived>(EARLY_MAX);
  #take: ((arrived: Arrived) => void) | null = null;

  static async open(options: UdpPortOptions): Promise<DgramPort> {
    const socket = createSocket(options.host.includes(':') ? 'udp6' : 'udp4');
    try {
      socket.bind(options.port, options.host);
      await once(socket, 'listening');
    } catch (cause) {
      const message = `UDP ${options.host}:${options.port} cannot be opened: choose another port.`;
      throw new Failure('port-unavailable', message, { cause });
    }
    if (options.remote !== undefined) {
      socket.connect(options.remote.port, options.remote.host);
      await once(socket, 'connect');
    }
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    return new DgramPort(socket, options.remote !== undefined);
  }

  private constructor(socket: Socket, isConnected: boolean) {
    this.#socket = socket;
    this.#isConnected = isConnected;
    ({ address: this.host, port: this.port } = socket.address());
    socket.on('message', (bytes, { address, port }) => {
      const arrived = { bytes, from: `${address}:${port}` };
      if (this.#take !== null) this.#take(arrived);
      else if (!this.#early.push(arrived)) this.refused++;
    });
    // A closed port at the other end comes back as an error of ours: silence is noticed elsewhere.
    socket.on('error', () => undefined);
  }

  send(bytes: Uint8Array, to: string): void {
    const copy = new Uint8Array(bytes);
    if (this.#isConnected) this.#socket.send(copy, this.#onSent);
    else {
      const { host, port } = this.#target(to);
      this.#socket.send(copy, port, host, this.#onSent);
    }
  }

  #target(to: string): { readonly host: string; readonly port: number } {
    let target = this.#targets.get(to);
    if (target === undefined) {
      if (this.#targets.size >= 4096) this.#targets.clear();
      target = splitHostPort(to);
      this.#targets.set(to, target);
    }
    return target;
  }

  readonly #onSent = (error: Error | null): void => {
    if (error !== null) this.refused++;
  };

  flush(): void {
    // The kernel already has it: dgram sends one by one.
  }

  /** Feeds `take` with what came and what comes; `null` keeps it until somebody serves. */
  serve(take: ((arrived: Arrived) => void) | null): void {
    this.#take = take;
    if (take === null) return;
    for (let early = this.#early.shift(); early !== undefined; early = this.#early.shift()) take(early);
  }

  close(): void {
    this.#socket.close();
  }
}
