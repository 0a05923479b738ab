import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIDI_DEFAULTS, MidiConcealer, NOTE_LEAST_US } from './midi-concealer.ts';
import type { MidiEvent } from './midi-event.ts';
import { GLIDE_STEPS } from './wheels.ts';

const on = (atUs: number, note = 60): MidiEvent & { kind: 'note-on' } => ({
  kind: 'note-on',
  channel: 9,
  note,
  velocity: 100,
  atUs,
});
const off = (atUs: number, note = 60): MidiEvent => ({ kind: 'note-off', channel: 9, note, atUs });
const wheel = (atUs: number, value: number): MidiEvent => ({
  kind: 'controller',
  channel: 0,
  controller: 7,
  value,
  atUs,
});

function played(result: ReturnType<MidiConcealer['receive']>): MidiEvent[] {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

const step = fc.record({
  waitUs: fc.nat(400_000),
  latenessUs: fc.integer({ min: -200_000, max: 300_000 }),
  forecastUs: fc.option(fc.integer({ min: -50_000, max: 400_000 })),
  event: fc.oneof(
    fc.record({
      kind: fc.constant('note-on' as const),
      note: fc.nat(3),
      velocity: fc.integer({ min: 1, max: 127 }),
    }),
    fc.record({ kind: fc.constant('note-off' as const), note: fc.nat(3) }),
    fc.record({ kind: fc.constant('controller' as const), controller: fc.nat(1), value: fc.nat(127) }),
    fc.record({ kind: fc.constant('pitch-bend' as const), value: fc.nat(16_383) }),
    fc.constant({ kind: 'lose' as const }),
    fc.record({ kind: fc.constant('foretell' as const), note: fc.nat(3) }),
  ),
});

test('whatever is lost or late: on and off alternate on every key, nothing plays in the past, and in the end all is still', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const concealer = new MidiConcealer();
      const sounding = new Map<number, number>();
      const heard = (nowUs: number, events: readonly MidiEvent[]): void => {
        for (const event of events) {
          expect(event.atUs).toBeGreaterThanOrEqual(nowUs);
          if (event.kind === 'note-on') {
            expect(sounding.has(event.note)).toBe(false);
            sounding.set(event.note, event.atUs);
          } else if (event.kind === 'note-off') {
            expect(event.atUs).toBeGreaterThanOrEqual((sounding.get(event.note) ?? Infinity) + NOTE_LEAST_US);
            sounding.delete(event.note);
          }
        }
      };
      let nowUs = 1_000_000;
      for (const { waitUs, latenessUs, forecastUs, event } of steps) {
        nowUs += waitUs;
        heard(nowUs, concealer.release(nowUs));
        if (event.kind === 'lose') concealer.lose(nowUs);
        else if (event.kind === 'foretell') {
          const hit = { ...on(Math.min(nowUs, nowUs - latenessUs), event.note), channel: 2 } as const;
          heard(nowUs, played(concealer.foretell(nowUs, hit)));
        } else {
          const arrived: MidiEvent = { ...event, channel: 2, atUs: nowUs - latenessUs };
          const forecast = forecastUs === null ? null : nowUs + forecastUs;
          heard(nowUs, played(concealer.receive(nowUs, arrived, forecast)));
        }
      }
      nowUs += MIDI_DEFAULTS.heldUsMax + 400_000;
      heard(nowUs, concealer.release(nowUs));
      expect(sounding.size).toBe(0);
      expect(concealer.nextUs()).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

test('events in time, without a loss, sound as they came', () => {
  const concealer = new MidiConcealer();
  const events = [on(1000), wheel(2000, 90), off(90_000), wheel(90_000, 20), on(91_000), off(200_000)];
  expect(events.flatMap((event) => played(concealer.receive(event.atUs - 500, event)))).toEqual(events);
});

test('a note that sounds over a loss is released after the stated time, one struck afterwards is not', () => {
  const concealer = new MidiConcealer({ releaseAfterLossUs: 300_000 });
  concealer.receive(0, on(0, 60));
  concealer.lose(100_000);
  concealer.lose(350_000);
  concealer.receive(360_000, on(360_000, 61));
  expect(concealer.nextUs()).toBe(400_000);
  expect(concealer.release(399_999)).toEqual([]);
  expect(concealer.release(400_000)).toEqual([off(400_000, 60)]);
  expect(concealer.release(700_000)).toEqual([]);
  expect(concealer.nextUs()).toBe(360_000 + MIDI_DEFAULTS.heldUsMax);
});

test('a note-off without a note is left out, a second note-on lets the first note go', () => {
  const concealer = new MidiConcealer();
  expect(played(concealer.receive(0, off(0)))).toEqual([]);
  concealer.receive(0, on(0));
  expect(played(concealer.receive(50_000, on(50_000)))).toEqual([off(50_000), on(50_000)]);
});

test('a late hit sounds at the forecast time, at once without one, and not at all when that is too late', () => {
  const concealer = new MidiConcealer({ lateUsMax: 100_000 });
  expect(played(concealer.receive(50_000, on(40_000, 36), 90_000))).toEqual([on(90_000, 36)]);
  expect(played(concealer.receive(60_000, off(55_000, 36)))).toEqual([off(90_000 + NOTE_LEAST_US, 36)]);
  expect(played(concealer.receive(50_000, on(40_000, 38), null))).toEqual([on(50_000, 38)]);
  expect(played(concealer.receive(50_000, on(40_000, 40), 30_000))).toEqual([on(50_000, 40)]);
  expect(played(concealer.receive(50_000, on(40_000, 42), 140_001))).toEqual([]);
});

test('a foretold hit that comes late is not struck twice, its own end counts; one that never comes is released', () => {
  const concealer = new MidiConcealer();
  expect(played(concealer.foretell(100_000, on(99_000, 36)))).toEqual([on(100_000, 36)]);
  expect(played(concealer.foretell(101_000, on(99_000, 36)))).toEqual([]);
  expect(played(concealer.receive(140_000, on(97_000, 36)))).toEqual([]);
  expect(concealer.nextUs()).toBe(100_000 + MIDI_DEFAULTS.heldUsMax);
  expect(played(concealer.receive(160_000, off(130_000, 36)))).toEqual([off(160_000, 36)]);
  expect(played(concealer.foretell(1_000_000, on(1_000_000, 38)))).toEqual([on(1_000_000, 38)]);
  expect(concealer.release(1_500_000)).toEqual([off(1_500_000, 38)]);
});

test('a hit that came is not foretold, and another hit than the foretold one sounds', () => {
  const concealer = new MidiConcealer();
  concealer.receive(0, on(50_000, 36));
  expect(played(concealer.foretell(90_000, on(90_000, 36)))).toEqual([]);
  concealer.foretell(300_000, on(300_000, 36));
  expect(played(concealer.receive(390_000, on(400_000, 36)))).toEqual([off(400_000, 36), on(400_000, 36)]);
});

test('a pedal that is down over a loss is let go, one that goes down afterwards is not; switches do not glide', () => {
  const pedal = (atUs: number, value: number): MidiEvent =>
    ({ ...wheel(atUs, value), controller: 64 }) as MidiEvent;
  const concealer = new MidiConcealer();
  concealer.receive(0, pedal(0, 127));
  concealer.lose(100_000);
  expect(concealer.release(600_000)).toEqual([pedal(600_000, 0)]);
  concealer.lose(650_000);
  expect(played(concealer.receive(700_000, pedal(700_000, 127)))).toEqual([pedal(700_000, 127)]);
  expect(concealer.nextUs()).toBe(Number.POSITIVE_INFINITY);
});

test('a message that ends all notes of a channel ends them here too', () => {
  const concealer = new MidiConcealer();
  concealer.receive(0, on(0, 60));
  const end = { kind: 'controller', channel: 9, controller: 123, value: 0, atUs: 50_000 } as const;
  expect(played(concealer.receive(50_000, end))).toEqual([off(50_000, 60), end]);
  expect(concealer.nextUs()).toBe(Number.POSITIVE_INFINITY);
});

test('after a loss a wheel glides to its value through values in between, in order of time', () => {
  fc.assert(
    fc.property(fc.nat(127), fc.nat(127), fc.nat(127), (first, second, third) => {
      const concealer = new MidiConcealer();
      concealer.receive(0, wheel(0, first));
      concealer.lose(10_000);
      const glide = played(concealer.receive(20_000, wheel(20_000, second)));
      expect(glide.length).toBeLessThanOrEqual(GLIDE_STEPS);
      let last = first;
      for (const event of glide) {
        const value = event.kind === 'controller' ? event.value : Number.NaN;
        expect((value - last) * Math.sign(second - first)).toBeGreaterThanOrEqual(0);
        last = value;
      }
      expect(glide.at(-1)).toEqual(wheel(20_000 + MIDI_DEFAULTS.glideUs, second));
      expect(played(concealer.receive(21_000, wheel(21_000, third)))).toEqual([
        wheel(20_000 + MIDI_DEFAULTS.glideUs, third),
      ]);
    }),
  );
});

test.each([
  { ...on(0), note: 128 },
  { ...on(0), velocity: 0 },
  { ...on(0), channel: 16 },
  { ...on(0), atUs: -1 },
  { ...on(0), atUs: 0.5 },
  { ...wheel(0, 128) },
  { kind: 'pitch-bend', channel: 0, value: 16_384, atUs: 0 },
] as MidiEvent[])('%j is refused and changes nothing', (event) => {
  const concealer = new MidiConcealer();
  const result = concealer.receive(0, event);
  expect(result.ok ? 'taken' : result.code).toBe('midi-malformed');
  expect(concealer.nextUs()).toBe(Number.POSITIVE_INFINITY);
});
