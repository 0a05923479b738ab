import { expect, test } from 'vitest';
import { eveningOptions } from '../testing/evening-options.ts';
import { VirtualEvening } from '../testing/virtual-evening.ts';

const FRAMES = 128;
const SECONDS = 4;

function silence(): Int16Array[] {
  return new Array<Int16Array>((SECONDS * 48_000) / FRAMES).fill(new Int16Array(FRAMES));
}

const note = (second: number, ...message: number[]) => ({
  atSample: Math.round(second * 48_000),
  message: Uint8Array.from(message),
});

/** Ada plays `notes`; answers what sounds at Ben's, and Ben's figures. */
function evening(notes: ReturnType<typeof note>[], loss: number) {
  const room = new VirtualEvening({ seed: 'notes', wayUs: 4_000, jitterUs: 500, loss });
  const played: { readonly second: number; readonly message: string }[] = [];
  room.add({ options: eveningOptions('ada'), input: silence(), notes });
  const ben = room.add({
    options: eveningOptions('ben'),
    input: silence(),
    midiOut: (message) =>
      played.push({
        second: (room.nowUs - ben.startedAtUs) / 1e6,
        message: Buffer.from(message).toString('hex'),
      }),
  });
  room.run(SECONDS + 5);
  for (const heard of ben.heard) heard.notes.close(room.nowUs);
  return { played, notes: ben.heard[0]?.notes };
}

test('notes are heard once, in order, as late as the sound that was played with them, through loss', () => {
  const scale = Array.from({ length: 40 }, (_, i) => [
    note(0.5 + i * 0.05, 0x90, 60 + (i % 12), 80),
    note(0.53 + i * 0.05, 0x80, 60 + (i % 12), 0),
  ]).flat();
  const { played, notes } = evening(scale, 0.1);
  expect(notes).toMatchObject({ events: scale.length, lost: 0, released: 0 });
  expect(played.map((each) => each.message.slice(0, 4))).toEqual(
    scale.map(({ message }) => Buffer.from(message).toString('hex').slice(0, 4)),
  );
  // Through a tenth of loss a repeat comes 10 ms later, four repeats at most; the sound lags by some 11 ms.
  for (const [i, { second }] of played.entries()) {
    const lagMs = 1000 * (second - (scale[i]?.atSample ?? 0) / 48_000);
    expect(lagMs).toBeGreaterThan(5);
    expect(lagMs).toBeLessThan(70);
  }
});

test('a note that nobody ends is ended when its player leaves', () => {
  const { played, notes } = evening([note(1, 0x91, 64, 100)], 0);
  expect(notes?.events).toBeGreaterThan(0);
  expect(played[0]?.message).toBe('914064');
  expect(played.at(-1)?.message.slice(0, 4)).toBe('8140');
  expect(played).toHaveLength(2);
});

const DRUMS_SECONDS = 16;
const BEAT_US = 500_000;
const [KICK_ON, KICK_OFF] = [
  [0x99, 36, 100],
  [0x89, 36, 0],
] as const;

/**
 * Ada drums a kick on every beat of 120 a minute; from 12 s to 13.6 s nothing of her reaches the relay. The beat is told to the room by
 * somebody, by what she joined with, or by nobody. Answers Ben's kicks, s.
 */
function drumEvening(beatOf: 'somebody' | 'her options' | 'nobody'): number[] {
  const kicks = Array.from({ length: 2 * DRUMS_SECONDS - 2 }, (_, i) => 1 + (i * BEAT_US) / 1e6);
  const notes = kicks.flatMap((second) => [note(second, ...KICK_ON), note(second + 0.1, ...KICK_OFF)]);
  const room = new VirtualEvening({ seed: 'drums', wayUs: 4_000, jitterUs: 500, loss: 0 });
  const input = new Array<Int16Array>((DRUMS_SECONDS * 48_000) / FRAMES).fill(new Int16Array(FRAMES));
  const own = beatOf === 'her options' ? { beat: { tempoMilliBpm: 120_000, beatsPerBar: 4 } } : {};
  room.add({ options: eveningOptions('ada', own), input, notes });
  const heard: number[] = [];
  const ben = room.add({
    options: eveningOptions('ben'),
    input,
    midiOut: ([status = 0]) => {
      if (status === KICK_ON[0]) heard.push((room.nowUs - ben.startedAtUs) / 1e6);
    },
  });
  room.run(1.5);
  const beat = { id: 1, atSample: 48_000, bar: 0, tempoMilliBpm: 120_000, beatsPerBar: 4, isRunning: true };
  if (beatOf === 'somebody') expect(room.sessions.get('ada')?.setTimeline(room.nowUs, beat).ok).toBe(true);
  const untilSecond = (second: number): void => room.run(second - (room.nowUs - ben.startedAtUs) / 1e6);
  untilSecond(12);
  room.cutOff.add('ada');
  untilSecond(13.6);
  room.cutOff.delete('ada');
  room.run(DRUMS_SECONDS);
  return heard;
}

test.each(['somebody', 'her options'] as const)(
  'a drummer who is cut off is heard to play on by the beat of %s, each hit once; without one there is a hole',
  (beatOf) => {
    const isInHole = (second: number): boolean => second > 12.01 && second < 13.55;
    expect(drumEvening('nobody').filter(isInHole)).toEqual([]);
    const all = drumEvening(beatOf);
    const foretold = all.filter(isInHole);
    // Of 12.5, 13 and 13.5 s; the one on the bar line is missed where this drummer plays ahead of it.
    expect(foretold.length).toBeGreaterThanOrEqual(2);
    for (const second of foretold)
      expect(Math.abs(second * 2 - Math.round(second * 2)) / 2).toBeLessThan(0.04);
    // No beat has two.
    const beats = all.map((second) => Math.round(second * 2));
    expect(new Set(beats).size).toBe(beats.length);
  },
);

test('two players’ clicks follow the drummer who plays ahead of the beat, and go with each other; a plain click stays', () => {
  const aheadS = 0.02;
  const kicks = Array.from({ length: 24 }, (_, i) => 2 + (i * BEAT_US) / 1e6 - aheadS);
  const notes = kicks.flatMap((second) => [note(second, ...KICK_ON), note(second + 0.1, ...KICK_OFF)]);
  const room = new VirtualEvening({ seed: 'click', wayUs: 8_000, jitterUs: 1_000, loss: 0.05 });
  const input = new Array<Int16Array>((16 * 48_000) / FRAMES).fill(new Int16Array(FRAMES));
  const ada = room.add({ options: eveningOptions('ada', { click: 'band' }), input, notes });
  const ben = room.add({ options: eveningOptions('ben', { click: 'band' }), input });
  const cyd = room.add({ options: eveningOptions('cyd', { click: 'plain' }), input });
  room.run(1.5);
  const beat = { id: 1, atSample: 48_000, bar: 0, tempoMilliBpm: 120_000, beatsPerBar: 4, isRunning: true };
  expect(room.sessions.get('ada')?.setTimeline(room.nowUs, beat).ok).toBe(true);
  room.run(10.5);
  const [adas, bens] = [ada.metrics(room.nowUs).band, ben.metrics(room.nowUs).band];
  expect(cyd.metrics(room.nowUs).band).toBeNull();
  expect(bens?.isLed).toBe(true);
  expect(Math.abs((bens?.offsetMs ?? 0) + 1000 * aheadS)).toBeLessThan(8);
  expect(Math.abs((adas?.offsetMs ?? 0) - (bens?.offsetMs ?? 0))).toBeLessThan(4);
});
