import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { present, toHex } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import type { Bar } from '../bars.ts';
import { commitDeadlineUs } from '../grid.ts';
import { barsOfDrummer, gridAt120 } from '../testing/drummer.ts';
import {
  BarStream,
  barHash,
  barStatement,
  type SignedBar,
  type StreamHead,
  streamHash,
} from './bar-stream.ts';
import { checkBar } from './encode-bar.ts';

const grid = gridAt120();
const bars = barsOfDrummer('stream', 6);
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const head: StreamHead = { performance: 'take-1', performerKey: raw, grid, startsAtUs: 1_000_000 };
const verifyWith = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  toHex(key) === toHex(raw) && verify(null, message, publicKey, signature);
const endUs = (bar: number) => head.startsAtUs + commitDeadlineUs(grid, bar + 1);

/** All bars as their performer signs them. */
function signed(played: readonly Bar[], from: StreamHead = head, key: KeyObject = privateKey): SignedBar[] {
  let hash = streamHash(from);
  return played.map((bar) => {
    hash = barHash(hash, bar);
    return { bar, signature: sign(null, barStatement(from.performance, bar.index, hash), key) };
  });
}

const sent = signed(bars);
const at = (index: number) => present(sent[index], 'signed bar');

test('a performance signed bar by bar is taken, with the time by the relay and a hash over everything before', () => {
  const stream = new BarStream(head, verifyWith);
  let hash = streamHash(head);
  for (const one of sent) {
    hash = barHash(hash, one.bar);
    expect(stream.take(endUs(one.bar.index), one)).toMatchObject({
      ok: true,
      value: { hash, receivedAtUs: endUs(one.bar.index) },
    });
  }
  expect(stream.hash).toEqual(hash);
});

test('another tempo, start, key or performance is another stream', () => {
  const heads = [
    head,
    { ...head, startsAtUs: 1_000_001 },
    { ...head, performance: 'take-2' },
    { ...head, performerKey: new Uint8Array(32) },
    { ...head, grid: { segments: [{ firstSixteenth: 0, startUs: 0, usPerBeat: 500_001 }] } },
  ];
  expect(new Set(heads.map((one) => toHex(streamHash(one)))).size).toBe(heads.length);
});

describe('what is refused, and changes nothing', () => {
  const changed = (change: (hits: Bar['hits']) => Bar['hits']): SignedBar => ({
    ...at(0),
    bar: { index: 0, hits: change(at(0).bar.hits) },
  });
  const stranger = generateKeyPairSync('ed25519').privateKey;
  test.each([
    ['a bar before its end', endUs(0) - 1, at(0), 'bar-early'],
    ['a bar out of turn', endUs(1), at(1), 'bar-gap'],
    [
      'a stroke moved by a microsecond',
      endUs(0),
      changed((hits) => hits.map((hit) => ({ ...hit, offsetUs: hit.offsetUs + 1 }))),
      'bar-forged',
    ],
    ["another's signature", endUs(0), present(signed(bars, head, stranger)[0], 'bar'), 'bar-forged'],
    [
      'a bar signed for another performance',
      endUs(0),
      present(signed(bars, { ...head, performance: 'take-2' })[0], 'bar'),
      'bar-forged',
    ],
    ['a cell twice', endUs(0), changed((hits) => [present(hits[0], 'hit'), ...hits]), 'bar-malformed'],
    ['strokes out of order', endUs(0), changed((hits) => [...hits].reverse()), 'bar-malformed'],
    [
      'a cell that is none',
      endUs(0),
      changed(() => [{ cell: 144, offsetUs: 0, velocity: 64 }]),
      'bar-malformed',
    ],
    ['a velocity of 0', endUs(0), changed(() => [{ cell: 0, offsetUs: 0, velocity: 0 }]), 'bar-malformed'],
    [
      'an offset beyond any sixteenth',
      endUs(0),
      changed(() => [{ cell: 0, offsetUs: 1_250_001, velocity: 1 }]),
      'bar-malformed',
    ],
    [
      'half a microsecond',
      endUs(0),
      changed(() => [{ cell: 0, offsetUs: 0.5, velocity: 1 }]),
      'bar-malformed',
    ],
  ])('%s', (_name, nowUs, one, code) => {
    const stream = new BarStream(head, verifyWith);
    expect(stream.take(nowUs, one)).toMatchObject({ ok: false, code });
    expect(stream.hash).toEqual(streamHash(head));
    expect(stream.take(endUs(0), at(0)).ok).toBe(true);
  });

  test('a second version of a bar that was taken', () => {
    const stream = new BarStream(head, verifyWith);
    expect(stream.take(endUs(0), at(0)).ok).toBe(true);
    expect(stream.take(endUs(1), at(0))).toMatchObject({ ok: false, code: 'bar-again' });
  });

  test('a bar after the longest performance', () => {
    const stream = new BarStream({ ...head, startsAtUs: 0 }, () => true);
    const late = 2 ** 50;
    for (let index = 0; index < 7200; index++)
      stream.take(late, { bar: { index, hits: [] }, signature: new Uint8Array(64) });
    expect(stream.nextBar).toBe(7200);
    const one = { bar: { index: 7200, hits: [] }, signature: new Uint8Array(64) };
    expect(stream.take(late, one)).toMatchObject({ ok: false, code: 'stream-full' });
  });
});

test('every bar that a drummer plays is well formed', () => {
  for (const bar of bars) expect(checkBar(bar).ok).toBe(true);
});
