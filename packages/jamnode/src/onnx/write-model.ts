import { concatBytes, encodeUtf8 } from '@jamnet/base';

/** A node to write: the standard domain's operator, its names, and its integer attributes. */
export interface NodeToWrite {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly integers?: Readonly<Record<string, number | readonly number[]>>;
  readonly texts?: Readonly<Record<string, string>>;
}

export interface ModelToWrite {
  readonly name: string;
  /** Dimensions; text for one that each input has as it likes. */
  readonly input: { readonly name: string; readonly dims: readonly (number | string)[] };
  readonly output: { readonly name: string; readonly dims: readonly (number | string)[] };
  readonly weights: readonly {
    readonly name: string;
    readonly dims: readonly number[];
    readonly values: Float32Array;
  }[];
  readonly nodes: readonly NodeToWrite[];
}

// AttributeProto.type (onnx.proto3): what kind of value it holds.
const ATTRIBUTE_INT = 2n;
const ATTRIBUTE_STRING = 3n;
const ATTRIBUTE_INTS = 7n;
const FLOAT32 = 1n;
/** ONNX 1.13 and later write 8 and more; runtimes take what is no newer than they. */
const IR_VERSION = 8n;
const OPSET = 17n;

/** An ONNX file (ModelProto of onnx.proto3) with float32 weights in itself. */
export function writeModel(model: ModelToWrite): Uint8Array {
  const graph = concatBytes(
    ...model.nodes.map((node) => message(1, nodeBytes(node))),
    text(2, model.name),
    ...model.weights.map(({ name, dims, values }) =>
      message(
        5,
        concatBytes(
          ...dims.map((dim) => integer(1, BigInt(dim))),
          integer(2, FLOAT32),
          text(8, name),
          message(9, floatBytes(values)),
        ),
      ),
    ),
    message(11, valueBytes(model.input)),
    message(12, valueBytes(model.output)),
  );
  const opset = concatBytes(text(1, ''), integer(2, OPSET));
  return concatBytes(integer(1, IR_VERSION), text(2, 'jamnet'), message(7, graph), message(8, opset));
}

function nodeBytes({ operator, inputs, output, integers = {}, texts = {} }: NodeToWrite): Uint8Array {
  const attributes = [
    ...Object.entries(integers).map(([name, value]) =>
      typeof value === 'number'
        ? concatBytes(text(1, name), integer(3, BigInt(value)), integer(20, ATTRIBUTE_INT))
        : concatBytes(
            text(1, name),
            ...value.map((one) => integer(8, BigInt(one))),
            integer(20, ATTRIBUTE_INTS),
          ),
    ),
    ...Object.entries(texts).map(([name, value]) =>
      concatBytes(text(1, name), text(4, value), integer(20, ATTRIBUTE_STRING)),
    ),
  ];
  return concatBytes(
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, operator),
    ...attributes.map((attribute) => message(5, attribute)),
  );
}

function valueBytes({ name, dims }: ModelToWrite['input']): Uint8Array {
  const shape = concatBytes(
    ...dims.map((dim) => message(1, typeof dim === 'number' ? integer(1, BigInt(dim)) : text(2, dim))),
  );
  const tensor = concatBytes(integer(1, FLOAT32), message(2, shape));
  return concatBytes(text(1, name), message(2, message(1, tensor)));
}

/** Field of a protobuf message: a varint. */
export function integer(field: number, value: bigint): Uint8Array {
  return concatBytes(varint(BigInt(field) << 3n), varint(BigInt.asUintN(64, value)));
}

/** Field of a protobuf message: bytes with their length before them. */
export function message(field: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(varint((BigInt(field) << 3n) | 2n), varint(BigInt(bytes.length)), bytes);
}

export function text(field: number, value: string): Uint8Array {
  return message(field, encodeUtf8(value));
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

function floatBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
  return bytes;
}
