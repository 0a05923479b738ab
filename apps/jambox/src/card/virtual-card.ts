import type { Card, Input } from './card.ts';
import type { Samples } from './samples.ts';

export interface VirtualCardOptions {
  readonly periodUs: number;
  /** The card's periods begin so much after the room's, µs: cards never agree. */
  readonly phaseUs: number;
  /** How much faster than the machine's clock the card's crystal runs, parts per million. */
  readonly ppm: number;
  readonly input: Input;
}

/** A card without hardware: the machine's clock, shifted and stretched, is its crystal; a file is its microphone. */
export class VirtualCard implements Card {
  readonly #options: VirtualCardOptions;
  readonly #periodUs: number;
  #startUs = 0;
  #first = 0;
  #period = 0;
  readonly inputUs = 0;
  readonly outputUs = 0;
  readonly stumbles = 0;

  constructor(options: VirtualCardOptions) {
    this.#options = options;
    this.#periodUs = options.periodUs / (1 + options.ppm / 1e6);
  }

  start(startUs: number, firstPeriod: number): void {
    this.#startUs = startUs + firstPeriod * this.#options.periodUs + this.#options.phaseUs;
    this.#first = firstPeriod;
    this.#period = firstPeriod;
  }

  get dueUs(): number {
    return this.#startUs + (this.#period + 1 - this.#first) * this.#periodUs;
  }

  isDue(nowUs: number): boolean {
    return nowUs >= this.dueUs;
  }

  capture(into: Samples): boolean {
    this.#period++;
    return this.#options.input.next(into);
  }

  play(): void {
    // Nobody listens; what the ear got is recorded per player.
  }

  close(): void {
    // Nothing is open.
  }
}
