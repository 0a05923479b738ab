import { seededChance } from '@jamnet/base';
import { compareChunk } from '@jamnet/mesh';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawnImage, fitUpscaler, halved } from './fit-upscaler.ts';
import { type Model, readModel } from './read-model.ts';
import { type Backend, ModelRunner } from './run-model.ts';
import { floatsToBytes, type InputTensor } from './tensor-bytes.ts';
import { type ModelToWrite, type NodeToWrite, writeModel } from './write-model.ts';

/** Least agreement of honest hosts on our models (measured 147), and the gate of the catalogue. */
const HONEST_DECIBEL = 130;
/** Drawn weights make a layer's rounding larger where trained ones do not (measured 127 and 130): still above the gate. */
const DRAWN_DECIBEL = 118;
const GATE_DECIBEL = 110;

const LAYERS = 8;
const CHANNELS = 16;

type Round = (values: Float32Array) => Float32Array;

/**
 * Eight dilated convolutions over 4,096 samples, as models of sound are built (WaveNet, van den Oord 2016); weights drawn,
 * changed by `round`. `residual`: each layer adds to what came before, as such models do; without it errors pile up.
 */
function soundModel(round: Round = (values) => values, residual = true): ModelToWrite {
  const chance = seededChance('sound model');
  const weights: ModelToWrite['weights'][number][] = [];
  const nodes: NodeToWrite[] = [];
  const convolve = (
    name: string,
    input: string,
    output: string,
    dims: readonly [number, number, number],
    dilation: number,
  ) => {
    const [to, from, taps] = dims;
    const values = Float32Array.from(
      { length: to * from * taps },
      () => (chance.unit() - 0.5) * Math.sqrt(12 / (from * taps)),
    );
    weights.push({ name, dims, values: round(values) });
    const pad = (dilation * (taps - 1)) / 2;
    nodes.push({
      operator: 'Conv',
      inputs: [input, name],
      output,
      integers: { dilations: [dilation], pads: [pad, pad] },
    });
  };
  convolve('in', 'x', 'a0', [CHANNELS, 1, 1], 1);
  for (let layer = 0; layer < LAYERS; layer++) {
    const next = `a${layer + 1}`;
    convolve(`w${layer}`, `a${layer}`, `s${layer}`, [CHANNELS, CHANNELS, 3], 2 ** layer);
    nodes.push({ operator: 'Tanh', inputs: [`s${layer}`], output: residual ? `t${layer}` : next });
    if (residual) nodes.push({ operator: 'Add', inputs: [`a${layer}`, `t${layer}`], output: next });
  }
  convolve('out', `a${LAYERS}`, 'y', [1, CHANNELS, 1], 1);
  const dims = [1, 1, 'frames'];
  return { name: 'sound', input: { name: 'x', dims }, output: { name: 'y', dims }, weights, nodes };
}

const peakOf = (values: Float32Array) => values.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
const int8: Round = (values) => {
  const step = peakOf(values) / 127;
  return values.map((value) => Math.round(value / step) * step);
};
/** The upper half of a float32, rounded to nearest. */
const bf16: Round = (values) => {
  const words = new Uint32Array(values.slice().buffer).map((word) => ((word + 0x8000) & 0xffff0000) >>> 0);
  return new Float32Array(words.buffer);
};
/** Ten bits of mantissa. */
const fp16: Round = (values) => {
  const words = new Uint32Array(values.slice().buffer).map((word) => ((word + 0x1000) & 0xffffe000) >>> 0);
  return new Float32Array(words.buffer);
};
/** The smallest hundredth zeroed. */
const pruned: Round = (values) => {
  const order = [...values].map(Math.abs).sort((a, b) => a - b);
  const least = order[Math.ceil(order.length / 100)] ?? 0;
  return values.map((value) => (Math.abs(value) < least ? 0 : value));
};

const chance = seededChance('sound');
const SOUND: InputTensor = {
  dims: [1, 1, 4096],
  values: Float32Array.from({ length: 4096 }, () => chance.unit() - 0.5),
};
const small = halved(drawnImage('seen by nobody', 128));
const IMAGE: InputTensor = { dims: [1, 1, small.rows, small.columns], values: small.pixels };

function read(bytes: Uint8Array): Model {
  const model = readModel(bytes);
  if (!model.ok) throw new Error(`${model.code}: ${model.message}`);
  return model.value;
}

async function compute(bytes: Uint8Array, input: InputTensor, backend: Backend): Promise<Uint8Array> {
  const runner = await ModelRunner.open(read(bytes), bytes, backend);
  const values = await runner.run(input);
  await runner.close();
  return floatsToBytes(values);
}

function decibel(truth: Uint8Array, claimed: Uint8Array): number {
  return (
    (compareChunk({ rule: 'snr', decibelMin: GATE_DECIBEL }, 0, truth, claimed).milliDecibel ?? 0) / 1000
  );
}

describe.each([
  ['eight residual layers of sound', DRAWN_DECIBEL, writeModel(soundModel()), SOUND],
  ['eight plain layers of sound', DRAWN_DECIBEL, writeModel(soundModel(undefined, false)), SOUND],
  ['image.upscale', HONEST_DECIBEL, fitUpscaler('agreement'), IMAGE],
])('%s', (_, decibelMin, bytes, input) => {
  let truth = new Uint8Array();
  beforeAll(async () => {
    truth = (await compute(bytes, input, 'cpu')) as Uint8Array<ArrayBuffer>;
  });

  test(`WebAssembly and native code agree to ${decibelMin} dB and more`, async () => {
    const found = decibel(truth, await compute(bytes, input, 'wasm'));
    expect(found).toBeGreaterThan(decibelMin);
  });

  test('the same back end gives the same again', async () => {
    expect(await compute(bytes, input, 'cpu')).toEqual(truth);
  });
});

test.each<[string, Round]>([
  ['int8', int8],
  ['bf16', bf16],
  ['fp16', fp16],
  ['pruned', pruned],
])('a host that computes with %s weights stays below the gate of 110 dB', async (_, round) => {
  const truth = await compute(writeModel(soundModel()), SOUND, 'cpu');
  const cheat = await compute(writeModel(soundModel(round)), SOUND, 'wasm');
  const found = decibel(truth, cheat);
  expect(found).toBeLessThan(GATE_DECIBEL);
});
