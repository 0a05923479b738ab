/** Packet lengths that a concealer takes, in samples. */
export const PACKET_FRAMES_RANGE = { least: 16, most: 2_048 } as const;

export interface ModelSize {
  readonly order: number;
  readonly contextFrames: number;
}

/** What a host has for concealment. */
export interface HostBudget {
  /** Longest time that one lost packet may take, µs. */
  readonly budgetUs: number;
  /** Time of this host over that of the reference, an EPYC core at 2.6 GHz in WebAssembly; see {@link concealUs}. */
  readonly slowness: number;
}

/** Orders of the first model in between which a budget chooses. */
const ORDER_LEAST = 64;
const ORDER_MOST = 1_024;
const ORDER_STEP = 64;
/** Of the low band: half the order costs 0.05 dB, half as much again gains nothing; contexts from 1 536 to 3 072 score alike. */
const LOW_ORDER_MOST = 256;
const LOW_CONTEXT_FRAMES = 2_048;

/**
 * Orders and contexts by packet length. The first model carries the forecast; a small second one of short memory tells by
 * its disagreement how far to trust it. Without a budget, the sizes that keep a lost packet of 64 to 0.4 ms and one of 128 to
 * 0.6 ms on the reference; with one, the largest first model that keeps to it. Plain TypeScript takes four times as long and
 * gets half the order.
 */
export function chooseModels(packetFrames: number, isWasm = true, host?: HostBudget): readonly ModelSize[] {
  const models = wasmModels(packetFrames);
  if (host !== undefined) return withinBudget(packetFrames, models, host);
  return isWasm ? models : models.map((model) => ({ ...model, order: model.order >> 1 }));
}

/** Order and context, in samples of its rate, of the low band's model beside a first model of the full rate. */
export function chooseLowModel(first: ModelSize | undefined): ModelSize {
  return {
    order: Math.min(LOW_ORDER_MOST, Math.max(1, (first?.order ?? 0) >> 1)),
    contextFrames: LOW_CONTEXT_FRAMES,
  };
}

/**
 * Time of a lost packet on the reference, µs: measured fits are 0.78 ns · order², forecasts and their trial
 * 0.46 ns · order · packet, search and mixture 40 µs, what else the low band needs 40 µs.
 */
export function concealUs(packetFrames: number, models: readonly ModelSize[]): number {
  let us = 80 + 0.78e-3 * chooseLowModel(models[0]).order ** 2;
  for (const { order } of models) us += 0.78e-3 * order * order + 0.46e-3 * order * packetFrames;
  return us;
}

function withinBudget(packetFrames: number, models: readonly ModelSize[], host: HostBudget) {
  const [first, ...others] = models;
  if (first === undefined) return models;
  let chosen: readonly ModelSize[] = [{ ...first, order: ORDER_LEAST }];
  for (let order = ORDER_LEAST; order <= ORDER_MOST; order += ORDER_STEP) {
    const larger = [
      { order, contextFrames: Math.max(first.contextFrames, 4 * order) },
      ...others.map((model) => ({ ...model, order: Math.min(model.order, order >> 1) })),
    ];
    if (concealUs(packetFrames, larger) * host.slowness <= host.budgetUs) chosen = larger;
  }
  return chosen;
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
