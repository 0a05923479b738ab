import type { PeerSession } from '@jamnet/toast';

/** A player of a `VirtualEvening` that only sends: a session without card and ears, for rooms in which another one is looked at. */
export class VirtualSender {
  readonly #session: PeerSession;
  readonly #packet: Int16Array;
  readonly #send: (bytes: Uint8Array) => void;
  #startedAtUs = 0;
  #basePeriod = -1;
  #period = 0;

  /** Sends `packet` again and again. */
  constructor(session: PeerSession, packet: Int16Array, send: (bytes: Uint8Array) => void) {
    this.#session = session;
    this.#packet = packet;
    this.#send = send;
  }

  datagram(nowUs: number, bytes: Uint8Array, from: string): void {
    this.#session.datagram(nowUs, bytes, from);
  }

  wake(nowUs: number): number {
    const session = this.#session;
    session.tick(nowUs);
    for (let event = session.events.shift(); event !== undefined; event = session.events.shift())
      if (event.kind === 'start') this.#begin(nowUs, event.startAtUs);
    const isPlaying = this.#basePeriod >= 0;
    if (isPlaying && nowUs >= this.#dueUs) {
      this.#period++;
      session.sendAudio(nowUs, this.#packet, this.#basePeriod * this.#packet.length);
    }
    for (let next = session.outgoing.shift(); next !== undefined; next = session.outgoing.shift())
      this.#send(next.bytes);
    return Math.max(nowUs, isPlaying ? Math.min(this.#dueUs, session.nextTickUs) : session.nextTickUs);
  }

  get #dueUs(): number {
    return this.#startedAtUs + (this.#period + 1) * this.#session.packetUs;
  }

  #begin(nowUs: number, startAtUs: number): void {
    this.#startedAtUs = this.#session.localTimeUs(startAtUs);
    this.#period = Math.max(0, Math.ceil((nowUs - this.#startedAtUs) / this.#session.packetUs));
    this.#basePeriod = this.#period;
  }
}
