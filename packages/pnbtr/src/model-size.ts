/** Packet lengths that a concealer takes, in samples. */
export const PACKET_FRAMES_RANGE = { least: 16, most: 2_048 } as const;

export interface ModelSize {
  readonly order: number;
  readonly contextFrames: number;
}

/** Order and context whose fit stays within about a fifth of the packet time. */
export function chooseModel(packetFrames: number): ModelSize {
  if (packetFrames < 128) return { order: 256, contextFrames: 2048 };
  if (packetFrames < 256) return { order: 256, contextFrames: 2048 };
  return { order: 512, contextFrames: 4096 };
}
