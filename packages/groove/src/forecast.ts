import { ok, type Result, refuse } from '@jamnet/base';
import { CELLS } from './instruments.ts';

export const DECILES = 9;
/** Offsets are forecast within ± 400 ms. */
export const OFFSET_TENTH_MS_MAX = 4000;

/** One bar, foretold. Index of a cell's decile k (1..9): cell · 9 + k − 1. */
export interface Forecast {
  /** Probability that the cell is hit, 0..1000. Length 144. */
  readonly hitPermille: Uint16Array;
  /** Deciles of the offset given a hit, 0.1 ms, −4000..4000, not falling within a cell. Length 144 · 9. */
  readonly offsetTenthMs: Int16Array;
  /** Deciles of velocity given a hit, 1..127, not falling within a cell. Length 144 · 9. */
  readonly velocity: Uint8Array;
}

export function emptyForecast(): Forecast {
  return {
    hitPermille: new Uint16Array(CELLS),
    offsetTenthMs: new Int16Array(CELLS * DECILES),
    velocity: new Uint8Array(CELLS * DECILES).fill(64),
  };
}

/** First byte of every encoded forecast. */
const VERSION = 1;
const OFFSETS_AT = 1 + 2 * CELLS;
const VELOCITIES_AT = OFFSETS_AT + 2 * CELLS * DECILES;
/** Length of an encoded forecast, bytes. */
export const FORECAST_BYTES = VELOCITIES_AT + CELLS * DECILES;

export type ForecastCode = 'length' | 'version' | 'probability' | 'offset' | 'velocity';

/** Canonical bytes (layout in README): the same forecast always gives the same bytes. */
export function encodeForecast(forecast: Forecast): Uint8Array {
  const bytes = new Uint8Array(FORECAST_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  forecast.hitPermille.forEach((p, cell) => {
    view.setUint16(1 + 2 * cell, p);
  });
  forecast.offsetTenthMs.forEach((q, index) => {
    view.setInt16(OFFSETS_AT + 2 * index, q);
  });
  bytes.set(forecast.velocity, VELOCITIES_AT);
  return bytes;
}

/** Takes any bytes; only a forecast that keeps every range and order of {@link Forecast} comes out. */
export function decodeForecast(bytes: Uint8Array): Result<Forecast, ForecastCode> {
  if (bytes.length !== FORECAST_BYTES)
    return refuse('length', `A forecast has ${FORECAST_BYTES} bytes, not ${bytes.length}.`);
  if (bytes[0] !== VERSION)
    return refuse('version', `Forecast version ${bytes[0]} is not known; send version ${VERSION}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const forecast = emptyForecast();
  for (let cell = 0; cell < CELLS; cell++) forecast.hitPermille[cell] = view.getUint16(1 + 2 * cell);
  for (let i = 0; i < CELLS * DECILES; i++) forecast.offsetTenthMs[i] = view.getInt16(OFFSETS_AT + 2 * i);
  forecast.velocity.set(bytes.subarray(VELOCITIES_AT));
  const fault = faultOf(forecast);
  return fault === null ? ok(forecast) : refuse(fault, FAULTS[fault]);
}

const FAULTS = {
  probability: 'Hit probabilities go from 0 to 1000.',
  offset: `Offset deciles go from −${OFFSET_TENTH_MS_MAX} to ${OFFSET_TENTH_MS_MAX} (0.1 ms) and do not fall within a cell.`,
  velocity: 'Velocity deciles go from 1 to 127 and do not fall within a cell.',
} as const;

/** What is wrong with a forecast, or `null` when it keeps its ranges and orders. */
export function faultOf(forecast: Forecast): 'probability' | 'offset' | 'velocity' | null {
  if (forecast.hitPermille.length !== CELLS || forecast.hitPermille.some((p) => p > 1000))
    return 'probability';
  if (!inOrder(forecast.offsetTenthMs, -OFFSET_TENTH_MS_MAX, OFFSET_TENTH_MS_MAX)) return 'offset';
  if (!inOrder(forecast.velocity, 1, 127)) return 'velocity';
  return null;
}

function inOrder(deciles: Int16Array | Uint8Array, low: number, high: number): boolean {
  if (deciles.length !== CELLS * DECILES) return false;
  return deciles.every((q, index) => {
    const notFalling = index % DECILES === 0 || q >= (deciles[index - 1] ?? q);
    return q >= low && q <= high && notFalling;
  });
}
