import { ok, type Result, refuse } from '@jamnet/base';
import { chunkOf } from '@jamnet/mesh/chunks';
import { CHUNK_COUNT, type Kernel, type KernelCode } from './kernel.ts';
import { EXCERPT_SECONDS_MAX } from './repair.ts';
import { Spectrum } from './spectrum.ts';

/** An excerpt of a take to be recognised again. */
export interface FingerprintInput {
  /** 8,000 … 192,000. */
  readonly rateHz: number;
  /** {@link FRAME} samples to {@link EXCERPT_SECONDS_MAX} s. */
  readonly pcm: Int16Array;
}

/** One landmark: two spectral peaks and the time between them (Wang, ISMIR 2003). */
export interface Landmark {
  /** Bin of the first peak (10 bits), of the second (10 bits), hops between (6 bits). */
  readonly hash: number;
  /** Hop of the first peak. */
  readonly hop: number;
}

const FRAME = 2048;
const HOP = 512;
/** Peaks kept per hop, strongest first. */
const PEAKS_PER_HOP = 5;
/** A peak is the strongest within so many bins and hops either way. */
const NEIGHBOUR_BINS = 12;
const NEIGHBOUR_HOPS = 4;
/** Partners of a peak, and how far ahead they are sought. */
const FAN_OUT = 4;
const AHEAD_HOPS_MAX = 48;
/** Bins below carry hum and rumble. */
const BIN_MIN = 4;
/** A peak is at most 50 dB below the strongest of the excerpt: below lies noise, which is never the same twice. */
const POWER_SHARE_MIN = 1e-5;
/** Power below which a bin of int16 samples is noise of rounding. */
const POWER_MIN = 1e6;

/** Little-endian: u32 rate, u32 frames, then int16 samples. */
export function encodeFingerprintInput({ rateHz, pcm }: FingerprintInput): Uint8Array {
  const bytes = new Uint8Array(8 + 2 * pcm.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, rateHz, true);
  view.setUint32(4, pcm.length, true);
  for (const [index, sample] of pcm.entries()) view.setInt16(8 + 2 * index, sample, true);
  return bytes;
}

function decode(bytes: Uint8Array): Result<FingerprintInput, KernelCode> {
  const malformed = (why: string) =>
    refuse('input-malformed' as const, `take.fingerprint: the input is ${why}.`);
  if (bytes.length < 8) return malformed('shorter than its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [rateHz, frames] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (rateHz < 8000 || rateHz > 192_000) return malformed('not at 8,000 to 192,000 Hz');
  if (frames < FRAME || frames > EXCERPT_SECONDS_MAX * rateHz)
    return malformed(`not ${FRAME} frames to ${EXCERPT_SECONDS_MAX} s long`);
  if (bytes.length !== 8 + 2 * frames) return malformed('not as long as its header says');
  return ok({ rateHz, pcm: Int16Array.from({ length: frames }, (_, n) => view.getInt16(8 + 2 * n, true)) });
}

/** Landmarks, ordered by hop, then hash. */
export function decodeFingerprint(result: Uint8Array): Landmark[] {
  const view = new DataView(result.buffer, result.byteOffset, result.byteLength);
  return Array.from({ length: Math.floor(result.length / 8) }, (_, n) => ({
    hash: view.getUint32(8 * n, true),
    hop: view.getUint32(8 * n + 4, true),
  }));
}

/** Share of the first fingerprint's landmarks that the second has at one common shift of time, 0 … 1. */
export function fingerprintMatch(a: readonly Landmark[], b: readonly Landmark[]): number {
  if (a.length === 0) return 0;
  const hopsOf = new Map<number, number[]>();
  for (const { hash, hop } of b) hopsOf.set(hash, [...(hopsOf.get(hash) ?? []), hop]);
  const shifts = new Map<number, number>();
  for (const { hash, hop } of a) {
    for (const shift of new Set((hopsOf.get(hash) ?? []).map((other) => other - hop))) {
      shifts.set(shift, (shifts.get(shift) ?? 0) + 1);
    }
  }
  return Math.max(0, ...shifts.values()) / a.length;
}

/** Recognises a recording again after loss, repair and noise. Result: pairs of u32 (hash, hop), exact on every machine. */
export const takeFingerprint: Kernel = {
  kind: 'take.fingerprint',
  version: 1,
  operations(bytes) {
    const input = decode(bytes);
    if (!input.ok) return input;
    // Per hop a transform of 5·N·log₂N operations (11 stages at 2,048) and about 60 per bin for window, power and peaks.
    const hops = BigInt(hopCount(input.value.pcm.length));
    return ok(hops * BigInt(5 * FRAME * 11 + 60 * FRAME));
  },
  run(bytes) {
    const input = decode(bytes);
    return input.ok ? ok(encodeLandmarks(landmarks(input.value.pcm))) : input;
  },
  runChunk(bytes, chunk) {
    const result = this.run(bytes);
    return result.ok ? ok(chunkOf(result.value, CHUNK_COUNT, chunk)) : result;
  },
};

function hopCount(frames: number): number {
  return Math.floor((frames - FRAME) / HOP) + 1;
}

interface Peak {
  readonly hop: number;
  readonly bin: number;
  readonly power: number;
}

function landmarks(pcm: Int16Array): Landmark[] {
  const peaks = peaksOf(pcm);
  const found: Landmark[] = [];
  for (const [index, first] of peaks.entries()) {
    let partners = 0;
    for (let next = index + 1; next < peaks.length && partners < FAN_OUT; next++) {
      const second = peaks[next];
      if (!second || second.hop === first.hop) continue;
      if (second.hop - first.hop > AHEAD_HOPS_MAX) break;
      found.push({ hash: (first.bin << 16) | (second.bin << 6) | (second.hop - first.hop), hop: first.hop });
      partners++;
    }
  }
  return found.sort((a, b) => a.hop - b.hop || a.hash - b.hash);
}

/** Local maxima of the spectrogram in time and frequency, at most {@link PEAKS_PER_HOP} per hop, ordered by hop, then bin. */
function peaksOf(pcm: Int16Array): Peak[] {
  const spectrum = new Spectrum(FRAME);
  const rows = Array.from({ length: hopCount(pcm.length) }, (_, hop) => {
    const row = new Float64Array(FRAME / 2);
    spectrum.power(pcm, hop * HOP, row);
    return row;
  });
  let strongest = 0;
  for (const row of rows) for (const power of row) strongest = Math.max(strongest, power);
  const floor = Math.max(POWER_MIN, POWER_SHARE_MIN * strongest);
  const peaks: Peak[] = [];
  for (const [hop, row] of rows.entries()) {
    const here: Peak[] = [];
    for (let bin = BIN_MIN; bin < row.length; bin++) {
      const power = row[bin] ?? 0;
      if (power >= floor && isPeak(rows, hop, bin, power)) here.push({ hop, bin, power });
    }
    here.sort((a, b) => b.power - a.power || a.bin - b.bin);
    peaks.push(...here.slice(0, PEAKS_PER_HOP).sort((a, b) => a.bin - b.bin));
  }
  return peaks;
}

function isPeak(rows: readonly Float64Array[], hop: number, bin: number, power: number): boolean {
  const row = rows[hop];
  for (let other = Math.max(0, bin - NEIGHBOUR_BINS); other <= bin + NEIGHBOUR_BINS; other++) {
    if (other !== bin && (row?.[other] ?? 0) >= power) return false;
  }
  for (let other = Math.max(0, hop - NEIGHBOUR_HOPS); other <= hop + NEIGHBOUR_HOPS; other++) {
    if (other !== hop && (rows[other]?.[bin] ?? 0) > power) return false;
  }
  return true;
}

function encodeLandmarks(found: readonly Landmark[]): Uint8Array {
  const bytes = new Uint8Array(8 * found.length);
  const view = new DataView(bytes.buffer);
  for (const [index, { hash, hop }] of found.entries()) {
    view.setUint32(8 * index, hash, true);
    view.setUint32(8 * index + 4, hop, true);
  }
  return bytes;
}
