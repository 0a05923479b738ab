import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBase64, toHex } from '@jamnet/base';
import {
  type BarScore,
  barsOfHits,
  cellsOf,
  commitment,
  DECILES,
  encodeForecast,
  type Forecaster,
  HOUSE_PRIORS,
  house2,
  instrumentOfCell,
  type MidiPerformance,
  type MidiScore,
  performanceOfMidi,
  scoreMidi,
  stepOfCell,
  type Tier,
} from '@jamnet/groove';
import type { Command } from 'commander';
import { parseMidi } from 'midi-file';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface ScoreOptions {
  midi: string;
  tier: string;
  json?: boolean;
}

interface ForecastOptions {
  midi: string;
  tier: string;
  out: string;
}

const FILES_MAX = 100_000;

export function addGrooveCommand(program: Command, context: CommandContext): void {
  const groove = program
    .command('groove')
    .description('forecast drummers and score forecasts, on MIDI files');
  groove.addHelpText(
    'after',
    '\nExamples:\n  jamnet groove score --midi ./takes --tier bar --json\n  jamnet groove forecast --midi take.mid --out take.jsonl',
  );
  groove
    .command('score')
    .description(
      'run the house forecasters causally over MIDI files and score them; files that are not 4/4 drums are skipped and counted',
    )
    .requiredOption('--midi <dir>', 'a MIDI file, or a folder searched for .mid files')
    .option(
      '--tier <tier>',
      'bar: all earlier bars known; bar2: all but the last; hit: all earlier sixteenths',
      'bar',
    )
    .option('--json', 'one JSON object on stdout')
    .action((options: ScoreOptions) => score(context, options));
  groove
    .command('forecast')
    .description(
      'forecast every bar of one performance with house-2, as a host commits it: one JSON line a bar',
    )
    .requiredOption('--midi <file>', 'the performance')
    .option('--tier <tier>', 'bar: all earlier bars known; the only tier that forecasts whole bars', 'bar')
    .requiredOption(
      '--out <file>',
      'JSON Lines: bar, commitment, salt, forecast as committed, and what it says of the announced cells',
    )
    .action((options: ForecastOptions) => forecast(context, options));
}

function score(context: CommandContext, options: ScoreOptions): void {
  if (options.tier !== 'bar' && options.tier !== 'bar2' && options.tier !== 'hit') {
    throw new CommandError('option-invalid', '--tier is bar, bar2 or hit.', EXIT.usage);
  }
  const tier: Tier = options.tier;
  const files = midiFiles(options.midi);
  const performances: MidiPerformance[] = [];
  const skipped: Record<string, number> = {};
  for (const file of files) {
    const performance = readPerformance(file);
    if (typeof performance === 'string') skipped[performance] = (skipped[performance] ?? 0) + 1;
    else performances.push(performance);
  }
  const result = scoreMidi(performances, { priors: HOUSE_PRIORS, tier, model: () => house2(HOUSE_PRIORS) });
  const report = reportOf(result, files.length, skipped);
  print(context, options.json, report, () => JSON.stringify(report, null, 2));
}

/** Sums as figures: means over hits, timing in ms, skill = 1 − loss/house-1. CRPS is about the mean pinball loss over nine deciles, doubled. */
function reportOf(result: MidiScore, files: number, skipped: Readonly<Record<string, number>>) {
  const figures = (score: BarScore) => ({
    timingMaeMs: score.timingError / score.hits / 10,
    timingPinballMs: score.timing / score.hits / 450,
    velocityMae: score.velocityError / score.hits,
    velocityPinball: score.velocity / score.hits / 45,
    brierSum: score.cells,
  });
  const skill = (score: BarScore) => ({
    timing: 1 - score.timing / result.house.timing,
    velocity: 1 - score.velocity / result.house.velocity,
  });
  const model = result.model
    ? { id: 'house-2', ...figures(result.model), skillOverHouse1: skill(result.model) }
    : null;
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
    model,
  };
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
  const forecaster: Forecaster = house2(HOUSE_PRIORS);
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

function midiFiles(path: string): string[] {
  if (/\.midi?$/i.test(path)) return [path];
  let names: string[];
  try {
    names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  } catch {
    throw new CommandError(
      'input-unreadable',
      `Cannot read ${path}: name a MIDI file or a folder of them.`,
      EXIT.usage,
    );
  }
  const files = names.filter((name) => /\.midi?$/i.test(name)).sort();
  if (files.length === 0 || files.length > FILES_MAX) {
    throw new CommandError(
      'input-empty',
      `${path} holds ${files.length} MIDI files; 1 to ${FILES_MAX} can be scored.`,
      EXIT.usage,
    );
  }
  return files.map((name) => join(path, name));
}

/** The drums of a file, or the code of what is wrong with it. */
function readPerformance(file: string): MidiPerformance | string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new CommandError('input-unreadable', `Cannot read ${file}.`, EXIT.usage);
  }
  try {
    const performance = performanceOfMidi(parseMidi(bytes));
    return performance.ok ? performance.value : performance.code;
  } catch {
    // midi-file throws on bytes that are no MIDI.
    return 'not-midi';
  }
}
