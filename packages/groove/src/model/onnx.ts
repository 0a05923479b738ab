import { concatBytes, encodeUtf8 } from '@jamnet/base';
import { LAYERS, layerAt } from './network.ts';

/** Names of the graph's ends: rows of features (`n × 137`, float32) in, raw outputs (`n × 18`) out; see `decilesOf`. */
export const ONNX_INPUT = 'features';
export const ONNX_OUTPUT = 'outputs';

/** ONNX 1.8 file format (IR 7) with operator set 13: old enough for every runtime in use, and Gemm and Relu have not changed since. */
const IR_VERSION = 7;
const OPERATOR_SET = 13;
const FLOAT = 1;
const ROWS = 'n';

/**
 * One network as an ONNX model: three Gemm with Relu between. Floating point there may add in another order than
 * `run` does, so outputs agree to about 1e-5 and deciles to one unit, not to the bit: scores come from our own run.
 * Field numbers are those of onnx/onnx.proto3 (Apache-2.0).
 */
export function onnxModel(parameters: Float32Array, id: string): Uint8Array {
  const nodes: Uint8Array[] = [];
  const weights: Uint8Array[] = [];
  const last = LAYERS.length - 2;
  let from: string = ONNX_INPUT;
  for (let k = 0; k <= last; k++) {
    const [inputs, outputs] = [LAYERS[k] ?? 0, LAYERS[k + 1] ?? 0];
    const at = layerAt(k);
    const biases = at + inputs * outputs;
    weights.push(tensor(`w${k}`, [inputs, outputs], parameters.subarray(at, biases)));
    weights.push(tensor(`b${k}`, [outputs], parameters.subarray(biases, biases + outputs)));
    const to = k === last ? ONNX_OUTPUT : `sum${k}`;
    nodes.push(node('Gemm', [from, `w${k}`, `b${k}`], to));
    if (k < last) nodes.push(node('Relu', [to], `on${k}`));
    from = `on${k}`;
  }
  const graph = concatBytes(
    ...nodes.map((one) => bytesField(1, one)),
    textField(2, id),
    ...weights.map((one) => bytesField(5, one)),
    bytesField(11, rows(ONNX_INPUT, LAYERS[0])),
    bytesField(12, rows(ONNX_OUTPUT, LAYERS[last + 1] ?? 0)),
  );
  return concatBytes(
    numberField(1, IR_VERSION),
    textField(2, 'jamnet'),
    bytesField(7, graph),
    bytesField(8, concatBytes(textField(1, ''), numberField(2, OPERATOR_SET))),
  );
}

/** NodeProto. */
function node(operator: string, inputs: readonly string[], output: string): Uint8Array {
  return concatBytes(
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, output),
    textField(4, operator),
  );
}

/** TensorProto of 32-bit floats, little-endian as the format wants it. */
function tensor(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  const raw = new Uint8Array(4 * values.length);
  const view = new DataView(raw.buffer);
  for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
  return concatBytes(
    ...shape.map((size) => numberField(1, size)),
    numberField(2, FLOAT),
    textField(8, name),
    bytesField(9, raw),
  );
}

/** ValueInfoProto of `n` rows of `width` floats. */
function rows(name: string, width: number): Uint8Array {
  const shape = concatBytes(bytesField(1, textField(2, ROWS)), bytesField(1, numberField(1, width)));
  const type = bytesField(1, concatBytes(numberField(1, FLOAT), bytesField(2, shape)));
  return concatBytes(textField(1, name), bytesField(2, type));
}

/** Protocol Buffers wire format: field number and kind, then a varint, or a length and bytes. */
function numberField(field: number, value: number): Uint8Array {
  return concatBytes(varint(field << 3), varint(value));
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(varint((field << 3) | 2), varint(bytes.length), bytes);
}

function textField(field: number, text: string): Uint8Array {
  return bytesField(field, encodeUtf8(text));
}

/** 0 ≤ value < 2³¹. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Uint8Array.from([...bytes, rest]);
}
