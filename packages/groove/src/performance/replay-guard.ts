import { assert, ok, type Result, refuse } from '@jamnet/base';
import type { Bar } from '../bars.ts';

export type ReplayCode = 'performance-replayed';

/** Bars that are remembered for comparison, over all performances; of more the oldest performances are forgotten. */
export const REMEMBERED_BARS_MAX = 200_000;
/** Offsets that agree better than this on the mean, a common shift taken off, were not played twice: no human does. 0.1 ms. */
const ALIKE_TENTH_MS = 60;
/** Fewer strokes in common say nothing about a bar. */
const COMMON_HITS_MIN = 6;
/** Share of two bars' strokes that must fall on the same cells, 1/1000: a few left out or added do not hide a replay. */
const COMMON_PERMILLE_MIN = 600;
/** Bars that must be alike at one alignment, and their share of the performance's bars that can be judged, 1/1000. */
const ALIKE_BARS_MIN = 4;
const ALIKE_PERMILLE_MIN = 250;
/** Bars of an alignment after which one without any alike is given up. */
const GIVE_UP_AFTER = 16;

/** Strokes of one bar, by step, then instrument. */
interface PackedBar {
  readonly places: Uint8Array;
  readonly offsetsTenthMs: Int16Array;
}

interface Remembered {
  readonly performance: string;
  readonly bars: readonly PackedBar[];
}

/**
 * Tells a performance that was heard before, whole or in good part, from one that is played anew: the same strokes at the same
 * offsets, whatever constant delay and up to a few ms of noise were added. Noise that hides a replay (about 7 ms and more on
 * each stroke) is as large as what two playings differ by, and is the limit of this test.
 */
export class ReplayGuard {
  readonly #remembered: Remembered[] = [];
  #bars = 0;

  /** Refuses a performance that one already remembered was made from. */
  check(bars: readonly Bar[]): Result<null, ReplayCode> {
    const packed = bars.map(packBar);
    const source = this.#remembered.find((known) => isMadeFrom(packed, known.bars));
    return source
      ? refuse(
          'performance-replayed',
          `This performance was heard before, as ${source.performance}: play it anew.`,
        )
      : ok(null);
  }

  /** Whether a performance holds enough to be told from a copy. */
  canTell(bars: readonly Bar[]): boolean {
    return bars.filter(({ hits }) => hits.length >= COMMON_HITS_MIN).length >= ALIKE_BARS_MIN;
  }

  /** Remembers a performance, 1 to {@link REMEMBERED_BARS_MAX} bars, without comparing it. */
  remember(performance: string, bars: readonly Bar[]): void {
    assert(bars.length >= 1 && bars.length <= REMEMBERED_BARS_MAX, 'bars of a performance');
    this.#remembered.push({ performance, bars: bars.map(packBar) });
    this.#bars += bars.length;
    while (this.#bars > REMEMBERED_BARS_MAX) this.#bars -= this.#remembered.shift()?.bars.length ?? 0;
  }
}

function packBar(bar: Bar): PackedBar {
  assert(bar.hits.length <= 144, 'hits of a bar');
  return {
    places: Uint8Array.from(bar.hits, ({ cell }) => ((cell & 15) << 4) | (cell >> 4)),
    offsetsTenthMs: Int16Array.from(bar.hits, ({ offsetUs }) => Math.round(offsetUs / 100)),
  };
}

function isMadeFrom(bars: readonly PackedBar[], known: readonly PackedBar[]): boolean {
  const judged = bars.filter(({ places }) => places.length >= COMMON_HITS_MIN).length;
  if (judged < ALIKE_BARS_MIN) return false;
  for (let shift = ALIKE_BARS_MIN - known.length; shift <= bars.length - ALIKE_BARS_MIN; shift++) {
    const alike = alikeAt(bars, known, shift);
    if (alike >= ALIKE_BARS_MIN && 1000 * alike >= ALIKE_PERMILLE_MIN * judged) return true;
  }
  return false;
}

/** How many bars are alike when bar b of `known` stands for bar b + shift. */
function alikeAt(bars: readonly PackedBar[], known: readonly PackedBar[], shift: number): number {
  let [alike, compared] = [0, 0];
  for (let index = Math.max(0, shift); index < bars.length; index++) {
    const [one, other] = [bars[index], known[index - shift]];
    if (!one || !other) break;
    compared++;
    if (areAlike(one, other)) alike++;
    if (alike === 0 && compared >= GIVE_UP_AFTER) return 0;
  }
  return alike;
}

/** A constant delay is taken off each pair of bars; what is left must be less than anybody's spread. */
function areAlike(a: PackedBar, b: PackedBar): boolean {
  const differences: number[] = [];
  for (let i = 0, k = 0; i < a.places.length && k < b.places.length; ) {
    const order = (a.places[i] ?? 0) - (b.places[k] ?? 0);
    if (order === 0) differences.push((a.offsetsTenthMs[i] ?? 0) - (b.offsetsTenthMs[k] ?? 0));
    if (order <= 0) i++;
    if (order >= 0) k++;
  }
  const union = a.places.length + b.places.length - differences.length;
  if (differences.length < COMMON_HITS_MIN || 1000 * differences.length < COMMON_PERMILLE_MIN * union)
    return false;
  differences.sort((x, y) => x - y);
  const median = differences[differences.length >> 1] ?? 0;
  const error = differences.reduce((sum, difference) => sum + Math.abs(difference - median), 0);
  return error < ALIKE_TENTH_MS * differences.length;
}
