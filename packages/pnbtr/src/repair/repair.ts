import { assert } from '@jamnet/base';
import { PlainKernel } from '../kernel/plain-kernel.ts';
import { extrapolateBackward, extrapolateForward } from './extrapolate.ts';
import { interpolate } from './interpolate.ts';
import { Likeness } from './repair-likeness.ts';
import { type Fill, fillByLikeness, mixFills } from './repair-mix.ts';
import {
  DRAFT_ORDER_MAX,
  modelsOf,
  REPAIR_DEFAULTS,
  REPAIR_SPAN_FRAMES_MAX,
  type RepairModel,
} from './repair-models.ts';
import { type Segment, segmentBurg } from './segment-burg.ts';

/** A stretch of samples, `frames ≥ 1`. */
export interface RepairSpan {
  readonly atSample: number;
  readonly frames: number;
}

export interface RepairOptions {
  /** Coefficients of the larger model, up to 1 024. */
  readonly order?: number;
  /** Samples that the larger model sees on each side of a hole, up to 16 384. */
  readonly contextFrames?: number;
  /** How often all holes are filled again after the draft, each time on what the round before gave. */
  readonly rounds?: number;
}

/**
 * `take.repair`: mends holes with what lies on both sides of them. Non-causal; float64 in one order of operations, so
 * the same input gives the same bits on every host. Samples outside `spans` come back bit for bit. Spans must lie
 * inside `samples`, sorted and without overlap.
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
  for (const [index, span] of spans.entries())
    draft(signal, span, spans.slice(index + 1), { order, contextFrames });
  const models = modelsOf(order, contextFrames);
  const refiner: Refiner = { kernel: new PlainKernel(order), models, likeness: new Likeness(signal, spans) };
  for (let round = 0; round < rounds; round++) {
    for (const span of spans) refine(signal, span, refiner);
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

/** First fill: a small model that sees only true samples, of both sides up to the next hole. */
function draft(
  signal: Float64Array,
  span: RepairSpan,
  later: readonly RepairSpan[],
  model: RepairModel,
): void {
  const { left, right } = sides(signal, span, model.contextFrames);
  const next = later[0]?.atSample ?? signal.length;
  const clean = { start: right.start, end: Math.max(right.start, Math.min(right.end, next)) };
  const heard = left.end - left.start + clean.end - clean.start;
  const order = orderFor(Math.min(model.order, DRAFT_ORDER_MAX), left, clean);
  if (span.frames > REPAIR_SPAN_FRAMES_MAX || order < 1 || heard <= order) return;
  fill(signal, span, segmentBurg(signal, [left, clean], order), left, clean);
}

interface Refiner {
  readonly kernel: PlainKernel;
  readonly models: readonly RepairModel[];
  readonly likeness: Likeness;
}

/** Fills a hole anew by all models, each fitted across the hole as it is filled so far, and by its like elsewhere. */
function refine(signal: Float64Array, span: RepairSpan, { kernel, models, likeness }: Refiner): void {
  if (span.frames > REPAIR_SPAN_FRAMES_MAX) return;
  const { atSample, frames } = span;
  const before = signal.slice(atSample, atSample + frames);
  const like = likeness.of(span);
  const fills: Fill[] = [];
  for (const model of models) {
    const { left, right } = sides(signal, span, model.contextFrames);
    const order = orderFor(model.order, left, right);
    if (order < 1) return;
    signal.set(before, atSample);
    const window = signal.subarray(left.start, right.end);
    kernel.samples.set(window);
    kernel.correlate(0, window.length);
    kernel.fit(0, window.length, order);
    const a = kernel.coefficients(order);
    fill(signal, span, a, left, right);
    fills.push(fillByLikeness(signal, span, a, like));
  }
  signal.set(mixFills(fills, like, frames), atSample);
  const { left, right } = sides(signal, span, models[0]?.contextFrames ?? 0);
  limit(signal, span, [left, right]);
}

function sides(
  signal: Float64Array,
  span: RepairSpan,
  contextFrames: number,
): { left: Segment; right: Segment } {
  const end = span.atSample + span.frames;
  return {
    left: { start: Math.max(0, span.atSample - contextFrames), end: span.atSample },
    right: { start: end, end: Math.min(signal.length, end + contextFrames) },
  };
}

/** Fewer samples on one side than this, and the hole is continued from the other side alone. */
const SIDE_FRAMES_LEAST = 64;

/** A third of what is heard at most, and no more than the shorter side holds while both sides count. */
function orderFor(asked: number, left: Segment, right: Segment): number {
  const [a, b] = [left.end - left.start, right.end - right.start];
  const shorter = Math.min(a, b);
  return Math.min(asked, Math.floor((a + b) / 3), shorter >= SIDE_FRAMES_LEAST ? shorter : asked);
}

function fill(signal: Float64Array, span: RepairSpan, a: Float64Array, left: Segment, right: Segment): void {
  const { atSample, frames } = span;
  const [leftFrames, rightFrames] = [left.end - left.start, right.end - right.start];
  if (Math.min(leftFrames, rightFrames) >= SIDE_FRAMES_LEAST) interpolate(signal, atSample, frames, a);
  else if (leftFrames >= rightFrames) extrapolateForward(signal, atSample, frames, a);
  else extrapolateBackward(signal, atSample, frames, a);
  limit(signal, span, [left, right]);
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
