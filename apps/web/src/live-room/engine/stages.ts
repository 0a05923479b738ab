/** One-way delay from a sample at the other's converter to the same sample at ours, by stage, ms. */
export interface StageDelays {
  /** The sender's card and what lies between it and the program, as the sender says. */
  readonly inputMs: number;
  /** Filling one packet at the sender. */
  readonly packetMs: number;
  /** From the sender's program to ours. */
  readonly networkMs: number;
  /** Waiting for packets that come later, and in the resampler. */
  readonly bufferMs: number;
  /** Made and not yet fetched by the sound card. */
  readonly cushionMs: number;
}

export function totalMs(stages: StageDelays): number {
  return stages.inputMs + stages.packetMs + stages.networkMs + stages.bufferMs + stages.cushionMs;
}
