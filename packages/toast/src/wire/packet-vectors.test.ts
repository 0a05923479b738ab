import { readFileSync } from 'node:fs';
import { present, toHex } from '@jamnet/base';
import { expect, test } from 'vitest';
import { hopKey, hopTagFits, nonceOf, senderKey } from '../crypto/toast-crypto.ts';
import { PacketDump } from '../dump/packet-dump.ts';
import { StreamReceiver } from '../peer/stream-receiver.ts';
import { MEMBER } from '../testing/member.ts';
import { testCrypto } from '../testing/node-crypto.ts';
import { type PacketVector, type PacketVectors, packetVectors } from '../testing/packet-vectors.ts';
import { Refused, specDecode, specHash, specHeld, specSymbol } from '../testing/spec-decoder.ts';
import { AudioBodyReader, READ } from './audio-body.ts';
import { decodeControl, encodeControl } from './control-message.ts';
import {
  bodyOf,
  decodeHeader,
  FLAG_HELD,
  FLAG_SEALED,
  HEADER_BYTES,
  heldBytes,
  PACKET_TYPE,
} from './header.ts';
import { heldSeats } from './held-seats.ts';
import { decodeMidiBody } from './midi-body.ts';
import { decodeProbe } from './probe-body.ts';
import { decodeStatsBody } from './stats-body.ts';
import { decodeSyncBody } from './sync-body.ts';

const TEXT = readFileSync(new URL('../../vectors/packets.json', import.meta.url), 'utf8');
const VECTORS = JSON.parse(TEXT) as PacketVectors;
const rows = (list: readonly PacketVector[]) => list.map((vector) => [vector.name, vector] as const);
const good = VECTORS.packets.filter((vector) => vector.content !== undefined);
const bad = VECTORS.packets.filter((vector) => vector.refusedBy !== undefined);
const bytesOf = (vector: PacketVector): Buffer => Buffer.from(vector.hex, 'hex');

test('the file is what its script writes', () => {
  expect(VECTORS).toEqual(JSON.parse(JSON.stringify(packetVectors())));
});

test.each(rows(good))('a decoder written from the specification alone reads %s', (_, vector) => {
  const found = specDecode(VECTORS, bytesOf(vector)) as Record<string, unknown>;
  if (vector.name.startsWith('audio')) expectAudio(found, vector.content);
  else if (vector.name.includes('signature')) expectSignature(found, vector.content);
  else expect(found).toEqual(vector.content);
});

test.each(rows(good))('both see the same seats that have it already in %s', (_, vector) => {
  const bytes = bytesOf(vector);
  const header = decodeHeader(bytes);
  const seats = vector.held ?? [];
  expect(specHeld(bytes)).toEqual(seats);
  expect(header.ok && heldSeats(bytes, header.value)).toBe(
    seats.reduce((bits, seat) => bits | (1 << seat), 0),
  );
  expect(header.ok && (header.value.flags & FLAG_HELD) !== 0).toBe(vector.held !== undefined);
});

test.each(rows(bad))('a decoder written from the specification alone refuses %s', (_, vector) => {
  let step = 'none';
  try {
    specDecode(VECTORS, bytesOf(vector));
  } catch (cause) {
    step = cause instanceof Refused ? cause.step : String(cause);
  }
  expect(step).toBe(vector.refusedBy);
});

test.each(rows(good))('this package reads %s', (_, vector) => {
  const read = open(bytesOf(vector));
  if (!('content' in read)) throw new Error(`refused by ${read.refusedBy}`);
  if (!vector.name.includes('signature')) expect(read.content).toEqual(vector.content);
});

test.each(rows(bad))('this package refuses %s at the same step', (_, vector) => {
  expect(open(bytesOf(vector))).toEqual({ refusedBy: vector.refusedBy });
});

test('a dump shows every vector in one line, those sealed with the room key too, and names its type', () => {
  const dump = new PacketDump({ crypto: testCrypto, roomKey: Buffer.from(VECTORS.roomKeyHex, 'hex') });
  dump.line(roomWith(VECTORS.joinId));
  for (const vector of good) {
    const line = JSON.parse(dump.line(bytesOf(vector))) as { type: string; body: unknown };
    expect(vector.name.startsWith(line.type), vector.name).toBe(true);
    expect(JSON.stringify(line.body)).not.toMatch(/sealed|refused/);
  }
  for (const vector of bad.filter((each) => each.refusedBy !== 'hop-tag')) {
    expect(dump.line(bytesOf(vector)), vector.name).toMatch(/refused|sealed with another key|"pcm":null/);
  }
});

/** A room's page from which a dump learns whose epoch it is. */
function roomWith(joinId: string): Uint8Array {
  const first = bytesOf(present(good[0], 'a vector'));
  const epoch = first.readUInt32BE(8);
  const member = { ...MEMBER, seat: 2, joinId, epoch };
  const body = encodeControl({
    t: 'room',
    version: 1,
    page: 0,
    pages: 1,
    startAtUs: 0,
    members: [member],
    timeline: [],
  });
  const page = new Uint8Array(40 + body.length);
  page.set(first.subarray(0, 32));
  page.set([PACKET_TYPE.control, 0xfe, 0], 5);
  page.set([body.length >> 8, body.length & 255], 28);
  page.set(body, 32);
  return page;
}

function expectAudio(found: Record<string, unknown>, content: unknown): void {
  const { symbolBytes, sequence, ...rest } = found as {
    symbolBytes: Buffer[];
    sequence: number;
    bits: 16 | 24;
    repair: { offsets: number[] } | null;
  };
  expect(rest).toEqual(content);
  const covered = new Map(
    (rest.repair?.offsets ?? []).map((offset) => [
      sequence - offset,
      present(VECTORS.sent[rest.bits][sequence - offset], 'a packet'),
    ]),
  );
  for (const [j, symbol] of symbolBytes.entries())
    expect(symbol).toEqual(specSymbol(sequence, j, covered, rest.bits / 8));
}

function expectSignature(found: Record<string, unknown>, content: unknown): void {
  const { first, signedHex } = content as { first: number; signedHex: string };
  expect(found).toEqual({ first, hashes: new Array(32).fill(specHash(Buffer.from(signedHex, 'hex'))) });
}

type Read = { readonly content: unknown } | { readonly refusedBy: 'hop-tag' | 'seal' | 'body' };

/** As relay and member together take a datagram. */
function open(bytes: Uint8Array): Read {
  const header = decodeHeader(bytes);
  if (!header.ok) return { refusedBy: 'body' };
  const { type, sequence, sampleTime, bodyBytes, flags } = header.value;
  const key = hopKey(testCrypto, Buffer.from(VECTORS.hopSecretHex, 'hex'), VECTORS.joinId);
  if (!hopTagFits(testCrypto, key, bytes, bodyBytes + heldBytes(flags))) return { refusedBy: 'hop-tag' };
  const body = bodyOf(bytes, header.value);
  const seal = senderKey(testCrypto, Buffer.from(VECTORS.roomKeyHex, 'hex'), VECTORS.joinId, type);
  const associated = bytes.subarray(0, HEADER_BYTES);
  const plain = flags & FLAG_SEALED ? testCrypto.open(seal, nonceOf(bytes), associated, body) : body;
  if (plain === null) return { refusedBy: 'seal' };
  const content = contentOf(type, plain, sequence, sampleTime);
  return content === null ? { refusedBy: 'body' } : { content };
}

function contentOf(type: number, plain: Uint8Array, sequence: number, sampleTime: number): unknown {
  if (type === PACKET_TYPE.audio) return audioOf(plain, sequence);
  if (type === PACKET_TYPE.stats && plain[0] === 2) return 'signature';
  if (type === PACKET_TYPE.midi) {
    const read = decodeMidiBody(plain, sampleTime);
    if (!read.ok) return null;
    const events = read.value.events.map((event) => ({ ...event, message: toHex(event.message) }));
    return { ...read.value, events };
  }
  if (type === PACKET_TYPE.probe) {
    const read = decodeProbe(plain);
    if (!read.ok) return null;
    const { challenge, echo } = read.value;
    return { ...read.value, challenge: toHex(challenge), echo: echo === null ? null : toHex(echo) };
  }
  const read =
    type === PACKET_TYPE.sync
      ? decodeSyncBody(plain)
      : type === PACKET_TYPE.stats
        ? decodeStatsBody(plain)
        : decodeControl(plain);
  return read.ok ? read.value : null;
}

/** Through the receiver's buffer, so that packed blocks are unpacked. */
function audioOf(plain: Uint8Array, sequence: number): unknown {
  const reader = new AudioBodyReader();
  if (reader.read(plain) !== READ.fine) return null;
  const { frames, sampleBytes, sentAtUs, blocks, symbols, covered } = reader;
  const member = { ...MEMBER, seat: 2, joinId: VECTORS.joinId };
  const receiver = new StreamReceiver(member, { packetFrames: frames, reach: 0 });
  receiver.put(sequence, sequence * frames, reader, plain, 0, 0);
  if (receiver.counters.refused > 0) return null;
  return {
    frames,
    bits: 8 * sampleBytes,
    sentAtUs,
    blocks: Array.from({ length: blocks }, (_, i) => {
      const offset = reader.offsets[i] ?? 0;
      return { offset, samples: [...(receiver.integersOf(sequence - offset)?.samples ?? [])] };
    }),
    repair: symbols === 0 ? null : { symbols, offsets: [...reader.coveredOffsets.subarray(0, covered)] },
  };
}
