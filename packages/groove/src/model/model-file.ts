import { ok, type Result, refuse } from '@jamnet/base';
import { LAYERS, PARAMETERS } from './network.ts';

/** A trained forecaster: some networks for each horizon, whose deciles are averaged. */
export interface GrooveModel {
  /** Name and version, such as `groove-1`. */
  readonly id: string;
  readonly bar: readonly Float32Array[];
  readonly hit: readonly Float32Array[];
}

export type ModelCode = 'model-malformed' | 'model-unfit';

/** Networks per horizon that a file may hold; each costs about half a millisecond a bar. */
export const MEMBERS_MAX = 8;
const MAGIC = 'JAMNET-GROOVE-MODEL-1';
const ID = /^[a-z0-9][a-z0-9.-]{0,62}$/;
const HEADER_BYTES_MAX = 512;
const PARAMETER_BYTES = 4 * PARAMETERS;

/**
 * The file: one line `JAMNET-GROOVE-MODEL-1 <id> <layers, by commas> <bar members> <hit members>`, then the parameters of all
 * networks as little-endian 32-bit floats, those of the bar horizon first.
 */
export function encodeModel(model: GrooveModel): Uint8Array {
  const head = `${MAGIC} ${model.id} ${LAYERS.join(',')} ${model.bar.length} ${model.hit.length}\n`;
  const networks = [...model.bar, ...model.hit];
  const bytes = new Uint8Array(head.length + networks.length * PARAMETER_BYTES);
  for (let i = 0; i < head.length; i++) bytes[i] = head.charCodeAt(i);
  const view = new DataView(bytes.buffer);
  networks.forEach((network, n) => {
    network.forEach((value, i) => {
      view.setFloat32(head.length + n * PARAMETER_BYTES + 4 * i, value, true);
    });
  });
  return bytes;
}

/** Reads a model file; bytes that are none, or a network of other layers, are refused. */
export function decodeModel(bytes: Uint8Array): Result<GrooveModel, ModelCode> {
  const end = bytes.subarray(0, HEADER_BYTES_MAX).indexOf(10);
  if (end < 0) return refuse('model-malformed', 'This is no groove model: its first line is missing.');
  const words = String.fromCharCode(...bytes.subarray(0, end)).split(' ');
  const [magic, id = '', layers, bar = '', hit = ''] = words;
  if (magic !== MAGIC || words.length !== 5 || !ID.test(id))
    return refuse('model-malformed', 'This is no groove model: its first line does not say so.');
  if (layers !== LAYERS.join(','))
    return refuse('model-unfit', `The model's layers are ${layers}, this program runs ${LAYERS.join(',')}.`);
  const [bars, hits] = [Number(bar), Number(hit)];
  if (!isCount(bars) || !isCount(hits))
    return refuse('model-malformed', `A model has 1 to ${MEMBERS_MAX} networks for each horizon.`);
  if (bytes.length !== end + 1 + (bars + hits) * PARAMETER_BYTES)
    return refuse('model-malformed', 'The model file is cut short or too long: fetch it again.');
  const networks = Array.from({ length: bars + hits }, (_, n) =>
    networkAt(bytes, end + 1 + n * PARAMETER_BYTES),
  );
  if (networks.some((network) => !network.every(Number.isFinite)))
    return refuse('model-malformed', 'The model holds a parameter that is no number.');
  return ok({ id, bar: networks.slice(0, bars), hit: networks.slice(bars) });
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MEMBERS_MAX;
}

function networkAt(bytes: Uint8Array, at: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, PARAMETER_BYTES);
  return Float32Array.from({ length: PARAMETERS }, (_, i) => view.getFloat32(4 * i, true));
}
