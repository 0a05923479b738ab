import type { Bar } from '../bars.ts';
import { barsOfHits, type Hit } from '../bars.ts';
import { anchorOf, describeStroke, FEATURES } from '../model/features.ts';
import { PlayingHistory } from '../model/playing-history.ts';
import { scoreBarOf } from '../model/score-bar.ts';
import type { Priors } from '../priors.ts';

/** Strokes with what was known before each: features, the anchor they are measured from, and what was played. */
export interface Examples {
  readonly count: number;
  /** count · FEATURES. */
  readonly features: Float32Array;
  /** Of each: offset centre and scale (µs), velocity centre and scale (1/1000). */
  readonly anchors: Float64Array;
  /** Of each: offset in µs, velocity 1..127. */
  readonly played: Float64Array;
}

/** `bar`: all earlier bars are known; `hit`: all earlier sixteenths. */
export type Horizon = 'bar' | 'hit';

/** The strokes of whole performances as a causal forecaster meets them. */
export function examplesOf(
  performances: readonly (readonly Hit[])[],
  priors: Priors,
  horizon: Horizon,
): Examples {
  const count = performances.reduce((sum, hits) => sum + hits.length, 0);
  const examples = {
    count,
    features: new Float32Array(count * FEATURES),
    anchors: new Float64Array(4 * count),
    played: new Float64Array(2 * count),
  };
  let at = 0;
  for (const hits of performances) at = addPerformance(examples, at, hits, priors, horizon);
  return examples;
}

function addPerformance(
  into: Examples,
  from: number,
  hits: readonly Hit[],
  priors: Priors,
  horizon: Horizon,
): number {
  const history = new PlayingHistory(priors);
  let at = from;
  const bars = barsOfHits(hits);
  for (const bar of bars.slice(bars.findIndex(({ hits: own }) => own.length > 0))) {
    const score = scoreBarOf(bar.hits.map(({ cell }) => cell));
    at = addBar(into, at, history, bar, priors, horizon, score);
    history.lastBar = score;
    history.beginBar();
  }
  return at;
}

function addBar(
  into: Examples,
  from: number,
  history: PlayingHistory,
  bar: Bar,
  priors: Priors,
  horizon: Horizon,
  score: Uint8Array,
): number {
  let at = from;
  let waiting: Bar['hits'][number][] = [];
  const learn = (): void => {
    for (const hit of waiting) history.learn(score, bar.index, hit);
    waiting = [];
  };
  for (const hit of bar.hits) {
    if (horizon === 'hit' && waiting.some(({ cell }) => (cell & 15) < (hit.cell & 15))) learn();
    const anchor = anchorOf(history, hit.cell);
    describeStroke(
      history,
      priors,
      { bar: score, barIndex: bar.index, cell: hit.cell },
      into.features.subarray(at * FEATURES, (at + 1) * FEATURES),
    );
    into.anchors.set(
      [anchor.offsetUs, anchor.offsetScaleUs, anchor.velocityMilli, anchor.velocityScaleMilli],
      4 * at,
    );
    into.played.set([hit.offsetUs, hit.velocity], 2 * at);
    waiting.push(hit);
    at++;
  }
  learn();
  return at;
}
