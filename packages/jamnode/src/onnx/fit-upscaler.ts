import { type Chance, seededChance } from '@jamnet/base';
import { type NodeToWrite, writeModel } from './write-model.ts';

/** Channels of the first layer, whose weights are drawn; the second layer's are fitted. */
const FEATURES = 12;
const TAPS = 9;
const SCALE = 2;
const SUBPIXELS = SCALE * SCALE;
/** Drawn features and the image itself, each through 3×3, and one. */
const COLUMNS = FEATURES * TAPS + TAPS + 1;
const RIDGE = 1e-3;

/** Grey image, row by row, 0 … 1. */
export interface GreyImage {
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Float32Array;
}

/** Edges, stripes and soft hills, drawn: what the upscaler learns from and is measured on. */
export function drawnImage(seed: string, size: number): GreyImage {
  const chance = seededChance(seed);
  const waves = Array.from({ length: 5 }, () => ({
    x: (chance.unit() - 0.5) * 0.7,
    y: (chance.unit() - 0.5) * 0.7,
    phase: 6.283 * chance.unit(),
  }));
  const edges = Array.from({ length: 4 }, () => ({
    x: chance.unit() - 0.5,
    y: chance.unit() - 0.5,
    at: (chance.unit() - 0.3) * size * 0.6,
  }));
  const pixels = Float32Array.from({ length: size * size }, (_, index) => {
    const [row, column] = [Math.floor(index / size), index % size];
    let light = 0.5;
    for (const { x, y, phase } of waves) light += 0.06 * Math.sin(x * column + y * row + phase);
    for (const { x, y, at } of edges) light += 0.1 * Math.tanh(1.5 * (x * column + y * row - at));
    return light;
  });
  return { rows: size, columns: size, pixels };
}

/** The mean of each block of 2×2. */
export function halved({ rows, columns, pixels }: GreyImage): GreyImage {
  const [halfRows, halfColumns] = [rows / SCALE, columns / SCALE];
  const half = Float32Array.from({ length: halfRows * halfColumns }, (_, index) => {
    const at = SCALE * (Math.floor(index / halfColumns) * columns + (index % halfColumns));
    const sum =
      (pixels[at] ?? 0) +
      (pixels[at + 1] ?? 0) +
      (pixels[at + columns] ?? 0) +
      (pixels[at + columns + 1] ?? 0);
    return sum / SUBPIXELS;
  });
  return { rows: halfRows, columns: halfColumns, pixels: half };
}

/**
 * An image doubled in both directions: Conv 3×3, Relu, Conv 3×3, sub-pixels laid out (ESPCN, Shi et al. 2016), plus the pixel
 * itself. The first layer is drawn, the second fitted by ridge regression: the same file from the same seed, in a second.
 */
export function fitUpscaler(seed: string): Uint8Array {
  const drawn = drawnLayer(seededChance(`${seed}/features`));
  const fitted = fit(seed, drawn);
  const weights = new Float32Array(SUBPIXELS * (FEATURES + 1) * TAPS);
  const bias = new Float32Array(SUBPIXELS);
  for (let out = 0; out < SUBPIXELS; out++) {
    for (let column = 0; column < COLUMNS - 1; column++)
      weights[out * (COLUMNS - 1) + column] = fitted[column * SUBPIXELS + out] ?? 0;
    bias[out] = fitted[(COLUMNS - 1) * SUBPIXELS + out] ?? 0;
  }
  return writeModel(modelOf(drawn, weights, bias));
}

/** The last channel of the first layer passes the image on: its pixels are never negative, so Relu leaves them. */
function drawnLayer(chance: Chance): { weights: Float32Array; bias: Float32Array } {
  const weights = Float32Array.from({ length: (FEATURES + 1) * TAPS }, (_, index) => {
    if (index >= FEATURES * TAPS) return index % TAPS === 4 ? 1 : 0;
    return chance.unit() - 0.5;
  });
  const bias = Float32Array.from({ length: FEATURES + 1 }, (_, index) =>
    index < FEATURES ? 0.4 * (chance.unit() - 0.5) : 0,
  );
  return { weights, bias };
}

function modelOf(
  drawn: { weights: Float32Array; bias: Float32Array },
  weights: Float32Array,
  bias: Float32Array,
) {
  const pads = { pads: [1, 1, 1, 1] };
  const nodes: NodeToWrite[] = [
    { operator: 'Conv', inputs: ['image', 'w1', 'b1'], output: 'seen', integers: pads },
    { operator: 'Relu', inputs: ['seen'], output: 'features' },
    { operator: 'Conv', inputs: ['features', 'w2', 'b2'], output: 'change', integers: pads },
    { operator: 'Add', inputs: ['change', 'image'], output: 'subpixels' },
    { operator: 'DepthToSpace', inputs: ['subpixels'], output: 'doubled', integers: { blocksize: SCALE } },
  ];
  return {
    name: 'image.upscale',
    input: { name: 'image', dims: [1, 1, 'rows', 'columns'] },
    output: { name: 'doubled', dims: [1, 1, 'doubledRows', 'doubledColumns'] },
    weights: [
      { name: 'w1', dims: [FEATURES + 1, 1, 3, 3], values: drawn.weights },
      { name: 'b1', dims: [FEATURES + 1], values: drawn.bias },
      { name: 'w2', dims: [SUBPIXELS, FEATURES + 1, 3, 3], values: weights },
      { name: 'b2', dims: [SUBPIXELS], values: bias },
    ],
    nodes,
  };
}

/** Normal equations over the inner pixels of six images, solved by elimination: COLUMNS × SUBPIXELS coefficients. */
function fit(seed: string, drawn: { weights: Float32Array; bias: Float32Array }): Float64Array {
  const width = COLUMNS + SUBPIXELS;
  const sums = new Float64Array(COLUMNS * width);
  for (let number = 0; number < 6; number++) {
    const image = drawnImage(`${seed}/${number}`, 96);
    gather(image, drawn, sums, width);
  }
  for (let column = 0; column < COLUMNS; column++)
    sums[column * width + column] = (sums[column * width + column] ?? 0) + RIDGE;
  return solve(sums, width);
}

function gather(
  image: GreyImage,
  drawn: { weights: Float32Array; bias: Float32Array },
  sums: Float64Array,
  width: number,
): void {
  const small = halved(image);
  const features = firstLayer(small, drawn);
  const { rows, columns } = small;
  const row = new Float64Array(width);
  for (let y = 2; y < rows - 2; y++) {
    for (let x = 2; x < columns - 2; x++) {
      for (let column = 0; column < COLUMNS - 1; column++) {
        const [channel, tap] = [Math.floor(column / TAPS), column % TAPS];
        const at = (y + Math.floor(tap / 3) - 1) * columns + x + (tap % 3) - 1;
        row[column] = features[channel * rows * columns + at] ?? 0;
      }
      row[COLUMNS - 1] = 1;
      for (let out = 0; out < SUBPIXELS; out++) {
        const at = (SCALE * y + Math.floor(out / SCALE)) * image.columns + SCALE * x + (out % SCALE);
        row[COLUMNS + out] = (image.pixels[at] ?? 0) - (small.pixels[y * columns + x] ?? 0);
      }
      for (let i = 0; i < COLUMNS; i++)
        for (let j = 0; j < width; j++)
          sums[i * width + j] = (sums[i * width + j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
    }
  }
}

function firstLayer(
  { rows, columns, pixels }: GreyImage,
  drawn: { weights: Float32Array; bias: Float32Array },
): Float64Array {
  const features = new Float64Array((FEATURES + 1) * rows * columns);
  for (let channel = 0; channel <= FEATURES; channel++)
    for (let y = 1; y < rows - 1; y++)
      for (let x = 1; x < columns - 1; x++) {
        let sum = drawn.bias[channel] ?? 0;
        for (let tap = 0; tap < TAPS; tap++) {
          const at = (y + Math.floor(tap / 3) - 1) * columns + x + (tap % 3) - 1;
          sum += (drawn.weights[channel * TAPS + tap] ?? 0) * (pixels[at] ?? 0);
        }
        features[(channel * rows + y) * columns + x] = Math.max(0, sum);
      }
  return features;
}

/** Gauss-Jordan with pivots on the diagonal: the ridge keeps them away from zero. */
function solve(sums: Float64Array, width: number): Float64Array {
  for (let pivot = 0; pivot < COLUMNS; pivot++) {
    const by = sums[pivot * width + pivot] ?? 1;
    for (let j = pivot; j < width; j++) sums[pivot * width + j] = (sums[pivot * width + j] ?? 0) / by;
    for (let i = 0; i < COLUMNS; i++) {
      const factor = sums[i * width + pivot] ?? 0;
      if (i === pivot || factor === 0) continue;
      for (let j = pivot; j < width; j++)
        sums[i * width + j] = (sums[i * width + j] ?? 0) - factor * (sums[pivot * width + j] ?? 0);
    }
  }
  const answer = new Float64Array(COLUMNS * SUBPIXELS);
  for (let i = 0; i < COLUMNS; i++)
    for (let out = 0; out < SUBPIXELS; out++)
      answer[i * SUBPIXELS + out] = sums[i * width + COLUMNS + out] ?? 0;
  return answer;
}
