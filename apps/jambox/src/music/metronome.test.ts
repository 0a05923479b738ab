import { BeatTimeline, type TimelineEntry } from '@jamnet/toast';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLICK_FRAMES, Metronome } from './metronome.ts';

const ENTRY: TimelineEntry = {
  id: 1,
  atSample: 1000,
  bar: 0,
  tempoMilliBpm: 133_333,
  beatsPerBar: 3,
  isRunning: true,
};

function timelineOf(...entries: readonly TimelineEntry[]): BeatTimeline {
  const timeline = new BeatTimeline();
  timeline.replace(entries);
  return timeline;
}

/** What is heard from `begin` to `end`, in blocks of `frames`. */
function hear(timeline: BeatTimeline, begin: number, end: number, frames: number): Float32Array {
  const metronome = new Metronome();
  metronome.isOn = true;
  const heard = new Float32Array(end - begin);
  for (let at = begin; at + frames <= end; at += frames)
    metronome.addTo(heard.subarray(at - begin, at - begin + frames), at, timeline);
  return heard;
}

test('peers with other blocks and other beginnings hear every click on the same sample', () => {
  const timeline = timelineOf(ENTRY);
  const whole = hear(timeline, 0, 120_000, 64);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 50_000 }), fc.constantFrom(64, 128, 256), (begin, frames) => {
      const heard = hear(timeline, begin, begin + 60_032 - (60_032 % frames), frames);
      expect(heard).toEqual(whole.slice(begin, begin + heard.length));
    }),
    { numRuns: 20 },
  );
  expect(whole.slice(0, 1000).every((sample) => sample === 0)).toBe(true);
  expect(whole[1000]).toBeCloseTo(0.25);
});

test('the first beat of a bar sounds different, and a beat lasts what the tempo says', () => {
  const heard = hear(timelineOf({ ...ENTRY, atSample: 0, tempoMilliBpm: 120_000 }), 0, 120_000, 128);
  const beat = (number: number) => heard.slice(number * 24_000, number * 24_000 + CLICK_FRAMES);
  expect(beat(0)).toEqual(beat(3));
  expect(beat(1)).toEqual(beat(2));
  expect(beat(0)).not.toEqual(beat(1));
  expect(heard.slice(CLICK_FRAMES, 24_000).every((sample) => sample === 0)).toBe(true);
});

test('a stopped beat is silent, and so is a metronome that is off', () => {
  const stopped = timelineOf(ENTRY, { ...ENTRY, id: 2, atSample: 50_000, isRunning: false });
  expect(hear(stopped, 50_000, 120_000, 64).every((sample) => sample === 0)).toBe(true);
  const metronome = new Metronome();
  const mix = new Float32Array(64);
  metronome.addTo(mix, 1000, timelineOf(ENTRY));
  expect(mix.every((sample) => sample === 0)).toBe(true);
});

test('a place that wavers by a millisecond moves no click; a jump of the clock does', () => {
  const timeline = timelineOf({ ...ENTRY, atSample: 0, tempoMilliBpm: 120_000 });
  const steady = hear(timeline, 0, 48_000, 64);
  const metronome = new Metronome();
  metronome.isOn = true;
  const heard = new Float32Array(48_000);
  for (let at = 0; at < 48_000; at += 64)
    metronome.addTo(heard.subarray(at, at + 64), at + (at % 128 === 0 || at === 0 ? 0 : 40), timeline);
  expect(heard).toEqual(steady);
  const block = new Float32Array(64);
  metronome.addTo(block, 96_000, timeline);
  expect(block[0]).toBeCloseTo(0.25);
});

test('a click that follows sounds where the band plays the beat, and on the announced beat while nobody does', () => {
  const timeline = timelineOf({ ...ENTRY, atSample: 0, tempoMilliBpm: 120_000, beatsPerBar: 4 });
  const metronome = new Metronome();
  [metronome.isOn, metronome.followsBand] = [true, true];
  const heard = new Float32Array(48_000 * 24);
  const clicks: number[] = [];
  for (let at = 0; at < heard.length; at += 128) {
    // The band plays 960 samples late, from the second bar to the sixth, and is heard 20 ms after that.
    const beat = Math.floor(at / 24_000);
    if (beat >= 4 && beat < 24 && at % 24_000 >= 1_920 && at % 24_000 < 2_048)
      metronome.hear(beat * 24_000 + 960);
    metronome.addTo(heard.subarray(at, at + 128), at, timeline);
  }
  for (let i = 0; i < heard.length; i++)
    if (heard[i] !== 0 && i - (clicks.at(-1) ?? -48_000) > 10_000) clicks.push(i);
  const offset = (beat: number) => (clicks[beat] ?? 0) - beat * 24_000;
  expect(offset(0)).toBe(0);
  expect(offset(4)).toBe(0);
  expect(Math.abs(offset(23) - 960)).toBeLessThan(60);
  expect(offset(46)).toBe(0);
  // A bar's first beat keeps its own sound.
  expect(heard.slice(clicks[20], (clicks[20] ?? 0) + CLICK_FRAMES)).toEqual(
    heard.slice(clicks[0], (clicks[0] ?? 0) + CLICK_FRAMES),
  );
  metronome.followsBand = false;
  expect(metronome.band).toBeNull();
});

test('whoever turns the click on late, or whose mix stood still for minutes, has it on the beat at once', () => {
  const timeline = timelineOf({ ...ENTRY, atSample: 0, tempoMilliBpm: 120_000, beatsPerBar: 4 });
  const metronome = new Metronome();
  [metronome.isOn, metronome.followsBand] = [true, true];
  for (const beat of [1_000, 100_000, 7]) {
    const block = new Float32Array(128);
    metronome.addTo(block, beat * 24_000, timeline);
    expect(block[0]).toBeCloseTo(0.25);
    expect(metronome.band).toMatchObject({ offsetUs: 0, isLed: false });
  }
});
