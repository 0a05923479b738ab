import { Failure, seededChance } from '@jamnet/base';
import {
  examplesOf,
  type GrooveModel,
  HOUSE_PRIORS,
  type Horizon,
  type MidiPerformance,
  type TrainingPlan,
  TrainingRun,
} from '@jamnet/groove';
import { type HostedTraining, trainOnHosts } from './train-on-hosts.ts';

/** Strokes of one round: each is 0.6 kB of features in the studio's memory for each horizon. */
export const ROUND_STROKES_MAX = 65_536;

export interface RoundTraining extends Pick<HostedTraining, 'mesh' | 'audience' | 'signal' | 'onInput'> {
  /** Names the tasks and seeds the order of the strokes: the same round again finds the same tasks. */
  readonly round: string;
  /** Id of the model that comes of it. */
  readonly model: string;
  readonly performances: readonly MidiPerformance[];
  /** Whose networks go on learning; `null`: new ones, two for each horizon, from scratch. */
  readonly from: GrooveModel | null;
  readonly plan: TrainingPlan;
  readonly onStep: (done: number, of: number) => void;
}

/** A round is small steps on top of a released model, whose training has seen a hundred times as much. */
export const ROUND_PLAN: TrainingPlan = { epochs: 3, batch: 64, learningRate: 3e-4 };

const NEW_MEMBERS = 2;

/** Trains all networks of a candidate at once, each a chain of steps on the mesh's hosts. Rejects as `trainOnHosts` does, or with `round-size`. */
export async function trainRound(round: RoundTraining): Promise<GrooveModel> {
  const strokes = round.performances.reduce((sum, { hits }) => sum + hits.length, 0);
  if (strokes < 1 || strokes > ROUND_STROKES_MAX)
    throw new Failure(
      'round-size',
      `A round learns from 1 to ${ROUND_STROKES_MAX} strokes, not ${strokes}: give it other takes.`,
    );
  const chains = (['bar', 'hit'] as const).flatMap((horizon) => chainsOf(round, horizon));
  const of = chains.reduce((sum, { run }) => sum + run.length, 0);
  const done = chains.map(() => 0);
  // The first chain that fails ends the others too.
  const stop = new AbortController();
  const signal = AbortSignal.any([round.signal, stop.signal]);
  const networks = await Promise.all(
    chains.map(({ run, subject }, index) =>
      trainOnHosts({
        ...round,
        run,
        subject,
        signal,
        onStep: (steps) => {
          done[index] = steps;
          round.onStep(
            done.reduce((sum, each) => sum + each, 0),
            of,
          );
        },
      }),
    ),
  ).catch((error: unknown) => {
    stop.abort();
    throw error;
  });
  const ofHorizon = (horizon: Horizon) => networks.filter((_, index) => chains[index]?.horizon === horizon);
  return { id: round.model, bar: ofHorizon('bar'), hit: ofHorizon('hit') };
}

interface Chain {
  readonly horizon: Horizon;
  readonly subject: string;
  readonly run: TrainingRun;
}

function chainsOf(round: RoundTraining, horizon: Horizon): Chain[] {
  const hits = round.performances.map((performance) => performance.hits);
  const examples = examplesOf(hits, HOUSE_PRIORS, horizon);
  const starts = round.from?.[horizon] ?? new Array<null>(NEW_MEMBERS).fill(null);
  return starts.map((from, member) => {
    const subject = `${round.round}/${horizon}/${member}`;
    return {
      horizon,
      subject,
      run: new TrainingRun({ examples, plan: round.plan, chance: seededChance(subject), from }),
    };
  });
}
