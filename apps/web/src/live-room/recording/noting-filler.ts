// realtime
import { EAR } from '@jamnet/jdat';
import type { HoleFiller, StreamReceiver } from '@jamnet/toast';
import type { HeardTape } from './heard-tape.ts';

/** Another filler that on the way tells a tape, where there is one, what the ear got of each packet. */
export class NotingFiller implements HoleFiller {
  /** Packets of the stream that the ear has passed. */
  pulled = 0;
  tape: HeardTape | null = null;
  readonly #receiver: StreamReceiver;
  readonly #filler: HoleFiller;
  #noted = -1;
  #recovered = 0;

  constructor(receiver: StreamReceiver, filler: HoleFiller) {
    this.#receiver = receiver;
    this.#filler = filler;
  }

  receive(packet: Float32Array, out: Float32Array): void {
    const { recovered } = this.#receiver.counters;
    if (recovered === this.#recovered) this.#note(EAR.own);
    else this.#note(EAR.recovered);
    this.#recovered = recovered;
    this.#filler.receive(packet, out);
  }

  conceal(out: Float32Array): void {
    // Where the ear only waits, no packet was taken since.
    const isPacket = this.#receiver.lastIndex !== this.#noted;
    if (isPacket) this.#note(EAR.concealed);
    this.#filler.conceal(out);
    if (isPacket && this.#noted >= 0 && this.tape !== null) this.tape.fill(this.#noted, out);
  }

  #note(ear: 1 | 2 | 3): void {
    const index = this.#receiver.lastIndex;
    if (index < 0) return;
    this.#noted = index;
    // It may go back, when a sender's card has stood still.
    if (index >= this.pulled) this.pulled = index + 1;
    if (this.tape !== null) this.tape.hear(index, ear);
  }
}
