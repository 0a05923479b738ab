import quiche from '@matrixai/quic/native/quiche.js';
import type { Connection } from '@matrixai/quic/native/types.js';

/** RFC 9000 allows more; our packets never need it. */
const UDP_BYTES_MAX = 1500;
const CHUNK_BYTES = 16 * 1024;
const DATAGRAM_BYTES_MAX = 1500;

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where a connection's packets and end go. */
export interface QuicPeerLink {
  send(packet: Uint8Array, to: HostPort): void;
  ended(): void;
}

/** Who lives on the connection. */
export interface QuicPeerOwner {
  established(): void;
  stream(id: number, bytes: Uint8Array, fin: boolean): void;
  aborted(id: number): void;
  datagram(bytes: Uint8Array): void;
  ended(): void;
}

/** One QUIC connection over the sans-I/O object of quiche: whatever comes in is handed on and answered at once. */
export class QuicPeer {
  readonly #connection: Connection;
  readonly #local: HostPort;
  readonly #link: QuicPeerLink;
  readonly #out = new Uint8Array(UDP_BYTES_MAX);
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  readonly #datagram = new Uint8Array(DATAGRAM_BYTES_MAX);
  /** Bytes a stream did not take yet. */
  readonly #unsent = new Map<number, { bytes: Uint8Array; fin: boolean }>();
  #owner: QuicPeerOwner | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isEstablished = false;
  #isOver = false;

  constructor(connection: Connection, local: HostPort, link: QuicPeerLink) {
    this.#connection = connection;
    this.#local = local;
    this.#link = link;
  }

  serve(owner: QuicPeerOwner): void {
    this.#owner = owner;
  }

  receive(packet: Uint8Array, from: HostPort): void {
    if (this.#isOver) return;
    try {
      this.#connection.recv(packet, { from, to: this.#local });
    } catch {
      // A packet that does not decrypt or breaks the protocol: quiche has noted what the answer must be.
    }
    this.#readAll();
    this.flush();
  }

  /** False when QUIC's queue is full: the network takes less than we have. */
  sendDatagram(bytes: Uint8Array): boolean {
    if (this.#isOver || this.#connection.isDgramSendQueueFull()) return false;
    try {
      this.#connection.dgramSend(bytes);
    } catch {
      return false; // longer than the path bears
    }
    this.flush();
    return true;
  }

  write(id: number, bytes: Uint8Array, fin: boolean): void {
    const waiting = this.#unsent.get(id);
    const all = waiting === undefined ? bytes : Buffer.concat([waiting.bytes, bytes]);
    this.#unsent.delete(id);
    const sent = this.#tryWrite(id, all, fin);
    if (sent >= 0 && (sent < all.length || (fin && all.length > 0 && sent === 0)))
      this.#unsent.set(id, { bytes: all.subarray(sent), fin });
  }

  /** −1: the stream is gone. */
  #tryWrite(id: number, bytes: Uint8Array, fin: boolean): number {
    try {
      return this.#connection.streamSend(id, bytes, fin) ?? 0;
    } catch {
      return -1;
    }
  }

  reset(id: number, code: number): void {
    for (const direction of [quiche.Shutdown.Read, quiche.Shutdown.Write]) {
      try {
        this.#connection.streamShutdown(id, direction, code);
      } catch {
        // It ended by itself.
      }
    }
  }

  close(code: number, reason: string): void {
    try {
      this.#connection.close(true, code, Buffer.from(reason));
    } catch {
      // It is closing already.
    }
    this.flush();
  }

  /** Sends what quiche has ready and sets its next timer. */
  flush(): void {
    if (this.#isOver) return;
    for (;;) {
      const next = this.#nextPacket();
      if (next === null) break;
      this.#link.send(this.#out.slice(0, next.length), next.to);
    }
    this.#keepTime();
  }

  #nextPacket(): { length: number; to: HostPort } | null {
    try {
      const sent = this.#connection.send(this.#out);
      return sent === null ? null : { length: sent[0], to: sent[1].to };
    } catch {
      return null;
    }
  }

  #keepTime(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // A draining connection carries nothing any more: its page is gone, though QUIC waits a little before it forgets.
    if (this.#connection.isDraining() || this.#connection.isClosed()) {
      this.#isOver = true;
      this.#owner?.ended();
      this.#link.ended();
      return;
    }
    const waitMs = this.#connection.timeout();
    if (waitMs === null) return;
    this.#timer = setTimeout(() => {
      this.#connection.onTimeout();
      this.flush();
    }, waitMs);
  }

  #readAll(): void {
    const { isEstablished, isInEarlyData } = {
      isEstablished: this.#connection.isEstablished(),
      isInEarlyData: this.#connection.isInEarlyData(),
    };
    if (!isEstablished && !isInEarlyData) return;
    if (!this.#isEstablished) {
      this.#isEstablished = true;
      this.#owner?.established();
    }
    for (const id of this.#connection.readable()) this.#readStream(id);
    for (const id of [...this.#unsent.keys()])
      this.write(id, new Uint8Array(0), this.#unsent.get(id)?.fin ?? false);
    this.#readDatagrams();
  }

  #readStream(id: number): void {
    for (;;) {
      let read: [number, boolean] | null;
      try {
        read = this.#connection.streamRecv(id, this.#chunk);
      } catch {
        this.#owner?.aborted(id);
        return;
      }
      if (read === null) return;
      const [length, fin] = read;
      this.#owner?.stream(id, this.#chunk.slice(0, length), fin);
      if (fin || (length === 0 && !this.#connection.streamReadable(id))) return;
    }
  }

  #readDatagrams(): void {
    for (;;) {
      let length: number | null;
      try {
        length = this.#connection.dgramRecv(this.#datagram);
      } catch {
        return;
      }
      if (length === null) return;
      this.#owner?.datagram(this.#datagram.subarray(0, length));
    }
  }
}
