import {
  assembleModule,
  type Code,
  F64,
  type FunctionSource,
  f64Add,
  f64Load,
  f64Mul,
  f64Neg,
  f64Store,
  get,
  I32,
  i32,
  i32Add,
  i32Less,
  i32NotEqual,
  i32Sub,
  type Local,
  load,
  loadSplat,
  repeatWhile,
  set,
  store,
  sumLanes,
  V128,
  vAdd,
  vSub,
  zero,
} from './assembler.ts';
import { BEFORE_END, LAG_ZERO, MODELS_AT } from './layout.ts';
import { FUSED, type Products, SEPARATE } from './products.ts';
import { fit } from './wasm-fit.ts';
import { compileFirst } from './wasm-platform.ts';

const step = (local: Local, bytes: number): Code => set(local, i32Add(get(local), i32(bytes)));
const vectors = (count: number): (typeof V128)[] => Array.from({ length: count }, () => V128);

/** Lags that one round holds in registers. */
const GROUP = 16;
const PAIRS = Array.from({ length: GROUP / 2 }, (_, i) => i);

/** Adds x[n]·x'[n + …] for all n of [q, end) to the sums of a group; p runs along with q. */
function products({ madd }: Products, q: Local, end: Local, p: Local, one: Local, sum: (i: number) => Local) {
  return repeatWhile(
    [
      set(one, loadSplat(get(q))),
      ...PAIRS.map((i) => set(sum(i), madd(get(one), load(get(p), 16 * i), get(sum(i))))),
      step(p, 8),
      step(q, 8),
    ],
    i32NotEqual(get(q), get(end)),
  );
}

/**
 * correlate(newest, bytes, target, lagBytes): Σ x[n]·x[n − k] over the packet at `newest`, by falling lag k, to
 * `target`. All in bytes; `lagBytes` a multiple of 128.
 */
function correlate(kind: Products): FunctionSource {
  const [newest, bytes, target, lagBytes, group, p, q, end, one] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const sum = (i: number): Local => 9 + i;
  const round = [
    ...PAIRS.map((i) => set(sum(i), zero)),
    set(q, get(newest)),
    // The group's highest lag is lagBytes/8 − 1 − group/8.
    set(p, i32Add(i32Sub(i32Add(get(newest), i32(8)), get(lagBytes)), get(group))),
    products(kind, q, end, p, one, sum),
    set(p, i32Add(get(target), get(group))),
    ...PAIRS.map((i) => store(get(p), get(sum(i)), 16 * i)),
    step(group, 8 * GROUP),
  ];
  return {
    name: 'correlate',
    parameters: [I32, I32, I32, I32],
    results: [],
    locals: [I32, I32, I32, I32, ...vectors(9)],
    body: [
      set(end, i32Add(get(newest), get(bytes))),
      set(group, i32(0)),
      repeatWhile(round, i32Less(get(group), get(lagBytes))),
    ],
  };
}

/** shift(sum, plus, minus, bytes): sum += plus − minus; a multiple of 16 bytes. */
function shift(): FunctionSource {
  const [sum, plus, minus, bytes, end] = [0, 1, 2, 3, 4];
  const value = vAdd(load(get(sum)), vSub(load(get(plus)), load(get(minus))));
  return {
    name: 'shift',
    parameters: [I32, I32, I32, I32],
    results: [],
    locals: [I32],
    body: [
      set(end, i32Add(get(sum), get(bytes))),
      repeatWhile(
        [store(get(sum), value), step(sum, 16), step(plus, 16), step(minus, 16)],
        i32NotEqual(get(sum), get(end)),
      ),
    ],
  };
}

/**
 * edges(first, sum, lagBytes): the sums without the products of the window's samples (from `first` on) with those
 * before it, which stand before BEFORE_END, to LAG_ZERO and below. Behind BEFORE_END stand zeros: the lanes of lower
 * lags run over.
 */
function edges(kind: Products): FunctionSource {
  const [first, sums, lagBytes, group, p, q, end, one] = [0, 1, 2, 3, 4, 5, 6, 7];
  const sum = (i: number): Local => 8 + i;
  const round = [
    ...PAIRS.map((i) => set(sum(i), zero)),
    set(q, get(first)),
    set(end, i32Sub(i32Add(get(first), i32Sub(get(lagBytes), i32(8))), get(group))),
    set(p, i32Add(i32Sub(i32(BEFORE_END * 8 + 8), get(lagBytes)), get(group))),
    products(kind, q, end, p, one, sum),
    set(p, i32Add(i32Sub(i32((LAG_ZERO + 1) * 8), get(lagBytes)), get(group))),
    set(q, i32Add(get(sums), get(group))),
    ...PAIRS.map((i) => store(get(p), vSub(load(get(q), 16 * i), get(sum(i))), 16 * i)),
    step(group, 8 * GROUP),
  ];
  return {
    name: 'edges',
    parameters: [I32, I32, I32],
    results: [],
    locals: [I32, I32, I32, I32, ...vectors(9)],
    body: [set(group, i32(0)), repeatWhile(round, i32Less(get(group), get(lagBytes)))],
  };
}

/** Samples that one round forecasts: what they have in common is loaded once, and their sums do not wait for each other. */
const AT_ONCE = Array.from({ length: 8 }, (_, i) => i);

/**
 * forecast(at, end, orderBytes, top): writes the continuation to the bytes [at, end) of memory, in whole eights. Even
 * order; coefficient k stands k places below `top`, zeros below the last.
 */
function forecast({ madd }: Products): FunctionSource {
  const [at, end, orderBytes, top, p, j, x] = [0, 1, 2, 3, 4, 5, 6];
  const sum = (i: number): Local => 7 + i;
  const y = (i: number): Local => 15 + i;
  const below = 64;
  const inner = repeatWhile(
    [
      set(x, load(get(p))),
      ...AT_ONCE.map((i) => set(sum(i), madd(get(x), load(get(j), below - 8 * i), get(sum(i))))),
      step(p, 16),
      step(j, 16),
    ],
    i32NotEqual(get(p), get(at)),
  );
  /** Sample i of the round: what lies before the round, then the samples of the round before it. */
  const finish = (i: number): Code[] => {
    let total = sumLanes(sum(i));
    for (let k = 1; k <= i; k++)
      total = f64Add(total, f64Mul(f64Load(i32Sub(get(top), i32(8 * k))), get(y(i - k))));
    return [set(y(i), f64Neg(total)), f64Store(get(at), get(y(i)), 8 * i)];
  };
  return {
    name: 'forecast',
    parameters: [I32, I32, I32, I32],
    results: [],
    locals: [I32, I32, ...vectors(9), ...AT_ONCE.map(() => F64 as typeof F64)],
    body: [
      repeatWhile(
        [
          ...AT_ONCE.map((i) => set(sum(i), zero)),
          set(p, i32Sub(get(at), get(orderBytes))),
          set(j, i32Sub(i32Sub(get(top), get(orderBytes)), i32(below))),
          inner,
          ...AT_ONCE.flatMap(finish),
          step(at, 64),
        ],
        i32Less(get(at), get(end)),
      ),
    ],
  };
}

const PAGES = Math.ceil((MODELS_AT * 8) / 65_536);

/** The bytes of the kernel's module: the same on every machine, made from this file and its neighbours alone. */
export function kernelModule(kind: Products): Uint8Array<ArrayBuffer> {
  return assembleModule(PAGES, [correlate(kind), shift(), edges(kind), fit(kind), forecast(kind)]);
}

let compiled: object | null | undefined;

/** The module as this host runs it fastest, compiled once. */
export function compileKernel(): object | null {
  if (compiled === undefined) compiled = compileFirst([kernelModule(FUSED), kernelModule(SEPARATE)]);
  return compiled;
}
