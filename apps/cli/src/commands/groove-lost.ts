import { type Forecaster, HOUSE_PRIORS, house2, lostStrokes, modelForecaster } from '@jamnet/groove';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { chosenModel, MODEL_OPTION } from '../groove/chosen-model.ts';
import { readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';

interface LostOptions {
  midi: string;
  split?: string;
  model: string;
  json?: boolean;
}

/** How well strokes that are lost on the way are sounded by forecast. */
export function addGrooveLost(groove: Command, context: CommandContext): void {
  groove
    .command('lost')
    .description(
      'how near to what was played lost strokes are sounded: by house-2, by a model, and on the grid',
    )
    .requiredOption('--midi <dir>', 'a MIDI file, or a folder searched for .mid files')
    .option(...SPLIT_OPTION)
    .option(...MODEL_OPTION)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet groove lost --midi ./groove --split validation')
    .action((options: LostOptions) => {
      const { files, performances, skipped } = readPerformances(options.midi, options.split);
      const model = options.model === 'house-2' ? null : chosenModel(options.model);
      const figures = (forecaster: () => Forecaster) => {
        const each = performances.map((performance) => lostStrokes(performance, forecaster()));
        const sum = (part: (one: (typeof each)[number]) => number) =>
          each.reduce((total, one) => total + part(one), 0);
        const sounded = sum((one) => one.sounded);
        const mean = (us: number): number | null => (sounded === 0 ? null : us / sounded / 1000);
        return {
          strokes: sum((one) => one.strokes),
          sounded,
          unplayed: sum((one) => one.unplayed),
          errorMs: mean(sum((one) => one.forecastErrorUs)),
          onGridMs: mean(sum((one) => one.gridErrorUs)),
        };
      };
      const report = {
        files,
        skipped,
        'house-2': figures(() => house2(HOUSE_PRIORS)),
        model: model && { id: options.model, ...figures(() => modelForecaster(HOUSE_PRIORS, model)) },
      };
      const line = (
        name: string,
        { strokes, sounded, unplayed, errorMs, onGridMs }: ReturnType<typeof figures>,
      ) =>
        `${name}: ${sounded} of ${strokes} strokes sounded, ${errorMs?.toFixed(2) ?? '-'} ms from where they were played (on the grid ${onGridMs?.toFixed(2) ?? '-'} ms); ${unplayed} expected and not played`;
      print(context, options.json, report, () =>
        [
          line('house-2', report['house-2']),
          ...(report.model ? [line(options.model, report.model)] : []),
        ].join('\n'),
      );
    });
}
