import {
  type BarScore,
  crpsOfPinball,
  HOUSE_PRIORS,
  house2,
  type MidiScore,
  type MidiScoring,
  modelForecaster,
  scoreMidi,
  strokeForecaster,
  type Tier,
} from '@jamnet/groove';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { chosenModel, MODEL_OPTION } from '../groove/chosen-model.ts';
import { readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';

interface ScoreOptions {
  midi: string;
  split?: string;
  tier: string;
  model: string;
  json?: boolean;
}

export function addGrooveScore(groove: Command, context: CommandContext): void {
  groove
    .command('score')
    .description(
      'run the house and a model causally over MIDI files and score them; files that are not 4/4 drums are skipped and counted',
    )
    .requiredOption('--midi <dir>', 'a MIDI file, or a folder searched for .mid files')
    .option(...SPLIT_OPTION)
    .option(
      '--tier <tier>',
      'bar: all earlier bars known; bar2: all but the last (house only); hit: all earlier sixteenths',
      'bar',
    )
    .option(...MODEL_OPTION)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet groove score --midi ./groove --split validation --tier bar --json',
    )
    .action((options: ScoreOptions) => score(context, options));
}

function score(context: CommandContext, options: ScoreOptions): void {
  const { tier } = options;
  if (tier !== 'bar' && tier !== 'bar2' && tier !== 'hit')
    throw new CommandError('option-invalid', '--tier is bar, bar2 or hit.', EXIT.usage);
  const { files, performances, skipped } = readPerformances(options.midi, options.split);
  const result = scoreMidi(performances, scoringOf(tier, options.model));
  const report = reportOf(result, options.model, files, skipped);
  print(context, options.json, report, () => JSON.stringify(report, null, 2));
}

function scoringOf(tier: Tier, name: string): MidiScoring {
  const base = { priors: HOUSE_PRIORS, tier };
  if (name === 'house-2') return { ...base, model: () => house2(HOUSE_PRIORS) };
  const model = chosenModel(name);
  return {
    ...base,
    model: () => modelForecaster(HOUSE_PRIORS, model),
    strokeModel: () => strokeForecaster(HOUSE_PRIORS, model),
  };
}

/** Sums as figures: means over hits, timing in ms, skill = 1 − loss/house-1. */
function reportOf(result: MidiScore, name: string, files: number, skipped: Readonly<Record<string, number>>) {
  const figures = (score: BarScore) => ({
    timingMaeMs: score.timingError / score.hits / 10,
    timingPinballMs: score.timing / score.hits / 450,
    timingCrpsMs: crpsOfPinball(score.timing / score.hits, 10),
    velocityMae: score.velocityError / score.hits,
    velocityPinball: score.velocity / score.hits / 45,
    velocityCrps: crpsOfPinball(score.velocity / score.hits, 1),
    brierSum: score.cells,
  });
  const skill = (score: BarScore) => ({
    timing: 1 - score.timing / result.house.timing,
    velocity: 1 - score.velocity / result.house.velocity,
  });
  const { tier, performances, bars } = result;
  return {
    tier,
    files,
    skipped,
    performances,
    bars,
    hits: result.house.hits,
    naive: figures(result.naive),
    house1: figures(result.house),
    model: result.model ? { id: name, ...figures(result.model), skillOverHouse1: skill(result.model) } : null,
  };
}
