import { assert } from '@jamnet/base';
import { BitsOut } from './bits-out.ts';
import { crc8, crc16 } from './crc.ts';
import { bestFixedOrder, FIXED_WEIGHTS } from './fixed-prediction.ts';
import { BITS_CODES, BLOCK_FRAMES_MAX, PLACE_MAX, RATE_CODES, SUBFRAME } from './frame-codes.ts';
import { linearResidual, linearWeights, WEIGHT_BITS, type Weights } from './linear-prediction.ts';
import { planRice, type RicePlan, writeRice } from './rice.ts';

export interface FlacFrame {
  /** Signed integers of `bits` bits, one channel, 1 to {@link BLOCK_FRAMES_MAX}. */
  readonly samples: Int32Array;
  readonly bits: 16 | 24;
  readonly sampleRateHz: number;
  /** `sample`: number of its first sample. `frame`: number of this frame, all frames before being equally long. */
  readonly place: { readonly by: 'sample' | 'frame'; readonly number: number };
}

/** Order of linear prediction; 8 is libFLAC's default. */
const LINEAR_ORDER = 8;
const LINEAR_FRAMES_MIN = 64;

/** One self-contained FLAC frame (RFC 9639 §9) of one channel, with the best of constant, fixed, linear and verbatim coding. */
export function encodeFlacFrame(frame: FlacFrame): Uint8Array {
  const { samples, bits } = frame;
  assert(samples.length > 0 && samples.length <= BLOCK_FRAMES_MAX, 'a block of 1 to 65,536 samples');
  const out = new BitsOut();
  writeHeader(out, frame);
  writeSubframe(out, samples, bits);
  out.alignToByte();
  const crc = crc16(out.bytes);
  out.write(crc, 16);
  return out.bytes.slice();
}

function writeHeader(out: BitsOut, { samples, bits, sampleRateHz, place }: FlacFrame): void {
  assert(place.number >= 0 && place.number <= PLACE_MAX, 'a place of at most 36 bits');
  out.write(place.by === 'sample' ? 0xfff9 : 0xfff8, 16);
  out.write(7, 4); // 16-bit block size behind the header
  out.write(RATE_CODES.find(([, rate]) => rate === sampleRateHz)?.[0] ?? 0, 4);
  out.write(0, 4); // one channel
  out.write(BITS_CODES.find(([, width]) => width === bits)?.[0] ?? 0, 3);
  out.write(0, 1);
  writeNumber(out, place.number);
  out.write(samples.length - 1, 16);
  out.write(crc8(out.bytes), 8);
}

/** UTF-8's scheme, carried on to 36 bits. */
function writeNumber(out: BitsOut, value: number): void {
  if (value < 0x80) {
    out.write(value, 8);
    return;
  }
  let followers = 1;
  while (followers < 6 && value >= 2 ** (5 * followers + 6)) followers++;
  const lead = (0xff00 >> (followers + 1)) & 0xff;
  out.write(lead | Math.floor(value / 2 ** (6 * followers)), 8);
  for (let i = followers - 1; i >= 0; i--) out.write(0x80 | (Math.floor(value / 2 ** (6 * i)) % 64), 8);
}

interface Candidate {
  readonly weights: Weights;
  readonly isLinear: boolean;
  readonly residual: Int32Array;
  readonly plan: RicePlan;
  readonly bits: number;
}

function writeSubframe(out: BitsOut, samples: Int32Array, bits: number): void {
  const [first = 0] = samples;
  if (isConstant(samples)) {
    out.write(SUBFRAME.constant << 1, 8);
    out.write(first, bits);
    return;
  }
  const fixed = fixedCandidate(samples, bits);
  const linear = linearCandidate(samples, bits);
  const best = linear !== null && linear.bits < fixed.bits ? linear : fixed;
  if (best.bits >= samples.length * bits) writeVerbatim(out, samples, bits);
  else writePredicted(out, samples, bits, best);
}

function isConstant(samples: Int32Array): boolean {
  for (let i = 1; i < samples.length; i++) if (samples[i] !== samples[0]) return false;
  return true;
}

function fixedCandidate(samples: Int32Array, bits: number): Candidate {
  const order = bestFixedOrder(samples);
  const weights = FIXED_WEIGHTS[order] ?? { values: new Int32Array(0), shift: 0 };
  const residual = new Int32Array(samples.length);
  linearResidual(samples, weights, residual);
  const plan = planRice(residual, order);
  return { weights, isLinear: false, residual, plan, bits: plan.bits + order * bits };
}

function linearCandidate(samples: Int32Array, bits: number): Candidate | null {
  if (samples.length < LINEAR_FRAMES_MIN) return null;
  const weights = linearWeights(samples, LINEAR_ORDER);
  const residual = new Int32Array(samples.length);
  if (weights === null || !linearResidual(samples, weights, residual)) return null;
  const plan = planRice(residual, LINEAR_ORDER);
  return {
    weights,
    isLinear: true,
    residual,
    plan,
    bits: plan.bits + LINEAR_ORDER * (bits + WEIGHT_BITS) + 9,
  };
}

function writeVerbatim(out: BitsOut, samples: Int32Array, bits: number): void {
  out.write(SUBFRAME.verbatim << 1, 8);
  for (const sample of samples) out.write(sample, bits);
}

function writePredicted(out: BitsOut, samples: Int32Array, bits: number, candidate: Candidate): void {
  const { weights, residual, plan } = candidate;
  const order = weights.values.length;
  out.write((candidate.isLinear ? SUBFRAME.linear + order - 1 : SUBFRAME.fixed + order) << 1, 8);
  for (let i = 0; i < order; i++) out.write(samples[i] ?? 0, bits);
  if (candidate.isLinear) {
    out.write(WEIGHT_BITS - 1, 4);
    out.write(weights.shift, 5);
    for (const weight of weights.values) out.write(weight, WEIGHT_BITS);
  }
  writeRice(out, residual, order, plan);
}
