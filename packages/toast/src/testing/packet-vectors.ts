import { createPrivateKey, sign } from 'node:crypto';
import { toHex } from '@jamnet/base';
import { hopKey, nonceOf, SEAL_TAG_BYTES, senderKey, signHop } from '../crypto/toast-crypto.ts';
import { AudioWriter } from '../jellie/audio-writer.ts';
import { codedPlan, copiesPlan, NO_REDUNDANCY, type RedundancyPlan } from '../jellie/redundancy-plan.ts';
import { putSignature, SIGNED_DATAGRAMS, StreamSigner, signedBytes } from '../trust/stream-signature.ts';
import { encodeControl } from '../wire/control-message.ts';
import {
  encodeHeader,
  FLAG_HELD,
  FLAG_SEALED,
  HEADER_BYTES,
  HOP_TAG_BYTES,
  heldBytes,
  PACKET_TYPE,
  type PacketType,
} from '../wire/header.ts';
import { writeHeldSeats } from '../wire/held-seats.ts';
import { encodeMidiBody } from '../wire/midi-body.ts';
import { encodeProbe, PROBE_BODY_BYTES } from '../wire/probe-body.ts';
import { encodeStatsBody } from '../wire/stats-body.ts';
import { encodeSyncBody } from '../wire/sync-body.ts';
import { testCrypto } from './node-crypto.ts';

export interface PacketVector {
  readonly name: string;
  readonly hex: string;
  /** What went in; absent where the datagram is to be refused. */
  readonly content?: unknown;
  /** Seats that have the datagram already; absent where the flag that says so is not set. */
  readonly held?: readonly number[];
  /** At which step it is refused. */
  readonly refusedBy?: 'hop-tag' | 'seal' | 'body';
}

/** Whole datagrams of one sender: what is inside is written down from what went in, not from what a decoder says. */
export interface PacketVectors {
  readonly joinId: string;
  readonly roomKeyHex: string;
  readonly hopSecretHex: string;
  readonly signKeyHex: string;
  /** The packets that the audio vectors carry, by bits of their samples and index. */
  readonly sent: Readonly<Record<16 | 24, readonly (readonly number[])[]>>;
  readonly packets: readonly PacketVector[];
}

const FRAMES = 16;
const JOIN_ID = '00112233445566778899aabbccddeeff';
const ROOM_KEY = new Uint8Array(32).fill(0x21);
const HOP_SECRET = new Uint8Array(32).fill(0x43);
const EPOCH = 0x01020304;
const SEQUENCE = 6;
const SENT_AT_US = 1_700_000_000_123_456;
/** PKCS #8 of RFC 8410 around a seed of 0x65, and its public key. */
const SIGN_SEED = `302e020100300506032b657004220420${'65'.repeat(32)}`;
const SIGN_KEY_HEX = 'd62f016a1efd1e4fdf793eb42cd84471e1ba9f0cf04d1287b5cc71f616287cb8';
const TONE = { 16: tone(16), 24: tone(24) } as const;

/** A tone that packs, with both extremes of full scale in its last packet, where a lost bit or sign shows. */
function tone(bits: 16 | 24): Int32Array[] {
  const full = 2 ** (bits - 1);
  return Array.from({ length: SEQUENCE + 1 }, (_, packet) =>
    Int32Array.from({ length: FRAMES }, (__, i) => {
      const at = packet * FRAMES + i;
      if (at === 100) return -full;
      return at === 101 ? full - 1 : Math.round((full / 8) * Math.sin(at / 9));
    }),
  );
}

function datagram(
  type: PacketType,
  plain: Uint8Array,
  isSealed: boolean,
  sampleTime = 0,
  held: readonly number[] | null = null,
): Uint8Array {
  const bodyBytes = plain.length + (isSealed ? SEAL_TAG_BYTES : 0);
  const flags = (isSealed ? FLAG_SEALED : 0) | (held === null ? 0 : FLAG_HELD);
  const signedBytes = bodyBytes + heldBytes(flags);
  const bytes = new Uint8Array(HEADER_BYTES + signedBytes + HOP_TAG_BYTES);
  const fields = {
    type,
    stream: 2,
    flags,
    epoch: EPOCH,
    sequence: SEQUENCE,
    sampleTime,
    bodyBytes,
    generation: 0,
  };
  encodeHeader(bytes, fields);
  const header = bytes.subarray(0, HEADER_BYTES);
  const key = senderKey(testCrypto, ROOM_KEY, JOIN_ID, type);
  bytes.set(isSealed ? testCrypto.seal(key, nonceOf(bytes), header, plain) : plain, HEADER_BYTES);
  if (held !== null)
    writeHeldSeats(
      bytes,
      bodyBytes,
      held.reduce((bits, seat) => bits | (1 << seat), 0),
    );
  signHop(testCrypto, hopKey(testCrypto, HOP_SECRET, JOIN_ID), bytes, signedBytes);
  return bytes;
}

function audioPlain(
  bits: 16 | 24,
  plan: RedundancyPlan,
  mayPack: boolean,
  packets = SEQUENCE + 1,
): Uint8Array {
  const writer = new AudioWriter({ frames: FRAMES, sampleBytes: bits === 16 ? 2 : 3, mayPack });
  for (let index = 0; index < packets; index++)
    writer.keep(index, TONE[bits][index] ?? new Int32Array(FRAMES));
  const bytes = new Uint8Array(1200);
  return bytes.slice(0, writer.write(bytes, SEQUENCE, packets, plan, SENT_AT_US));
}

function audio(
  name: string,
  bits: 16 | 24,
  plan: RedundancyPlan,
  mayPack: boolean,
  packets = SEQUENCE + 1,
): PacketVector {
  const sampleTime = SEQUENCE * FRAMES;
  const exists = (offset: number): boolean => SEQUENCE - offset < packets;
  const own = exists(0) ? [0] : [];
  const offsets = plan.scheme === 'copies' ? [...own, ...plan.offsets.filter(exists)] : own;
  const repair =
    plan.scheme === 'copies' ? null : { symbols: plan.symbols, offsets: plan.offsets.filter(exists) };
  return {
    name,
    hex: toHex(datagram(PACKET_TYPE.audio, audioPlain(bits, plan, mayPack, packets), true, sampleTime)),
    content: {
      frames: FRAMES,
      bits,
      sentAtUs: SENT_AT_US,
      blocks: offsets.map((offset) => ({ offset, samples: [...(TONE[bits][SEQUENCE - offset] ?? [])] })),
      repair,
    },
  };
}

/** The plain audio vector as a sender lets a relay know who has it already, and as a later version may append to it. */
function partlyHeld(held: readonly number[]): Uint8Array {
  return datagram(PACKET_TYPE.audio, audioPlain(16, NO_REDUNDANCY, false), true, SEQUENCE * FRAMES, held);
}

function heldVectors(): PacketVector[] {
  const { hex, content } = audio('', 16, NO_REDUNDANCY, false);
  return [
    {
      name: 'audio: seats 0, 9 and 15 have it already',
      hex: toHex(partlyHeld([0, 9, 15])),
      content,
      held: [0, 9, 15],
    },
    { name: 'audio: nobody has it yet, which is said', hex: toHex(partlyHeld([])), content, held: [] },
    { name: 'audio: with bytes behind the hop tag', hex: `${hex}deadbeef`, content },
    {
      name: 'audio: with seats, and bytes behind the hop tag',
      hex: `${toHex(partlyHeld([3]))}00`,
      content,
      held: [3],
    },
  ];
}

function midi(): PacketVector {
  const plain = new Uint8Array(200);
  const events = [
    { atSample: 47_000, message: Uint8Array.of(0x90, 60, 100) },
    { atSample: 48_000, message: Uint8Array.of(0xc1, 5) },
    { atSample: 48_000, message: Uint8Array.of(0xf8) },
  ];
  const length = encodeMidiBody(plain, 48_000, { first: 2 ** 40, events });
  return {
    name: 'midi: a note, a change of sound, a clock',
    hex: toHex(datagram(PACKET_TYPE.midi, plain.slice(0, length), true, 48_000)),
    content: {
      first: 2 ** 40,
      events: events.map((event) => ({ atSample: event.atSample, message: toHex(event.message) })),
    },
  };
}

function stats(): PacketVector {
  const content = {
    seat: 15,
    epoch: 0xfffefdfc,
    datagramsExpected: 3000,
    datagramsLost: 60,
    lossRuns: 20,
    packetsPlayed: 100_000,
    packetsRecovered: 59,
    packetsConcealed: 1,
    packetsLate: 3,
    lateUsP50: 100,
    lateUsP99: 900,
    lateUsP999: 0xffffffff,
    inputUs: 1333,
    networkUs: 8000,
    bufferUs: 2000,
    outputUs: 2667,
    clockErrorUs: 40,
    driftCentiPpm: -4321,
  };
  const plain = new Uint8Array(72);
  encodeStatsBody(plain, content);
  return { name: 'stats: a report', hex: toHex(datagram(PACKET_TYPE.stats, plain, true)), content };
}

/** Over 32 datagrams, each the plain audio vector's with a sequence of its own. */
function signature(): PacketVector {
  const key = createPrivateKey({ key: Buffer.from(SIGN_SEED, 'hex'), format: 'der', type: 'pkcs8' });
  const signer = new StreamSigner(testCrypto);
  let body: Uint8Array | null = null;
  const plain = audioPlain(16, NO_REDUNDANCY, false);
  const signed = datagram(PACKET_TYPE.audio, plain, true, SEQUENCE * FRAMES);
  for (let i = 0; i < SIGNED_DATAGRAMS; i++) body = signer.note(i, signed, plain.length + SEAL_TAG_BYTES);
  if (body !== null) putSignature(body, sign(null, signedBytes(JOIN_ID, body), key));
  return {
    name: 'stats: a signature over 32 datagrams',
    hex: toHex(datagram(PACKET_TYPE.stats, body ?? new Uint8Array(), true)),
    content: { first: 0, signedHex: toHex(signed.subarray(0, signed.length - HOP_TAG_BYTES)) },
  };
}

function sync(): PacketVector[] {
  const plain = new Uint8Array(36);
  const request = { kind: 'request', ready: true, roomVersion: 7, t0Us: 2 ** 53 - 1 } as const;
  encodeSyncBody(plain, request);
  const asked = toHex(datagram(PACKET_TYPE.sync, plain, false));
  const answer = {
    kind: 'answer',
    roomVersion: 8,
    t0Us: 5,
    t1Us: SENT_AT_US,
    t2Us: SENT_AT_US + 20,
  } as const;
  encodeSyncBody(plain, answer);
  return [
    { name: 'sync: a request', hex: asked, content: request },
    { name: 'sync: an answer', hex: toHex(datagram(PACKET_TYPE.sync, plain, false)), content: answer },
  ];
}

function probe(): PacketVector {
  const plain = new Uint8Array(PROBE_BODY_BYTES);
  const [challenge, echo] = [new Uint8Array(8).fill(0xaa), new Uint8Array(8).fill(0xbb)];
  const numbers = { heldUs: 1234, isUnproved: true, relayTripUs: 20_000, taken: 9 };
  encodeProbe(plain, { challenge, echo, ...numbers });
  return {
    name: 'probe: an echo and a wish for one',
    hex: toHex(datagram(PACKET_TYPE.probe, plain, false)),
    content: { challenge: toHex(challenge), echo: toHex(echo), ...numbers },
  };
}

/** A packet without extremes, which packs. */
function quietPacked(): Uint8Array {
  const writer = new AudioWriter({ frames: FRAMES, sampleBytes: 3, mayPack: true });
  writer.keep(SEQUENCE, TONE[24][0] ?? new Int32Array(FRAMES));
  const bytes = new Uint8Array(1200);
  return bytes.slice(0, writer.write(bytes, SEQUENCE, SEQUENCE + 1, NO_REDUNDANCY, SENT_AT_US));
}

function refused(): PacketVector[] {
  const honest = (): Uint8Array =>
    datagram(PACKET_TYPE.audio, audioPlain(16, NO_REDUNDANCY, false), true, 96);
  const changed = (at: number, value: number): Uint8Array => {
    const bytes = honest();
    const place = at < 0 ? bytes.length + at : at;
    bytes[place] = (bytes[place] ?? 0) ^ value;
    return bytes;
  };
  const resigned = (bytes: Uint8Array): Uint8Array => {
    const bodyBytes = bytes.length - HEADER_BYTES - HOP_TAG_BYTES;
    signHop(testCrypto, hopKey(testCrypto, HOP_SECRET, JOIN_ID), bytes, bodyBytes);
    return bytes;
  };
  const otherSeats = partlyHeld([0, 9]);
  const seatsAt = otherSeats.length - HOP_TAG_BYTES - 1;
  otherSeats[seatsAt] = (otherSeats[seatsAt] ?? 0) ^ 2;
  const packed = (place: number, value: number): Uint8Array => {
    const plain = quietPacked();
    plain[20 + place] = value;
    return datagram(PACKET_TYPE.audio, plain, true, 96);
  };
  const notes = (plain: readonly number[], sampleTime = 100): Uint8Array =>
    datagram(PACKET_TYPE.midi, Uint8Array.from(plain), true, sampleTime);
  const head = (count: number): number[] => [1, count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const on = [0, 0, 0, 1, 3, 0x90, 60, 1];
  const rows: readonly (readonly [string, NonNullable<PacketVector['refusedBy']>, Uint8Array])[] = [
    ['a changed hop tag', 'hop-tag', changed(-1, 1)],
    ['a changed body', 'hop-tag', changed(60, 1)],
    ['other seats that have it already', 'hop-tag', otherSeats],
    ['the flag of seats without seats', 'body', partlyHeld([]).subarray(0, -2)],
    ['a hop tag cut short', 'body', honest().subarray(0, -1)],
    ['a changed body with a fitting hop tag', 'seal', resigned(changed(60, 1))],
    [
      'another sequence with a fitting hop tag: the nonce and the sealed header differ',
      'seal',
      resigned(changed(19, 1)),
    ],
    [
      'another sample time with a fitting hop tag: the sealed header differs',
      'seal',
      resigned(changed(27, 1)),
    ],
    ['a packed block of order 5', 'body', packed(0, 5)],
    ['a packed block of Rice parameter 23', 'body', packed(1, 23)],
    ['midi of 11 bytes', 'body', notes(head(0).slice(1))],
    ['midi of version 2', 'body', notes([2, ...head(0).slice(1)])],
    ['seventeen midi events', 'body', notes([...head(17), ...Array.from({ length: 17 }, () => on).flat()])],
    ['midi events that end too early', 'body', notes([...head(2), ...on])],
    ['a midi event number of 2^53', 'body', notes([1, 0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0])],
    ['a midi event of four bytes', 'body', notes([...head(1), 0, 0, 0, 1, 4, 0x90, 60, 1])],
    ['a midi event that begins with a data byte', 'body', notes([...head(1), 0, 0, 0, 1, 3, 60, 60, 1])],
    ['a midi event before sample 0', 'body', notes([...head(1), 0, 0, 0, 101, 3, 0x90, 60, 1])],
    ['system exclusive', 'body', notes([...head(1), 0, 0, 0, 1, 1, 0xf0, 0, 0])],
    [
      'a probe of 31 bytes',
      'body',
      datagram(PACKET_TYPE.probe, Uint8Array.of(1, ...new Uint8Array(30)), false),
    ],
    [
      'a probe of version 2',
      'body',
      datagram(PACKET_TYPE.probe, Uint8Array.of(2, ...new Uint8Array(31)), false),
    ],
  ];
  return rows.map(([name, refusedBy, bytes]) => ({ name, hex: toHex(bytes), refusedBy }));
}

/** The vectors of `vectors/packets.json`. */
export function packetVectors(): PacketVectors {
  const leave = { t: 'leave' } as const;
  return {
    joinId: JOIN_ID,
    roomKeyHex: toHex(ROOM_KEY),
    hopSecretHex: toHex(HOP_SECRET),
    signKeyHex: SIGN_KEY_HEX,
    sent: { 16: TONE[16].map((packet) => [...packet]), 24: TONE[24].map((packet) => [...packet]) },
    packets: [
      audio('audio: 16 bits, plain', 16, NO_REDUNDANCY, false),
      audio('audio: 16 bits and copies of 1 and 3 back', 16, copiesPlan([1, 3]), false),
      audio('audio: copies behind the end of a stream', 16, copiesPlan([1, 3]), false, SEQUENCE),
      audio('audio: 16 bits, packed where that is shorter', 16, copiesPlan([1, 2]), true),
      audio('audio: 24 bits', 24, copiesPlan([2]), false),
      audio('audio: 24 bits, packed where that is shorter', 24, copiesPlan([1, 2, 4]), true),
      audio('audio: two repair symbols over four packets', 16, codedPlan(2, 4), false),
      audio('audio: 24 bits, packed, three repair symbols over six packets', 24, codedPlan(3, 6), true),
      ...heldVectors(),
      midi(),
      ...sync(),
      {
        name: 'control: leave',
        hex: toHex(datagram(PACKET_TYPE.control, encodeControl(leave), false)),
        content: leave,
      },
      stats(),
      signature(),
      probe(),
      ...refused(),
    ],
  };
}
