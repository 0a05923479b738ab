import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BeatTimeline, type TimelineEntry, withCommand, withRecalled } from './beat-timeline.ts';

const ENTRY: TimelineEntry = {
  id: 1,
  atSample: 48_000,
  bar: 4,
  tempoMilliBpm: 120_000,
  beatsPerBar: 4,
  isRunning: true,
};

test('120 beats a minute from one second on: bar and beat at any sample', () => {
  const timeline = new BeatTimeline();
  timeline.replace([ENTRY]);
  expect(timeline.positionAt(0)).toBeNull();
  expect(timeline.positionAt(48_000)).toEqual({ bar: 4, beat: 0, isRunning: true });
  expect(timeline.positionAt(48_000 + 36_000)).toEqual({ bar: 4, beat: 1.5, isRunning: true });
  expect(timeline.positionAt(48_000 + 96_000)).toEqual({ bar: 5, beat: 0, isRunning: true });
  expect(timeline.nextBarSample(48_001)).toBe(144_000);
  expect(timeline.nextBarSample(144_000)).toBe(144_000);
});

test('a command takes effect at its sample, not before; what held until then goes on holding', () => {
  const entries = withCommand(
    [ENTRY],
    { ...ENTRY, id: 2, atSample: 144_000, bar: 6, tempoMilliBpm: 60_000 },
    100_000,
    4_800,
  );
  const timeline = new BeatTimeline();
  timeline.replace(entries ?? []);
  expect(timeline.positionAt(143_999)?.bar).toBe(4);
  expect(timeline.positionAt(144_000)).toEqual({ bar: 6, beat: 0, isRunning: true });
  expect(timeline.positionAt(192_000)?.beat).toBe(1);
});

test('a command for the past is moved into the future, and one that is known changes nothing', () => {
  expect(withCommand([], { ...ENTRY, atSample: 0 }, 100_000.5, 4_800)?.[0]?.atSample).toBe(104_801);
  expect(withCommand([ENTRY], ENTRY, 0, 0)).toBeNull();
});

test('a stopped timeline stays at its bar', () => {
  const timeline = new BeatTimeline();
  timeline.replace([{ ...ENTRY, isRunning: false }]);
  expect(timeline.positionAt(10_000_000)).toEqual({ bar: 4, beat: 0, isRunning: false });
  expect(timeline.nextBarSample(10_000_000)).toBeNull();
});

test('any tempo: the next bar lies within one bar and is a bar', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20_000, max: 400_000 }),
      fc.integer({ min: 1, max: 32 }),
      fc.integer({ min: 48_000, max: 1e9 }),
      (tempoMilliBpm, beatsPerBar, sample) => {
        const timeline = new BeatTimeline();
        timeline.replace([{ ...ENTRY, tempoMilliBpm, beatsPerBar }]);
        const next = timeline.nextBarSample(sample) ?? -1;
        const length = (60_000 * 48_000 * beatsPerBar) / tempoMilliBpm;
        expect(next).toBeGreaterThanOrEqual(sample - 1);
        expect(next - sample).toBeLessThanOrEqual(length + 1);
        const beat = timeline.positionAt(next)?.beat ?? -1;
        expect(Math.min(beat, beatsPerBar - beat)).toBeLessThan(0.01);
      },
    ),
  );
});

test('members of a room whose relay had forgotten agree on one beat, in whatever order they tell it', () => {
  const told = [
    ENTRY,
    { ...ENTRY, id: 2, atSample: 96_000, bar: 9 },
    { ...ENTRY, id: 3, atSample: 96_000, bar: 11 },
  ];
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    let entries: readonly TimelineEntry[] = [];
    for (const i of order) entries = withRecalled(entries, told[i] ?? ENTRY) ?? entries;
    expect(entries).toEqual([told[1], told[2]]);
    expect(withRecalled(entries, ENTRY)).toBeNull();
  }
});
