import { readFileSync } from 'node:fs';
import { fromHex, ok, type Result, seededChance, toHex } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AudioWriter } from '../jellie/audio-writer.ts';
import { checkPlan, codedPlan, copiesPlan, planBytes } from '../jellie/redundancy-plan.ts';
import { DATAGRAM_BYTES_MAX } from '../limits.ts';
import { SmallRoom } from '../testing/small-room.ts';
import { decodeAudioBody } from './audio-body-value.ts';
import { ENVELOPE_BYTES } from './audio-layout.ts';
import { decodeControl, encodeControl } from './control-message.ts';
import {
  bodyOf,
  decodeHeader,
  encodeHeader,
  HEADER_BYTES,
  HOP_TAG_BYTES,
  heldBytes,
  PACKET_TYPE,
  type WireCode,
} from './header.ts';
import { decodeMidiBody, encodeMidiBody } from './midi-body.ts';
import { decodeProbe } from './probe-body.ts';
import { decodeStatsBody } from './stats-body.ts';
import { decodeSyncBody } from './sync-body.ts';

interface Vector {
  readonly name: string;
  readonly of: 'datagram' | 'audio' | 'sync' | 'control' | 'stats' | 'probe';
  readonly hex: string;
  readonly code?: string;
  readonly value?: unknown;
}

const VECTORS = JSON.parse(
  readFileSync(new URL('../../vectors/wire.json', import.meta.url), 'utf8'),
) as Vector[];
/** With its bytes as hex. */
function shownProbe(body: Uint8Array): Result<unknown, WireCode> {
  const probe = decodeProbe(body);
  if (!probe.ok) return probe;
  const { challenge, echo } = probe.value;
  return ok({ ...probe.value, challenge: toHex(challenge), echo: echo === null ? null : toHex(echo) });
}

const DECODE = {
  datagram: decodeHeader,
  audio: decodeAudioBody,
  sync: decodeSyncBody,
  control: decodeControl,
  stats: decodeStatsBody,
  probe: shownProbe,
};

const BODY_CODES = ['body-truncated', 'body-malformed', 'number-too-large'];

test.each(VECTORS.map((vector) => [vector.name, vector] as const))('vector: %s', (_, vector) => {
  const bytes = fromHex(vector.hex);
  if (bytes === null) throw new Error('vector is no hex');
  const decoded = DECODE[vector.of](bytes);
  if (vector.code !== undefined) expect(decoded).toMatchObject({ ok: false, code: vector.code });
  else expect(decoded).toEqual({ ok: true, value: vector.value });
});

test('the vectors hold a refusal for every code of the wire', () => {
  const codes = new Set(VECTORS.map((vector) => vector.code));
  for (const code of [
    'too-short',
    'too-long',
    'not-toast',
    'version-unknown',
    'type-unknown',
    'number-too-large',
    'body-truncated',
    'body-malformed',
  ]) {
    expect(codes).toContain(code);
  }
});

test('headers survive the wire, and bytes behind the hop tag are skipped', () => {
  const uint53 = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const header = fc.record({
    type: fc.constantFrom(...Object.values(PACKET_TYPE)),
    stream: fc.nat(255),
    flags: fc.nat(255),
    epoch: fc.nat(0xffffffff),
    sequence: uint53,
    sampleTime: uint53,
    generation: fc.nat(0xffff),
    // Room for the held time and ten bytes more behind the hop tag: what is longer is refused.
    bodyBytes: fc.nat(DATAGRAM_BYTES_MAX - ENVELOPE_BYTES - 10),
  });
  fc.assert(
    fc.property(header, fc.nat(10), (value, extra) => {
      const signed = HEADER_BYTES + value.bodyBytes + heldBytes(value.flags);
      const datagram = new Uint8Array(signed + HOP_TAG_BYTES + extra);
      encodeHeader(datagram, value);
      expect(decodeHeader(datagram)).toEqual({ ok: true, value });
      expect(bodyOf(datagram, value).length).toBe(value.bodyBytes);
    }),
  );
});

test.each([
  [128, 2, copiesPlan([1, 3]), true],
  [256, 2, copiesPlan([3]), true],
  [256, 2, copiesPlan([1, 3]), false],
  [128, 2, copiesPlan([3, 1]), false],
  [128, 2, copiesPlan([0]), false],
  [128, 2, copiesPlan([1, 1]), false],
  [64, 2, copiesPlan([65]), false],
  [64, 2, copiesPlan([1, 2, 3, 4, 5, 6, 7]), true],
  [64, 2, copiesPlan([1, 2, 3, 4, 5, 6, 7, 8]), false],
  [64, 2, codedPlan(2, 16), true],
  [64, 2, codedPlan(2, 17), false],
  [64, 2, codedPlan(5, 8), false],
  [64, 2, codedPlan(0, 8), false],
  [64, 2, codedPlan(3, 2), false],
  [128, 3, codedPlan(2, 8), false],
  [128, 3, codedPlan(1, 8), true],
] as const)('%d frames of %d bytes with %j: allowed %s', (frames, sampleBytes, plan, allowed) => {
  expect(checkPlan({ frames, sampleBytes }, plan).ok).toBe(allowed);
  if (allowed) expect(planBytes({ frames, sampleBytes }, plan)).toBeLessThanOrEqual(DATAGRAM_BYTES_MAX);
});

test('the bytes planned for a datagram are the bytes written', () => {
  for (const plan of [copiesPlan([1, 4]), codedPlan(2, 8)]) {
    for (const sampleBytes of [2, 3] as const) {
      const writer = new AudioWriter({ frames: 64, sampleBytes, mayPack: false });
      for (let index = 0; index < 20; index++) writer.keep(index, new Int32Array(64).fill(index));
      const bytes = writer.write(new Uint8Array(1200), 19, 20, plan, 1);
      expect(ENVELOPE_BYTES + bytes).toBe(planBytes({ frames: 64, sampleBytes }, plan));
    }
  }
});

test('the longest page of a room fits one datagram', () => {
  const member = {
    seat: 15,
    player: '\u{20000}'.repeat(32),
    joinId: 'f'.repeat(32),
    epoch: 0xffffffff,
    founder: false,
    packets: Number.MAX_SAFE_INTEGER,
    consent: 7,
    keys: `${'a'.repeat(107)}=`,
  };
  const entry = {
    id: 0xffffffff,
    atSample: Number.MAX_SAFE_INTEGER,
    bar: 0xffffffff,
    tempoMilliBpm: 400_000,
    beatsPerBar: 32,
    isRunning: false,
  };
  const page = {
    t: 'room',
    version: 0xffffffff,
    page: 7,
    pages: 8,
    startAtUs: Number.MAX_SAFE_INTEGER,
    members: [member, member],
    timeline: [entry, entry],
  } as const;
  const bytes = encodeControl(page);
  expect(HEADER_BYTES + bytes.length + HOP_TAG_BYTES).toBeLessThanOrEqual(DATAGRAM_BYTES_MAX);
  expect(decodeControl(bytes)).toEqual({ ok: true, value: page });
});

/** A body that an honest sender could have sealed. */
function midiBody(): Uint8Array {
  const bytes = new Uint8Array(300);
  const message = Uint8Array.of(0x90, 60, 100);
  const events = Array.from({ length: 6 }, (_, i) => ({ atSample: 900 + i, message }));
  return bytes.slice(0, encodeMidiBody(bytes, 1000, { first: 5, events }));
}

const BODIES = {
  audio: decodeAudioBody,
  midi: (body: Uint8Array) => decodeMidiBody(body, 1000),
  sync: decodeSyncBody,
  control: decodeControl,
  stats: decodeStatsBody,
  probe: decodeProbe,
} as const;

test.each(Object.entries(BODIES))(
  'opened bodies of %s, honest but for up to two bytes: each is answered, and enough of both kinds get through',
  (name, decode) => {
    const chance = seededChance(`bodies of ${name}`);
    const honest =
      name === 'midi'
        ? [midiBody()]
        : VECTORS.flatMap(({ of, code, hex }) =>
            of === name && code === undefined ? [fromHex(hex) ?? new Uint8Array()] : [],
          );
    const seen = { fine: 0, refused: 0 };
    for (let i = 0; i < 5_000; i++) {
      const whole = honest[chance.below(honest.length)] ?? new Uint8Array();
      const body = whole.slice(0, chance.below(10) === 0 ? chance.below(whole.length + 1) : whole.length);
      for (let k = 0; k < chance.below(3) && body.length > 0; k++) {
        // The first bytes say how the others are to be read.
        const place = chance.below(chance.below(2) === 0 ? Math.min(20, body.length) : body.length);
        body[place] = chance.below(256);
      }
      const decoded = decode(body);
      seen[decoded.ok ? 'fine' : 'refused']++;
      if (!decoded.ok) expect(BODY_CODES).toContain(decoded.code);
    }
    expect(seen.fine).toBeGreaterThan(1_000);
    expect(seen.refused).toBeGreaterThan(300);
  },
);

test('30,000 random and mutated datagrams neither throw nor change what a room hears', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  const ben = room.add('ben');
  room.run(400_000);
  ada.sendAudio(room.nowUs, new Int16Array(64).fill(5), 0);
  room.settle();
  const chance = seededChance('fuzz');
  const honest = room.sent.map((each) => each.bytes);
  for (let i = 0; i < 30_000; i++) {
    const bytes =
      chance.below(3) === 0
        ? randomBytes(chance.below(1300))
        : mutated(honest[chance.below(honest.length)] ?? new Uint8Array());
    room.relay.datagram(room.nowUs, `10.0.0.${1 + chance.below(3)}:5`, bytes);
    ben.datagram(room.nowUs, bytes);
    ben.datagram(room.nowUs, bytes, `10.0.0.${1 + chance.below(3)}:5`);
    for (const decode of Object.values(DECODE)) decode(bytes);
  }
  room.settle();
  expect(room.relay.players).toBe(2);
  expect(ben.streams.length).toBe(1);
  expect(ben.streams[0]?.counters).toMatchObject({ late: 0, refused: 0 });
  expect(ben.streams[0]?.samplesOf(0)).toEqual(new Int16Array(64).fill(5));
  expect(room.relay.outgoing.length).toBe(0);

  function randomBytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => chance.below(256));
  }
  function mutated(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice(0, chance.below(8) === 0 ? chance.below(bytes.length + 1) : bytes.length);
    if (copy.length > 0)
      for (let k = 0; k <= chance.below(3); k++) copy[chance.below(copy.length)] = chance.below(256);
    return copy;
  }
});
