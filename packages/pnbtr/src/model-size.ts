import { MEETING_FRAMES_MAX } from './meeting.ts';

/** Packet lengths that a concealer takes, in samples. */
export const PACKET_FRAMES_RANGE = { least: 16, most: 2_048 } as const;

export interface ModelSize {
  readonly order: number;
  readonly contextFrames: number;
}

/** Least order of the first model, and the steps by which it is made smaller. */
const ORDER_LEAST = 64;
const ORDER_STEP = 32;
/** A host that was measured to be slower by less than this counts as the reference: others worked on it meanwhile. */
const SLOWNESS_NOTICED = 1.1;
/** Packets, in samples, whose time is bounded: [least, end). */
const BUDGET_PACKETS = { least: 64, end: 256 } as const;
/** Of the low band: half the order costs 0.05 dB, half as much again gains nothing; contexts from 1 536 to 3 072 score alike. */
const LOW_ORDER_MOST = 256;
const LOW_CONTEXT_FRAMES = 2_048;

/** What else is asked of a lost packet than the forecast of one channel. */
export interface ConcealMode {
  /** Default 1. */
  readonly channels?: 1 | 2 | undefined;
  /** Whether holes are bent to the packet behind them. */
  readonly twoSided?: boolean | undefined;
}

export interface ModelChoice extends ConcealMode {
  /** Plain TypeScript takes four times as long and gets half the order. Default true. */
  readonly isWasm?: boolean | undefined;
  /** Time of this host over that of the reference, an EPYC core at 2.6 GHz in WebAssembly; see {@link measureSlowness}. */
  readonly slowness?: number | undefined;
}

/**
 * Orders and contexts by packet length. The first model carries the forecast; a small second one of short memory tells by
 * its disagreement how far to trust it. These are the sizes that keep a lost packet of 64 to 0.4 ms and one of 128 to
 * 0.6 ms on the reference, smaller ones where a second channel or the packet behind takes part of that. A host
 * that was measured to be slower gets the largest ones that take it no more time than the reference; a quicker one the same.
 */
export function chooseModels(packetFrames: number, choice: ModelChoice = {}): readonly ModelSize[] {
  const models = wasmModels(packetFrames);
  const fitting = withinReference(packetFrames, models, choice);
  if (choice.slowness !== undefined) return forSlowness(packetFrames, fitting, choice.slowness, choice);
  return choice.isWasm === false ? fitting.map((model) => ({ ...model, order: model.order >> 1 })) : fitting;
}

/** Order and context, in samples of its rate, of the low band's model beside a first model of the full rate. */
export function chooseLowModel(first: ModelSize | undefined): ModelSize {
  return {
    order: Math.min(LOW_ORDER_MOST, Math.max(1, (first?.order ?? 0) >> 1)),
    contextFrames: LOW_CONTEXT_FRAMES,
  };
}

/**
 * Time of a lost packet on the reference, µs, as measured at packets of 32 to 256: fits 0.78 ns · order², forecasts and their
 * trial 1 ns · order · packet, the rest 60 µs; a second channel 0.4 ns · order · packet. Two sides: 15 µs and 2.7 ns by the
 * size of the equations, for each channel 2 ns by that size and 0.4 ns · order · packet.
 */
export function concealUs(
  packetFrames: number,
  models: readonly ModelSize[],
  mode: ConcealMode = {},
): number {
  const { channels = 1, twoSided = false } = mode;
  let fits = chooseLowModel(models[0]).order ** 2;
  let forecasts = 0;
  for (const { order } of models) {
    fits += order * order;
    forecasts += order * packetFrames;
  }
  const equations = packetFrames * Math.min(packetFrames, MEETING_FRAMES_MAX);
  const meetingUs = 15 + 2.7e-3 * equations + channels * (2e-3 * equations + 0.4e-3 * forecasts);
  return 60 + 0.78e-3 * fits + (0.6 + 0.4 * channels) * 1e-3 * forecasts + (twoSided ? meetingUs : 0);
}

/** The first model as much smaller as it takes to keep to the reference's time in every mode. */
function withinReference(
  packetFrames: number,
  models: readonly ModelSize[],
  mode: ConcealMode,
): readonly ModelSize[] {
  if (packetFrames < BUDGET_PACKETS.least || packetFrames >= BUDGET_PACKETS.end) return models;
  const [first, ...others] = models;
  if (first === undefined) return models;
  // A straight line through 400 µs at 64 samples and 600 µs at 128; some of it is left for what the formula is off by.
  const budgetUs = 0.97 * (200 + (25 / 8) * packetFrames);
  let { order } = first;
  const sized = (): readonly ModelSize[] => [{ ...first, order }, ...others];
  while (order > ORDER_LEAST && concealUs(packetFrames, sized(), mode) > budgetUs) order -= ORDER_STEP;
  return sized();
}

/** The models, all smaller by one factor, that take a slower host what `models` take the reference. */
function forSlowness(
  packetFrames: number,
  models: readonly ModelSize[],
  slowness: number,
  mode: ConcealMode,
): readonly ModelSize[] {
  const largest = models[0]?.order ?? 0;
  const budgetUs = concealUs(packetFrames, models, mode) * SLOWNESS_NOTICED;
  let scaled = models;
  for (let first = largest; first >= ORDER_LEAST; first -= ORDER_STEP) {
    scaled = models.map((model) => ({ ...model, order: Math.round((model.order * first) / largest) }));
    if (concealUs(packetFrames, scaled, mode) * slowness <= budgetUs) break;
  }
  return scaled;
}

function wasmModels(packetFrames: number): readonly ModelSize[] {
  if (packetFrames < 32) return sizes([256, 2048], [96, 1024]);
  if (packetFrames < 64) return sizes([320, 4096], [96, 1024]);
  if (packetFrames < 128) return sizes([480, 4096], [128, 1024]);
  if (packetFrames < 256) return sizes([672, 4096], [128, 1024]);
  if (packetFrames < 512) return sizes([1024, 4096], [256, 1024]);
  return sizes([1024, 4096], [1024, 8192], [512, 2048]);
}

const sizes = (...pairs: readonly (readonly [number, number])[]): readonly ModelSize[] =>
  pairs.map(([order, contextFrames]) => ({ order, contextFrames }));
