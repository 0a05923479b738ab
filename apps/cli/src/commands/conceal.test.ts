import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededChance } from '@jamnet/base';
import { decodeWav, encodeWav } from '@jamnet/jdat';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-conceal-'));
const at = (name: string): string => join(root, name);
const FRAMES = 12_800;
const PACKETS = FRAMES / 128;

beforeAll(() => {
  const tone = ringing('left');
  writeFileSync(at('mono.wav'), encodeWav({ sampleRateHz: 48_000, channels: [tone] }, { bitsPerSample: 16 }));
  const pair = { sampleRateHz: 44_100, channels: [tone, ringing('right')] };
  writeFileSync(at('stereo.wav'), encodeWav(pair, { bitsPerSample: 24 }));
  writeFileSync(at('none.txt'), '0'.repeat(PACKETS));
  writeFileSync(at('two.txt'), `# two of them\n${'0'.repeat(60)}1${'0'.repeat(20)}1${'0'.repeat(18)}\n`);
  writeFileSync(at('short.txt'), `${'0'.repeat(60)}1`);
  writeFileSync(at('long.txt'), `${'0'.repeat(60)}1${'0'.repeat(39)}111`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A resonance stirred by noise: what linear prediction can follow, but not to the bit. */
function ringing(seed: string): Float32Array {
  const chance = seededChance(seed);
  const sound = new Float32Array(FRAMES);
  for (let n = 2; n < FRAMES; n++)
    sound[n] = 1.98 * (sound[n - 1] ?? 0) - 0.9995 * (sound[n - 2] ?? 0) + 0.01 * (chance.unit() - 0.5);
  return sound;
}

const jamnet = (...words: string[]) => runJamnet(at('data'), words);

const refusal = async (...words: string[]) => (await refusalOf(jamnet(...words))).code;

const conceal = (input: string, trace: string, ...more: string[]) =>
  jamnet('conceal', '--in', at(input), '--trace', at(trace), '--out', at('out.wav'), '--json', ...more);

function heard(name: string): Float32Array[] {
  const wav = decodeWav(readFileSync(at(name)));
  if (!wav.ok) throw new Error(wav.message);
  return wav.value.channels;
}

test.each(['mono.wav', 'stereo.wav'])('%s comes back to the bit when nothing is lost', async (name) => {
  const { out } = await conceal(name, 'none.txt');
  expect(JSON.parse(out)).toMatchObject({ packets: PACKETS, lost: 0, nmseDb: null });
  expect(heard('out.wav')).toEqual(heard(name));
});

test('the line for people names the error where something was lost, and none where nothing was', async () => {
  const line = async (trace: string) =>
    (await jamnet('conceal', '--in', at('mono.wav'), '--trace', at(trace), '--out', at('out.wav'))).out;
  expect(await line('none.txt')).toBe(`0 of ${PACKETS} packets concealed, written to ${at('out.wav')}\n`);
  expect(await line('two.txt')).toMatch(
    /^2 of \d+ packets concealed, error -?\d+\.\d\d dB against .*, written to /,
  );
});

test('two lost packets are filled with less error than silence makes, and with less from two sides', async () => {
  const one = JSON.parse((await conceal('stereo.wav', 'two.txt')).out);
  const both = JSON.parse((await conceal('stereo.wav', 'two.txt', '--two-sided')).out);
  expect(one).toMatchObject({ packets: PACKETS, lost: 2, tracePackets: PACKETS });
  expect(one.nmseDb).toBeLessThan(-3);
  expect(both.nmseDb).toBeLessThan(one.nmseDb);
});

test('a trace that is shorter or longer than the sound is told of; the losses that it names are concealed', async () => {
  const short = await conceal('mono.wav', 'short.txt');
  expect(short.told).toContain('61 of 100 packets');
  expect(JSON.parse(short.out).lost).toBe(1);
  const long = await conceal('mono.wav', 'long.txt');
  expect(long.told).toContain('103 packets');
  expect(JSON.parse(long.out).lost).toBe(1);
  expect((await conceal('mono.wav', 'none.txt')).told).toBe('');
});

test('eight channels and float32 keep their number and length', async () => {
  const channels = Array.from({ length: 8 }, (_, c) => ringing(`channel ${c}`).subarray(0, 2_000));
  writeFileSync(at('eight.wav'), encodeWav({ sampleRateHz: 96_000, channels }, { bitsPerSample: 24 }));
  expect(JSON.parse((await conceal('eight.wav', 'two.txt')).out).packets).toBe(16);
  expect(heard('out.wav').map((channel) => channel.length)).toEqual(Array(8).fill(2_000));
  writeFileSync(at('float.wav'), floatWav(Float32Array.of(0.5, -0.25, 2)));
  await conceal('float.wav', 'none.txt');
  expect(heard('out.wav')[0]).toEqual(Float32Array.of(0.5, -0.25, 1 - 2 ** -23));
});

test('a file without a sample is refused, and nothing is written in its name', async () => {
  const nothing = { sampleRateHz: 48_000, channels: [new Float32Array(0)] };
  writeFileSync(at('silent.wav'), encodeWav(nothing, { bitsPerSample: 16 }));
  const words = ['--in', at('silent.wav'), '--trace', at('none.txt'), '--out', at('of-silent.wav')];
  expect(await refusal('conceal', ...words)).toBe('input-empty');
  expect(readdirSync(root)).not.toContain('of-silent.wav');
});

/** One channel at 48 kHz: a header by hand, because nothing here writes float. */
function floatWav(samples: Float32Array): Uint8Array {
  const bytes = Buffer.from(
    encodeWav(
      { sampleRateHz: 48_000, channels: [new Float32Array(2 * samples.length)] },
      { bitsPerSample: 16 },
    ),
  );
  bytes.writeUInt16LE(3, 20);
  bytes.writeUInt32LE(4 * 48_000, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(32, 34);
  for (const [n, sample] of samples.entries()) bytes.writeFloatLE(sample, 44 + 4 * n);
  return bytes;
}

test.each([
  ['input-unreadable', ['--in', at('nowhere.wav')]],
  ['wav-not-riff', ['--in', at('none.txt')]],
  ['wav-not-riff', ['--in', at('empty.wav')]],
  ['wav-rate-unsupported', ['--in', at('rate.wav')]],
  ['wav-channels-unsupported', ['--in', at('nine.wav')]],
  ['wav-coding-unsupported', ['--in', at('eight-bit.wav')]],
  ['trace-empty', ['--trace', at('empty.wav')]],
  ['trace-malformed', ['--trace', at('mono.wav')]],
  ['input-unreadable', ['--trace', root]],
  ['option-invalid', ['--packet', '0']],
  ['option-invalid', ['--packet', '128.5']],
  ['option-invalid', ['--packet', '4096']],
  ['output-unwritable', ['--out', join(root, 'no', 'folder', 'out.wav')]],
])('%s: bad input ends with a code, before anything is written (%j)', async (code, words) => {
  writeFileSync(at('empty.wav'), '');
  const patched = (offset: number, value: number): Buffer => {
    const bytes = readFileSync(at('mono.wav'));
    bytes.writeUInt16LE(value, offset);
    return bytes;
  };
  writeFileSync(at('rate.wav'), patched(24, 4_000));
  writeFileSync(at('nine.wav'), patched(22, 9));
  writeFileSync(at('eight-bit.wav'), patched(34, 8));
  const given = ['--in', at('mono.wav'), '--trace', at('two.txt'), '--out', at('unwritten.wav')];
  // Of an option given twice the last one counts.
  expect(await refusal('conceal', ...given, ...words)).toBe(code);
  expect(readdirSync(root)).not.toContain('unwritten.wav');
});

test('the bench reads a cut folder, tells each file, keeps what was played and finds the classes above the traces', async () => {
  mkdirSync(at('source/traces'), { recursive: true });
  mkdirSync(at('cut'), { recursive: true });
  writeFileSync(at('source/SOURCES.tsv'), 'file\twhat\tclass\naudio/mono.ogg\tresonance\tsolo\n');
  writeFileSync(at('source/traces/mono.txt'), readFileSync(at('two.txt')));
  writeFileSync(at('cut/iso5_P128.tsv'), `../mono.wav\t${at('source/traces/mono.txt')}\trep/mono.wav\t128\n`);
  // The times have a test beside them, with a clock of its own; here they would take nine tenths of the time.
  const words = ['--data', at('cut'), '--traces', 'iso5', '--packets', '128', '--time-blocks', '0', '--json'];
  const methods = 'zero,burg1024,pnbtr,pnbtr-two-sided,repair';
  const { out, told } = await jamnet('bench', 'pnbtr', ...words, '--methods', methods, '--keep', at('kept'));
  const { rows, byClass, time } = JSON.parse(out);
  expect(time).toEqual([]);
  expect(Object.keys(rows[2]).sort()).toEqual([
    'files',
    'gapMedianDb',
    'gaps',
    'meanFileDb',
    'method',
    'packet',
    'pooledDb',
    'trace',
    'worseThanSilencePercent',
    'worstBlockMs',
  ]);
  expect(rows.map((row: { method: string }) => row.method).join()).toBe(methods);
  expect(new Set(byClass.map((row: { className: string }) => row.className))).toEqual(new Set(['solo']));
  expect(told).toContain('iso5 128 repair mono: ');
  await conceal('mono.wav', 'two.txt', '--two-sided');
  expect(readFileSync(at('kept/iso5_P128/pnbtr-two-sided/mono.wav'))).toEqual(readFileSync(at('out.wav')));
  const repaired = rows[4].pooledDb;
  expect(repaired).toBeLessThan(rows[2].pooledDb);
});

test.each([
  ['bench-manifest-missing', ['--packets', '64']],
  ['option-invalid', ['--packets', '0']],
  ['option-invalid', ['--methods', 'magic']],
  ['option-invalid', ['--files', 'all']],
  ['input-unreadable', ['--sources', at('nowhere.tsv')]],
])('%s: the bench refuses what it cannot do (%j)', async (code, words) => {
  expect(await refusal('bench', 'pnbtr', '--data', at('cut'), ...words)).toBe(code);
});

test('a round is told that sound is too short to learn from before a studio is asked', async () => {
  mkdirSync(at('short sound'), { recursive: true });
  writeFileSync(at('short sound/a.wav'), readFileSync(at('mono.wav')));
  expect(await refusal('conceal-round', '--sound', at('short sound'))).toBe('sound-too-short');
  expect(await refusal('conceal-round', '--held-out', at('nowhere'))).toBe('input-unreadable');
});
