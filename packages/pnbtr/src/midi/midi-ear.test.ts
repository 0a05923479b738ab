import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIDI_DEFAULTS } from './midi-concealer.ts';
import { type HitForecast, MIDI_WAITING_MAX, MidiEar } from './midi-ear.ts';
import { eventOfMessage, messageOfEvent } from './midi-message.ts';

const KICK = 36;
const BEAT_US = 250_000;
const on = (pitch = KICK): Uint8Array => Uint8Array.of(0x99, pitch, 100);
const off = (pitch = KICK): Uint8Array => Uint8Array.of(0x89, pitch, 0);

/** A kick on every beat, whatever is heard. */
const steady: HitForecast = {
  hear: () => undefined,
  between: (fromUs, toUs) => {
    const atUs = Math.ceil(fromUs / BEAT_US) * BEAT_US;
    return atUs < toUs ? [{ pitch: KICK, velocity: 90, atUs }] : [];
  },
  nextUs: (_, fromUs) => Math.ceil(fromUs / BEAT_US) * BEAT_US,
};

interface Heard {
  readonly atUs: number;
  readonly message: readonly number[];
}

function listen(ear: MidiEar, fromUs: number, toUs: number, isCutOff = false): Heard[] {
  const heard: Heard[] = [];
  for (let nowUs = fromUs; nowUs < toUs; nowUs += 1_000)
    ear.play(nowUs, isCutOff, (message, atUs) => heard.push({ atUs, message: [...message] }));
  return heard;
}

test('messages play in order of their times, those that need no concealment too', () => {
  const ear = new MidiEar();
  ear.take(0, off(), 30_000);
  ear.take(0, on(), 10_000);
  ear.take(0, Uint8Array.of(0xc9, 5), 20_000);
  ear.take(0, off(), 40_000);
  expect(listen(ear, 0, 50_000).map(({ atUs }) => atUs)).toEqual([10_000, 20_000, 40_000]);
});

test('while nothing comes the expected hits sound on time; a hit that was only late is not heard twice', () => {
  const ear = new MidiEar({ forecast: steady });
  expect(listen(ear, 0, 240_000)).toEqual([]);
  expect(listen(ear, 240_000, 290_000, true)).toEqual([{ atUs: 251_000, message: [...messageOf(90)] }]);
  expect(ear.foretold).toBe(1);
  ear.take(300_000, on(), 248_000);
  ear.take(301_000, off(), 270_000);
  expect(listen(ear, 300_000, 450_000)).toEqual([{ atUs: 301_000, message: [...off()] }]);
});

const messageOf = (velocity: number): Uint8Array => Uint8Array.of(0x99, KICK, velocity);

test('a late hit that was not foretold sounds at the next likely time, is left out when that is too far, and other notes sound at once', () => {
  const ear = new MidiEar({ forecast: steady });
  ear.take(120_000, on(), 90_000);
  ear.take(170_000, Uint8Array.of(0x90, KICK, 80), 110_000);
  expect(listen(ear, 170_000, 300_000)).toEqual([{ atUs: 170_000, message: [0x90, KICK, 80] }]);
  ear.take(431_000, on(), 410_000);
  expect(listen(ear, 431_000, 600_000)).toEqual([{ atUs: 500_000, message: [...on()] }]);
});

test('a hit that is only a little late sounds at once, not a sixteenth later', () => {
  const ear = new MidiEar({ forecast: steady });
  ear.take(430_000, on(), 410_000);
  expect(listen(ear, 430_000, 600_000)).toEqual([{ atUs: 430_000, message: [...on()] }]);
});

test('a key that is struck, let go and struck again at one moment sounds twice, one after the other', () => {
  const ear = new MidiEar();
  for (const message of [on(), off(), on(), off()]) ear.take(0, message, 0);
  const kinds = listen(ear, 0, 1_000_000).map(({ message }) => message[0]);
  expect(kinds).toEqual([0x99, 0x89, 0x99, 0x89]);
});

test('whatever comes, late, doubled or not at all: no key is struck twice without an end, none sounds for ever', () => {
  const step = fc.record({
    waitUs: fc.nat(120_000),
    latenessUs: fc.integer({ min: -150_000, max: 200_000 }),
    message: fc.oneof(
      fc.constant(on()),
      fc.constant(off()),
      fc.tuple(fc.nat(15), fc.nat(127), fc.nat(127)).map(([c, a, b]) => Uint8Array.of(0xb0 | c, a, b)),
      fc.uint8Array({ minLength: 0, maxLength: 4 }),
    ),
    fate: fc.constantFrom('comes', 'comes', 'lost', 'cut-off'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const ear = new MidiEar({ forecast: steady });
      const sounding = new Set<number>();
      let playedUs = 0;
      const sink = (message: Uint8Array, atUs: number): void => {
        expect(atUs).toBeGreaterThanOrEqual(playedUs);
        playedUs = atUs;
        const event = eventOfMessage(message, atUs);
        if (event?.kind !== 'note-on' && event?.kind !== 'note-off') return;
        const key = event.channel * 128 + event.note;
        expect(sounding.has(key)).toBe(event.kind === 'note-off');
        if (event.kind === 'note-on') sounding.add(key);
        else sounding.delete(key);
      };
      let nowUs = 1_000_000;
      for (const { waitUs, latenessUs, message, fate } of steps) {
        nowUs += waitUs;
        if (fate === 'comes') ear.take(nowUs, message, nowUs - latenessUs);
        if (fate === 'lost') ear.lose(nowUs);
        ear.play(nowUs, fate === 'cut-off', sink);
      }
      for (let turn = 0; turn < 3; turn++)
        ear.play(nowUs + (turn + 1) * (MIDI_DEFAULTS.heldUsMax + 1_000_000), false, sink);
      expect(sounding.size).toBe(0);
    }),
  );
});

test('messages that nobody plays are refused past a limit, ends of notes excepted', () => {
  const ear = new MidiEar();
  for (let i = 0; i < MIDI_WAITING_MAX + 50; i++) ear.take(0, Uint8Array.of(0xc0, i & 127), 1_000);
  ear.take(0, on(), 1_000);
  expect(listen(ear, 1_000, 2_000).length).toBe(MIDI_WAITING_MAX);
});

test('an event and its message are the same thing', () => {
  for (const bytes of [
    [0x93, 60, 1],
    [0x83, 60, 0],
    [0xb0, 7, 90],
    [0xe2, 1, 64],
  ]) {
    const event = eventOfMessage(Uint8Array.from(bytes), 5);
    expect(event === null ? [] : [...messageOfEvent(event)]).toEqual(bytes);
  }
  expect(eventOfMessage(Uint8Array.of(0x90, 60, 0), 5)).toMatchObject({ kind: 'note-off', note: 60 });
  expect(eventOfMessage(Uint8Array.of(0xf8), 5)).toBeNull();
});
