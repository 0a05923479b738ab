import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIDI_QUEUE_MAX } from '../limits.ts';
import { decodeMidiBody, encodeMidiBody, isMidiMessage, type MidiBody } from '../wire/midi-body.ts';
import { MidiInbox } from './midi-inbox.ts';
import { MidiSender } from './midi-sender.ts';

const on = (note: number): Uint8Array => Uint8Array.of(0x90, note, 100);
const off = (note: number): Uint8Array => Uint8Array.of(0x80, note, 0);

const KINDS: Readonly<Record<number, string>> = { 8: 'off', 9: 'on' };

function drain(inbox: MidiInbox): string[] {
  const seen: string[] = [];
  for (let event = inbox.events.shift(); event !== undefined; event = inbox.events.shift()) {
    const [status = 0, note] = event.message;
    const channel = (status & 15) === 0 ? '' : `/${status & 15}`;
    seen.push(`${KINDS[status >> 4] ?? 'other'} ${note}${channel}`);
  }
  return seen;
}

/** Notes that sound after those events. */
function sounding(seen: readonly string[]): string[] {
  const notes = new Set<string>();
  for (const each of seen) {
    const [kind, note = ''] = each.split(' ');
    if (kind === 'on') notes.add(note);
    else if (kind === 'off') notes.delete(note);
  }
  return [...notes];
}

test('any loss, order and repetition of datagrams: each event once and in order, and no note sounds for ever', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 400, maxLength: 400 }),
      (notes, fates) => {
        const sender = new MidiSender();
        const inbox = new MidiInbox();
        const heard: string[] = [];
        const held: MidiBody[] = [];
        let datagram = 0;
        const carry = (nowUs: number, body: MidiBody | null): void => {
          if (body === null) return;
          const fate = fates[datagram++ % fates.length] ?? 0;
          if (fate < 5) return;
          if (fate === 5) held.push(body);
          else inbox.take(nowUs, body);
          if (fate === 6) inbox.take(nowUs, held.shift() ?? body);
          heard.push(...drain(inbox));
        };
        const sent: string[] = [];
        let nowUs = 0;
        for (const note of notes) {
          for (const message of [on(note), off(note)]) {
            nowUs += 3_000;
            sent.push(`${message[0] === 0x90 ? 'on' : 'off'} ${note}`);
            carry(nowUs, sender.add(nowUs, { atSample: nowUs, message }));
          }
        }
        for (let i = 0; i < 100; i++) {
          nowUs += 10_000;
          carry(nowUs, sender.tick(nowUs));
        }
        inbox.tick(nowUs + 1e6, 0);
        heard.push(...drain(inbox));
        expect(sounding(heard)).toEqual([]);
        if (inbox.lost === 0 && heard.length === sent.length) expect(heard).toEqual(sent);
      },
    ),
  );
});

test('with a third of the datagrams lost every event arrives', () => {
  const sender = new MidiSender();
  const inbox = new MidiInbox();
  let seen: string[] = [];
  inbox.take(0, { first: 0, events: [] });
  for (let i = 0; i < 300; i++) {
    const body = sender.add(i * 20_000, {
      atSample: i,
      message: i % 2 === 0 ? on(i % 100) : off((i - 1) % 100),
    });
    if (i % 3 !== 0) inbox.take(i * 20_000, body);
    seen = seen.concat(drain(inbox));
  }
  inbox.take(7e6, sender.tick(7e6) ?? { first: 0, events: [] });
  expect(seen.concat(drain(inbox)).length).toBe(300);
  expect(inbox.lost).toBe(0);
});

test('a sender that goes silent with a note held: the note ends after 0.6 s, not while signs of life come', () => {
  const sender = new MidiSender();
  const inbox = new MidiInbox();
  inbox.take(0, sender.add(0, { atSample: 0, message: on(60) }));
  for (let us = 10_000; us <= 3e6; us += 10_000) {
    const body = sender.tick(us);
    if (body !== null) inbox.take(us, body);
    inbox.tick(us, 0);
  }
  expect(drain(inbox)).toEqual(['on 60']);
  inbox.tick(3.7e6, 1);
  expect(drain(inbox)).toEqual(['off 60']);
});

test('who sends no sound shows every 20 ms that nothing is missing, until 18 s after the last note; who sends sound does not', () => {
  const sentAt = (hasSound: boolean): number[] => {
    const sender = new MidiSender();
    sender.add(0, { atSample: 0, message: on(60) });
    sender.add(1, { atSample: 0, message: off(60) });
    const sent: number[] = [];
    for (let us = 1_000; us <= 20e6; us += 1_000) if (sender.tick(us, hasSound) !== null) sent.push(us);
    return sent;
  };
  expect(sentAt(true)).toHaveLength(4);
  const signs = sentAt(false);
  expect(Math.max(...signs.map((us, i) => us - (signs[i - 1] ?? 0)))).toBeLessThan(21_001);
  expect(signs.at(-1)).toBeGreaterThan(17.9e6);
  expect(signs.at(-1)).toBeLessThanOrEqual(18e6 + 1);
});

test('a queue that nobody reads stays bounded and leaves no note on', () => {
  const inbox = new MidiInbox();
  for (let i = 0; i < MIDI_QUEUE_MAX + 5; i++)
    inbox.take(0, { first: i, events: [{ atSample: i, message: on(i % 128) }] });
  expect(inbox.events.length).toBeLessThanOrEqual(MIDI_QUEUE_MAX);
});

test.each([
  ['all room but for a few', 5, 3],
  ['no room', 5, 0],
  ['no room, and more notes held than it has places for', 127, 0],
])('a queue that nobody reads, %s: every note that the shell knows of ends', (_, notes, room) => {
  const inbox = new MidiInbox();
  let next = 0;
  const take = (message: Uint8Array): void =>
    inbox.take(0, { first: next++, events: [{ atSample: next, message }] });
  for (let channel = 0; channel < (notes > 5 ? 16 : 1); channel++)
    for (let note = 0; note < notes; note++) take(Uint8Array.of(0x90 | channel, note, 100));
  const heard = drain(inbox);
  // The end of one note waits in the queue, then the queue is as full as it may be.
  take(off(0));
  while (inbox.events.length < MIDI_QUEUE_MAX - room) take(Uint8Array.of(0xb0, 1, next % 128));
  next += 3;
  take(Uint8Array.of(0xb0, 1, 0));
  heard.push(...drain(inbox));
  inbox.tick(10e6, 1);
  inbox.releaseAll(2);
  heard.push(...drain(inbox));
  expect(sounding(heard)).toEqual([]);
});

test('an end of a note that finds the queue full ends it all the same', () => {
  const inbox = new MidiInbox();
  inbox.take(0, { first: 0, events: [{ atSample: 0, message: on(60) }] });
  const heard = drain(inbox);
  for (let i = 1; i <= MIDI_QUEUE_MAX; i++)
    inbox.take(0, { first: i, events: [{ atSample: i, message: Uint8Array.of(0xb0, 1, i % 128) }] });
  inbox.take(0, { first: MIDI_QUEUE_MAX + 1, events: [{ atSample: 9, message: off(60) }] });
  expect(sounding(heard.concat(drain(inbox)))).toEqual([]);
});

test('bodies survive the wire; random bytes are answered', () => {
  const body = {
    first: 2 ** 40,
    events: [
      { atSample: 990, message: on(1) },
      { atSample: 1000, message: Uint8Array.of(0xf8) },
    ],
  };
  const bytes = new Uint8Array(300);
  const length = encodeMidiBody(bytes, 1000, body);
  expect(decodeMidiBody(bytes.subarray(0, length), 1000)).toEqual({ ok: true, value: body });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (random, sampleTime) => {
      if (random.length > 0) random[0] = 1;
      const decoded = decodeMidiBody(random, sampleTime);
      if (decoded.ok)
        for (const event of decoded.value.events) expect(isMidiMessage(event.message)).toBe(true);
    }),
  );
});

test.each([
  [[0x90, 60, 100], true],
  [[0x90, 60], false],
  [[0xc0, 5], true],
  [[0xc0, 5, 5], false],
  [[0x90, 200, 1], false],
  [[60, 60, 60], false],
  [[0xf0], false],
  [[0xf8], true],
  [[0xf2, 1, 2], true],
])('MIDI message %j: %s', (bytes, fine) => {
  expect(isMidiMessage(Uint8Array.from(bytes))).toBe(fine);
});
