import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Concealer } from './concealer.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

/** Bytes that the heap grew by while `work` ran; a collection in between would only hide some. */
function heapGrowth(work: () => void): number {
  if (typeof collectGarbage === 'function') collectGarbage();
  const before = process.memoryUsage().heapUsed;
  work();
  return process.memoryUsage().heapUsed - before;
}

/** Plays `blocks` packets, every other one lost; with two sides every other loss with the packet behind it known. */
function playBlocks(concealer: Concealer, blocks: number, isTwoSided: boolean): void {
  const places = concealer.packetFrames * concealer.channels;
  const packet = new Float32Array(places);
  const out = new Float32Array(places);
  for (let p = 0; p < blocks; p++) {
    packet[p % places] = (p % 7) * 0.1;
    if (p % 4 === 3 && isTwoSided) concealer.conceal(out, packet);
    else if (p % 2 === 1) concealer.conceal(out);
    else concealer.receive(packet, out);
  }
}

const WARM_UP_BLOCKS = 12_000;
/** A quarter of them, those of one kind of loss, with one boxed number (16 bytes) each would be 160,000 bytes. */
const BLOCKS = 40_000;
const LIMIT_BYTES = 130_000;

test.each([
  ['wasm', 1, 'both sides'],
  ['wasm', 2, 'both sides'],
  ['wasm', 2, 'one side'],
  ['plain', 1, 'one side'],
  ['plain', 2, 'both sides'],
] as const)(
  'blocks through the %s kernel, channels: %i, seen from %s, allocate nothing',
  (kernel, channels, sides) => {
    const isTwoSided = sides === 'both sides';
    const concealer = new Concealer({
      sampleRateHz: 8_000,
      packetFrames: 16,
      channels,
      models: [
        { order: 16, contextFrames: 64 },
        { order: 8, contextFrames: 32 },
      ],
      lowModel: { order: 8, contextFrames: 32 },
      searchSeconds: 0.02,
      kernel,
    });
    expect(concealer.isWasm).toBe(kernel === 'wasm');
    playBlocks(concealer, WARM_UP_BLOCKS, isTwoSided);
    let growth = Number.POSITIVE_INFINITY;
    // The compiler works beside us: what it allocates now and then is no property of the blocks, so a run without it counts.
    for (let run = 0; run < 8 && growth > LIMIT_BYTES; run++)
      growth = heapGrowth(() => playBlocks(concealer, BLOCKS, isTwoSided));
    expect(growth).toBeLessThan(LIMIT_BYTES);
  },
  180_000,
);

test('the measure sees one small object per block', () => {
  const kept: object[] = [];
  expect(
    heapGrowth(() => {
      for (let p = 0; p < 50_000; p++) kept.push({ p });
    }),
  ).toBeGreaterThan(400_000);
});
