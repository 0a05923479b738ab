import { SEAL_TAG_BYTES } from '../crypto/toast-crypto.ts';
import { FLAG_HELD, HEADER_BYTES, HOP_TAG_BYTES, heldBytes } from './header.ts';

/** Format byte of an audio body: PCM of 16 bits in whole blocks, or blocks of any coding and repair symbols. */
export const FORMAT = { plain: 1, mixed: 2 } as const;
/** How a block of a mixed body is written. */
export const CODING = { pcm: 0, packed: 1 } as const;

export const PLAIN_FIXED_BYTES = 12;
export const PLAIN_ENTRY_BYTES = 2;
export const MIXED_FIXED_BYTES = 16;
export const MIXED_ENTRY_BYTES = 4;
/** Everything of a datagram around its audio body, with the seats that have it already. */
export const ENVELOPE_BYTES = HEADER_BYTES + SEAL_TAG_BYTES + heldBytes(FLAG_HELD) + HOP_TAG_BYTES;

export interface AudioContent {
  readonly frames: number;
  readonly sampleBytes: 2 | 3;
  /** Packets carried whole, the own one included. */
  readonly blocks: number;
  readonly symbols: number;
  /** Packets that the symbols cover. */
  readonly covered: number;
}

/** Bytes of a whole datagram with that content, nothing packed. */
export function plannedDatagramBytes(content: AudioContent): number {
  const { frames, sampleBytes, blocks, symbols, covered } = content;
  const block = frames * sampleBytes;
  const body =
    symbols === 0 && sampleBytes === 2
      ? PLAIN_FIXED_BYTES + blocks * (PLAIN_ENTRY_BYTES + block)
      : MIXED_FIXED_BYTES + blocks * (MIXED_ENTRY_BYTES + block) + covered + symbols * block;
  return ENVELOPE_BYTES + body;
}

/** Bytes of a whole datagram of 16-bit samples with that many blocks. */
export function audioDatagramBytes(frames: number, blocks: number): number {
  return plannedDatagramBytes({ frames, sampleBytes: 2, blocks, symbols: 0, covered: 0 });
}
