import {
  assembleModule,
  type Code,
  type FunctionSource,
  get,
  I32,
  i32,
  i32Add,
  i32NotEqual,
  type Local,
  load,
  load32Splat,
  repeatWhile,
  set,
  store,
  V128,
  v4Add,
  v4Mul,
} from '../kernel/assembler.ts';
import { CORRELATIONS_AT, HISTORY_AT, SEARCH_LAGS, TRACKER_PAGES, WEIGHTS_AT } from './layout.ts';

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

/** The bytes of the tracker's module: the same on every machine, made from this file alone. */
export function trackerModule(): Uint8Array<ArrayBuffer> {
  return assembleModule(TRACKER_PAGES, [track()]);
}
