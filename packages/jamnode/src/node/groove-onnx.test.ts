import { present, seededChance } from '@jamnet/base';
import { newActivations, ONNX_INPUT, ONNX_OUTPUT, onnxModel, runNetwork } from '@jamnet/groove';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { releasedModel } from './released-model.ts';

const [FEATURES, OUTPUTS, STROKES] = [137, 18, 24];

test('each network of the released model says the same in ONNX Runtime as in our own run, to a hundred-thousandth', async () => {
  const chance = seededChance('strokes');
  const features = Float32Array.from({ length: STROKES * FEATURES }, () =>
    chance.below(3) === 0 ? 8 * chance.unit() - 4 : 0,
  );
  const { bar, hit } = releasedModel();
  for (const network of [...bar, ...hit]) {
    const session = await InferenceSession.create(onnxModel(network, 'network'));
    const answers = await session.run({ [ONNX_INPUT]: new Tensor('float32', features, [STROKES, FEATURES]) });
    const outputs = present(answers[ONNX_OUTPUT], 'outputs');
    expect(outputs.dims).toEqual([STROKES, OUTPUTS]);
    const own = newActivations();
    for (let stroke = 0; stroke < STROKES; stroke++) {
      runNetwork(network, features.subarray(stroke * FEATURES, (stroke + 1) * FEATURES), own);
      for (let k = 0; k < OUTPUTS; k++) {
        const said = Number(outputs.data[stroke * OUTPUTS + k]);
        expect(Math.abs(said - (own.output[k] ?? Number.NaN))).toBeLessThan(1e-5);
      }
    }
    await session.release();
  }
});
