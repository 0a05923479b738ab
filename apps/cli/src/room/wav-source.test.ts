import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { decodeWav, encodeWav } from '@jamnet/jdat';
import { afterAll, expect, test } from 'vitest';
import type { CommandContext } from '../context.ts';
import { wavSource } from './wav-source.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-wav-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The source's frames and what stderr was told. */
function sourceOf(bytes: Uint8Array): { frames: number | undefined; told: string } {
  const wav = join(root, 'given.wav');
  writeFileSync(wav, bytes);
  const stderr = new PassThrough();
  const { inputWav } = wavSource({ stderr } as unknown as CommandContext, wav, root);
  const decoded = decodeWav(readFileSync(inputWav ?? ''));
  return {
    frames: decoded.ok ? decoded.value.channels[0]?.length : undefined,
    told: String(stderr.read() ?? ''),
  };
}

const second = encodeWav(
  { sampleRateHz: 48_000, channels: [new Float32Array(48_000).fill(0.25)] },
  { bitsPerSample: 16 },
);

test('a whole file is played without a word', () => {
  expect(sourceOf(second)).toEqual({ frames: 48_000, told: '' });
});

test('a file that is cut short is played as far as it goes, and what is missing is said', () => {
  const { frames, told } = sourceOf(second.subarray(0, 44 + 2 * 36_000));
  expect(frames).toBe(36_000);
  expect(told).toMatch(/given\.wav is cut short: 0\.3 s that its header promises are missing/);
});

test.each([0xffff_ffff, 0x7fff_efdc])(
  'a file whose writer did not know its length (%i) counts as whole',
  (size) => {
    const streamed = second.slice();
    new DataView(streamed.buffer).setUint32(40, size, true);
    expect(sourceOf(streamed)).toEqual({ frames: 48_000, told: '' });
  },
);

test('a file without a sample is refused, whether its header says so or the file ends there', () => {
  const empty = encodeWav({ sampleRateHz: 48_000, channels: [new Float32Array(0)] }, { bitsPerSample: 16 });
  for (const bytes of [empty, second.subarray(0, 44), second.subarray(0, 45)])
    expect(() => sourceOf(bytes)).toThrow(expect.objectContaining({ code: 'wav-empty' }));
});
