import { createHash } from 'node:crypto';
import { type Chance, seededChance } from '@jamnet/base';
import {
  type Bar,
  barsOfHits,
  cellsOf,
  DECILES,
  type Forecast,
  type GrooveModel,
  HOUSE_PRIORS,
  type MidiPerformance,
  modelForecaster,
  STEPS_PER_BAR,
} from '@jamnet/groove';
import { type SoundedStroke, soundStrokes } from './drum-voices.ts';
import type { ClipSource, ClipVersions, TrialClip } from './trial-clips.ts';
import { TRIAL_POLICY } from './trial-verdict.ts';

/** What a take's player lets strangers hear at a time. */
const SECONDS_MAX = 2;
const RATE_HZ = 48_000;
/** Bars that both models have heard before: a room's forecasts begin as poorly. */
const HEARD_BARS_MIN = 4;
/** Strokes of a bar worth hearing, and of those that are lost. */
const STROKES_MIN = 6;
const LOST_MIN = 2;
/** How far a spoilt stroke is off, µs: well above the 20 to 30 ms at which two strokes are heard as two (Hirsh, JASA 31(6) 1959). */
const SPOILT_US = { least: 50_000, most: 90_000 } as const;
const MEDIAN = 4;

export interface GrooveTrial {
  readonly candidate: GrooveModel;
  readonly released: GrooveModel;
  readonly heldOut: readonly MidiPerformance[];
  /** Of each performance: whose it is, `null` for a file's, `false` where strangers must not hear it. */
  readonly sources: readonly (ClipSource | null | false)[];
  /** Draws which strokes are lost. */
  readonly seed: string;
}

interface LostBar {
  readonly performance: MidiPerformance;
  readonly source: ClipSource | null;
  readonly bar: Bar;
  readonly isLost: readonly boolean[];
  readonly candidate: readonly Foretold[];
  readonly released: readonly Foretold[];
  /** How far the two are apart, ms and velocity steps summed over the lost strokes. */
  readonly difference: number;
}

interface Foretold {
  readonly offsetUs: number;
  readonly velocity: number;
}

/**
 * The same bars with every other stroke lost on the way, sounded where the candidate and where the released model expects it; planted
 * ones as they were played, and with the same strokes badly off. Bars are those on which the two models differ most: elsewhere nobody
 * could hear which is which.
 */
export function grooveClips({
  candidate,
  released,
  heldOut,
  sources,
  seed,
}: GrooveTrial): (TrialClip & ClipVersions)[] {
  const found = heldOut.flatMap((performance, index) => {
    const source = sources[index] ?? null;
    return sources[index] === false
      ? []
      : [lostBars(performance, source || null, { candidate, released }, `${seed}/${index}`)];
  });
  const open = found.flatMap((bars) => bars.slice(0, 1)).sort((a, b) => b.difference - a.difference);
  const plants = found.flatMap((bars) => bars.slice(1, 2));
  // Short of performances, those that are heard twice are other bars.
  const more = found.flatMap((bars) => bars.slice(2, 3));
  return [
    ...[...open, ...more].slice(0, TRIAL_POLICY.openPairs).map((bar) => openClip(bar, seed)),
    ...plants.slice(0, TRIAL_POLICY.plants).map((bar) => plantedClip(bar, seed)),
  ];
}

/** Bars of a performance with strokes lost, those first on which the models differ most. */
function lostBars(
  performance: MidiPerformance,
  source: ClipSource | null,
  models: { readonly candidate: GrooveModel; readonly released: GrooveModel },
  seed: string,
): LostBar[] {
  const [candidate, released] = [
    modelForecaster(HOUSE_PRIORS, models.candidate),
    modelForecaster(HOUSE_PRIORS, models.released),
  ];
  const chance = seededChance(seed);
  const bars: LostBar[] = [];
  let heard = 0;
  for (const bar of barsOfHits(performance.hits)) {
    if (heard >= HEARD_BARS_MIN && bar.hits.length >= STROKES_MIN) {
      const cells = cellsOf(bar);
      const own = foretold(bar, candidate.forecast(bar.index, cells));
      const old = foretold(bar, released.forecast(bar.index, cells));
      const isLost = lostOf(bar.hits.length, chance);
      const difference = isLost.reduce((sum, lost, n) => (lost ? sum + distance(own[n], old[n]) : sum), 0);
      bars.push({ performance, source, bar, isLost, candidate: own, released: old, difference });
    }
    candidate.observe(bar);
    released.observe(bar);
    if (bar.hits.length > 0) heard++;
  }
  return bars.sort((a, b) => b.difference - a.difference);
}

function lostOf(strokes: number, chance: Chance): boolean[] {
  const isLost = Array.from({ length: strokes }, () => chance.below(2) === 0);
  for (let n = 0; n < LOST_MIN; n++) isLost[n * 2 + 1] = true;
  return isLost;
}

function foretold(bar: Bar, { offsetTenthMs, velocity }: Forecast): Foretold[] {
  return bar.hits.map(({ cell }) => ({
    offsetUs: 100 * (offsetTenthMs[cell * DECILES + MEDIAN] ?? 0),
    velocity: velocity[cell * DECILES + MEDIAN] ?? 64,
  }));
}

function distance(one: Foretold | undefined, other: Foretold | undefined): number {
  if (!one || !other) return 0;
  return Math.abs(one.offsetUs - other.offsetUs) / 1000 + Math.abs(one.velocity - other.velocity);
}

function openClip(lost: LostBar, seed: string): TrialClip & ClipVersions {
  return clipOf(lost, `${seed} open`, false, [
    soundedBy(lost, (n) => lost.candidate[n]),
    soundedBy(lost, (n) => lost.released[n]),
  ]);
}

function plantedClip(lost: LostBar, seed: string): TrialClip & ClipVersions {
  const chance = seededChance(`${seed} spoilt ${lost.bar.index}`);
  const { least, most } = SPOILT_US;
  const spoilt = lost.bar.hits.map(({ offsetUs, velocity }) => {
    const away = least + chance.below(most - least);
    return { offsetUs: offsetUs + (chance.below(2) === 0 ? away : -away), velocity };
  });
  return clipOf(lost, `${seed} planted`, true, [
    soundedBy(lost, () => undefined),
    soundedBy(lost, (n) => spoilt[n]),
  ]);
}

/** The bar from half a sixteenth before its line on; a lost stroke is where `expected` has it. */
function soundedBy(
  { performance: { sixteenthUs }, bar, isLost }: LostBar,
  expected: (stroke: number) => Foretold | undefined,
): SoundedStroke[] {
  return bar.hits.map((hit, n) => {
    const { offsetUs, velocity } = (isLost[n] ? expected(n) : undefined) ?? hit;
    const step = hit.cell % STEPS_PER_BAR;
    return {
      instrument: (hit.cell - step) / STEPS_PER_BAR,
      atUs: Math.max(0, (step + 0.5) * sixteenthUs + offsetUs),
      velocity,
    };
  });
}

function clipOf(
  { performance: { sixteenthUs }, source, bar }: LostBar,
  name: string,
  isPlant: boolean,
  ways: readonly [readonly SoundedStroke[], readonly SoundedStroke[]],
): TrialClip & ClipVersions {
  const seconds = Math.min(SECONDS_MAX, (17 * sixteenthUs) / 1e6);
  const frames = Math.floor(seconds * RATE_HZ);
  const [inQuestion, other] = soundStrokes(ways, frames, RATE_HZ);
  const id = createHash('sha256')
    .update(JSON.stringify([name, source, bar]))
    .digest('hex')
    .slice(0, 32);
  return {
    ...{ id, isPlant, sampleRateHz: RATE_HZ, frames, source },
    inQuestion: inQuestion ?? new Float32Array(frames),
    other: other ?? new Float32Array(frames),
  };
}
