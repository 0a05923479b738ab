import { seededChance } from '@jamnet/base';
import type { InputTensor } from './tensor-bytes.ts';
import type { ModelToWrite, NodeToWrite } from './write-model.ts';

const LAYERS = 8;
const CHANNELS = 16;
const FRAMES = 4096;

/**
 * Eight dilated convolutions over 4,096 samples, as models of sound are built (WaveNet, van den Oord 2016); weights drawn.
 * `residual`: each layer adds to what came before, as such models do; without it errors pile up.
 */
export function drawnSoundModel(residual = true): ModelToWrite {
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
    weights.push({ name, dims, values });
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

/** What it is asked for: 4,096 samples of noise, ±0.5. */
export function drawnSound(): InputTensor {
  const chance = seededChance('sound');
  return {
    dims: [1, 1, FRAMES],
    values: Float32Array.from({ length: FRAMES }, () => chance.unit() - 0.5),
  };
}
