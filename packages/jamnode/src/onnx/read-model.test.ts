import { concatBytes, encodeUtf8 } from '@jamnet/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitUpscaler } from './fit-upscaler.ts';
import { planModel, TENSOR_ELEMENTS_MAX } from './plan-model.ts';
import { fieldsOf } from './protobuf.ts';
import { MODEL_BYTES_MAX, readModel } from './read-model.ts';
import { integer, type ModelToWrite, message, type NodeToWrite, text, writeModel } from './write-model.ts';

const ONE = Float32Array.of(1);

function modelOf(nodes: readonly NodeToWrite[], change: Partial<ModelToWrite> = {}): Uint8Array {
  return writeModel({
    name: 'test',
    input: { name: 'x', dims: ['n', 'c'] },
    output: { name: 'y', dims: ['n', 'c'] },
    weights: [{ name: 'w', dims: [1], values: ONE }],
    nodes,
    ...change,
  });
}

const RELU: NodeToWrite = { operator: 'Relu', inputs: ['x'], output: 'y' };
const GOOD = modelOf([RELU]);

/** The good model with more fields in one of its messages: a field that is there twice, or that nobody asked for. */
const withModelField = (field: Uint8Array) => concatBytes(GOOD, field);

/** A model whose graph is the good one's with more fields. */
function withGraphField(field: Uint8Array): Uint8Array {
  const graph = fieldsOf(GOOD)?.find(({ number }) => number === 7)?.bytes ?? new Uint8Array();
  const opset = concatBytes(text(1, ''), integer(2, 17n));
  return concatBytes(message(7, concatBytes(graph, field)), message(8, opset));
}

const tensor = (...fields: Uint8Array[]) => message(5, concatBytes(integer(2, 1n), text(8, 'v'), ...fields));
const node = (...fields: Uint8Array[]) =>
  message(1, concatBytes(text(1, 'x'), text(2, 'z'), text(4, 'Relu'), ...fields));
const attribute = (...fields: Uint8Array[]) => node(message(5, concatBytes(text(1, 'a'), ...fields)));
const codeOf = (bytes: Uint8Array) => {
  const read = readModel(bytes);
  return read.ok ? 'ok' : read.code;
};
const external = concatBytes(text(1, 'location'), text(2, '../../etc/passwd'));
const branch = message(6, concatBytes(text(2, 'body')));

test('reads what it wrote', () => {
  const read = readModel(fitUpscaler('read'));
  expect(read.ok && read.value.nodes.map((one) => one.operator)).toEqual([
    'Conv',
    'Relu',
    'Conv',
    'Add',
    'DepthToSpace',
  ]);
  expect(read.ok && [read.value.input, read.value.output]).toEqual(['image', 'doubled']);
});

describe('a hostile model is refused', () => {
  test.each<[string, string, Uint8Array]>([
    ['larger than 64 MiB', 'model-too-large', new Uint8Array(MODEL_BYTES_MAX + 1)],
    ['no protobuf', 'model-malformed', encodeUtf8('<html>')],
    ['nothing', 'opset-unsupported', new Uint8Array()],
    ['cut off', 'model-malformed', GOOD.subarray(0, GOOD.length - 1)],
    [
      'two graphs, which readers join differently',
      'model-malformed',
      withModelField(message(7, text(2, 'g'))),
    ],
    ['training graphs', 'subgraph-forbidden', withModelField(message(20, text(1, 't')))],
    ['functions', 'subgraph-forbidden', withModelField(message(25, text(1, 'f')))],
    ['a field of a later format', 'model-malformed', withModelField(integer(26, 1n))],
    [
      'operators of another domain',
      'domain-forbidden',
      withModelField(message(8, concatBytes(text(1, 'com.evil'), integer(2, 1n)))),
    ],
    [
      'operator set 1',
      'opset-unsupported',
      concatBytes(message(7, text(2, 'g')), message(8, integer(2, 1n))),
    ],
    ['a node of another domain', 'domain-forbidden', withGraphField(node(text(7, 'com.microsoft')))],
    ['an overloaded function', 'subgraph-forbidden', withGraphField(node(text(8, 'f')))],
    ['a node with two outputs', 'operator-forbidden', withGraphField(node(text(2, 'second')))],
    ['a branch', 'subgraph-forbidden', withGraphField(attribute(branch))],
    ['branches', 'subgraph-forbidden', withGraphField(attribute(message(11, text(2, 'body'))))],
    ['an attribute of a function', 'subgraph-forbidden', withGraphField(attribute(text(21, 'outer')))],
    ['a tensor as attribute', 'attribute-forbidden', withGraphField(attribute(message(5, integer(2, 1n))))],
    ['weights in another file', 'external-data-forbidden', withGraphField(tensor(message(13, external)))],
    ['weights said to be elsewhere', 'external-data-forbidden', withGraphField(tensor(integer(14, 1n)))],
    ['sparse weights', 'type-forbidden', withGraphField(message(15, text(1, 's')))],
    ['weights as text', 'type-forbidden', withGraphField(tensor(text(6, 'x')))],
    [
      'weights of 4 TB in 4 bytes',
      'shape-unsound',
      withGraphField(tensor(integer(1, 2n ** 40n), message(9, new Uint8Array(4)))),
    ],
    [
      'weights of negative size',
      'shape-unsound',
      withGraphField(tensor(integer(1, -1n), message(9, new Uint8Array(4)))),
    ],
    [
      'a name given twice',
      'graph-unsound',
      withGraphField(message(1, concatBytes(text(1, 'x'), text(2, 'y'), text(4, 'Relu')))),
    ],
    ['a name that nothing gives', 'graph-unsound', modelOf([{ ...RELU, inputs: ['nobody'] }])],
    ['a circle', 'graph-unsound', modelOf([{ ...RELU, inputs: ['y'] }])],
    ['an output that nothing gives', 'graph-unsound', modelOf([{ ...RELU, output: 'z' }])],
    [
      'a second input',
      'graph-unsound',
      withGraphField(message(11, concatBytes(text(1, 'x2'), message(2, message(1, integer(1, 1n)))))),
    ],
    [
      '2,001 nodes',
      'graph-too-large',
      modelOf(Array.from({ length: 2001 }, (_, n) => ({ ...RELU, output: `y${n}` }))),
    ],
  ])('%s: %s', (_, code, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });
});

describe('a model that would cost too much is refused before it runs', () => {
  const plan = (nodes: NodeToWrite[], dims: number[], change: Partial<ModelToWrite> = {}) => {
    const read = readModel(modelOf(nodes, change));
    if (!read.ok) throw new Error(read.message);
    const planned = planModel(read.value, dims, 10n ** 12n);
    return planned.ok ? 'ok' : planned.code;
  };
  const conv = (integers: Record<string, number | number[]>): NodeToWrite[] => [
    { operator: 'Conv', inputs: ['x', 'k'], output: 'y', integers },
  ];
  const kernel = { weights: [{ name: 'k', dims: [1, 1, 3, 3], values: new Float32Array(9) }] };
  const wide = { weights: [{ name: 'k', dims: [1, 1, 1000, 1000], values: new Float32Array(1_000_000) }] };

  test.each(['Loop', 'If', 'Scan', 'ConstantOfShape', 'Expand', 'Tile', 'Range', 'NonZero', 'relu', ''])(
    'operator "%s"',
    (operator) => {
      expect(plan([{ ...RELU, operator }], [1, 1])).toBe('operator-forbidden');
    },
  );

  test.each<[string, string, NodeToWrite[], number[], Partial<ModelToWrite>]>([
    [
      'an outer product of 4 TB',
      'tensor-too-large',
      [{ operator: 'MatMul', inputs: ['x', 'w'], output: 'y' }],
      [1_000_000, 1],
      { weights: [{ name: 'w', dims: [1, 1_000_000], values: new Float32Array(1_000_000) }] },
    ],
    [
      'a broadcast of 4 TB',
      'tensor-too-large',
      [{ operator: 'Add', inputs: ['x', 'w'], output: 'y' }],
      [1_000_000, 1],
      { weights: [{ name: 'w', dims: [1, 1_000_000], values: new Float32Array(1_000_000) }] },
    ],
    [
      'patches of 1,000 × 1,000 for each of 1,000 × 1,000 pixels',
      'tensor-too-large',
      conv({ pads: [500, 500, 500, 500] }),
      [1, 1, 1000, 1000],
      wide,
    ],
    ['pads without end', 'shape-unsound', conv({ pads: [2 ** 40, 0, 0, 0] }), [1, 1, 8, 8], kernel],
    ['negative pads', 'shape-unsound', conv({ pads: [-1, 0, 0, 0] }), [1, 1, 8, 8], kernel],
    ['a stride of 0', 'shape-unsound', conv({ strides: [0, 1] }), [1, 1, 8, 8], kernel],
    [
      'a kernel stated other than it is',
      'shape-unsound',
      conv({ kernel_shape: [9, 9] }),
      [1, 1, 8, 8],
      kernel,
    ],
    ['an attribute that is not followed', 'shape-unsound', conv({ auto_pad: 1 }), [1, 1, 8, 8], kernel],
    ['an input of other channels', 'shape-unsound', conv({}), [1, 3, 8, 8], kernel],
    [
      'many tensors that fit one by one',
      'tensor-too-large',
      Array.from({ length: 20 }, (_, n) => ({
        operator: 'Relu',
        inputs: [n === 0 ? 'x' : `y${n}`],
        output: n === 19 ? 'y' : `y${n + 1}`,
      })),
      [TENSOR_ELEMENTS_MAX],
      {},
    ],
    [
      'more operations than the entry allows',
      'operations-too-many',
      Array.from({ length: 13 }, (_, n) => ({
        operator: 'MatMul',
        inputs: [n === 0 ? 'x' : `y${n}`, 'w'],
        output: n === 12 ? 'y' : `y${n + 1}`,
      })),
      [10_000, 2000],
      { weights: [{ name: 'w', dims: [2000, 2000], values: new Float32Array(4_000_000) }] },
    ],
  ])('%s: %s', (_, code, nodes, dims, change) => {
    expect(plan(nodes, dims, change)).toBe(code);
  });

  test('and one that fits says what it gives and costs', () => {
    const read = readModel(modelOf(conv({ pads: [1, 1, 1, 1], strides: [2, 2] }), kernel));
    expect(read.ok && planModel(read.value, [1, 1, 8, 8], 10n ** 12n)).toEqual({
      ok: true,
      value: { outputDims: [1, 1, 4, 4], operations: 4n * 4n * 18n, tensorBytes: 64 },
    });
  });
});

test('answers to any bytes, and to any one byte changed, with a value', () => {
  const upscaler = fitUpscaler('mutants');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      readModel(bytes);
    }),
  );
  fc.assert(
    fc.property(fc.nat(upscaler.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const mutant = upscaler.slice();
      mutant[at] = (mutant[at] ?? 0) ^ change;
      const read = readModel(mutant);
      if (read.ok) planModel(read.value, [1, 1, 16, 16], 10n ** 9n);
    }),
    { numRuns: 2000 },
  );
});
