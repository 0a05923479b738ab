import quiche from '@matrixai/quic/native/quiche.js';
import type { Connection } from '@matrixai/quic/native/types.js';

/** RFC 9000 allows more; our packets never need it. */
const UDP_BYTES_MAX = 1500;
const CHUNK_BYTES = 16 * 1024;
const DATAGRAM_BYTES_MAX = 1500;
/**
 * What came in is acknowledged after so long at the latest; a datagram that goes out before takes the acknowledgement along, which
 * halves the packets of a room. RFC 9000 §13.2.1: inside `max_ack_delay`, whose default is 25 ms.
 */
const ACK_DELAY_MS = 5;

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
  /** One timer, for what is due first; it looks again when that turned out to be later. */
  #timer: NodeJS.Timeout | null = null;
  #timerAtMs = Number.POSITIVE_INFINITY;
  /** When the acknowledgement of what came in is due. */
  #ackAtMs = Number.POSITIVE_INFINITY;
  /** Handshake or stream bytes came or wait: nothing of that waits for a datagram to go with. */
  #isUrgent = false;
  #isEstablished = false;
  #isOver = false;

  constructor(connection: Connection, local: HostPort, link: QuicPeerLink) {
    this.#connection = connection;
    this.#local = local;
    this.#link = link;
  }

  get isEstablished(): boolean {
    return this.#isEstablished;
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
    this.#isUrgent ||= !this.#isEstablished;
    this.#readAll();
    if (this.#isOver) return;
    if (this.#isUrgent || this.#hasEnded()) this.flush();
    else this.#owe();
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
    this.#isUrgent = true;
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
    this.#isUrgent = true;
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
    this.#ackAtMs = Number.POSITIVE_INFINITY;
    this.#isUrgent = false;
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

  /** An acknowledgement that may wait for a datagram to go with. */
  #owe(): void {
    if (this.#ackAtMs !== Number.POSITIVE_INFINITY) return;
    this.#ackAtMs = performance.now() + ACK_DELAY_MS;
    this.#wake(this.#ackAtMs);
  }

  #keepTime(): void {
    if (this.#hasEnded()) {
      this.#over();
      return;
    }
    const waitMs = this.#connection.timeout();
    if (waitMs !== null) this.#wake(performance.now() + waitMs);
  }

  /** Sees to it that {@link #ring} runs by then: a timer that is set already and comes no later does. */
  #wake(atMs: number): void {
    if (this.#timerAtMs <= atMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => this.#ring(), Math.max(0, Math.ceil(atMs - performance.now())));
  }

  #ring(): void {
    this.#timer = null;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    if (this.#isOver) return;
    // Anything that went out meanwhile has moved quiche's own time on; it takes a call that comes early for none.
    if ((this.#connection.timeout() ?? 1) <= 0) this.#connection.onTimeout();
    this.flush();
  }

  /** A draining connection carries nothing any more: its page is gone, though QUIC waits a little before it forgets. */
  #hasEnded(): boolean {
    return this.#connection.isDraining() || this.#connection.isClosed();
  }

  #over(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isOver = true;
    this.#owner?.ended();
    this.#link.ended();
  }

  #readAll(): void {
    if (!this.#isEstablished) {
      if (!this.#connection.isEstablished() && !this.#connection.isInEarlyData()) return;
      this.#isEstablished = true;
      this.#owner?.established();
    }
    this.#readDatagrams();
    // With the datagrams read, only streams are left to be readable; asking for them costs more than asking whether.
    if (this.#connection.isReadable()) {
      this.#isUrgent = true;
      for (const id of this.#connection.readable()) this.#readStream(id);
    }
    if (this.#unsent.size === 0) return;
    for (const id of [...this.#unsent.keys()])
      this.write(id, new Uint8Array(0), this.#unsent.get(id)?.fin ?? false);
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
