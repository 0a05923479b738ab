import { HouseMeans, type LearntHit } from '../house.ts';
import { VelocityTrace } from '../house2.ts';
import { CELLS, INSTRUMENTS, instrumentOfCell, STEPS_PER_BAR, stepOfCell } from '../instruments.ts';
import type { Priors } from '../priors.ts';
import { RunningMeans, Traces } from './running.ts';
import { coincident, neighbourhood, type ScoreBar } from './score-bar.ts';

/** How many of a cell's strokes, and of the performance's, are kept one by one. */
export const LAST_OF_CELL = 3;
export const LAST_STROKES = 4;

/** One stroke as it is remembered, against what the house expected of it. */
export interface RememberedStroke {
  readonly sixteenth: number;
  readonly instrument: number;
  /** µs and 1/1000 velocity from the house's centres. */
  readonly offsetUs: number;
  readonly velocityMilli: number;
}

/** All that a performance has shown so far, as the features of {@link describeStroke} need it. Strokes are learnt in order. */
export class PlayingHistory {
  readonly means: HouseMeans;
  readonly velocity: VelocityTrace;
  /** Of each cell: the last strokes, newest first, absolute: µs and 1/1000 velocity, in turn. */
  readonly lastOfCell = new Float64Array(CELLS * LAST_OF_CELL * 2);
  readonly countOfCell = new Float64Array(CELLS);
  readonly lastSixteenthOfCell = new Float64Array(CELLS).fill(-1);
  readonly cellFast = new Traces(CELLS, 0.3);
  readonly cellFaster = new Traces(CELLS, 0.5);
  readonly cellSlow = new Traces(CELLS, 0.1);
  readonly cellSpread = new RunningMeans(CELLS);
  readonly fullOfCell = new Float64Array(CELLS);
  readonly instrumentTrace = new Traces(INSTRUMENTS.length, 0.1);
  readonly instrumentFast = new Traces(INSTRUMENTS.length, 0.4);
  readonly instrumentMean = new RunningMeans(INSTRUMENTS.length);
  readonly beatMean = new RunningMeans(INSTRUMENTS.length * 4);
  readonly halfMean = new RunningMeans(INSTRUMENTS.length * 2);
  readonly stepMean = new RunningMeans(STEPS_PER_BAR);
  readonly stepFast = new Traces(STEPS_PER_BAR, 0.3);
  readonly wholeFast = new Traces(1, 0.2);
  readonly wholeSlow = new Traces(1, 0.05);
  readonly barMean = [new RunningMeans(1), new RunningMeans(1)];
  /** By instrument, beat position and who sounds with it; by cell and its close neighbours. */
  readonly company = new Map<number, RunningMeans>();
  readonly surroundings = new Map<number, RunningMeans>();
  readonly strokes: RememberedStroke[] = [];
  learnt = 0;
  bars = 0;
  lastBar: ScoreBar | null = null;

  constructor(priors: Priors) {
    this.means = new HouseMeans(priors);
    this.velocity = new VelocityTrace(this.means);
  }

  /** A new bar begins: what was this bar's mean is now the last one's. */
  beginBar(): void {
    this.bars++;
    this.barMean.unshift(new RunningMeans(1));
    this.barMean.length = 2;
  }

  learn(bar: ScoreBar, barIndex: number, hit: LearntHit): void {
    const { cell } = hit;
    const [instrument, step] = [instrumentOfCell(cell), stepOfCell(cell)];
    const offset = hit.offsetUs - this.means.centre(cell, 0);
    const velocity = 1000 * hit.velocity - this.velocity.centre(cell);
    const sixteenth = barIndex * STEPS_PER_BAR + step;
    this.#rememberInCell(cell, hit);
    this.lastSixteenthOfCell[cell] = sixteenth;
    this.countOfCell[cell] = (this.countOfCell[cell] ?? 0) + 1;
    if (hit.velocity === 127) this.fullOfCell[cell] = (this.fullOfCell[cell] ?? 0) + 1;
    for (const trace of [this.cellFast, this.cellFaster, this.cellSlow])
      trace.add(cell, hit.offsetUs, 1000 * hit.velocity);
    this.cellSpread.add(cell, Math.abs(offset), Math.abs(velocity));
    this.instrumentTrace.add(instrument, offset, velocity);
    this.instrumentFast.add(instrument, offset, velocity);
    this.instrumentMean.add(instrument, offset, velocity);
    this.beatMean.add(4 * instrument + (step & 3), offset, velocity);
    this.halfMean.add(2 * instrument + (step & 1), offset, velocity);
    this.stepMean.add(step, offset, velocity);
    this.stepFast.add(step, offset, velocity);
    this.wholeFast.add(0, offset, velocity);
    this.wholeSlow.add(0, offset, velocity);
    this.barMean[0]?.add(0, offset, velocity);
    meanIn(this.company, companyKey(bar, cell)).add(0, offset, velocity);
    meanIn(this.surroundings, surroundingsKey(bar, cell)).add(0, offset, velocity);
    this.strokes.unshift({ sixteenth, instrument, offsetUs: offset, velocityMilli: velocity });
    if (this.strokes.length > LAST_STROKES) this.strokes.length = LAST_STROKES;
    this.velocity.learn(hit);
    this.means.learn(hit);
    this.learnt++;
  }

  #rememberInCell(cell: number, hit: LearntHit): void {
    const at = cell * LAST_OF_CELL * 2;
    this.lastOfCell.copyWithin(at + 2, at, at + 2 * (LAST_OF_CELL - 1));
    this.lastOfCell[at] = hit.offsetUs;
    this.lastOfCell[at + 1] = 1000 * hit.velocity;
  }
}

/** At most 9 · 4 · 2⁹ and 144 · 2⁹ · 2⁴ keys exist; a performance of two hours has fewer strokes than that. */
function meanIn(means: Map<number, RunningMeans>, key: number): RunningMeans {
  const known = means.get(key);
  if (known) return known;
  const made = new RunningMeans(1);
  means.set(key, made);
  return made;
}

export function companyKey(bar: ScoreBar, cell: number): number {
  return ((instrumentOfCell(cell) * 4 + (stepOfCell(cell) & 3)) << 9) | coincident(bar, cell);
}

export function surroundingsKey(bar: ScoreBar, cell: number): number {
  return (cell * 16 + neighbourhood(bar, cell)) * 512 + coincident(bar, cell);
}
