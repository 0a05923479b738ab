import { barsOfHits, cellsOf, type Hit, offsetTenthMs } from './bars.ts';
import { DECILES } from './forecast.ts';
import type { Forecaster, StrokeForecaster } from './forecaster.ts';
import { HouseMeans, HouseRates, writeOffsetDeciles, writeVelocityDeciles } from './house.ts';
import { CELLS, cellOf, STEPS_PER_BAR, stepOfCell } from './instruments.ts';
import type { MidiPerformance } from './midi.ts';
import { type Priors, priorPermille } from './priors.ts';
import { addScores, type BarScore, brier, NO_SCORE, pinball, scoreBar } from './score.ts';

/**
 * What is known when a hit is foretold: all earlier bars (`bar`), all bars but the previous one (`bar2`), or all earlier
 * sixteenths (`hit`).
 */
export type Tier = 'bar' | 'bar2' | 'hit';

export interface MidiScore {
  readonly tier: Tier;
  /** Performances with at least one scored hit. */
  readonly performances: number;
  /** Bars from bar 1 on: bar 0 has no history and is never scored. */
  readonly bars: number;
  readonly house: BarScore;
  readonly naive: BarScore;
  /** The other forecaster's score, when one was given for this tier. */
  readonly model: BarScore | null;
}

export interface MidiScoring {
  readonly priors: Priors;
  readonly tier: Tier;
  /** A new forecaster for each performance; knows whole bars only, so it is asked in tier `bar`. */
  readonly model?: () => Forecaster;
  /** The same, stroke by stroke, for tier `hit`. */
  readonly strokeModel?: () => StrokeForecaster;
}

/** Causal scores of the house, of a forecaster without memory, and of a model, over whole performances. */
export function scoreMidi(performances: readonly MidiPerformance[], scoring: MidiScoring): MidiScore {
  let score: MidiScore = { ...EMPTY, tier: scoring.tier, model: hasModel(scoring) ? NO_SCORE : null };
  for (const performance of performances)
    score = addMidiScores(score, scorePerformance(performance, scoring));
  return score;
}

function hasModel({ tier, model, strokeModel }: MidiScoring): boolean {
  return (tier === 'bar' && model !== undefined) || (tier === 'hit' && strokeModel !== undefined);
}

const EMPTY = { performances: 0, bars: 0, house: NO_SCORE, naive: NO_SCORE };

export function addMidiScores(a: MidiScore, b: MidiScore): MidiScore {
  return {
    tier: a.tier,
    performances: a.performances + b.performances,
    bars: a.bars + b.bars,
    house: addScores(a.house, b.house),
    naive: addScores(a.naive, b.naive),
    model: a.model && b.model ? addScores(a.model, b.model) : null,
  };
}

function scorePerformance({ hits }: MidiPerformance, scoring: MidiScoring): MidiScore {
  const { priors, tier } = scoring;
  const scored = hits.filter((hit) => hit.sixteenth >= 16);
  const cells = scoreCells(hits, priors, tier);
  const house = { ...scoreHouse(hits, priors, tier), cells: cells.house };
  const naive = { ...scoreNaive(scored, priors), cells: cells.naive };
  const performances = scored.length > 0 ? 1 : 0;
  return {
    tier,
    performances,
    bars: cells.bars,
    house,
    naive,
    model: scoreModel(hits, scoring, cells.house),
  };
}

/** Strokes are forecast one by one with the house's probabilities of which cells are hit. */
function scoreModel(
  hits: readonly Hit[],
  { tier, model, strokeModel }: MidiScoring,
  houseCells: number,
): BarScore | null {
  if (tier === 'bar' && model) return scoreForecaster(hits, model());
  if (tier === 'hit' && strokeModel) return { ...scoreStrokes(hits, strokeModel()), cells: houseCells };
  return null;
}

/** Is an earlier sixteenth known when one of bar ⌊sixteenth / 16⌋ is foretold? */
const KNOWN: Record<Tier, (earlier: number, sixteenth: number) => boolean> = {
  bar: (earlier, sixteenth) => earlier >> 4 < sixteenth >> 4,
  bar2: (earlier, sixteenth) => earlier >> 4 < (sixteenth >> 4) - 1,
  hit: (earlier, sixteenth) => earlier < sixteenth,
};

function scoreHouse(hits: readonly Hit[], priors: Priors, tier: Tier): BarScore {
  const means = new HouseMeans(priors);
  const [offset, velocity] = [new Int16Array(DECILES), new Uint8Array(DECILES)];
  let score = NO_SCORE;
  let learnt = 0;
  for (const hit of hits) {
    for (let next = hits[learnt]; next && KNOWN[tier](next.sixteenth, hit.sixteenth); next = hits[++learnt])
      means.learn(learntHit(next));
    if (hit.sixteenth < 16) continue;
    const { cell } = learntHit(hit);
    writeOffsetDeciles(means, cell, offset, 0);
    writeVelocityDeciles(means, cell, velocity, 0);
    score = addScores(score, scoreHit(hit, offset, velocity));
  }
  return score;
}

function scoreNaive(hits: readonly Hit[], { naiveOffset, naiveVelocity }: Priors): BarScore {
  return hits.reduce((sum, hit) => addScores(sum, scoreHit(hit, naiveOffset, naiveVelocity)), NO_SCORE);
}

function scoreHit(
  hit: Pick<Hit, 'offsetUs' | 'velocity'>,
  offset: ArrayLike<number>,
  velocity: ArrayLike<number>,
): BarScore {
  const played = offsetTenthMs(hit);
  return {
    timing: pinball(played, offset, 0),
    velocity: pinball(hit.velocity, velocity, 0),
    cells: 0,
    timingError: Math.abs(played - (offset[4] ?? 0)),
    velocityError: Math.abs(hit.velocity - (velocity[4] ?? 0)),
    hits: 1,
  };
}

function learntHit(hit: Hit) {
  return { cell: cellOf(hit.instrument, hit.sixteenth & 15), offsetUs: hit.offsetUs, velocity: hit.velocity };
}

/** Brier sums of the bars from bar 1 on; within a bar no tier knows more cells than `bar`. */
function scoreCells(hits: readonly Hit[], priors: Priors, tier: Tier) {
  const [rates, prior] = [new HouseRates(priors), priorPermille(priors)];
  const hitPermille = new Uint16Array(CELLS);
  const bars = playedBars(hits);
  const lag = tier === 'bar2' ? 2 : 1;
  const sums = { house: 0, naive: 0, bars: 0 };
  bars.forEach((bar, index) => {
    const known = bars[index - lag];
    if (known) rates.learn(known);
    if (bar.index < 1) return;
    rates.write(hitPermille);
    sums.house += brier(bar, hitPermille);
    sums.naive += brier(bar, prior);
    sums.bars++;
  });
  return sums;
}

/** Bars from the first one with a hit on. */
function playedBars(hits: readonly Hit[]) {
  const bars = barsOfHits(hits);
  return bars.slice(bars.findIndex((bar) => bar.hits.length > 0));
}

function scoreForecaster(hits: readonly Hit[], forecaster: Forecaster): BarScore {
  let score = NO_SCORE;
  for (const bar of playedBars(hits)) {
    if (bar.index >= 1) score = addScores(score, scoreBar(bar, forecaster.forecast(bar.index, cellsOf(bar))));
    forecaster.observe(bar);
  }
  return score;
}

/** Each sixteenth is foretold before any stroke of it is learnt. */
function scoreStrokes(hits: readonly Hit[], forecaster: StrokeForecaster): BarScore {
  const [offset, velocity] = [new Int16Array(DECILES), new Uint8Array(DECILES)];
  let score = NO_SCORE;
  for (const bar of playedBars(hits)) {
    const announced = cellsOf(bar);
    for (let step = 0; step < STEPS_PER_BAR; step++) {
      const strokes = bar.hits.filter(({ cell }) => stepOfCell(cell) === step);
      for (const stroke of bar.index >= 1 ? strokes : []) {
        forecaster.forecast(bar.index, announced, stroke.cell, offset, velocity);
        score = addScores(score, scoreHit(stroke, offset, velocity));
      }
      forecaster.learn(bar.index, announced, strokes);
    }
    forecaster.endBar(announced);
  }
  return score;
}
