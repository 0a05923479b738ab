import type { Samples } from './samples.ts';

/** A sound card as the engine sees it: periods of one packet's length, by a clock of its own. */
export interface Card {
  /** Opens it. Period n, counted from the room's start, begins where the room has sample n · frames, as near as the card can. */
  start(startUs: number, firstPeriod: number): void;
  /** When the engine shall look at the card next, local µs. */
  readonly dueUs: number;
  /** Whether the period that the engine waits for has ended by now. */
  isDue(nowUs: number): boolean;
  /** Takes the period that ended: its samples in `into`, or false when there will be no more sound. */
  capture(into: Samples): boolean;
  /** What sounds in the period that begins now, full scale ±1. */
  play(samples: Float32Array): void;
  /** What the card adds before a period that ended is ours, and before one that we gave sounds, µs. */
  readonly inputUs: number;
  readonly outputUs: number;
  /** Times that it ran dry or over since it was started. */
  readonly stumbles: number;
  close(): void;
}

/** Where a card's input comes from when it has none of its own. */
export interface Input {
  /** The next period, or false when there is no more. */
  next(into: Samples): boolean;
}

/** Packets of a file, of the width that the card is asked for. */
export class FileInput implements Input {
  readonly #packets: readonly Samples[];
  #taken = 0;

  constructor(packets: readonly Samples[]) {
    this.#packets = packets;
  }

  next(into: Samples): boolean {
    const packet = this.#packets[this.#taken];
    if (packet === undefined) return false;
    this.#taken++;
    into.set(packet);
    return true;
  }
}
