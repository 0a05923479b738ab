/** Rates with a code of their own (RFC 9639 §9.1.2); others are given in Hz, tens of Hz or kHz behind the header. */
export const RATE_CODES: readonly (readonly [code: number, rateHz: number])[] = [
  [1, 88_200],
  [2, 176_400],
  [3, 192_000],
  [4, 8_000],
  [5, 16_000],
  [6, 22_050],
  [7, 24_000],
  [8, 32_000],
  [9, 44_100],
  [10, 48_000],
  [11, 96_000],
];

/** Bits of a sample (§9.1.4). */
export const BITS_CODES: readonly (readonly [code: number, bits: number])[] = [
  [1, 8],
  [2, 12],
  [4, 16],
  [5, 20],
  [6, 24],
  [7, 32],
];

/** Subframe types (§9.2.1): the low bits of fixed and linear ones tell the order. */
export const SUBFRAME = { constant: 0, verbatim: 1, fixed: 8, linear: 32 } as const;

/** Samples of a block are counted in 16 bits, less one. */
export const BLOCK_FRAMES_MAX = 65_536;
/** Places in a stream, 36 bits (§9.1.5). */
export const PLACE_MAX = 2 ** 36 - 1;
