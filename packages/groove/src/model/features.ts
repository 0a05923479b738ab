import { INSTRUMENTS, instrumentOfCell, STEPS_PER_BAR, stepOfCell } from '../instruments.ts';
import type { Priors } from '../priors.ts';
import {
  companyKey,
  LAST_OF_CELL,
  LAST_STROKES,
  type PlayingHistory,
  surroundingsKey,
} from './playing-history.ts';
import type { RunningMeans, Traces } from './running.ts';
import { isHit, type ScoreBar } from './score-bar.ts';

/** Units that bring the features near 1: the house's starting scales. */
const OFFSET_UNIT_US = 16_000;
const VELOCITY_UNIT_MILLI = 18_000;
/** Features are kept within ± this, in units: a wild stroke must not drown the rest. */
const LIMIT = 4;

/** The stroke that is foretold: which cell of which bar, and the whole bar's announced score. */
export interface Target {
  readonly bar: ScoreBar;
  readonly barIndex: number;
  readonly cell: number;
}

/** Where a forecast is measured from: the house's centre and scale, velocity as in `house-2`. µs and 1/1000. */
export interface Anchor {
  readonly offsetUs: number;
  readonly offsetScaleUs: number;
  readonly velocityMilli: number;
  readonly velocityScaleMilli: number;
}

export function anchorOf(history: PlayingHistory, cell: number): Anchor {
  return {
    offsetUs: history.means.centre(cell, 0),
    offsetScaleUs: history.means.scale(0),
    velocityMilli: history.velocity.centre(cell),
    velocityScaleMilli: history.velocity.scale(cell),
  };
}

class Writer {
  at = 0;
  readonly #into: Float32Array;

  constructor(into: Float32Array) {
    this.#into = into;
  }

  put(value: number): void {
    this.#into[this.at++] = Math.max(-LIMIT, Math.min(LIMIT, value));
  }

  flag(on: boolean): void {
    this.#into[this.at++] = on ? 1 : 0;
  }

  oneHot(index: number, size: number): void {
    for (let i = 0; i < size; i++) this.flag(i === index);
  }
}

/** A count as a share that grows to 1. */
const share = (count: number, half: number): number => count / (count + half);

/** Writes the features of one stroke; the same history and score give the same numbers. Answers how many there are. */
export function describeStroke(
  history: PlayingHistory,
  priors: Priors,
  target: Target,
  into: Float32Array,
): number {
  const write = new Writer(into);
  const anchor = anchorOf(history, target.cell);
  const [perUs, perMilli] = [1 / anchor.offsetScaleUs, 1 / anchor.velocityScaleMilli];
  const pair = (offset: number, velocity: number): void => {
    write.put(offset * perUs);
    write.put(velocity * perMilli);
  };
  const ofMeans = (means: RunningMeans, index: number, weight: number): void =>
    pair(means.mean(index, 0, weight), means.mean(index, 1, weight));
  const ofTrace = (trace: Traces, index: number): void => pair(trace.value(index, 0), trace.value(index, 1));
  const ofCellTrace = (trace: Traces, cell: number): void =>
    trace.has(cell)
      ? pair(trace.value(cell, 0) - anchor.offsetUs, trace.value(cell, 1) - anchor.velocityMilli)
      : pair(0, 0);

  describeAnchor(history, priors, anchor, target.cell, write);
  describeCell(history, anchor, target, write, pair);
  for (const trace of [history.cellFast, history.cellFaster, history.cellSlow])
    ofCellTrace(trace, target.cell);
  const [instrument, step] = [instrumentOfCell(target.cell), stepOfCell(target.cell)];
  ofMeans(history.cellSpread, target.cell, 2);
  ofTrace(history.instrumentTrace, instrument);
  ofTrace(history.instrumentFast, instrument);
  ofMeans(history.instrumentMean, instrument, 4);
  ofMeans(history.beatMean, 4 * instrument + (step & 3), 4);
  ofMeans(history.halfMean, 2 * instrument + (step & 1), 4);
  ofMeans(history.stepMean, step, 4);
  ofTrace(history.stepFast, step);
  ofTrace(history.wholeFast, 0);
  ofTrace(history.wholeSlow, 0);
  for (const mean of history.barMean) ofMeans(mean, 0, 4);
  describeMatch(history.company.get(companyKey(target.bar, target.cell)), write, pair);
  describeMatch(history.surroundings.get(surroundingsKey(target.bar, target.cell)), write, pair);
  describeLastStrokes(history, target, write, pair);
  describeScore(history, target, write);
  return write.at;
}

function describeAnchor(
  history: PlayingHistory,
  priors: Priors,
  anchor: Anchor,
  cell: number,
  write: Writer,
): void {
  const prior = priors.cellMean[cell] ?? priors.mean;
  write.put(anchor.offsetScaleUs / OFFSET_UNIT_US);
  write.put(anchor.velocityScaleMilli / VELOCITY_UNIT_MILLI);
  write.put(history.means.scale(1) / VELOCITY_UNIT_MILLI);
  write.put(anchor.offsetUs / OFFSET_UNIT_US);
  write.put(anchor.velocityMilli / 64_000 - 1);
  write.put((history.means.centre(cell, 1) - anchor.velocityMilli) / VELOCITY_UNIT_MILLI);
  write.put((prior[0] - anchor.offsetUs) / OFFSET_UNIT_US);
  write.put((prior[1] - anchor.velocityMilli) / VELOCITY_UNIT_MILLI);
  write.put(prior[1] / 64_000 - 1);
  write.put(share(history.learnt, 50));
  write.put(share(history.bars, 8));
}

type PutPair = (offset: number, velocity: number) => void;

function describeCell(
  history: PlayingHistory,
  anchor: Anchor,
  { cell, barIndex }: Target,
  write: Writer,
  pair: PutPair,
): void {
  const count = history.countOfCell[cell] ?? 0;
  for (let k = 0; k < LAST_OF_CELL; k++) {
    const at = (cell * LAST_OF_CELL + k) * 2;
    if (count > k)
      pair(
        (history.lastOfCell[at] ?? 0) - anchor.offsetUs,
        (history.lastOfCell[at + 1] ?? 0) - anchor.velocityMilli,
      );
    else pair(0, 0);
  }
  write.put(share(count, 2));
  write.put(share(count, 10));
  write.put(count === 0 ? 0 : (history.fullOfCell[cell] ?? 0) / count);
  const last = history.lastSixteenthOfCell[cell] ?? -1;
  write.put(last < 0 ? 1 : share(barIndex * STEPS_PER_BAR + stepOfCell(cell) - last, 32));
}

function describeMatch(match: RunningMeans | undefined, write: Writer, pair: PutPair): void {
  if (match) pair(match.mean(0, 0, 2), match.mean(0, 1, 2));
  else pair(0, 0);
  write.put(match ? share(match.count(0), 2) : 0);
}

function describeLastStrokes(
  history: PlayingHistory,
  { cell, barIndex }: Target,
  write: Writer,
  pair: PutPair,
): void {
  const now = barIndex * STEPS_PER_BAR + stepOfCell(cell);
  for (let k = 0; k < LAST_STROKES; k++) {
    const stroke = history.strokes[k];
    if (stroke) pair(stroke.offsetUs, stroke.velocityMilli);
    else pair(0, 0);
    write.put(stroke ? 1 / (now - stroke.sixteenth) : 0);
    write.flag(stroke?.instrument === instrumentOfCell(cell));
  }
}

function describeScore(history: PlayingHistory, { bar, cell }: Target, write: Writer): void {
  const [instrument, step] = [instrumentOfCell(cell), stepOfCell(cell)];
  write.oneHot(instrument, INSTRUMENTS.length);
  write.oneHot(step, STEPS_PER_BAR);
  for (const away of [0, -1, 1])
    for (let other = 0; other < INSTRUMENTS.length; other++)
      write.flag((away !== 0 || other !== instrument) && isHit(bar, other, step + away));
  for (const away of [-4, -3, -2, 2, 3, 4]) write.flag(isHit(bar, instrument, step + away));
  for (const away of [-2, 2]) write.flag(isHit(bar, 0, step + away) || isHit(bar, 1, step + away));
  let [total, own, common, last] = [0, 0, 0, 0];
  for (let other = 0; other < bar.length; other++) {
    const hit = bar[other] ?? 0;
    const before = history.lastBar?.[other] ?? 0;
    total += hit;
    if (instrumentOfCell(other) === instrument) own += hit;
    common += hit & before;
    last += before;
  }
  write.put(total / 20);
  write.put(own / 8);
  write.put(common / Math.max(1, total + last - common));
  write.flag(history.lastBar?.[cell] === 1);
}

/** Length of what {@link describeStroke} writes. */
export const FEATURES = 137;
