import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { toBase64, toHex } from '@jamnet/base';
import {
  barsOfHits,
  cellsOf,
  commitment,
  DECILES,
  encodeForecast,
  type Forecaster,
  HOUSE_PRIORS,
  house2,
  instrumentOfCell,
  modelForecaster,
  stepOfCell,
} from '@jamnet/groove';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { chosenModel, MODEL_OPTION } from '../groove/chosen-model.ts';
import { readPerformance } from '../groove/midi-files.ts';

interface ForecastOptions {
  midi: string;
  tier: string;
  model: string;
  out: string;
}

export function addGrooveForecast(groove: Command, context: CommandContext): void {
  groove
    .command('forecast')
    .description('forecast every bar of one performance as a host commits it: one JSON line a bar')
    .requiredOption('--midi <file>', 'the performance')
    .option('--tier <tier>', 'bar: all earlier bars known; the only tier that forecasts whole bars', 'bar')
    .option(...MODEL_OPTION)
    .requiredOption(
      '--out <file>',
      'JSON Lines: bar, commitment, salt, forecast as committed, and what it says of the announced cells',
    )
    .action((options: ForecastOptions) => forecast(context, options));
}

function forecast(context: CommandContext, options: ForecastOptions): void {
  if (options.tier !== 'bar')
    throw new CommandError(
      'option-invalid',
      '--tier is bar: whole bars are forecast before they begin.',
      EXIT.usage,
    );
  const performance = readPerformance(options.midi);
  if (typeof performance === 'string') {
    throw new CommandError(
      performance,
      `${options.midi} is no 4/4 drum performance that can be read.`,
      EXIT.usage,
    );
  }
  const forecaster = forecasterNamed(options.model);
  const lines: string[] = [];
  for (const bar of barsOfHits(performance.hits)) {
    if (bar.index > 0)
      lines.push(JSON.stringify(forecastLine(options.midi, bar.index, cellsOf(bar), forecaster)));
    forecaster.observe(bar);
  }
  writeFileSync(options.out, lines.map((line) => `${line}\n`).join(''));
  context.stderr.write(`${lines.length} bars forecast into ${options.out}\n`);
}

/** One bar as a host commits it, and the same in words: hit probabilities in thousandths, deciles in 0.1 ms and velocity steps. */
function forecastLine(file: string, bar: number, announced: readonly number[], forecaster: Forecaster) {
  const said = forecaster.forecast(bar, announced);
  const bytes = encodeForecast(said);
  const salt = randomBytes(32);
  const hash = commitment({ forecast: bytes, salt, node: 'cli', performance: file, bar });
  const deciles = (of: ArrayLike<number>, cell: number): number[] =>
    Array.from({ length: DECILES }, (_, k) => of[cell * DECILES + k] ?? 0);
  return {
    file,
    bar,
    commitment: toHex(hash),
    salt: toHex(salt),
    forecast: toBase64(bytes),
    p: [...said.hitPermille],
    cells: announced.map((cell) => ({
      step: stepOfCell(cell),
      inst: instrumentOfCell(cell),
      q: deciles(said.offsetTenthMs, cell),
      vq: deciles(said.velocity, cell),
    })),
  };
}

function forecasterNamed(name: string): Forecaster {
  return name === 'house-2' ? house2(HOUSE_PRIORS) : modelForecaster(HOUSE_PRIORS, chosenModel(name));
}
