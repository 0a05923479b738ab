import type { BitsIn } from './bits-in.ts';
import { FIXED_WEIGHTS } from './fixed-prediction.ts';
import { SUBFRAME } from './frame-codes.ts';
import { linearRestore, type Weights } from './linear-prediction.ts';
import { readRice } from './rice.ts';

/** Fills one channel of a frame (RFC 9639 §9.2); false when it is malformed. */
export function readSubframe(bits: BitsIn, channel: Int32Array, width: number): boolean {
  if (bits.read(1) !== 0) return false;
  const type = bits.read(6);
  const wasted = bits.read(1) === 1 ? bits.readUnary() + 1 : 0;
  const kept = width - wasted;
  if (kept < 1 || !readCoded(bits, type, channel, kept) || bits.isShort) return false;
  if (wasted > 0) for (let i = 0; i < channel.length; i++) channel[i] = (channel[i] ?? 0) * 2 ** wasted;
  return true;
}

function readCoded(bits: BitsIn, type: number, channel: Int32Array, width: number): boolean {
  if (type === SUBFRAME.constant) {
    channel.fill(bits.readSigned(width));
    return true;
  }
  if (type === SUBFRAME.verbatim) {
    for (let i = 0; i < channel.length && !bits.isShort; i++) channel[i] = bits.readSigned(width);
    return true;
  }
  if (type >= SUBFRAME.linear) {
    const order = type - SUBFRAME.linear + 1;
    return (
      order <= channel.length && readPredicted(bits, channel, width, order, () => readWeights(bits, order))
    );
  }
  const order = type - SUBFRAME.fixed;
  const weights = FIXED_WEIGHTS[order];
  if (weights === undefined || order > channel.length) return false;
  return readPredicted(bits, channel, width, order, () => weights);
}

function readPredicted(
  bits: BitsIn,
  channel: Int32Array,
  width: number,
  order: number,
  weightsOf: () => Weights | null,
): boolean {
  for (let i = 0; i < order; i++) channel[i] = bits.readSigned(width);
  const weights = weightsOf();
  if (weights === null || bits.isShort || !readRice(bits, channel, order)) return false;
  linearRestore(channel, weights);
  return true;
}

function readWeights(bits: BitsIn, order: number): Weights | null {
  const precision = bits.read(4) + 1;
  const shift = bits.readSigned(5);
  if (precision === 16 || shift < 0) return null;
  const values = new Int32Array(order);
  for (let j = 0; j < order; j++) values[j] = bits.readSigned(precision);
  return { values, shift };
}
