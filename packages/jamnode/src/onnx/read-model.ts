import { ok, type Result, refuse } from '@jamnet/base';
import type { ModelCode } from './model-code.ts';
import { type Attributes, readAttributes } from './read-attributes.ts';
import { type Message, messageOf, textOf } from './read-message.ts';
import { readTensor, type Tensor } from './read-tensor.ts';

/** One operation of a graph. */
export interface ModelNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

/** A graph that computes one float32 tensor from another, in the order in which it is computed. */
export interface Model {
  readonly input: string;
  readonly output: string;
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly ModelNode[];
}

export const MODEL_BYTES_MAX = 64 * 1024 * 1024;
const NODES_MAX = 2000;
/** Operator sets whose operators mean what `plan-model.ts` takes them for. */
const OPSET_MIN = 13n;
const OPSET_MAX = 22n;

// Field numbers: onnx.proto3 of ONNX 1.17. What is not named here is refused, also what a later version adds.
const MODEL_FIELDS = {
  once: [1, 2, 3, 4, 5, 6, 7],
  many: [8, 14],
  refused: { 20: 'subgraph-forbidden', 25: 'subgraph-forbidden' },
} as const;
const GRAPH_FIELDS = { once: [2, 10], many: [1, 5, 11, 12, 13], refused: { 15: 'type-forbidden' } } as const;
const NODE_FIELDS = { once: [3, 4, 6, 7], many: [1, 2, 5], refused: { 8: 'subgraph-forbidden' } } as const;
const OPSET_FIELDS = { once: [1, 2], many: [], refused: {} } as const;
const VALUE_FIELDS = { once: [1, 2, 3], many: [], refused: {} } as const;
const FLOAT32 = 1n;

/**
 * Reads an ONNX file as strictly as its being run by strangers asks for: known fields, the standard domain, float32 weights
 * in the file itself, no graph inside the graph, one input and one output. Names nothing outside the bytes.
 */
export function readModel(bytes: Uint8Array): Result<Model, ModelCode> {
  if (bytes.length > MODEL_BYTES_MAX)
    return refuse('model-too-large', `The model has ${bytes.length} bytes; at most ${MODEL_BYTES_MAX}.`);
  const model = messageOf(bytes, MODEL_FIELDS, 'model');
  if (!model.ok) return model;
  const opset = checkOpsets(model.value.many(8));
  if (!opset.ok) return opset;
  const graph = messageOf(model.value.bytes(7) ?? new Uint8Array(), GRAPH_FIELDS, 'graph');
  return graph.ok ? readGraph(graph.value) : graph;
}

function checkOpsets(opsets: readonly Uint8Array[]): Result<null, ModelCode> {
  for (const bytes of opsets) {
    const opset = messageOf(bytes, OPSET_FIELDS, 'operator set');
    if (!opset.ok) return opset;
    const domain = textOf(opset.value.bytes(1));
    if (domain !== '' && domain !== 'ai.onnx') return foreign(domain);
    const version = opset.value.integer(2) ?? 0n;
    if (version < OPSET_MIN || version > OPSET_MAX)
      return refuse(
        'opset-unsupported',
        `Export with operator set ${OPSET_MIN} to ${OPSET_MAX}, not ${version}.`,
      );
  }
  if (opsets.length === 1) return ok(null);
  return refuse('opset-unsupported', 'The model names one operator set, that of ONNX itself.');
}

function foreign(domain: string): Result<never, ModelCode> {
  return refuse('domain-forbidden', `Operators of domain "${domain}" are not run: use those of ONNX itself.`);
}

function readGraph(graph: Message): Result<Model, ModelCode> {
  const protos = graph.many(1);
  if (protos.length > NODES_MAX)
    return refuse('graph-too-large', `The graph has ${protos.length} nodes; at most ${NODES_MAX}.`);
  const weights = new Map<string, Tensor>();
  for (const proto of graph.many(5)) {
    const tensor = readTensor(proto);
    if (!tensor.ok) return tensor;
    if (weights.has(tensor.value.name))
      return refuse('graph-unsound', `The weight "${tensor.value.name}" is there twice.`);
    weights.set(tensor.value.name, tensor.value);
  }
  const nodes: ModelNode[] = [];
  for (const proto of protos) {
    const node = readNode(proto);
    if (!node.ok) return node;
    nodes.push(node.value);
  }
  return joinEnds(graph, weights, nodes);
}

function readNode(proto: Uint8Array): Result<ModelNode, ModelCode> {
  const message = messageOf(proto, NODE_FIELDS, 'node');
  if (!message.ok) return message;
  const domain = textOf(message.value.bytes(7));
  if (domain !== '' && domain !== 'ai.onnx') return foreign(domain);
  const operator = textOf(message.value.bytes(4));
  const [output, ...others] = message.value.many(2).map(textOf);
  if (!output || others.length > 0)
    return refuse('operator-forbidden', `"${operator}" has more than one output, or none.`);
  const attributes = readAttributes(message.value.many(5), operator);
  if (!attributes.ok) return attributes;
  const inputs = message.value.many(1).map(textOf);
  return ok({ operator, inputs, output, attributes: attributes.value });
}

/** One input that is no weight, one output, both float32, and every name given once before it is used. */
function joinEnds(
  graph: Message,
  weights: ReadonlyMap<string, Tensor>,
  nodes: readonly ModelNode[],
): Result<Model, ModelCode> {
  const ends: string[] = [];
  for (const number of [11, 12]) {
    const names: string[] = [];
    for (const proto of graph.many(number)) {
      const name = readValue(proto);
      if (!name.ok) return name;
      if (number === 12 || !weights.has(name.value)) names.push(name.value);
    }
    const [name, ...more] = names;
    if (!name || more.length > 0) return refuse('graph-unsound', 'A model has one input and one output.');
    ends.push(name);
  }
  const [input = '', output = ''] = ends;
  const known = new Set([input, ...weights.keys()]);
  for (const node of nodes) {
    const missing = node.inputs.find((name) => !known.has(name));
    if (missing !== undefined)
      return refuse('graph-unsound', `"${node.operator}" uses "${missing}", which nothing before it gives.`);
    if (known.has(node.output)) return refuse('graph-unsound', `"${node.output}" is given twice.`);
    known.add(node.output);
  }
  if (!nodes.some((node) => node.output === output))
    return refuse('graph-unsound', `No node gives the output "${output}".`);
  return ok({ input, output, weights, nodes });
}

/** The name of a float32 tensor. Its stated shape is not read: shapes follow from the input of each task. */
function readValue(proto: Uint8Array): Result<string, ModelCode> {
  const value = messageOf(proto, VALUE_FIELDS, 'value');
  if (!value.ok) return value;
  const type = messageOf(
    value.value.bytes(2) ?? new Uint8Array(),
    {
      once: [1, 6],
      many: [],
      refused: { 4: 'type-forbidden', 5: 'type-forbidden', 8: 'type-forbidden', 9: 'type-forbidden' },
    },
    'type',
  );
  if (!type.ok) return type;
  const tensor = messageOf(
    type.value.bytes(1) ?? new Uint8Array(),
    { once: [1, 2], many: [], refused: {} },
    'type',
  );
  if (!tensor.ok) return tensor;
  const name = textOf(value.value.bytes(1));
  if (tensor.value.integer(1) !== FLOAT32) return refuse('type-forbidden', `"${name}" is no float32 tensor.`);
  return ok(name);
}
