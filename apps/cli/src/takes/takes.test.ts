import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TakeFile } from '@jamnet/jambox/takes';
import { decodeWav, type SampleBits } from '@jamnet/jdat';
import type { Studio } from '@jamnet/studio';
import { openStudioIn } from '@jamnet/studio/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { exportTake } from './export-take.ts';
import { makeFolder } from './file-fault.ts';
import { importTake } from './import-take.ts';
import { readTake } from './take-summary.ts';
import { trainingPairs } from './training-pairs.ts';
import { downloadTake, type StudioPlace, uploadTake } from './transfer-take.ts';

const CONSENT = { record: true, train: true, strangers: false };
const silent = (): void => undefined;
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-take-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Sound {
  readonly bits: SampleBits;
  readonly samples: readonly number[];
}

const anySound: fc.Arbitrary<Sound> = fc.constantFrom(16 as const, 24 as const).chain((bits) =>
  fc.record({
    bits: fc.constant(bits),
    samples: fc.array(fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }), {
      minLength: 1,
      maxLength: 99,
    }),
  }),
);

/** A take of whole tracks that begin together at `fromSample`. */
function writeTake(name: string, sounds: readonly Sound[], fromSample: number, consent = CONSENT): string {
  const file = join(directory, name);
  const header = { jdat: 2, room: 'attic', recorder: 'ada', sampleRateHz: 48_000, startedAtUs: 0n } as const;
  const take = TakeFile.create(file, header);
  for (const [i, { bits, samples }] of sounds.entries()) {
    const from = `p${i}`;
    const track = take.writer.track({
      player: from,
      role: 'sent',
      from,
      bits,
      packetFrames: 1,
      firstSample: fromSample,
      consent,
    });
    take.writer.sound('audio', track, fromSample, Int32Array.from(samples));
  }
  take.finish();
  return file;
}

function exported(
  file: string,
  format: 'wav' | 'flac',
  changes: { mix?: boolean; asHeard?: boolean } = {},
): string[] {
  const out = join(directory, `out-${readdirSync(directory).length}`);
  mkdirSync(out);
  const { state } = readTake(file, false);
  const options = {
    format,
    tracks: [],
    mix: false,
    asHeard: false,
    directory: out,
    onProgress: silent,
    ...changes,
  };
  const files = exportTake(file, state, options);
  expect(readdirSync(out).length).toBe(files.length);
  return files.map((each) => each.file);
}

function imported(files: readonly string[]): string {
  const out = join(directory, `in-${readdirSync(directory).length}.jdat`);
  importTake(files, { out, room: 'attic', consent: CONSENT, startedAtUs: 0n, onProgress: silent });
  return out;
}

/** Samples of each track, from the take's first sound to its last. */
function soundsOf(file: string): number[][] {
  const { state } = readTake(file, false);
  const sounds = state.tracks.map(() => new Array<number>(state.toSample - state.fromSample).fill(0));
  readTake(file, true, (record) => {
    if (record.type !== 'audio') return;
    for (const [i, sample] of (record.samples ?? []).entries()) {
      const sound = sounds[record.track];
      if (sound !== undefined) sound[record.atSample - state.fromSample + i] = sample;
    }
  });
  return sounds;
}

test.each(['wav', 'flac'] as const)(
  'what is exported as %s and imported is the same sound in as many bits',
  (format) => {
    fc.assert(
      fc.property(
        fc.array(anySound, { minLength: 1, maxLength: 3 }),
        fc.nat(1_000_000),
        (sounds, fromSample) => {
          const file = writeTake(`t-${readdirSync(directory).length}.jdat`, sounds, fromSample);
          const back = imported(exported(file, format));
          expect(soundsOf(back)).toEqual(soundsOf(file));
          expect(readTake(back, false).state.tracks.map(({ track }) => track.bits)).toEqual(
            sounds.map(({ bits }) => bits),
          );
        },
      ),
      { numRuns: 25 },
    );
  },
);

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
test.skipIf(!hasFfmpeg)('ffmpeg finds in our FLAC the samples that our WAV holds, and we in its', () => {
  const samples = Array.from({ length: 9_000 }, (_, i) =>
    Math.round(3_000_000 * Math.sin(i / 17) + 900 * Math.sin(i * i)),
  );
  const file = writeTake('tone.jdat', [{ bits: 24, samples }], 7);
  const [flac = ''] = exported(file, 'flac');
  const [wav = ''] = exported(file, 'wav');
  const raw = (input: string): string =>
    createHash('sha256')
      .update(execFileSync('ffmpeg', ['-v', 'error', '-i', input, '-f', 's24le', '-']))
      .digest('hex');
  expect(raw(flac)).toBe(raw(wav));
  const theirs = join(directory, 'theirs.flac');
  execFileSync('ffmpeg', ['-v', 'error', '-i', wav, '-c:a', 'flac', theirs]);
  expect(soundsOf(imported([theirs]))).toEqual([samples]);
});

test('a mix is the sum of its tracks, clipped at full scale', () => {
  const file = writeTake(
    'mix.jdat',
    [
      { bits: 16, samples: [100, 30_000, -30_000] },
      { bits: 16, samples: [1, 30_000, -30_000] },
    ],
    0,
  );
  const [mix = ''] = exported(file, 'wav', { mix: true });
  const decoded = decodeWav(readFileSync(mix));
  if (!decoded.ok) throw new Error(decoded.message);
  expect([...(decoded.value.channels[0] ?? [])].map((sample) => sample * 32_768)).toEqual([
    101, 32_767, -32_768,
  ]);
});

/** A listener's take of what `p0` sent: 4-sample packets, the second late, the third never there. */
function writeHeard(consent = CONSENT): string {
  const file = join(directory, 'heard.jdat');
  const header = { jdat: 2, room: 'attic', recorder: 'bob', sampleRateHz: 48_000, startedAtUs: 0n } as const;
  const take = TakeFile.create(file, header);
  const track = take.writer.track({
    player: 'bob',
    role: 'heard',
    from: 'p0',
    bits: 16,
    packetFrames: 4,
    firstSample: 8,
    consent,
  });
  take.writer.sound('audio', track, 8, Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  take.writer.sound('audio', track, 20, Int32Array.of(13, 14, 15, 16));
  take.writer.sound('fill', track, 12, Int32Array.of(0, 0, 0, 9, 9, 9, 9, 9));
  take.writer.fates(track, 0, [null, 'late', 'concealed', 'recovered']);
  take.finish();
  return file;
}
const SENT = [{ bits: 16 as const, samples: Array.from({ length: 16 }, (_, i) => i + 1) }];

test('a pair is what was sent, from the listener’s first packet on, and a one for each packet that was not there in time', () => {
  const [pair] = trainingPairs([writeHeard(), writeTake('sent.jdat', SENT, 8)], directory);
  if (pair === undefined) throw new Error('no pair');
  expect(pair).toMatchObject({ from: 'p0', listener: 'bob', packets: 4, lostPackets: 2 });
  expect(readFileSync(pair.traceFile, 'utf8')).toBe('0110');
  const wav = decodeWav(readFileSync(pair.sentWav));
  expect(wav.ok && [...(wav.value.channels[0] ?? [])].map((sample) => sample * 32_768)).toEqual(
    SENT[0]?.samples,
  );
});

test('the pair of a listener who came late begins where the listener did', () => {
  const file = join(directory, 'late.jdat');
  const header = { jdat: 2, room: 'attic', recorder: 'bob', sampleRateHz: 48_000, startedAtUs: 0n } as const;
  const take = TakeFile.create(file, header);
  const kind = { player: 'bob', role: 'heard', from: 'p0', bits: 16, consent: CONSENT } as const;
  const track = take.writer.track({ ...kind, packetFrames: 4, firstSample: 8 });
  take.writer.sound('audio', track, 16, Int32Array.of(9, 10, 11, 12));
  take.writer.fates(track, 2, [null, 'concealed']);
  take.finish();
  const [pair] = trainingPairs([file, writeTake('sent.jdat', SENT, 8)], directory);
  expect(pair).toMatchObject({ packets: 2, lostPackets: 1 });
  expect(readFileSync(pair?.traceFile ?? '', 'utf8')).toBe('01');
  const wav = decodeWav(readFileSync(pair?.sentWav ?? ''));
  expect(wav.ok && [...(wav.value.channels[0] ?? [])].map((sample) => sample * 32_768)).toEqual(
    SENT[0]?.samples.slice(8),
  );
});

test('as heard, late sound and holes are what the ear had', () => {
  const [wav = ''] = exported(writeHeard(), 'wav', { asHeard: true });
  const decoded = decodeWav(readFileSync(wav));
  expect(decoded.ok && [...(decoded.value.channels[0] ?? [])].map((sample) => sample * 32_768)).toEqual([
    1, 2, 3, 4, 0, 0, 0, 9, 9, 9, 9, 9, 13, 14, 15, 16,
  ]);
});

test.each([
  ['the sender', CONSENT, { ...CONSENT, train: false }],
  ['the sender, as the listener’s take has it', { ...CONSENT, train: false }, CONSENT],
])('without the consent of %s no pair is made and nothing is written', (_, heard, sent) => {
  const files = [writeHeard(heard), writeTake('sent.jdat', SENT, 8, sent)];
  const before = readdirSync(directory);
  expect(() => trainingPairs(files, directory)).toThrow(/has not agreed to training/);
  expect(readdirSync(directory)).toEqual(before);
});

let studio: Studio;
let place: StudioPlace;
const data = mkdtempSync(join(tmpdir(), 'jamnet-take-studio-'));
beforeAll(async () => {
  studio = await openStudioIn(data);
  place = { url: await studio.listen(), token: readFileSync(join(data, 'operator.token'), 'utf8').trim() };
});
afterAll(async () => {
  await studio.close();
  rmSync(data, { recursive: true, force: true });
});

/** Noise packs badly: a take of several chunks. */
function writeLongTake(seed: number): string {
  let state = seed;
  const samples = Array.from({ length: 900_000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >> 8;
  });
  return writeTake(`long-${seed}.jdat`, [{ bits: 24, samples }], 0);
}

test('an upload that was killed goes on where it was, a second one sends nothing, and what comes back is the same', async () => {
  const file = writeLongTake(5);
  let seen = 0;
  const killed = uploadTake(place, file, () => {
    if (++seen === 2) throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');
  const again = await uploadTake(place, file, silent);
  expect(again.chunks).toBeGreaterThan(3);
  expect(again.sentChunks).toBe(again.chunks - 2);
  expect(await uploadTake(place, file, silent)).toMatchObject({ id: again.id, sentChunks: 0 });
  const out = join(directory, 'back.jdat');
  writeFileSync(`${out}.part`, readFileSync(file).subarray(0, 100_000));
  await downloadTake(place, again.id, out);
  expect(readFileSync(out)).toEqual(readFileSync(file));
  expect(existsSync(`${out}.part`)).toBe(false);
});

test('a download that went on from something else is thrown away and said so', async () => {
  const { id } = await uploadTake(place, writeTake('small.jdat', SENT, 0), silent);
  const out = join(directory, 'x.jdat');
  writeFileSync(`${out}.part`, 'something else');
  await expect(downloadTake(place, id, out)).rejects.toMatchObject({ code: 'take-bytes-differ' });
  expect((await downloadTake(place, id, out)).bytes).toBeGreaterThan(100);
});

test('what the studio would refuse at the end is refused before anything is sent', async () => {
  const nowhere: StudioPlace = { url: 'http://127.0.0.1:9', token: 'x' };
  const [text, torn, gone] = ['text.jdat', 'torn.jdat', 'gone.jdat'].map((name) => join(directory, name));
  writeFileSync(text ?? '', 'no take at all\n');
  const whole = readFileSync(writeTake('whole.jdat', SENT, 0));
  writeFileSync(torn ?? '', whole.subarray(0, whole.length - 3));
  const unasked = writeTake('unasked.jdat', SENT, 0, { ...CONSENT, record: false });
  for (const [file, code] of [
    [text, 'take-version-unknown'],
    [torn, 'take-not-closed'],
    [gone, 'file-unreadable'],
    [unasked, 'take-consent-missing'],
  ] as const)
    await expect(uploadTake(nowhere, file ?? '', silent), code).rejects.toMatchObject({ code });
});

test('a hash that is none, and a folder that is not there, are told before the studio is asked', async () => {
  const nowhere: StudioPlace = { url: 'http://127.0.0.1:9', token: 'x' };
  await expect(downloadTake(nowhere, 'latest', join(directory, 'z'))).rejects.toThrow(/64 digits/);
  await expect(downloadTake(nowhere, 'a'.repeat(64), join(directory, 'no', 'z'))).rejects.toThrow(
    /cannot be begun: .*check the path/,
  );
});

test('what the file system refuses is said in words, without its codes', () => {
  const gone = join(directory, 'gone.jdat');
  expect(() => readTake(gone, false)).toThrow(/gone\.jdat cannot be read: .*is not there: check the path/);
  expect(() => readTake(directory, false)).toThrow(/it is a folder/);
  const there = writeTake('there.jdat', SENT, 0);
  expect(() =>
    importTake(exported(there, 'wav'), {
      out: there,
      room: 'attic',
      consent: CONSENT,
      startedAtUs: 0n,
      onProgress: silent,
    }),
  ).toThrow(/there already: choose another name/);
  expect(() => makeFolder(join(there, 'below'))).toThrow(/a part of the path is a file/);
});

test('without the token nothing goes in or out, with a wrong take neither', async () => {
  const file = writeTake('a.jdat', SENT, 0, { ...CONSENT, record: false });
  const allowed = writeTake('b.jdat', SENT, 0);
  await expect(uploadTake({ ...place, token: 'x' }, allowed, silent)).rejects.toMatchObject({
    code: 'token-wrong',
  });
  await expect(
    downloadTake({ ...place, token: 'x' }, 'a'.repeat(64), join(directory, 'y')),
  ).rejects.toMatchObject({
    code: 'token-wrong',
  });
  await expect(uploadTake(place, file, silent)).rejects.toMatchObject({ code: 'take-consent-missing' });
  const large = await fetch(new URL(`/api/archive/chunks/${'0'.repeat(64)}`, place.url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${place.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array((1 << 20) + 1),
  });
  expect(large.status).toBe(413);
});
