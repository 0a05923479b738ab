/** Packet lengths that a concealer takes, in samples. */
export const PACKET_FRAMES_RANGE = { least: 16, most: 2_048 } as const;

export interface ModelSize {
  readonly order: number;
  readonly contextFrames: number;
}

/**
 * Orders and contexts by packet length: the mean of models of long and of short memory errs less than each, and their
 * disagreement tells how far to trust them. A fit costs about 0.8 ms · (order / 1000)² in the WebAssembly kernel; all
 * fits together have a fifth of the packet time. Plain TypeScript takes four times as long and gets half the order.
 */
export function chooseModels(packetFrames: number, isWasm = true): readonly ModelSize[] {
  const models = wasmModels(packetFrames);
  return isWasm ? models : models.map((model) => ({ ...model, order: model.order >> 1 }));
}

function wasmModels(packetFrames: number): readonly ModelSize[] {
  if (packetFrames < 64) return sizes([256, 2048], [128, 1024]);
  if (packetFrames < 128) return sizes([448, 4096], [256, 1536]);
  if (packetFrames < 256) return sizes([624, 4096], [320, 2048]);
  if (packetFrames < 512) return sizes([1024, 4096], [512, 2048]);
  return sizes([1024, 4096], [1024, 8192], [512, 2048]);
}

const sizes = (...pairs: readonly (readonly [number, number])[]): readonly ModelSize[] =>
  pairs.map(([order, contextFrames]) => ({ order, contextFrames }));
