import {
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
  when,
  zero,
} from './assembler.ts';
import { DAMPING } from './kernel.ts';
import { indexOf, LAG_ZERO, STOP_AT, type WorkArray } from './layout.ts';
import type { Products } from './products.ts';

/** Bytes by which a falling address is held above zero: it runs to −4 elements. */
const BIAS = 64;
/** Two pairs of lanes a round: all work arrays have room for what runs over. */
const PAIRS = [0, 1] as const;
const ROUND_BYTES = 32;

const step = (local: Local, bytes: number): Code => set(local, i32Add(get(local), i32(bytes)));
/** Constant byte address of element `element` of a work array. */
const place = (array: WorkArray, element = 0): number => (indexOf(array) + element) * 8;

/**
 * fit(order) → order reached: the recursion of plain-kernel.ts over work arrays that the caller prepared; what ends it
 * is read from memory, because a float argument would be boxed. The two coefficient and gain buffers swap roles each
 * order by adding `old` and `fresh` (0 or one stride).
 */
export function fit({ madd, nmadd }: Products): FunctionSource {
  const order = 0;
  const [i, j, shifted, end, old, fresh, oldAt, freshAt, oldMirror, freshMirror] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ];
  const [num, den, k, stop] = [11, 12, 13, 14];
  const [vk, x0, x1, a, row, t] = [15, 16, 17, 18, 19, 20];
  const dot = (half: 0 | 1): Local => 21 + half;
  const s0 = (half: 0 | 1): Local => 23 + half;
  const s1 = (half: 0 | 1): Local => 25 + half;
  const stride = place('coefficientsNext') - place('coefficients');
  const bytes = (local: Local): Code => i32Shl(get(local), i32(3));
  const clear = (of: (half: 0 | 1) => Local): Code[] => PAIRS.map((half) => set(of(half), zero));
  const join = (of: (half: 0 | 1) => Local): Code => set(of(0), vAdd(get(of(0)), get(of(1))));

  const startPass = [
    set(shifted, i32Shl(i32Sub(get(order), get(i)), i32(3))),
    set(oldAt, get(old)),
    set(freshAt, get(fresh)),
    set(oldMirror, i32Add(i32Add(bytes(i), i32(BIAS - 8)), get(old))),
    set(freshMirror, i32Add(i32Add(bytes(i), i32(BIAS - 8)), get(fresh))),
  ];
  const stepPass = [
    step(shifted, ROUND_BYTES),
    step(oldAt, ROUND_BYTES),
    step(freshAt, ROUND_BYTES),
    step(oldMirror, -ROUND_BYTES),
  ];

  const first = repeatWhile(
    [
      ...PAIRS.flatMap((half) => {
        const o = 16 * half;
        return [
          // aNext[j] = a[j] + k·a[i−j]
          set(t, load(get(oldMirror), place('coefficients') - BIAS - o)),
          set(a, madd(get(vk), swapLanes(t), load(get(oldAt), place('coefficients') + o))),
          store(get(freshAt), get(a), place('coefficients') + o),
          // row[j] −= x[j−1]·x[i] + x[N−j]·x[N−1−i]
          set(row, nmadd(get(x0), load(get(j), place('left', -1) + o), load(get(shifted), place('row') + o))),
          set(row, nmadd(get(x1), load(get(j), place('rightReversed', -1) + o), get(row))),
          store(get(shifted), get(row), place('row') + o),
          set(dot(half), madd(get(row), get(a), get(dot(half)))),
          set(s0(half), madd(get(a), load(get(shifted), place('leftReversed') + o), get(s0(half)))),
          set(s1(half), madd(get(a), load(get(shifted), place('right') + o), get(s1(half)))),
        ];
      }),
      step(j, ROUND_BYTES),
      ...stepPass,
    ],
    i32Less(get(j), get(end)),
  );
  const second = repeatWhile(
    [
      ...PAIRS.flatMap((half) => {
        const o = 16 * half;
        return [
          // gainNext[j] = gain[j] + k·gain[i−j] − x[i−j]·s0 − x[N−1−i+j]·s1
          set(t, load(get(oldMirror), place('gain') - BIAS - o)),
          set(row, madd(get(vk), swapLanes(t), load(get(oldAt), place('gain') + o))),
          set(row, nmadd(get(s0(0)), load(get(shifted), place('leftReversed') + o), get(row))),
          set(row, nmadd(get(s1(0)), load(get(shifted), place('right') + o), get(row))),
          store(get(freshAt), get(row), place('gain') + o),
          // `dot` is free again: its halves hold the denominator, x0 and x1 the numerator.
          set(dot(half), madd(get(row), load(get(freshAt), place('coefficients') + o), get(dot(half)))),
          set(t, load(get(freshMirror), place('coefficients', 1) - BIAS - o)),
          set(half === 0 ? x0 : x1, madd(get(row), swapLanes(t), get(half === 0 ? x0 : x1))),
        ];
      }),
      ...stepPass,
      step(freshMirror, -ROUND_BYTES),
    ],
    i32Less(get(shifted), get(end)),
  );
  const lagAfter = f64Load(i32Sub(i32((LAG_ZERO - 1) * 8), bytes(i)));
  return {
    name: 'fit',
    parameters: [I32],
    results: [I32],
    locals: [
      ...Array.from({ length: 10 }, () => I32 as typeof I32),
      ...Array.from({ length: 4 }, () => F64 as typeof F64),
      ...Array.from({ length: 12 }, () => V128 as typeof V128),
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
        set(j, i32(0)),
        ...startPass,
        set(end, i32Shl(i32Add(get(i), i32(1)), i32(3))),
        f64Store(get(shifted), f64Add(lagAfter, lagAfter), place('row')),
        set(x0, loadSplat(bytes(i), place('left'))),
        set(x1, loadSplat(bytes(i), place('rightReversed'))),
        ...clear(dot),
        ...clear(s0),
        ...clear(s1),
        first,
        when(i32Equal(get(i), get(order)), [returnValue(get(i))]),
        join(dot),
        join(s0),
        join(s1),
        set(s0(0), splat(sumLanes(s0(0)))),
        set(s1(0), splat(sumLanes(s1(0)))),
        f64Store(i32Add(i32Add(bytes(i), get(old)), i32(8)), sumLanes(dot(0)), place('gain')),
        ...startPass,
        set(end, i32Add(get(shifted), i32Shl(i32Add(get(i), i32(2)), i32(3)))),
        ...clear(dot),
        set(x0, zero),
        set(x1, zero),
        second,
        join(dot),
        set(x0, vAdd(get(x0), get(x1))),
        set(num, sumLanes(x0)),
        set(den, sumLanes(dot(0))),
        set(old, get(fresh)),
        set(fresh, i32Sub(i32(stride), get(old))),
      ]),
      unreachable,
    ],
  };
}
