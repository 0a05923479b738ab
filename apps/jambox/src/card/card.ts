/** A sound card as the engine sees it: periods of one packet's length, by a clock of its own. */
export interface Card {
  /** Opens it. Period n, counted from the room's start, begins where the room has sample n · frames, as near as the card can. */
  start(startUs: number, firstPeriod: number): void;
  /** When the engine shall look at the card next, local µs. */
  readonly dueUs: number;
  /** Whether the period that the engine waits for has ended by now. */
  isDue(nowUs: number): boolean;
  /** Takes the period that ended: its samples in `into`, or false when there will be no more sound. */
  capture(into: Int16Array): boolean;
  /** What sounds in the period that begins now, full scale ±1. */
  play(samples: Float32Array): void;
  close(): void;
}
