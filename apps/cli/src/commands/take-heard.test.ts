import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededChance } from '@jamnet/base';
import { encodeWav } from '@jamnet/jdat';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const RATE_HZ = 16_000;
const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-heard-'));
const at = (name: string): string => join(root, name);

/** Short notes of many pitches, drawn: enough to recognise a stretch by. */
function melody(seed: string, seconds: number): Float32Array {
  const chance = seededChance(seed);
  const sound = new Float32Array(seconds * RATE_HZ);
  for (let from = 0; from < sound.length; from += 1600) {
    const pitches = [0, 1, 2].map(() => 150 * 2 ** (chance.below(48) / 12));
    for (let n = 0; n < 1600 && from + n < sound.length; n++)
      sound[from + n] = pitches.reduce(
        (sum, hz) => sum + 0.2 * Math.exp(-n / 600) * Math.sin((2 * Math.PI * hz * n) / RATE_HZ),
        0,
      );
  }
  return sound;
}

const wav = (name: string, samples: Float32Array): void =>
  writeFileSync(at(name), encodeWav({ sampleRateHz: RATE_HZ, channels: [samples] }, { bitsPerSample: 16 }));

beforeAll(() => {
  const first = melody('first', 6);
  wav('first.wav', first);
  wav(
    'quieter.wav',
    first.map((sample) => 0.4 * sample),
  );
  wav('other.wav', melody('other', 6));
  wav('silence.wav', new Float32Array(6 * RATE_HZ));
  writeFileSync(at('text.wav'), 'no sound');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const heard = async (...names: string[]) => {
  const { out } = await runJamnet(at('data'), ['take', 'heard', ...names.map(at), '--json']);
  return (JSON.parse(out) as { takes: Record<string, unknown>[] }).takes;
};

test('a recording sent again, quieter, brings nothing and names what it came from; another is new; silence is neither', async () => {
  const takes = await heard('first.wav', 'quieter.wav', 'other.wav', 'silence.wav');
  expect(takes).toMatchObject([
    { file: at('first.wav'), stretches: 3, repeated: 0, unique: 3, sources: [] },
    { stretches: 3, repeated: 3, unique: 0, sources: [at('first.wav')] },
    { stretches: 3, repeated: 0, unique: 3, sources: [] },
    { stretches: 3, repeated: 0, unique: 0, unrecognisable: 3 },
  ]);
});

test('in words it says how many stretches are new, and on the other stream how far it is', async () => {
  const { out, told } = await runJamnet(at('data'), ['take', 'heard', at('first.wav'), at('quieter.wav')]);
  expect(out).toContain(`${at('first.wav')}: 3 of 3 stretches of two seconds are new\n`);
  expect(out).toContain(
    `${at('quieter.wav')}: 0 of 3 stretches of two seconds are new; heard in ${at('first.wav')}`,
  );
  expect(told).toBe(`${at('first.wav')} compared\n${at('quieter.wav')} compared\n`);
});

test.each([
  ['is not there', 'nowhere.wav', 'input-unreadable'],
  ['is no sound', 'text.wav', 'not-wav'],
])('a file that %s is refused', async (_why, name, code) => {
  expect(await refusalOf(runJamnet(at('data'), ['take', 'heard', at(name)]))).toMatchObject({ code });
});
