import { encodeUtf8 } from '@jamnet/base';

/**
 * A small assembler for WebAssembly 1.0 with SIMD (opcodes: WebAssembly Core Specification 2.0, chapter 5.4): what the
 * kernel needs, no more. Expressions are byte lists in stack order; statements are expressions that leave nothing.
 */
export type Code = readonly number[];

export const I32 = 0x7f;
export const F64 = 0x7c;
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof F64 | typeof V128;

/** A local variable or parameter by its index. */
export type Local = number;

/** Unsigned LEB128. */
function u32(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value >>> 0; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** Signed LEB128. */
function s32(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const low = rest & 0x7f;
    if ((rest >= -64 && rest < 64) || rest >> 6 === 0 || rest >> 6 === -1) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const binary =
  (...opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];
const simd = (opcode: number): number[] => [0xfd, ...u32(opcode)];
/** Alignment exponent 3 and a constant address that is added to the one on the stack. */
const at = (offset: number): number[] => [3, ...u32(offset)];

export const get = (local: Local): Code => [0x20, ...u32(local)];
export const set = (local: Local, value: Code): Code => [...value, 0x21, ...u32(local)];
export const i32 = (value: number): Code => [0x41, ...s32(value)];
export const i32Add = binary(0x6a);
export const i32Sub = binary(0x6b);
export const i32Shl = binary(0x74);
export const i32Less = binary(0x48);
export const i32NotEqual = binary(0x47);
export const i32Equal = binary(0x46);

export const f64 = (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
export const f64Add = binary(0xa0);
export const f64Mul = binary(0xa2);
export const f64Div = binary(0xa3);
export const f64Greater = binary(0x64);
export const f64Abs = (value: Code): Code => [...value, 0x99];
export const f64Neg = (value: Code): Code => [...value, 0x9a];
export const f64Load = (address: Code, offset = 0): Code => [...address, 0x2b, ...at(offset)];
export const f64Store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  0x39,
  ...at(offset),
];

export const load = (address: Code, offset = 0): Code => [...address, ...simd(0x00), ...at(offset)];
export const loadSplat = (address: Code, offset = 0): Code => [...address, ...simd(0x0a), ...at(offset)];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...simd(0x0b),
  ...at(offset),
];
export const load32Splat = (address: Code, offset = 0): Code => [
  ...address,
  ...simd(0x09),
  2,
  ...u32(offset),
];
export const splat = (value: Code): Code => [...value, ...simd(0x14)];
export const zero: Code = [...simd(0x0c), ...new Array<number>(16).fill(0)];
export const vAdd = binary(...simd(0xf0));
export const vSub = binary(...simd(0xf1));
export const vMul = binary(...simd(0xf2));
/** a·b + c and c − a·b of two lanes, rounded once where the machine can: relaxed SIMD, WebAssembly 3.0. */
export const vMadd = (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...simd(0x107)];
export const vNmadd = (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...simd(0x108)];
/** Four float32 lanes. */
export const v4Greater = binary(...simd(0x44));
export const vAnd = binary(...simd(0x4e));
export const anyTrue = (v: Code): Code => [...v, ...simd(0x53)];
export const v4Add = binary(...simd(0xe4));
export const v4Mul = binary(...simd(0xe6));
/** Both lanes exchanged: i8x16.shuffle with bytes 8…15, 0…7. */
export const swapLanes = (v: Local): Code => [
  ...get(v),
  ...get(v),
  ...simd(0x0d),
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
];
const lane = (v: Local, index: 0 | 1): Code => [...get(v), ...simd(0x21), index];
/** Sum of both lanes, as f64. */
export const sumLanes = (v: Local): Code => f64Add(lane(v, 0), lane(v, 1));

/** Runs `body` and again while `condition` holds after it. */
export const repeatWhile = (body: readonly Code[], condition: Code): Code => [
  0x03,
  0x40,
  ...body.flat(),
  ...condition,
  0x0d,
  0,
  0x0b,
];
/** Endless; left by {@link returnValue}. */
export const forever = (body: readonly Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0c, 0, 0x0b];
export const when = (condition: Code, body: readonly Code[]): Code => [
  ...condition,
  0x04,
  0x40,
  ...body.flat(),
  0x0b,
];
export const not = (condition: Code): Code => [...condition, 0x45];
export const returnValue = (value: Code): Code => [...value, 0x0f];
export const unreachable: Code = [0x00];

export interface FunctionSource {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Types of the locals after the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: readonly Code[];
}

/** A module with one exported memory of at first `pages` × 64 KiB and the functions, all exported. */
export function assembleModule(pages: number, functions: readonly FunctionSource[]): Uint8Array<ArrayBuffer> {
  const types = functions.map((f) => [0x60, ...vector(f.parameters.map(one)), ...vector(f.results.map(one))]);
  const exports = [
    [...name('memory'), 2, 0],
    ...functions.map((f, index) => [...name(f.name), 0, ...u32(index)]),
  ];
  const bodies = functions.map((f) => {
    const code = [...vector(f.locals.map((type) => [1, type])), ...f.body.flat(), 0x0b];
    return [...u32(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, index) => u32(index)))),
    ...section(5, vector([[0, ...u32(pages)]])),
    ...section(7, vector(exports)),
    ...section(10, vector(bodies)),
  ]);
}

const one = (type: ValueType): Code => [type];
const vector = (items: readonly Code[]): number[] => [...u32(items.length), ...items.flat()];
const section = (id: number, content: Code): number[] => [id, ...u32(content.length), ...content];
const name = (text: string): number[] => vector([...encodeUtf8(text)].map((byte) => [byte]));
