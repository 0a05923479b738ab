import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '@jamnet/jdat';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readInputWav } from '../input-wav.ts';
import { parsePlayOptions } from '../play-options.ts';
import { eveningOptions } from '../testing/evening-options.ts';
import { VirtualEvening } from '../testing/virtual-evening.ts';
import { to16Bits, to24Bits } from './samples.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-samples-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const FRAMES = 64;
const SECONDS = 2;

test('24 bits hold any sound to half their step, clipped at full scale; 16 of them are the nearest that takes can keep', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -2, max: 2, noNaN: true })), (sound) => {
      const samples = to24Bits(Float32Array.from(sound));
      const kept = new Int16Array(samples.length);
      to16Bits(samples, kept);
      sound.forEach((sample, i) => {
        const clipped = Math.max(-1, Math.min(1 - 2 ** -23, sample));
        expect(Math.abs((samples[i] ?? 9) / 2 ** 23 - clipped)).toBeLessThanOrEqual(2 ** -24);
        const inKept = Math.max(-1, Math.min(1 - 2 ** -15, (samples[i] ?? 9) / 2 ** 23));
        expect(Math.abs((kept[i] ?? 9) / 2 ** 15 - inKept)).toBeLessThanOrEqual(2 ** -16);
      });
    }),
  );
  expect([...to24Bits(Float32Array.of(Number.NaN))]).toEqual([0]);
});

test('a file of 24 bits is read to the bit, the last packet filled up with silence', async () => {
  const sent = Float32Array.from({ length: 100 }, (_, i) => ((i - 50) * 12_345) / 2 ** 23);
  const file = join(root, 'fine.wav');
  writeFileSync(file, encodeWav({ sampleRateHz: 48_000, channels: [sent] }, { bitsPerSample: 24 }));
  const packets = await readInputWav(file, FRAMES, 10, 24);
  const samples = packets.flatMap((packet) => [...packet]);
  expect(samples.slice(0, 100)).toEqual([...sent].map((sample) => sample * 2 ** 23));
  expect(samples.slice(100)).toEqual(new Array(28).fill(0));
});

test('what is played in 24 bits is heard in 24 bits, and kept in 16', () => {
  // Below the step of 16 bits: there it would be silence.
  const quiet = Int32Array.from({ length: FRAMES }, (_, i) => (i % 2 === 0 ? 100 : -100));
  const room = new VirtualEvening({ seed: 'fine', wayUs: 2_000, jitterUs: 0, loss: 0 });
  const input = new Array<Int32Array>((SECONDS * 48_000) / FRAMES).fill(quiet);
  const options = { packetFrames: FRAMES, sampleBits: 24 } as const;
  room.add({ options: eveningOptions('ada', options), input });
  const ben = room.add({ options: eveningOptions('ben', options), input });
  room.run(1.5);
  const [heard] = ben.heard;
  expect(heard?.out.slice(0, 2).map((sample) => sample * 2 ** 23)).toEqual(Float32Array.of(100, -100));
  room.run(SECONDS + 3);
  expect(heard?.tally()).toMatchObject({ packets: input.length, lost: 0 });
});

test.each([
  [16, undefined, true],
  [24, undefined, true],
  [24, { input: false, output: true }, true],
  [24, { input: true, output: false }, false],
  [20, undefined, false],
])('%s bits with pipes %j are taken: %s', (sampleBits, pipes, isTaken) => {
  const options = {
    ...eveningOptions('ada', { relay: { host: 'localhost', port: 1 }, roomKeyHex: '00'.repeat(32) }),
    sampleBits,
    ...(pipes === undefined ? {} : { pipes }),
  };
  expect(parsePlayOptions(options).ok).toBe(isTaken);
});
