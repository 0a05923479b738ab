import {
  type Bar,
  ForecastAside,
  type Forecaster,
  type ForetoldBar,
  type GrooveModel,
  HOUSE_PRIORS,
  likelyForecast,
  type MidiPerformance,
  modelForecaster,
  pitchOfInstrument,
} from '@jamnet/groove';
import { clickFigures, DrumRoom, type Stroke, strokeFigures } from '@jamnet/sim';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { chosenModel, MODEL_OPTION } from '../groove/chosen-model.ts';
import { readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';

interface RoomOptions {
  midi: string;
  split?: string;
  seed: string;
  loss: string;
  burst: string;
  way: string;
  jitter: string;
  seconds: string;
  model: string;
  json?: boolean;
}

/** What forecasts do for who listens: the same rooms, losses and strokes, without them and with them. */
export function addGrooveRoom(groove: Command, context: CommandContext): void {
  groove
    .command('room')
    .description(
      'play drummers into simulated rooms with losses: strokes heard in time without and with forecasts, and how far a plain click and one that follows are from the band',
    )
    .requiredOption('--midi <dir>', 'a MIDI file, or a folder searched for .mid files')
    .option(...SPLIT_OPTION)
    .option('--seed <text>', 'of the network', '1')
    .option('--loss <share>', 'of the time in which nothing passes on each line', '0.03')
    .option('--burst <ms>', 'how long that lasts on the mean', '200')
    .option('--way <ms>', 'from a player to the relay', '8')
    .option('--jitter <ms>', 'most that a moment adds', '4')
    .option('--seconds <n>', 'most of each performance', '60')
    .option(MODEL_OPTION[0], MODEL_OPTION[1], 'house-2')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet groove room --midi ./groove --split validation --seed 1')
    .action((options: RoomOptions) => {
      const network = networkOf(options);
      const secondsMax = numberOf('--seconds', options.seconds, 1, 3600);
      const model = options.model === 'house-2' ? null : chosenModel(options.model);
      const { files, performances, skipped } = readPerformances(options.midi, options.split);
      const totals = { model, before: noStrokes(), after: noStrokes(), beats: 0, plainUs: 0, followingUs: 0 };
      const rooms = performances.filter(({ hits }) => hits.length > 0);
      for (const [index, performance] of rooms.entries()) {
        context.stderr.write(`room ${index + 1} of ${rooms.length}\n`);
        playBoth(performance, { ...network, seed: `${options.seed} ${index}` }, secondsMax * 1e6, totals);
      }
      const { before, after, beats, plainUs, followingUs } = totals;
      const report = {
        files,
        skipped,
        rooms: rooms.length,
        network: { ...network, seed: options.seed },
        without: figuresOf(before),
        with: figuresOf(after),
        click: {
          beats,
          plainMs: beats === 0 ? null : plainUs / beats / 1000,
          followingMs: beats === 0 ? null : followingUs / beats / 1000,
        },
      };
      print(context, options.json, report, () => textOf(report));
    });
}

/** What a thread beside may need for a bar, generously: a forecast takes 1.2 ms of processor time. */
const ANSWER_US = 20_000;

type Sums = { strokes: number; inTime: number; heard: number; extra: number; errorUs: number };

function noStrokes(): Sums {
  return { strokes: 0, inTime: 0, heard: 0, extra: 0, errorUs: 0 };
}

interface Totals {
  readonly before: Sums;
  readonly after: Sums;
  readonly model: GrooveModel | null;
  beats: number;
  plainUs: number;
  followingUs: number;
}

/** Room by room: nothing is counted in the first bar, of which nobody can know. */
function playBoth(
  performance: MidiPerformance,
  network: { seed: string; loss: number; burstMs: number; wayMs: number; jitterMs: number },
  mostUs: number,
  totals: Totals,
): void {
  const beatUs = 4 * performance.sixteenthUs;
  const strokes = strokesOf(performance, mostUs);
  const untilUs = (strokes.at(-1)?.atUs ?? 0) + 1;
  const tempoMilliBpm = Math.round(60e9 / beatUs);
  const shared = { network, tempoMilliBpm, strokes, untilUs: untilUs + 1e6 };
  const { model } = totals;
  const aside =
    model === null ? {} : { newForecaster: (after: Parameters<typeof beside>[1]) => beside(model, after) };
  for (const [hasForecast, sums] of [
    [false, totals.before],
    [true, totals.after],
  ] as const) {
    const { listener } = new DrumRoom({
      ...shared,
      ...aside,
      hasForecast,
      click: hasForecast ? 'band' : 'off',
    }).run();
    const figures = strokeFigures(strokes, listener.strokes, 4 * beatUs, untilUs);
    for (const name of ['strokes', 'inTime', 'heard', 'extra', 'errorUs'] as const)
      sums[name] += figures[name];
    if (!hasForecast) continue;
    const click = clickFigures(strokes, listener.clicksUs, beatUs);
    totals.beats += click.beats;
    totals.plainUs += click.announcedUs;
    totals.followingUs += click.clickUs;
  }
}

/** As `jamnet play` has it: the model in a thread of its own, whose answers come later. */
function beside(model: GrooveModel, after: (us: number, run: () => void) => void): Forecaster {
  const forecaster = modelForecaster(HOUSE_PRIORS, model);
  const came: ForetoldBar[] = [];
  const tell = (bar: Bar): void =>
    after(ANSWER_US, () => {
      forecaster.observe(bar);
      const barIndex = bar.index + 1;
      came.push({ barIndex, forecast: likelyForecast(forecaster, barIndex) });
    });
  return new ForecastAside(HOUSE_PRIORS, { tell, take: () => came.shift() ?? null });
}

function strokesOf({ sixteenthUs, hits }: MidiPerformance, mostUs: number): Stroke[] {
  return hits
    .map(({ sixteenth, offsetUs, instrument, velocity }) => ({
      pitch: pitchOfInstrument(instrument),
      velocity,
      atUs: Math.max(0, sixteenth * sixteenthUs + offsetUs),
    }))
    .filter(({ atUs }) => atUs < mostUs)
    .sort((a, b) => a.atUs - b.atUs);
}

function figuresOf({ strokes, inTime, heard, extra, errorUs }: Sums) {
  return { strokes, inTime, heard, extra, errorMs: heard === 0 ? null : errorUs / heard / 1000 };
}

interface Report {
  readonly rooms: number;
  readonly without: ReturnType<typeof figuresOf>;
  readonly with: ReturnType<typeof figuresOf>;
  readonly click: { beats: number; plainMs: number | null; followingMs: number | null };
}

function textOf({ rooms, without, with: foretold, click }: Report): string {
  const line = (name: string, { strokes, inTime, heard, extra, errorMs }: Report['with']): string =>
    `${name}: ${inTime} of ${strokes} strokes heard within 20 ms of their time, ${strokes - heard} not heard, ${extra} heard that nobody played; ${errorMs?.toFixed(2) ?? '-'} ms off on the mean`;
  return [
    `${rooms} rooms`,
    line('without forecasts', without),
    line('with forecasts', foretold),
    `${click.beats} beats: a plain click is ${click.plainMs?.toFixed(2) ?? '-'} ms from the band, one that follows ${click.followingMs?.toFixed(2) ?? '-'} ms`,
  ].join('\n');
}

function networkOf(options: RoomOptions) {
  return {
    loss: numberOf('--loss', options.loss, 0, 0.9),
    burstMs: numberOf('--burst', options.burst, 5, 10_000),
    wayMs: numberOf('--way', options.way, 0, 500),
    jitterMs: numberOf('--jitter', options.jitter, 0, 500),
  };
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text.trim() || Number.NaN);
  if (value >= least && value <= most) return value;
  throw new CommandError('option-invalid', `${name} is ${least} to ${most}.`, EXIT.usage);
}
