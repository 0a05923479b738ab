import {
  assembleModule,
  type Code,
  F64,
  type FunctionSource,
  f64,
  f64Abs,
  f64Add,
  f64Div,
  f64Greater,
  f64Load,
  f64Mul,
  f64Neg,
  f64Store,
  forever,
  get,
  I32,
  i32,
  i32Add,
  i32Equal,
  i32Less,
  i32NotEqual,
  i32Shl,
  i32Sub,
  type Local,
  load,
  loadSplat,
  not,
  repeatWhile,
  returnValue,
  set,
  splat,
  store,
  sumLanes,
  swapLanes,
  unreachable,
  V128,
  vAdd,
  vMul,
  vSub,
  when,
  zero,
} from './assembler.ts';
import { DAMPING } from './kernel.ts';
import { indexOf, LAG_ZERO, ORDER_MAX, PAGES, REVERSED_AT, STOP_AT, type WorkArray } from './layout.ts';

const accumulate = (local: Local, value: Code): Code => set(local, vAdd(get(local), value));
const step = (local: Local, bytes: number): Code => set(local, i32Add(get(local), i32(bytes)));

/** Lags that one round of {@link slide} holds in registers. */
const GROUP = 16;
const PAIRS = Array.from({ length: GROUP / 2 }, (_, i) => i);

/**
 * slide(newest, oldest, bytes, lagBytes): takes the block at `oldest` out of the correlations and the one at `newest`
 * in. All in bytes; `lagBytes` a multiple of 128. See plain-kernel.ts for the same in TypeScript.
 */
function slide(): FunctionSource {
  const [newest, oldest, bytes, lagBytes, group, p, q, end, one] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const sum = (i: number): Local => 9 + i;
  const sums = [...PAIRS.map((i) => set(sum(i), zero))];
  const inner = repeatWhile(
    [
      set(one, loadSplat(get(q))),
      ...PAIRS.map((i) => accumulate(sum(i), vMul(get(one), load(get(p), 16 * i)))),
      step(p, 8),
      step(q, 8),
    ],
    i32NotEqual(get(q), get(end)),
  );
  const lagEnd = (LAG_ZERO + 1) * 8;
  const leave = [
    ...sums,
    set(q, get(oldest)),
    set(end, i32Add(get(q), get(bytes))),
    set(p, i32Add(get(oldest), get(group))),
    inner,
    // Lag k of the lanes rises, the store falls: lanes are exchanged, the last pair lies lowest.
    set(p, i32Sub(i32(lagEnd - 16), get(group))),
    ...PAIRS.map((i) =>
      set(p, [...store(get(p), vSub(load(get(p)), swapLanes(sum(i)))), ...i32Sub(get(p), i32(16))]),
    ),
  ];
  const enter = [
    ...sums,
    set(q, get(newest)),
    set(end, i32Add(get(q), get(bytes))),
    // The group's highest lag is lagBytes/8 − 1 − group/8.
    set(p, i32Add(i32Sub(i32Add(get(newest), i32(8)), get(lagBytes)), get(group))),
    inner,
    set(p, i32Add(i32Sub(i32(lagEnd), get(lagBytes)), get(group))),
    ...PAIRS.map((i) => store(get(p), vAdd(load(get(p), 16 * i), get(sum(i))), 16 * i)),
  ];
  return {
    name: 'slide',
    parameters: [I32, I32, I32, I32],
    results: [],
    locals: [I32, I32, I32, I32, V128, ...PAIRS.map(() => V128 as typeof V128)],
    body: [
      set(group, i32(0)),
      repeatWhile([...leave, step(group, 8 * GROUP)], i32Less(get(group), get(lagBytes))),
      set(group, i32(0)),
      repeatWhile([...enter, step(group, 8 * GROUP)], i32Less(get(group), get(lagBytes))),
    ],
  };
}

/** Bytes by which a falling index is held above zero: it runs to −2 elements. */
const BIAS = 64;

/** Constant byte address of element `element` of a work array. */
const place = (array: WorkArray, element = 0): number => (indexOf(array) + element) * 8;

/**
 * fit(order) → order reached; what ends the recursion is read from memory (a float argument would be boxed): the recursion of fast-burg.ts over work arrays that the caller prepared.
 * The two coefficient and gain buffers swap roles each order by adding `flip` (0 or one stride).
 */
function fit(): FunctionSource {
  const order = 0;
  const [i, j, shifted, mirrored, end, old, fresh] = [1, 2, 3, 4, 5, 6, 7];
  const [num, den, k, stop] = [8, 9, 10, 11];
  const [vk, x0, x1, a, row, t, s0, s1, dot, vnum, vden] = [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22];
  const stride = place('coefficientsNext') - place('coefficients');
  const bytes = (local: Local): Code => i32Shl(get(local), i32(3));
  /** Loads a pair of a falling index; addresses on the stack stay positive because `mirrored` carries a bias. */
  const falling = (buffer: Local, offset: number): Code =>
    set(t, load(i32Add(get(mirrored), get(buffer)), offset - BIAS));

  const startPass = [set(j, i32(0)), set(shifted, i32Shl(i32Sub(get(order), get(i)), i32(3)))];
  const first = repeatWhile(
    [
      // aNext[j] = a[j] + k·a[i−j]
      falling(old, place('coefficients')),
      set(a, vAdd(load(i32Add(get(j), get(old)), place('coefficients')), vMul(get(vk), swapLanes(t)))),
      store(i32Add(get(j), get(fresh)), get(a), place('coefficients')),
      // row[j] −= x[j−1]·x[i] + x[N−j]·x[N−1−i]
      set(row, vSub(load(get(shifted), place('row')), vMul(get(x0), load(get(j), place('left', -1))))),
      set(row, vSub(get(row), vMul(get(x1), load(get(j), place('rightReversed', -1))))),
      store(get(shifted), get(row), place('row')),
      accumulate(dot, vMul(get(row), get(a))),
      accumulate(s0, vMul(load(get(shifted), place('leftReversed')), get(a))),
      accumulate(s1, vMul(load(get(shifted), place('right')), get(a))),
      step(j, 16),
      step(shifted, 16),
      step(mirrored, -16),
    ],
    i32Less(get(j), get(end)),
  );
  const second = repeatWhile(
    [
      // gainNext[j] = gain[j] + k·gain[i−j] − x[i−j]·s0 − x[N−1−i+j]·s1
      falling(old, place('gain')),
      set(row, vAdd(load(i32Add(get(j), get(old)), place('gain')), vMul(get(vk), swapLanes(t)))),
      set(row, vSub(get(row), vMul(get(s0), load(get(shifted), place('leftReversed'))))),
      set(row, vSub(get(row), vMul(get(s1), load(get(shifted), place('right'))))),
      store(i32Add(get(j), get(fresh)), get(row), place('gain')),
      accumulate(vden, vMul(get(row), load(i32Add(get(j), get(fresh)), place('coefficients')))),
      falling(fresh, place('coefficients', 1)),
      accumulate(vnum, vMul(get(row), swapLanes(t))),
      step(j, 16),
      step(shifted, 16),
      step(mirrored, -16),
    ],
    i32Less(get(j), get(end)),
  );
  const startMirror = set(mirrored, i32Add(i32Shl(get(i), i32(3)), i32(BIAS - 8)));
  const lagAfter = f64Load(i32Sub(i32((LAG_ZERO - 1) * 8), bytes(i)));
  return {
    name: 'fit',
    parameters: [I32],
    results: [I32],
    locals: [
      I32,
      I32,
      I32,
      I32,
      I32,
      I32,
      I32,
      F64,
      F64,
      F64,
      F64,
      ...Array.from({ length: 11 }, () => V128 as typeof V128),
    ],
    body: [
      set(i, i32(0)),
      set(old, i32(0)),
      set(fresh, i32(stride)),
      set(num, f64Load(i32(0), place('gain', 1))),
      set(den, f64Load(i32(0), place('gain'))),
      set(stop, f64Load(i32(0), STOP_AT * 8)),
      forever([
        when(not(f64Greater(get(den), get(stop))), [returnValue(get(i))]),
        set(k, f64Neg(f64Div(get(num), f64Mul(get(den), f64(1 + DAMPING))))),
        when(not(f64Greater(f64(1), f64Abs(get(k)))), [returnValue(get(i))]),
        set(vk, splat(get(k))),
        set(i, i32Add(get(i), i32(1))),
        ...startPass,
        startMirror,
        set(end, i32Shl(i32Add(get(i), i32(1)), i32(3))),
        f64Store(get(shifted), f64Add(lagAfter, lagAfter), place('row')),
        set(x0, loadSplat(bytes(i), place('left'))),
        set(x1, loadSplat(bytes(i), place('rightReversed'))),
        set(dot, zero),
        set(s0, zero),
        set(s1, zero),
        first,
        when(i32Equal(get(i), get(order)), [returnValue(get(i))]),
        set(s0, splat(sumLanes(s0))),
        set(s1, splat(sumLanes(s1))),
        f64Store(i32Add(i32Add(bytes(i), get(old)), i32(8)), sumLanes(dot), place('gain')),
        ...startPass,
        startMirror,
        set(end, i32Shl(i32Add(get(i), i32(2)), i32(3))),
        set(vnum, zero),
        set(vden, zero),
        second,
        set(num, sumLanes(vnum)),
        set(den, sumLanes(vden)),
        set(old, get(fresh)),
        set(fresh, i32Sub(i32(stride), get(old))),
      ]),
      unreachable,
    ],
  };
}

/** forecast(at, end, orderBytes): writes the model's continuation to the bytes [at, end) of memory; even order. */
function forecast(): FunctionSource {
  const [at, end, orderBytes, j, p, even, odd] = [0, 1, 2, 3, 4, 5, 6];
  const top = (REVERSED_AT + ORDER_MAX) * 8;
  return {
    name: 'forecast',
    parameters: [I32, I32, I32],
    results: [],
    locals: [I32, I32, V128, V128],
    body: [
      repeatWhile(
        [
          set(even, zero),
          set(odd, zero),
          set(p, i32Sub(get(at), get(orderBytes))),
          set(j, i32Sub(i32(top), get(orderBytes))),
          repeatWhile(
            [
              accumulate(even, vMul(load(get(p)), load(get(j)))),
              accumulate(odd, vMul(load(get(p), 16), load(get(j), 16))),
              step(p, 32),
              step(j, 32),
            ],
            i32NotEqual(get(p), get(at)),
          ),
          set(even, vAdd(get(even), get(odd))),
          f64Store(get(at), f64Neg(sumLanes(even))),
          step(at, 8),
        ],
        i32Less(get(at), get(end)),
      ),
    ],
  };
}

/** The bytes of the kernel's module: the same on every machine, made from this file alone. */
export function kernelModule(): Uint8Array<ArrayBuffer> {
  return assembleModule(PAGES, [slide(), fit(), forecast()]);
}
