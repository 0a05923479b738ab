import type { Landmark } from '@jamnet/jamnode';

/** Landmarks of one stretch that are kept: all of a sparse one, of a dense one (3,000 on the shipped guitar) every 23rd. */
export const SKETCH_LANDMARKS_MAX = 128;

/** Landmarks of a take, two numbers each, in the order of the take; hops count from its start. */
export interface TakeSketch {
  readonly hashes: Uint32Array;
  readonly hops: Uint32Array;
}

/**
 * The landmarks of a stretch that come first when their hashes are shuffled, the same way for everybody (bottom-k sketch, Cohen and
 * Kaplan, PODC 2007): two takes of one sound keep nearly the same ones, wherever their stretches begin.
 */
export function sketchOf(stretch: readonly Landmark[]): Landmark[] {
  return stretch
    .map((landmark) => ({ landmark, rank: shuffled(landmark.hash) }))
    .sort((a, b) => a.rank - b.rank || a.landmark.hop - b.landmark.hop)
    .slice(0, SKETCH_LANDMARKS_MAX)
    .map(({ landmark }) => landmark);
}

export function joinSketches(sketches: readonly (readonly Landmark[])[]): TakeSketch {
  const landmarks = sketches.flat();
  return {
    hashes: Uint32Array.from(landmarks, ({ hash }) => hash),
    hops: Uint32Array.from(landmarks, ({ hop }) => hop),
  };
}

/** Finaliser of MurmurHash3, 32 bits: a permutation that leaves no order of bins behind. */
function shuffled(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** All hashes, then all hops, u32, little endian, in Base64. */
export function sketchText({ hashes, hops }: TakeSketch): string {
  const bytes = Buffer.alloc(8 * hashes.length);
  for (const [place, hash] of hashes.entries()) bytes.writeUInt32LE(hash, 4 * place);
  for (const [place, hop] of hops.entries()) bytes.writeUInt32LE(hop, 4 * (hashes.length + place));
  return bytes.toString('base64');
}

/** Of a text that {@link sketchText} wrote. */
export function parseSketch(text: string): TakeSketch {
  const bytes = Buffer.from(text, 'base64');
  const count = bytes.length / 8;
  return {
    hashes: Uint32Array.from({ length: count }, (_, place) => bytes.readUInt32LE(4 * place)),
    hops: Uint32Array.from({ length: count }, (_, place) => bytes.readUInt32LE(4 * (count + place))),
  };
}
