import { ok, type Result, refuse } from '@jamnet/base';
import type { ModelCode } from './model-code.ts';
import { type Cost, OPERATORS } from './operators.ts';
import type { Model } from './read-model.ts';

/** What running a model on one input takes, known before anything runs. */
export interface ModelPlan {
  readonly outputDims: readonly number[];
  /** Stated operations: a multiplication or an addition counts one; what is paid. */
  readonly operations: bigint;
  /** Bytes of all tensors between, as if none were let go before the end. */
  readonly tensorBytes: number;
}

/** Elements of one tensor: 256 MiB of float32. */
export const TENSOR_ELEMENTS_MAX = 2 ** 26;
/** Bytes of all tensors of a run. */
const TENSOR_BYTES_MAX = 2 ** 30;

/** Follows the shapes through the graph. Refused before it is run: what would not fit, or does not fit together. */
export function planModel(
  model: Model,
  inputDims: readonly number[],
  operationsMax: bigint,
): Result<ModelPlan, ModelCode> {
  const shapes = new Map<string, readonly number[]>([[model.input, inputDims]]);
  for (const [name, { dims }] of model.weights) shapes.set(name, dims);
  let [operations, tensorBytes] = [0n, 0];
  for (const node of model.nodes) {
    const operator = OPERATORS.get(node.operator);
    if (!operator)
      return refuse(
        'operator-forbidden',
        `"${node.operator}" is not run: its cost is not known. Use ${[...OPERATORS.keys()].join(', ')}.`,
      );
    const inputs = node.inputs.map((name) => shapes.get(name) ?? []);
    const cost: Cost | null = operator({ inputs, attributes: node.attributes });
    if (!cost)
      return refuse(
        'shape-unsound',
        `"${node.operator}" does not fit ${inputs.map((dims) => dims.join('×')).join(' and ')}, or has an attribute that is not run.`,
      );
    const elements = cost.dims.reduce((product, dim) => product * dim, 1);
    const largest = Math.max(elements, cost.scratchElements ?? 0);
    if (!(largest <= TENSOR_ELEMENTS_MAX))
      return refuse(
        'tensor-too-large',
        `"${node.operator}" would lay out ${largest} numbers for ${cost.dims.join('×')}; at most ${TENSOR_ELEMENTS_MAX}.`,
      );
    tensorBytes += 4 * elements;
    if (tensorBytes > TENSOR_BYTES_MAX)
      return refuse(
        'tensor-too-large',
        `The tensors of a run would take more than ${TENSOR_BYTES_MAX} bytes.`,
      );
    operations += BigInt(elements) * BigInt(cost.operationsPerElement);
    if (operations > operationsMax)
      return refuse('operations-too-many', `More than ${operationsMax} operations: send a smaller input.`);
    shapes.set(node.output, cost.dims);
  }
  return ok({ outputDims: shapes.get(model.output) ?? [], operations, tensorBytes });
}
