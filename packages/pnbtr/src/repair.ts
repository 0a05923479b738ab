import { assert } from '@jamnet/base';
import { extrapolateBackward, extrapolateForward } from './extrapolate.ts';
import { interpolate } from './interpolate.ts';
import { type Segment, segmentBurg } from './segment-burg.ts';

/** A stretch of samples, `frames ≥ 1`. */
export interface RepairSpan {
  readonly atSample: number;
  readonly frames: number;
}

export interface RepairOptions {
  /** Coefficients of the model; default {@link REPAIR_DEFAULTS}. */
  readonly order?: number;
  /** Samples that the model sees on each side of a hole. */
  readonly contextFrames?: number;
  /** How often all holes are fitted and filled again, each time on what the round before gave. */
  readonly rounds?: number;
}

export const REPAIR_DEFAULTS = { order: 512, contextFrames: 4096, rounds: 2 } as const;

/** Holes longer than this are filled with a fade from either side and silence between: no model reaches across. */
export const REPAIR_SPAN_FRAMES_MAX = 8_192;

/**
 * `take.repair`: mends holes with what lies on both sides of them. Non-causal, deterministic, any length. Samples
 * outside `spans` come back bit for bit. Spans must lie inside `samples`, sorted and without overlap.
 */
export function repairSpans(
  samples: Float32Array,
  spans: readonly RepairSpan[],
  options: RepairOptions = {},
): Float32Array {
  const { order, contextFrames, rounds } = { ...REPAIR_DEFAULTS, ...options };
  assertSpans(samples.length, spans);
  const signal = Float64Array.from(samples, (sample) => (Number.isFinite(sample) ? sample : 0));
  for (const span of spans) signal.fill(0, span.atSample, span.atSample + span.frames);
  for (let round = 0; round < rounds; round++) {
    for (const [index, span] of spans.entries())
      repairOne(signal, spans, index, { order, contextFrames, first: round === 0, span });
  }
  const repaired = samples.slice();
  for (const { atSample, frames } of spans) {
    for (let n = atSample; n < atSample + frames; n++) repaired[n] = signal[n] ?? 0;
  }
  return repaired;
}

function assertSpans(length: number, spans: readonly RepairSpan[]): void {
  let end = 0;
  for (const { atSample, frames } of spans) {
    assert(Number.isInteger(atSample) && Number.isInteger(frames) && frames >= 1, 'spans of whole samples');
    assert(atSample >= end && atSample + frames <= length, 'spans sorted, apart and inside the signal');
    end = atSample + frames;
  }
}

interface Work {
  readonly order: number;
  readonly contextFrames: number;
  readonly first: boolean;
  readonly span: RepairSpan;
}

function repairOne(signal: Float64Array, spans: readonly RepairSpan[], index: number, work: Work): void {
  const { atSample: start, frames } = work.span;
  if (frames > REPAIR_SPAN_FRAMES_MAX) return;
  const left = { start: Math.max(0, start - work.contextFrames), end: start };
  const right = { start: start + frames, end: Math.min(signal.length, start + frames + work.contextFrames) };
  // In the first round holes to the right are still empty: the model must not learn their zeros.
  const segments = work.first ? [left, ...withoutHoles(right, spans, index + 1)] : [left, right];
  const heard = segments.reduce((sum, segment) => sum + segment.end - segment.start, 0);
  const order = Math.min(work.order, Math.floor(heard / 3));
  if (order < 1) return;
  const a = segmentBurg(signal, segments, order);
  const leftFrames = left.end - left.start;
  const rightFrames = right.end - right.start;
  if (Math.min(leftFrames, rightFrames) >= order) interpolate(signal, start, frames, a);
  else if (leftFrames >= rightFrames) extrapolateForward(signal, start, frames, a);
  else extrapolateBackward(signal, start, frames, a);
  limit(signal, work.span, segments);
}

/** The parts of a stretch between the holes from `index` on. */
function withoutHoles(stretch: Segment, spans: readonly RepairSpan[], index: number): Segment[] {
  const parts: Segment[] = [];
  let start = stretch.start;
  for (let i = index; i < spans.length; i++) {
    const span = spans[i];
    if (span === undefined || span.atSample >= stretch.end) break;
    if (span.atSample > start) parts.push({ start, end: span.atSample });
    start = span.atSample + span.frames;
  }
  if (stretch.end > start) parts.push({ start, end: stretch.end });
  return parts;
}

/** No sample of a mended hole is louder than the loudest around it. */
function limit(signal: Float64Array, span: RepairSpan, segments: readonly Segment[]): void {
  let peak = 0;
  for (const { start, end } of segments) {
    for (let n = start; n < end; n++) peak = Math.max(peak, Math.abs(signal[n] ?? 0));
  }
  for (let n = span.atSample; n < span.atSample + span.frames; n++) {
    const sample = signal[n] ?? 0;
    signal[n] = Number.isFinite(sample) ? Math.max(-peak, Math.min(peak, sample)) : 0;
  }
}
