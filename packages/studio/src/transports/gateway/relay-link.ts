import { createSocket, type Socket } from 'node:dgram';
import type { RelayPlace } from '@jamnet/jambox';

/** Asked of the kernel, which may give less. */
const SOCKET_BUFFER_BYTES = 1 << 20;

/** One page's UDP socket towards the relay of its room, which may change. */
export class RelayLink {
  readonly #onPacket: (packet: Uint8Array) => void;
  #socket: Socket;
  #isReady = false;

  constructor(place: RelayPlace, onPacket: (packet: Uint8Array) => void) {
    this.#onPacket = onPacket;
    this.#socket = this.#open(place);
  }

  #open({ host, port }: RelayPlace): Socket {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    this.#isReady = false;
    socket.connect(port, host, () => {
      if (socket !== this.#socket) return; // moved on, or closed
      this.#isReady = true;
      socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
      socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    });
    // A relay that restarts answers with ICMP errors for a while: the page's session notices and joins again.
    socket.on('error', () => undefined);
    socket.on('message', (packet) => {
      if (socket === this.#socket) this.#onPacket(packet);
    });
    return socket;
  }

  /** False while there is no way yet: what is said then is repeated by the page's session. */
  send(packet: Uint8Array): boolean {
    if (this.#isReady) this.#socket.send(packet, () => undefined);
    return this.#isReady;
  }

  move(place: RelayPlace): void {
    const old = this.#socket;
    this.#socket = this.#open(place);
    old.close();
  }

  close(): void {
    this.#isReady = false;
    this.#socket.close();
  }
}
