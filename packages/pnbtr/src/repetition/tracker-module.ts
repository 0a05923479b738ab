import {
  anyTrue,
  assembleModule,
  type Code,
  type FunctionSource,
  get,
  I32,
  i32,
  i32Add,
  i32Less,
  i32NotEqual,
  i32Sub,
  type Local,
  load,
  load32Splat,
  not,
  repeatWhile,
  returnValue,
  set,
  store,
  V128,
  v4Add,
  v4Greater,
  v4Mul,
  vAnd,
  when,
  zero,
} from '../kernel/assembler.ts';
import {
  CORRELATIONS_AT,
  FLOOR_AT,
  HISTORY_AT,
  PAST_AT,
  RESULT_AT,
  SCORE_AT,
  SEARCH_LAGS,
  WEIGHTS_AT,
} from './layout.ts';

/** Groups of four lags that one round holds in registers. */
const QUADS = [0, 1, 2, 3];

/**
 * track(newest, bytes, skipped): brings `bytes` of history (from byte `newest` of it on) into the running correlations
 * but for the first `skipped` bytes of them. The weight of each new sample and, before them, the decay of the old sums
 * stand in memory. See plain-tracker.ts.
 */
function track(): FunctionSource {
  const [newest, bytes, skipped, at, from, weight, weightEnd, one] = [0, 1, 2, 3, 4, 5, 6, 7];
  const sum = (i: number): Local => 8 + i;
  const step = (local: Local, by: number): Code => set(local, i32Add(get(local), i32(by)));
  const inner = repeatWhile(
    [
      set(one, load32Splat(get(weight))),
      ...QUADS.map((i) => set(sum(i), v4Add(get(sum(i)), v4Mul(get(one), load(get(from), 16 * i))))),
      step(weight, 4),
      step(from, 4),
    ],
    i32NotEqual(get(weight), get(weightEnd)),
  );
  return {
    name: 'track',
    parameters: [I32, I32, I32],
    results: [],
    locals: [I32, I32, I32, I32, V128, ...QUADS.map(() => V128 as typeof V128)],
    body: [
      set(at, i32Add(i32(CORRELATIONS_AT * 4), get(skipped))),
      set(weightEnd, i32Add(i32(WEIGHTS_AT * 4), get(bytes))),
      repeatWhile(
        [
          set(one, load32Splat(i32(WEIGHTS_AT * 4 - 4))),
          ...QUADS.map((i) => set(sum(i), v4Mul(get(one), load(get(at), 16 * i)))),
          set(weight, i32(WEIGHTS_AT * 4)),
          // The correlation at place u has lag SEARCH_LAGS − u: its partner lies so far before the newest sample.
          set(
            from,
            i32Add(i32Add(get(newest), get(at)), i32((HISTORY_AT - SEARCH_LAGS - CORRELATIONS_AT) * 4)),
          ),
          inner,
          ...QUADS.map((i) => store(get(at), get(sum(i)), 16 * i)),
          step(at, 64),
        ],
        i32NotEqual(get(at), i32((CORRELATIONS_AT + SEARCH_LAGS) * 4)),
      ),
    ],
  };
}

/** scan(top, bottom, toEnergy) in bytes; see {@link Tracker.scan}. */
function scan(): FunctionSource {
  const [at, bottom, toEnergy, score, floor, sum, energy] = [0, 1, 2, 3, 4, 5, 6];
  const matters = vAnd(
    vAnd(v4Greater(get(sum), zero), v4Greater(get(energy), get(floor))),
    v4Greater(v4Mul(get(sum), get(sum)), v4Mul(get(score), get(energy))),
  );
  return {
    name: 'scan',
    parameters: [I32, I32, I32],
    results: [I32],
    locals: [V128, V128, V128, V128],
    body: [
      set(score, load32Splat(i32(SCORE_AT * 4))),
      set(floor, load32Splat(i32(FLOOR_AT * 4))),
      when(i32Less(get(at), get(bottom)), [returnValue(i32Sub(get(bottom), i32(16)))]),
      repeatWhile(
        [
          set(sum, load(get(at))),
          set(energy, load(i32Add(get(at), get(toEnergy)))),
          when(anyTrue(matters), [returnValue(get(at))]),
          set(at, i32Sub(get(at), i32(16))),
        ],
        not(i32Less(get(at), get(bottom))),
      ),
      i32Sub(get(bottom), i32(16)),
    ],
  };
}

/** multiply(a, b, bytes); see {@link Tracker.multiply}. Two accumulators, so that the sums need not wait. */
function multiply(): FunctionSource {
  const [a, b, bytes, end, even, odd] = [0, 1, 2, 3, 4, 5];
  const step = (local: Local): Code => set(local, i32Add(get(local), i32(32)));
  return {
    name: 'multiply',
    parameters: [I32, I32, I32],
    results: [],
    locals: [I32, V128, V128],
    body: [
      set(end, i32Add(get(a), get(bytes))),
      repeatWhile(
        [
          set(even, v4Add(get(even), v4Mul(load(get(a)), load(get(b))))),
          set(odd, v4Add(get(odd), v4Mul(load(get(a), 16), load(get(b), 16)))),
          step(a),
          step(b),
        ],
        i32Less(get(a), get(end)),
      ),
      store(i32(RESULT_AT * 4), v4Add(get(even), get(odd))),
    ],
  };
}

const PAGES = Math.ceil((PAST_AT * 4) / 65_536);

/** The bytes of the tracker's module: the same on every machine, made from this file alone. */
export function trackerModule(): Uint8Array<ArrayBuffer> {
  return assembleModule(PAGES, [track(), scan(), multiply()]);
}
