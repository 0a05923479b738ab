import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SPAN_FATES, TAKE_LIMITS, TAKE_ROLES, type TakeHeader, type TakeRecord } from './take.ts';
import { decodeTake } from './take-decode.ts';
import { encodeTake, takeText } from './take-encode.ts';
import { contentHash, takeHash } from './take-hash.ts';
import { takePcm } from './take-pcm.ts';

const header: TakeHeader = {
  jdat: 1,
  room: 'cellar',
  player: 'drums',
  role: 'heard',
  from: 'guitar',
  sampleRateHz: 48_000,
  packetFrames: 4,
  startedAtUs: 1_700_000_000_000_000n,
  consent: { record: true, train: false, strangers: false },
};

const audio = (atSample: number, ...samples: number[]): TakeRecord => ({
  type: 'audio',
  atSample,
  samples: Int16Array.from(samples),
});

const anyHeader: fc.Arbitrary<TakeHeader> = fc.record({
  jdat: fc.constant(1 as const),
  room: fc.string({ maxLength: 20 }),
  player: fc.string({ unit: 'grapheme', maxLength: 10 }),
  role: fc.constantFrom(...TAKE_ROLES),
  from: fc.string({ maxLength: 20 }),
  sampleRateHz: fc.integer({ min: 8_000, max: 192_000 }),
  packetFrames: fc.integer({ min: 1, max: 8_192 }),
  startedAtUs: fc.bigInt({ min: 0n, max: 10n ** 18n }),
  consent: fc.record({ record: fc.boolean(), train: fc.boolean(), strangers: fc.boolean() }),
});

const anyRecords: fc.Arbitrary<TakeRecord[]> = fc
  .array(
    fc.oneof(
      fc.record({
        type: fc.constant('audio' as const),
        skip: fc.nat(5),
        samples: fc.int16Array({ maxLength: 9 }),
      }),
      fc.record({
        type: fc.constant('span' as const),
        frames: fc.integer({ min: 1, max: 9 }),
        fate: fc.constantFrom(...SPAN_FATES),
      }),
      fc.record({
        type: fc.constant('midi' as const),
        message: fc.uint8Array({ minLength: 1, maxLength: 3 }),
      }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => {
    let atSample = 0;
    return parts.map((part): TakeRecord => {
      if (part.type !== 'audio') return { ...part, atSample };
      const record = { type: part.type, atSample: atSample + part.skip, samples: part.samples };
      atSample = record.atSample + part.samples.length;
      return record;
    });
  });

test('every take comes back from its lines as it was', () => {
  fc.assert(
    fc.property(anyHeader, anyRecords, (anyone, records) => {
      const decoded = decodeTake(takeText(anyone, records).split('\n'));
      expect(decoded).toEqual({ ok: true, value: { header: anyone, records } });
    }),
  );
});

test('two evenings with the same sound share hashes, however late the second one started', () => {
  const records = [audio(0, 1, 2, 3), audio(3, 4)];
  const later = { ...header, startedAtUs: header.startedAtUs + 1n };
  expect(takeHash(takeText(later, records))).toBe(takeHash(takeText(header, records)));
  expect(contentHash({ header: later, records })).toBe(contentHash({ header, records }));
});

test('the content hash ignores how the sound is cut, names and spans', () => {
  const cut = contentHash({ header, records: [audio(0, 1, 2), audio(2, 3)] });
  const whole = contentHash({
    header: { ...header, player: 'bass' },
    records: [audio(0, 1, 2, 3), { type: 'span', atSample: 0, frames: 1, fate: 'late' }],
  });
  expect(whole).toBe(cut);
});

test.each([
  ['a sample', [audio(0, 1, 2, 4)]],
  ['a place', [audio(1, 1, 2, 3)]],
  ['a hole', [audio(0, 1), audio(2, 2, 3)]],
] as const)('the content hash depends on %s', (_, records) => {
  expect(contentHash({ header, records })).not.toBe(contentHash({ header, records: [audio(0, 1, 2, 3)] }));
});

test('the take hash depends on consent, names and losses', () => {
  const records = [audio(0, 1, 2, 3)];
  const hash = takeHash(takeText(header, records));
  const others = [
    takeText({ ...header, consent: { ...header.consent, train: true } }, records),
    takeText({ ...header, from: 'voice' }, records),
    takeText(header, [...records, { type: 'span', atSample: 0, frames: 3, fate: 'late' }]),
  ];
  for (const other of others) expect(takeHash(other)).not.toBe(hash);
});

test('the hashes are pinned, so that archives stay addressable', () => {
  const records = [audio(0, 1, -2, 3)];
  expect([takeHash(takeText(header, records)), contentHash({ header, records })]).toMatchInlineSnapshot(`
    [
      "998c93d2dedef34bb76f46432cce2f9d6fd210625084d8451467ca546c3b25cf",
      "0d5cebc33190bc12835223dd811a25e1d551534b19a881b5d9e611af730a76c3",
    ]
  `);
});

test('missing are the guessed spans and the places without audio, joined', () => {
  const records: TakeRecord[] = [
    audio(2, 16384, -32768),
    { type: 'span', atSample: 4, frames: 2, fate: 'lost' },
    audio(8, 1, 1, 1, 1),
    { type: 'span', atSample: 8, frames: 1, fate: 'recovered' },
    { type: 'span', atSample: 9, frames: 1, fate: 'concealed' },
    { type: 'span', atSample: 10, frames: 4, fate: 'late' },
  ];
  const { samples, missing } = takePcm({ header, records });
  expect([...samples.subarray(0, 5)]).toEqual([0, 0, 0.5, -1, 0]);
  expect(samples.length).toBe(14);
  expect(missing).toEqual([
    { atSample: 0, frames: 2 },
    { atSample: 4, frames: 4 },
    { atSample: 9, frames: 5 },
  ]);
});

const [headerLine = ''] = encodeTake(header, []);
const line = (members: object): string => JSON.stringify(members);

test.each([
  ['take-empty', []],
  ['take-empty', ['', '']],
  ['take-version-unknown', [headerLine.replace('"jdat":1', '"jdat":2')]],
  ['take-version-unknown', [line({ type: 'audio' })]],
  ['take-header-malformed', ['[]']],
  ['take-header-malformed', [headerLine.replace('"strangers":false,', '')]],
  ['take-header-malformed', [headerLine.replace('heard', 'overheard')]],
  ['take-header-malformed', [headerLine.replace('cellar', 'c'.repeat(129))]],
  ['take-header-malformed', [headerLine.replace('48000', '7999')]],
  ['take-header-malformed', [headerLine.replace('"packetFrames":4', '"packetFrames":0')]],
  ['take-header-malformed', [headerLine.replace('"1700', '"-1700')]],
  ['take-line-malformed', ['{']],
  ['take-line-malformed', [headerLine, '7']],
  ['take-line-malformed', [headerLine, line({ type: 'audio', atSample: 0, pcm: 'AAA' })]],
  ['take-line-malformed', [headerLine, line({ type: 'audio', atSample: 0, pcm: 'AA==' })]],
  ['take-line-malformed', [headerLine, line({ type: 'audio', atSample: -1, pcm: '' })]],
  ['take-line-malformed', [headerLine, line({ type: 'audio', atSample: TAKE_LIMITS.atSample + 1, pcm: '' })]],
  ['take-line-malformed', [headerLine, line({ type: 'span', atSample: 0, frames: 0, fate: 'lost' })]],
  ['take-line-malformed', [headerLine, line({ type: 'span', atSample: 0, frames: 1, fate: 'gone' })]],
  ['take-line-malformed', [headerLine, line({ type: 'midi', atSample: 0, message: '90406' })]],
  ['take-line-too-long', [headerLine, ' '.repeat(TAKE_LIMITS.lineLength + 1)]],
  ['take-audio-overlap', [...encodeTake(header, [audio(0, 1, 2), audio(1, 3)])]],
] as const)('a damaged take is refused with %s', (code, lines) => {
  expect(decodeTake(lines)).toMatchObject({ ok: false, code });
});

test('members and records of later versions are skipped', () => {
  const lines = [
    headerLine.replace('{', '{"mood":"blue",'),
    line({ type: 'applause', atSample: 3, people: 2 }),
  ];
  expect(decodeTake(lines)).toEqual({ ok: true, value: { header, records: [] } });
});

test('any lines get an answer, never an exception', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.json(), fc.constant(headerLine))), (lines) => {
      expect(typeof decodeTake(lines).ok).toBe('boolean');
    }),
  );
});
