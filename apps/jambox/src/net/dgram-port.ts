import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Failure, Ring } from '@jamnet/base';
import { mapped, splitHostPort, unmapped } from './socket-address.ts';
import { SOCKET_BUFFER_BYTES, type UdpPort, type UdpPortOptions } from './udp-port.ts';

/** Datagrams kept between the opening of a port and its first turn; the kernel's own buffer is beyond our reach here. */
const EARLY_MAX = 1024;

/** Datagrams that wait inside Node because the kernel's buffer is full: more would be delay. */
const SEND_QUEUE_MAX = 256;

export interface Arrived {
  readonly bytes: Uint8Array;
  readonly from: string;
}

/** UDP by `node:dgram`, on every platform: lives on the event loop of its thread. */
export class DgramPort implements UdpPort {
  readonly kind = 'dgram';
  readonly host: string;
  readonly port: number;
  readonly waitedUs = 0;
  refused = 0;
  readonly #socket: Socket;
  readonly #isConnected: boolean;
  readonly #isIpv6: boolean;
  readonly #targets = new Map<string, { readonly host: string; readonly port: number }>();
  readonly #early = new Ring<Arrived>(EARLY_MAX);
  #take: ((arrived: Arrived) => void) | null = null;

  static async open(options: UdpPortOptions): Promise<DgramPort> {
    const isIpv6 = options.host.includes(':');
    // Addresses are numbers here: the usual look-up would cost each datagram a turn of the event loop.
    const lookup = (
      host: string,
      _: unknown,
      found: (error: null, address: string, family: number) => void,
    ) => found(null, host, isIpv6 ? 6 : 4);
    const socket = createSocket({ type: isIpv6 ? 'udp6' : 'udp4', lookup });
    try {
      const listening = once(socket, 'listening');
      socket.bind(options.port, options.host);
      await listening;
    } catch (cause) {
      const message = `UDP ${options.host}:${options.port} cannot be opened: choose an address of this machine and a free port.`;
      throw new Failure('port-unavailable', message, { cause });
    }
    if (options.remote !== undefined) {
      const connected = once(socket, 'connect');
      socket.connect(options.remote.port, options.remote.host);
      await connected;
    }
    socket.setRecvBufferSize(options.receiveBufferBytes ?? SOCKET_BUFFER_BYTES);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    return new DgramPort(socket, { isConnected: options.remote !== undefined, isIpv6 });
  }

  private constructor(socket: Socket, kind: { readonly isConnected: boolean; readonly isIpv6: boolean }) {
    this.#socket = socket;
    this.#isConnected = kind.isConnected;
    this.#isIpv6 = kind.isIpv6;
    ({ address: this.host, port: this.port } = socket.address());
    socket.on('message', (bytes, { address, port }) => {
      const arrived = { bytes, from: `${unmapped(address)}:${port}` };
      if (this.#take !== null) this.#take(arrived);
      else if (!this.#early.push(arrived)) this.refused++;
    });
    // A closed port at the other end comes back as an error of ours, and so does a datagram that the system did not take.
    socket.on('error', () => {
      this.refused++;
    });
  }

  send(bytes: Uint8Array, to: string): void {
    this.#send(new Uint8Array(bytes), to);
  }

  sendEach(bytes: Uint8Array, to: readonly string[]): void {
    const copy = new Uint8Array(bytes);
    for (let i = 0; i < to.length; i++) this.#send(copy, to[i] ?? '');
  }

  /** No callback: it would cost each datagram a turn of its own; errors come as events. */
  #send(copy: Uint8Array, to: string): void {
    if (this.#socket.getSendQueueCount() >= SEND_QUEUE_MAX) this.refused++;
    else if (this.#isConnected) this.#socket.send(copy);
    else {
      const { host, port } = this.#target(to);
      this.#socket.send(copy, port, host);
    }
  }

  #target(to: string): { readonly host: string; readonly port: number } {
    let target = this.#targets.get(to);
    if (target === undefined) {
      if (this.#targets.size >= 4096) this.#targets.clear();
      const { host, port } = splitHostPort(to);
      target = { host: this.#isIpv6 ? mapped(host) : host, port };
      this.#targets.set(to, target);
    }
    return target;
  }

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
