import {
  barsOfHits,
  cellsOf,
  type Forecaster,
  HOUSE_PRIORS,
  house1,
  house2,
  type MidiPerformance,
  modelForecaster,
} from '@jamnet/groove';
import { releasedModel } from '@jamnet/jamnode';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';

interface Options {
  midi: string;
  split?: string;
  json?: boolean;
}

/** Bars forecast before anything is measured: by then the compiler has seen all of the code. */
const WARM_UP_BARS = 500;

export function addBenchGrooveCommand(bench: Command, context: CommandContext): void {
  bench
    .command('groove')
    .description(
      'processor time of forecasting one bar, nine classes, on one core: the houses beside the released model',
    )
    .requiredOption('--midi <dir>', 'a folder of drum performances')
    .option(...SPLIT_OPTION)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet bench groove --midi ./groove --split validation --json')
    .action((options: Options) => {
      const { performances } = readPerformances(options.midi, options.split);
      const model = releasedModel();
      const report = {
        'house-1': measure(performances, () => house1(HOUSE_PRIORS)),
        'house-2': measure(performances, () => house2(HOUSE_PRIORS)),
        'groove-1': measure(performances, () => modelForecaster(HOUSE_PRIORS, model)),
      };
      print(context, options.json, report, () => JSON.stringify(report, null, 2));
    });
}

function measure(performances: readonly MidiPerformance[], make: () => Forecaster) {
  const usPerBar: number[] = [];
  let checksum = 0;
  let bars = 0;
  for (const { hits } of performances) {
    const forecaster = make();
    for (const bar of barsOfHits(hits)) {
      const announced = cellsOf(bar);
      const before = process.cpuUsage();
      const forecast = forecaster.forecast(bar.index, announced);
      const { user, system } = process.cpuUsage(before);
      if (bars++ >= WARM_UP_BARS) usPerBar.push(user + system);
      for (const cell of announced)
        checksum = (31 * checksum + (forecast.offsetTenthMs[9 * cell + 4] ?? 0)) >>> 0;
      forecaster.observe(bar);
    }
  }
  if (usPerBar.length === 0)
    throw new CommandError(
      'input-empty',
      `The bench needs more than ${WARM_UP_BARS} bars of drums.`,
      EXIT.usage,
    );
  usPerBar.sort((a, b) => a - b);
  const at = (share: number): number => usPerBar[Math.floor(share * (usPerBar.length - 1))] ?? 0;
  const mean = usPerBar.reduce((sum, us) => sum + us, 0) / usPerBar.length;
  return { bars: usPerBar.length, meanUs: mean, medianUs: at(0.5), p99Us: at(0.99), mostUs: at(1), checksum };
}
