// realtime
import type { SharedRing } from '../audio/shared-ring.ts';

/** Packets between two looks at whether the cushion may shrink. */
const LOOK_EVERY = 1500;
/** Left under the lowest fill that was seen: a browser's worker is late by so much now and then. */
const MARGIN_FRAMES = 192;
/** 43 ms at 48 kHz: whoever stalls for longer hears a gap instead of playing later for ever. */
const CUSHION_FRAMES_MAX = 2048;
/** −54 dB: below it a packet may be left out unheard. */
const QUIET = 0.002;

/**
 * How much sound lies between worker and card: a packet more each time the card found nothing, a packet less where it is quiet and
 * the last one was never needed. What a stalled worker makes up for beyond that is not played: it would only be delay.
 */
export class Cushion {
  readonly #packetFrames: number;
  readonly #silence: Float32Array;
  #wanted: number;
  #starved = -1;
  #lowest = Number.POSITIVE_INFINITY;
  #seen = 0;

  constructor(packetFrames: number) {
    this.#packetFrames = packetFrames;
    this.#silence = new Float32Array(packetFrames);
    this.#wanted = 2 * packetFrames;
  }

  /** Whether this packet of the mix shall go to the card. */
  wantsAnother(playout: SharedRing, mix: Float32Array): boolean {
    const { filled, starved } = playout;
    if (this.#starved < 0) playout.write(this.#silence);
    else if (starved !== this.#starved)
      this.#wanted = Math.min(CUSHION_FRAMES_MAX, this.#wanted + this.#packetFrames);
    this.#starved = starved;
    this.#lowest = Math.min(this.#lowest, filled);
    this.#seen++;
    if (filled > this.#wanted + 2 * this.#packetFrames) return false;
    return !this.#mayGiveBack(mix);
  }

  #mayGiveBack(mix: Float32Array): boolean {
    if (this.#seen < LOOK_EVERY) return false;
    const isNeeded = this.#lowest - this.#packetFrames < MARGIN_FRAMES;
    if (!isNeeded && peakOf(mix) > QUIET) return false;
    this.#seen = 0;
    this.#lowest = Number.POSITIVE_INFINITY;
    if (isNeeded) return false;
    this.#wanted = Math.max(2 * this.#packetFrames, this.#wanted - this.#packetFrames);
    return true;
  }
}

function peakOf(block: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < block.length; i++) peak = Math.max(peak, Math.abs(block[i] ?? 0));
  return peak;
}
