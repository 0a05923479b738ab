import { present } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import type { Hit } from '../bars.ts';
import { type ParsedMidiEvent, performanceOfMidi } from '../midi.ts';
import { performanceOfDrummer } from '../testing/drummer.ts';
import { applyProfile } from './apply-profile.ts';
import { profileOf, readProfile, strokesOf } from './groove-profile.ts';
import { measureProfiles } from './measure-profile.ts';
import { profileSvg } from './profile-svg.ts';

const TICKS = 480;
const DRUMMER = performanceOfDrummer('profile', 40).hits;
const hit = (sixteenth: number, instrument: number, offsetUs: number, velocity: number): Hit => ({
  sixteenth,
  instrument,
  offsetUs,
  velocity,
});

describe('a profile', () => {
  test('holds the means of each cell that was hit, whatever the order of the strokes', () => {
    const hits = [hit(16, 1, -9000, 100), hit(0, 1, -11_000, 90), hit(4, 0, 5000, 60)];
    expect(profileOf(hits)).toEqual({
      schema: 'jamnet/groove-profile/v1',
      bars: 2,
      cells: [
        { cell: 4, count: 1, offsetUs: 5000, spreadUs: 0, velocity: 60 },
        { cell: 16, count: 2, offsetUs: -10_000, spreadUs: 1000, velocity: 95 },
      ],
    });
  });

  test('says of a cell that was never hit what its instrument mostly is', () => {
    const pushed = profileOf(Array.from({ length: 400 }, (_, bar) => hit(16 * bar, 2, -12_000, 70)));
    expect(strokesOf(pushed)[2 * 16 + 7]).toEqual({ offsetUs: -12_000, velocity: 70 });
  });

  test('is read back from its JSON, and nothing else is', () => {
    const profile = profileOf(DRUMMER);
    const whole = JSON.parse(JSON.stringify(profile)) as typeof profile;
    expect(readProfile(whole)).toEqual({ ok: true, value: profile });
    const [cell] = whole.cells;
    for (const bad of [
      null,
      [],
      {},
      { ...whole, schema: 'v2' },
      { ...whole, cells: [] },
      { ...whole, cells: [cell, cell] },
      { ...whole, cells: [{ ...cell, velocity: 0 }] },
      { ...whole, cells: [{ ...cell, offsetUs: 0.5 }] },
      { ...whole, cells: [{ ...cell, cell: 144 }] },
      { ...whole, bars: 0 },
    ])
      expect(readProfile(bad)).toMatchObject({ ok: false, code: 'profile-malformed' });
  });

  test('is drawn with a stroke for each cell, and a hostile title does nothing', () => {
    const profile = profileOf(DRUMMER);
    const drawing = profileSvg(profile, '<script>"x"</script>');
    expect(drawing.match(/<circle/g)).toHaveLength(profile.cells.length);
    expect(drawing).not.toContain('<script>');
    expect(drawing).not.toContain('NaN');
  });
});

/** A part exactly on the grid at 120 beats a minute, every note 60 ticks long. */
function quantised(notes: readonly (readonly [sixteenth: number, pitch: number, velocity: number])[]) {
  const events = notes.flatMap(([sixteenth, noteNumber, velocity]) => [
    { tick: (sixteenth * TICKS) / 4, type: 'noteOn', noteNumber, velocity },
    { tick: (sixteenth * TICKS) / 4 + 60, type: 'noteOff', noteNumber, velocity: 0 },
  ]);
  events.sort((a, b) => a.tick - b.tick);
  let before = 0;
  const track: ParsedMidiEvent[] = events.map(({ tick, ...event }) => {
    const deltaTime = tick - before;
    before = tick;
    return { deltaTime, ...event };
  });
  return { ticksPerBeat: TICKS, tracks: [[...track, { deltaTime: 0, type: 'endOfTrack' }]] };
}

describe('a quantised part played by a profile', () => {
  const kick = profileOf([hit(16, 0, 10_000, 100), hit(20, 0, -20_000, 50)]);
  const absolute = (track: readonly ParsedMidiEvent[]) => {
    let tick = 0;
    return track.map(({ deltaTime, type, velocity }) => {
      tick += deltaTime;
      return [tick, type, velocity];
    });
  };

  test('has each stroke moved and brought to its velocity, and its end moved with it', () => {
    const part = quantised([
      [16, 36, 80],
      [20, 36, 80],
    ]);
    const [track = []] = applyProfile(part, kick, 100).tracks;
    const [one, two] = [strokesOf(kick)[0], strokesOf(kick)[4]].map((stroke) => present(stroke, 'stroke'));
    const ticks = (us = 0): number => Math.round((us * TICKS) / 500_000);
    expect(absolute(track)).toEqual([
      [4 * TICKS + ticks(one?.offsetUs), 'noteOn', one?.velocity],
      [4 * TICKS + ticks(one?.offsetUs) + 60, 'noteOff', 0],
      [5 * TICKS + ticks(two?.offsetUs), 'noteOn', two?.velocity],
      [5 * TICKS + ticks(two?.offsetUs) + 60, 'noteOff', 0],
      [5 * TICKS + 60, 'endOfTrack', undefined],
    ]);
  });

  test('stays as it is at no strength, and other instruments always do', () => {
    const part = quantised([
      [16, 36, 80],
      [17, 90, 33],
    ]);
    expect(applyProfile(part, kick, 0)).toEqual({ tracks: part.tracks, strokes: 1 });
    const [track = []] = applyProfile(part, kick, 100).tracks;
    expect(absolute(track)).toContainEqual([(17 * TICKS) / 4, 'noteOn', 33]);
  });

  test('leaves a bass alone where the drums have their channel, also one at the pitch of a kick', () => {
    const { ticksPerBeat, tracks } = quantised([[16, 36, 80]]);
    const on = (channel: number) => tracks.map((track) => track.map((event) => ({ ...event, channel })));
    const both = { ticksPerBeat, tracks: [...on(9), ...on(0)] };
    const played = applyProfile(both, kick, 100);
    expect(played.strokes).toBe(1);
    expect(played.tracks[1]).toEqual(both.tracks[1]);
    expect(played.tracks[0]).not.toEqual(both.tracks[0]);
    expect(applyProfile({ ticksPerBeat, tracks: on(0) }, kick, 100).strokes).toBe(1);
  });

  test('moves no stroke before the beginning, nor further than half a sixteenth', () => {
    const early = profileOf([hit(0, 0, -900_000, 100), hit(4, 0, -900_000, 100)]);
    const [track = []] = applyProfile(
      quantised([
        [0, 36, 80],
        [4, 36, 80],
      ]),
      early,
      100,
    ).tracks;
    expect(absolute(track).map(([tick]) => tick)).toEqual([0, 60, TICKS - 60, TICKS, TICKS + 60]);
  });

  test('is read back with the offsets and velocities of the profile', () => {
    const profile = profileOf(DRUMMER);
    const part = quantised(
      profile.cells.map(({ cell }) => [16 + (cell & 15), [36, 38, 42][cell >> 4] ?? 36, 64]),
    );
    const { tracks } = applyProfile(part, profile, 100);
    const read = performanceOfMidi({ header: { ticksPerBeat: TICKS }, tracks });
    const played = read.ok ? profileOf(read.value.hits) : expect.fail(read.message);
    for (const { cell, offsetUs, velocity } of played.cells) {
      const wanted = present(strokesOf(profile)[cell], 'stroke');
      expect(Math.abs(offsetUs - wanted.offsetUs)).toBeLessThanOrEqual(522); // half a tick
      expect(velocity).toBe(wanted.velocity);
    }
  });
});

test('a drummer with habits is met better by his profile than by the grid', () => {
  const { quantised: before, profiled: after, strokes } = measureProfiles([DRUMMER, DRUMMER.slice(0, 3)]);
  expect(strokes).toBe(DRUMMER.filter(({ sixteenth }) => sixteenth >= 320).length);
  expect(after.offsetMs).toBeLessThan(0.8 * before.offsetMs);
  expect(after.velocity).toBeLessThan(0.5 * before.velocity);
});
