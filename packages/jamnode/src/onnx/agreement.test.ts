import { compareChunk } from '@jamnet/mesh';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawnSound, drawnSoundModel } from './drawn-sound-model.ts';
import { drawnImage, fitUpscaler, halved } from './fit-upscaler.ts';
import { LESSER_WEIGHTS, withLesserWeights } from './lesser-weights.ts';
import { type Model, readModel } from './read-model.ts';
import { type Backend, ModelRunner } from './run-model.ts';
import { floatsToBytes, type InputTensor } from './tensor-bytes.ts';
import { writeModel } from './write-model.ts';

/** Least agreement of honest hosts on our models (measured 147), and the gate of the catalogue. */
const HONEST_DECIBEL = 130;
/** Drawn weights make a layer's rounding larger where trained ones do not (measured 127 and 130): still above the gate. */
const DRAWN_DECIBEL = 118;
const GATE_DECIBEL = 110;

const small = halved(drawnImage('seen by nobody', 128));
const IMAGE: InputTensor = { dims: [1, 1, small.rows, small.columns], values: small.pixels };

function read(bytes: Uint8Array): Model {
  const model = readModel(bytes);
  if (!model.ok) throw new Error(`${model.code}: ${model.message}`);
  return model.value;
}

const SOUND = drawnSound();
const WITH_RESIDUALS = writeModel(drawnSoundModel());

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
  ['eight residual layers of sound', DRAWN_DECIBEL, WITH_RESIDUALS, SOUND],
  ['eight plain layers of sound', DRAWN_DECIBEL, writeModel(drawnSoundModel(false)), SOUND],
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

test.each(LESSER_WEIGHTS)(
  'a host that computes with %s weights stays below the gate of 110 dB',
  async (lesser) => {
    const truth = await compute(WITH_RESIDUALS, SOUND, 'cpu');
    const cheaper = withLesserWeights(WITH_RESIDUALS, read(WITH_RESIDUALS), lesser);
    expect(decibel(truth, await compute(cheaper, SOUND, 'wasm'))).toBeLessThan(GATE_DECIBEL);
  },
);
