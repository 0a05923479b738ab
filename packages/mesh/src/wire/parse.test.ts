import { decodeUtf8 } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryBytes } from '../core/catalogue.ts';
import { partsFor } from '../testing/hosts.ts';
import {
  encodeNodeMessage,
  entryFromWire,
  entryToWire,
  parseNodeMessage,
  parseStudioMessage,
} from './parse.ts';

const TASK = 'ab'.repeat(32);
const COMMIT = {
  type: 'commit',
  call: 1,
  items: [{ task: TASK, lease: 1, resultHash: TASK, chunkHashes: [TASK] }],
  signature: 'cd'.repeat(64),
};

test('takes good messages', () => {
  expect(parseNodeMessage(JSON.stringify(COMMIT))).toEqual({ ok: true, value: COMMIT });
  expect(parseNodeMessage('{"type":"goodbye","later":"fields are added"}').ok).toBe(true);
  const reveal = {
    type: 'reveal',
    call: 1,
    items: [{ task: TASK, lease: 1, result: Uint8Array.of(1, 2) }],
  } as const;
  expect(parseNodeMessage(encodeNodeMessage(reveal))).toEqual({ ok: true, value: reveal });
  expect(parseStudioMessage('{"type":"work-waiting"}').ok).toBe(true);
});

test.each([
  ['not JSON', '{', 'message-not-json'],
  ['a list', '[]', 'message-malformed'],
  ['null', 'null', 'message-malformed'],
  ['an unknown type', '{"type":"reboot"}', 'message-malformed'],
  ['a lease of none', '{"type":"lease","call":1,"limit":0}', 'message-malformed'],
  ['a lease of 51', '{"type":"lease","call":1,"limit":51}', 'message-malformed'],
  ['an upper-case hash', JSON.stringify({ ...COMMIT, signature: 'CD'.repeat(64) }), 'message-malformed'],
  [
    '51 commitments',
    JSON.stringify({ ...COMMIT, items: Array(51).fill(COMMIT.items[0]) }),
    'message-malformed',
  ],
  ['no commitments', JSON.stringify({ ...COMMIT, items: [] }), 'message-malformed'],
  ['results as text', '{"type":"reveal","call":1,"items":[]}', 'message-malformed'],
  ['a task id of another shape', '{"type":"give-back","tasks":["../../etc"]}', 'message-malformed'],
  [
    '65 slots',
    '{"type":"ready","slots":65,"kinds":[],"operationsPerSecond":"1","device":"","grooveSessions":0}',
    'message-malformed',
  ],
])('refuses %s', (_, text, code) => {
  expect(parseNodeMessage(text)).toMatchObject({ ok: false, code });
});

const NOTICE = {
  paused: ['outside-schedule', 'gpu-hot'],
  rules: {
    schedule: ['mon-fri 18:00-08:00', 'sat-sun'],
    idleMinutes: 5,
    gpuTemperatureCelsiusMax: null,
    gpuPowerWattsMax: 120.5,
    bandwidthMbitPerSecondMax: null,
    devicesOff: 1,
  },
};
const beat = (notice: object) => parseNodeMessage(JSON.stringify({ type: 'heartbeat', running: 0, notice }));
const withRules = (rules: object) => beat({ ...NOTICE, rules: { ...NOTICE.rules, ...rules } });

test('a beat carries what an owner may read of the machine, or nothing of it', () => {
  expect(beat(NOTICE)).toMatchObject({ ok: true, value: { notice: NOTICE } });
  expect(parseNodeMessage('{"type":"heartbeat","running":1}')).toEqual({
    ok: true,
    value: { type: 'heartbeat', running: 1 },
  });
  // The most that fits each limit.
  const most = { ...NOTICE.rules, schedule: Array(32).fill('x'.repeat(24)), devicesOff: 64 };
  expect(beat({ paused: Array(10).fill('p'.repeat(32)), rules: most }).ok).toBe(true);
});

test.each([
  ['eleven pauses', beat({ ...NOTICE, paused: Array(11).fill('bandwidth') })],
  ['a pause in words', beat({ ...NOTICE, paused: ['Too <b>hot</b>'] })],
  ['a pause of 33 letters', beat({ ...NOTICE, paused: ['p'.repeat(33)] })],
  ['33 lines of a schedule', withRules({ schedule: Array(33).fill('mon') })],
  ['a line of 25 letters', withRules({ schedule: ['x'.repeat(25)] })],
  ['less than no minutes', withRules({ idleMinutes: -1 })],
  ['65 devices', withRules({ devicesOff: 65 })],
  ['no rules', beat({ paused: [] })],
])('a notice with %s is refused with its beat', (_, answer) => {
  expect(answer).toMatchObject({ ok: false, code: 'message-malformed' });
});

test('whatever a notice is made of, it is taken as it was sent or refused', () => {
  const anyNotice = fc.record({
    paused: fc.array(fc.oneof(fc.constant('in-use'), fc.string()), { maxLength: 12 }),
    rules: fc.record({
      schedule: fc.array(fc.string({ maxLength: 30 }), { maxLength: 40 }),
      idleMinutes: fc.oneof(fc.double(), fc.constant(null), fc.string()),
      gpuTemperatureCelsiusMax: fc.oneof(fc.integer(), fc.constant(null)),
      gpuPowerWattsMax: fc.oneof(fc.integer(), fc.constant(null)),
      bandwidthMbitPerSecondMax: fc.oneof(fc.integer(), fc.constant(null)),
      devicesOff: fc.integer({ min: -5, max: 70 }),
    }),
  });
  fc.assert(
    fc.property(anyNotice, (notice) => {
      const answer = beat(notice);
      if (!answer.ok) return answer.code === 'message-malformed';
      return JSON.stringify(answer.value) === JSON.stringify({ type: 'heartbeat', running: 0, notice });
    }),
  );
});

test('answers any text with a value', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof parseNodeMessage(text).ok === 'boolean'));
  fc.assert(fc.property(fc.json(), (text) => typeof parseStudioMessage(text).ok === 'boolean'));
});

test('carries catalogue entries there and back', () => {
  const entry = partsFor({ seed: 'x' }).catalogue.find('test.scale', 1);
  if (!entry) throw new Error('no entry');
  for (const each of [entry, { ...entry, replicas: 3 }]) {
    const signed = { entry: each, signature: '00'.repeat(64) };
    expect(entryFromWire(JSON.parse(JSON.stringify(entryToWire(signed))))).toEqual(signed);
  }
  // What is signed of an entry without replicas is what it was before there were any.
  const [one, three] = [entryBytes(entry), entryBytes({ ...entry, replicas: 3 })].map((bytes) =>
    decodeUtf8(bytes),
  );
  expect(one).not.toContain('replicas');
  expect(three).toContain('"replicas":3');
});
