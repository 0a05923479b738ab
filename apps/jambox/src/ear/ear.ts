/** One remote stream brought to the ear, a packet's length at a time. */
export interface Ear {
  /** What sounds in the period last played, full scale ±1. */
  readonly out: Float32Array;
  /** Packets of the stream that the ear has passed. */
  readonly pulled: number;
  /** Fills {@link out} for a period that begins now; false when nothing of the stream sounds. */
  play(period: number, nowUs: number): boolean;
  /**
   * From the sample at the sender's card to the first one of the last period, µs; −1 when the period belongs to no
   * sample. `localUs` is now on our clock, `roomUs` since the room's start by the room's.
   */
  delayUs(localUs: number, roomUs: number): number;
  /** Beyond the quickest packet's arrival, µs. */
  readonly bufferUs: number;
}
