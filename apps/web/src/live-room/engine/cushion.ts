// realtime
import type { SharedRing } from '../audio/shared-ring.ts';

/** Packets between two looks at whether the cushion may shrink. */
const LOOK_EVERY = 1500;
/** Left under the lowest fill that was seen: a browser's worker is late by so much now and then. */
const MARGIN_FRAMES = 192;
/** −54 dB: below it a packet may be left out unheard. */
const QUIET = 0.002;

/**
 * How much sound lies between worker and card. It grows by itself when the card finds nothing (it then plays silence and the
 * worker makes up for it), and is given back one quiet packet at a time when it was never needed.
 */
export class Cushion {
  readonly #packetFrames: number;
  #isPrimed = false;
  #lowest = Number.POSITIVE_INFINITY;
  #seen = 0;
  #surplus = 0;

  constructor(packetFrames: number) {
    this.#packetFrames = packetFrames;
  }

  /** Whether this packet of the mix shall go to the card. Primes an empty ring with one packet of silence first. */
  wantsAnother(playout: SharedRing, mix: Float32Array): boolean {
    if (!this.#isPrimed) {
      this.#isPrimed = true;
      playout.write(new Float32Array(this.#packetFrames));
    }
    this.#lowest = Math.min(this.#lowest, playout.filled);
    if (++this.#seen >= LOOK_EVERY) {
      this.#surplus = this.#lowest - MARGIN_FRAMES;
      this.#lowest = Number.POSITIVE_INFINITY;
      this.#seen = 0;
    }
    if (this.#surplus < this.#packetFrames || peakOf(mix) > QUIET) return true;
    this.#surplus -= this.#packetFrames;
    return false;
  }
}

function peakOf(block: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < block.length; i++) peak = Math.max(peak, Math.abs(block[i] ?? 0));
  return peak;
}
