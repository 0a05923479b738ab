import type { Attributes } from './read-attributes.ts';

interface Use {
  readonly inputs: readonly (readonly number[])[];
  readonly attributes: Attributes;
}

/** Shape of what an operator gives, and operations for each of its elements. */
export interface Cost {
  readonly dims: readonly number[];
  readonly operationsPerElement: number;
  /** Numbers that a runtime may lay out beside it: the patches of a convolution. */
  readonly scratchElements?: number;
}

type Operator = (use: Use) => Cost | null;

/** Operations of a transcendental function, as we count them. */
const TRANSCENDENTAL = 8;

/**
 * Operators of the standard domain that are run (ONNX operators, set 13 to 22), each with its shape and cost; `null` from one:
 * the shapes do not fit, or an attribute is set that is not followed here.
 */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Conv', convolution],
  ['Relu', pointwise(1)],
  ['LeakyRelu', pointwise(2)],
  ['Sigmoid', pointwise(TRANSCENDENTAL)],
  ['Tanh', pointwise(TRANSCENDENTAL)],
  ['Identity', pointwise(0)],
  ['Add', broadcast],
  ['Sub', broadcast],
  ['Mul', broadcast],
  ['Div', broadcast],
  ['MatMul', matrixProduct],
  ['DepthToSpace', depthToSpace],
]);

function pointwise(operationsPerElement: number): Operator {
  return ({ inputs }) => {
    const [dims] = inputs;
    return dims && inputs.length === 1 ? { dims, operationsPerElement } : null;
  };
}

/** Multidirectional broadcasting: shapes aligned at their ends, ones stretched. */
function broadcast({ inputs }: Use): Cost | null {
  const [a, b] = inputs;
  if (!a || !b || inputs.length !== 2) return null;
  const rank = Math.max(a.length, b.length);
  const dims: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return null;
    dims.push(Math.max(x, y));
  }
  return { dims, operationsPerElement: 1 };
}

/** Matrices of the same leading axes, or a matrix on the right. */
function matrixProduct({ inputs }: Use): Cost | null {
  const [a, b] = inputs;
  if (!a || b?.length !== 2 || a.length < 2 || inputs.length !== 2) return null;
  const [inner = 0, columns = 0] = b;
  if (a.at(-1) !== inner) return null;
  return { dims: [...a.slice(0, -1), columns], operationsPerElement: 2 * inner };
}

const CONV_ATTRIBUTES = new Set(['dilations', 'group', 'kernel_shape', 'pads', 'strides']);

/** Input N×C×space, weights M×(C ⁄ group)×kernel, bias M. */
function convolution({ inputs, attributes }: Use): Cost | null {
  const [input, weights, bias] = inputs;
  if (!input || !weights || input.length < 3 || weights.length !== input.length || inputs.length > 3)
    return null;
  if ([...attributes.keys()].some((name) => !CONV_ATTRIBUTES.has(name))) return null;
  const axes = input.length - 2;
  const kernel = weights.slice(2);
  const group = attributes.get('group') ?? 1;
  const [channels = 0, filters = 0, perGroup = 0] = [input[1], weights[0], weights[1]];
  const stated = listOf(attributes, 'kernel_shape', axes, 0);
  if (typeof group !== 'number' || group < 1 || perGroup * group !== channels || filters % group !== 0)
    return null;
  if (attributes.has('kernel_shape') && stated?.some((size, axis) => size !== kernel[axis])) return null;
  if (bias && (bias.length !== 1 || bias[0] !== filters)) return null;
  const space = convolvedSpace(input.slice(2), kernel, attributes);
  if (!space) return null;
  const taps = kernel.reduce((product, size) => product * size, perGroup);
  const scratchElements = space.reduce((product, size) => product * size, taps * group);
  return { dims: [input[0] ?? 1, filters, ...space], operationsPerElement: 2 * taps, scratchElements };
}

function convolvedSpace(
  space: readonly number[],
  kernel: readonly number[],
  attributes: Attributes,
): number[] | null {
  const strides = listOf(attributes, 'strides', space.length, 1);
  const dilations = listOf(attributes, 'dilations', space.length, 1);
  const pads = listOf(attributes, 'pads', 2 * space.length, 0);
  if (!strides || !dilations || !pads) return null;
  const dims: number[] = [];
  for (const [axis, size] of space.entries()) {
    const [stride = 0, dilation = 0, taps = 0] = [strides[axis], dilations[axis], kernel[axis]];
    const [before = -1, after = -1] = [pads[axis], pads[axis + space.length]];
    const reach = dilation * (taps - 1) + 1;
    // A longer pad would add nothing but zeros; runtimes allocate it all the same.
    const padded = before >= 0 && after >= 0 && before <= reach && after <= reach;
    if (stride < 1 || dilation < 1 || !padded) return null;
    const out = Math.floor((size + before + after - reach) / stride) + 1;
    if (out < 1) return null;
    dims.push(out);
  }
  return dims;
}

function listOf(
  attributes: Attributes,
  name: string,
  length: number,
  missing: number,
): readonly number[] | null {
  const list = attributes.get(name);
  if (list === undefined) return Array.from({ length }, () => missing);
  return Array.isArray(list) && list.length === length && list.every(Number.isSafeInteger) ? list : null;
}

/** N×(C·b²)×H×W to N×C×(H·b)×(W·b). */
function depthToSpace({ inputs, attributes }: Use): Cost | null {
  const [dims] = inputs;
  const block = attributes.get('blocksize');
  const mode = attributes.get('mode') ?? 'DCR';
  if (dims?.length !== 4 || typeof block !== 'number' || block < 1 || block > 16) return null;
  if (mode !== 'DCR' && mode !== 'CRD') return null;
  const [batch = 0, channels = 0, rows = 0, columns = 0] = dims;
  if (channels % (block * block) !== 0) return null;
  return {
    dims: [batch, channels / (block * block), rows * block, columns * block],
    operationsPerElement: 0,
  };
}
