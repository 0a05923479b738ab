import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { present } from '@jamnet/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsOf } from '../bars.ts';
import { encodeForecast, faultOf } from '../forecast.ts';
import { HOUSE_PRIORS } from '../house-priors.ts';
import { stepOfCell } from '../instruments.ts';
import { type MidiPerformance, type ParsedMidi, performanceOfMidi } from '../midi.ts';
import { scoreMidi } from '../score-midi.ts';
import { barsOfDrummer } from '../testing/drummer.ts';
import { describeStroke, FEATURES } from './features.ts';
import { decodeModel, encodeModel } from './model-file.ts';
import { modelForecaster, strokeForecaster } from './model-forecaster.ts';
import { PlayingHistory } from './playing-history.ts';

const BYTES = readFileSync(new URL('../../models/groove-1.model', import.meta.url));

function released() {
  const model = decodeModel(BYTES);
  if (!model.ok) throw new Error(model.message);
  return model.value;
}

/** The dataset is for development only and no part of the project. */
const VALIDATION = new URL('../../../../../shared/data/groove/', import.meta.url);

/** The longest of the split `validation`, at most so many. */
function validationPerformances(most: number): MidiPerformance[] {
  // `as`: the package's own types call the same shape MidiData.
  const { parseMidi } = createRequire(import.meta.url)('midi-file') as {
    parseMidi(bytes: Uint8Array): ParsedMidi;
  };
  const [head = '', ...rows] = readFileSync(new URL('info.csv', VALIDATION), 'utf8').trim().split(/\r?\n/);
  const columns = head.split(',');
  const [name, split] = [columns.indexOf('midi_filename'), columns.indexOf('split')];
  const files = rows.map((row) => row.split(',')).filter((row) => row[split] === 'validation');
  const performances = files.flatMap((row) => {
    const performance = performanceOfMidi(parseMidi(readFileSync(new URL(row[name] ?? '', VALIDATION))));
    return performance.ok ? [performance.value] : [];
  });
  return performances.sort((a, b) => b.hits.length - a.hits.length).slice(0, most);
}

describe('the released model', () => {
  test('says who it is and is written as it was read', () => {
    expect(released().id).toBe('groove-1');
    expect(Buffer.from(encodeModel(released())).equals(BYTES)).toBe(true);
  });

  test('forecasts within every range, whatever was played', () => {
    const hit = fc.record({
      cell: fc.integer({ min: 0, max: 143 }),
      offsetUs: fc.integer({ min: -150_000, max: 150_000 }),
      velocity: fc.integer({ min: 1, max: 127 }),
    });
    const bars = fc.array(fc.array(hit, { maxLength: 30 }), { maxLength: 6 });
    const model = released();
    fc.assert(
      fc.property(bars, fc.uniqueArray(fc.nat(143), { maxLength: 20 }), (played, announced) => {
        const forecaster = modelForecaster(HOUSE_PRIORS, model);
        for (const [index, hits] of played.entries()) forecaster.observe({ index, hits });
        expect(faultOf(forecaster.forecast(played.length, announced))).toBeNull();
        expect(faultOf(forecaster.forecast(played.length, null))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test('a later bar changes no forecast that was made before it', () => {
    const bars = barsOfDrummer('causal', 12);
    const forecasts = (wild: number) => {
      const forecaster = modelForecaster(HOUSE_PRIORS, released());
      return bars.map((bar, index) => {
        const bytes = encodeForecast(forecaster.forecast(index, cellsOf(bar)));
        const hits = index < 8 ? bar.hits : bar.hits.map((hit) => ({ ...hit, offsetUs: wild, velocity: 1 }));
        forecaster.observe({ index, hits });
        return Buffer.from(bytes).toString('hex');
      });
    };
    const [one, other] = [forecasts(40_000), forecasts(-40_000)];
    expect(one.slice(0, 9)).toEqual(other.slice(0, 9));
    expect(one[9]).not.toBe(other[9]);
  });

  test('one sixteenth ahead, a stroke of the same or a later sixteenth changes nothing', () => {
    const [bar] = barsOfDrummer('stroke', 1);
    const announced = cellsOf(present(bar, 'bar'));
    const forecasts = (wild: number) => {
      const forecaster = strokeForecaster(HOUSE_PRIORS, released());
      const said: string[] = [];
      for (let step = 0; step < 16; step++) {
        const strokes = present(bar, 'bar').hits.filter(({ cell }) => stepOfCell(cell) === step);
        for (const { cell } of strokes) {
          const [offset, velocity] = [new Int16Array(9), new Uint8Array(9)];
          forecaster.forecast(0, announced, cell, offset, velocity);
          said.push(`${step}: ${offset.join()} ${velocity.join()}`);
        }
        const played = step < 8 ? strokes : strokes.map((hit) => ({ ...hit, offsetUs: wild }));
        forecaster.learn(0, announced, played);
      }
      return said;
    };
    const [one, other] = [forecasts(30_000), forecasts(-30_000)];
    const known = one.findIndex((text) => text.startsWith('10:'));
    expect(one.slice(0, known)).toEqual(other.slice(0, known));
    expect(one.slice(known)).not.toEqual(other.slice(known));
  });

  // The figures over all 67 performances are in the README; these are some of them, for time.
  test.skipIf(!existsSync(VALIDATION))(
    'beats house-1 by the stated margins on validation files of the Groove MIDI Dataset (skipped where that is absent)',
    () => {
      const model = released();
      const margins = { bar: [0.075, 0.13], hit: [0.2, 0.13] } as const;
      for (const tier of ['bar', 'hit'] as const) {
        const { house, model: own } = scoreMidi(validationPerformances(6), {
          priors: HOUSE_PRIORS,
          tier,
          model: () => modelForecaster(HOUSE_PRIORS, model),
          strokeModel: () => strokeForecaster(HOUSE_PRIORS, model),
        });
        expect(own?.hits).toBe(house.hits);
        expect(1 - (own?.timing ?? 0) / house.timing).toBeGreaterThan(margins[tier][0]);
        expect(1 - (own?.velocity ?? 0) / house.velocity).toBeGreaterThan(margins[tier][1]);
      }
    },
  );
});

test('the features fill their row exactly, and stay finite on an empty history', () => {
  const row = new Float32Array(FEATURES).fill(Number.NaN);
  const target = { bar: new Uint8Array(144), barIndex: 0, cell: 3 };
  expect(describeStroke(new PlayingHistory(HOUSE_PRIORS), HOUSE_PRIORS, target, row)).toBe(FEATURES);
  expect(row.every(Number.isFinite)).toBe(true);
});

describe('a model file', () => {
  const changed = (change: (bytes: Buffer) => Buffer): Uint8Array => change(Buffer.from(BYTES));
  const withHead = (head: string) =>
    changed((bytes) => Buffer.concat([Buffer.from(head), bytes.subarray(bytes.indexOf(10))]));
  const layers = BYTES.subarray(0, BYTES.indexOf(10)).toString().split(' ')[2];

  test.each([
    ['nothing at all', new Uint8Array(0), 'model-malformed'],
    ['another file', Buffer.from('RIFF....WAVE\n'), 'model-malformed'],
    ['a file cut short', changed((bytes) => bytes.subarray(0, -1)), 'model-malformed'],
    ['a byte too many', changed((bytes) => Buffer.concat([bytes, Buffer.of(0)])), 'model-malformed'],
    ['networks of other layers', withHead('JAMNET-GROOVE-MODEL-1 groove-1 9,9,18 2 2'), 'model-unfit'],
    [
      'more networks than allowed',
      withHead(`JAMNET-GROOVE-MODEL-1 groove-1 ${layers} 9 2`),
      'model-malformed',
    ],
    ['an id with a path in it', withHead(`JAMNET-GROOVE-MODEL-1 ../x ${layers} 2 2`), 'model-malformed'],
    [
      'a parameter that is no number',
      changed((bytes) => bytes.fill(0xff, bytes.length - 4)),
      'model-malformed',
    ],
  ])('%s is refused', (_name, bytes, code) => {
    expect(decodeModel(bytes)).toMatchObject({ ok: false, code });
  });
});
