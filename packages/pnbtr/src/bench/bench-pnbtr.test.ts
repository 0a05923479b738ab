import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { type BenchData, benchPnbtr } from './bench-pnbtr.ts';

const chance = seededChance('bench');
const sound = new Float32Array(16_384);
for (let n = 2; n < sound.length; n++) {
  sound[n] = 1.98 * (sound[n - 1] ?? 0) - 0.9995 * (sound[n - 2] ?? 0) + 0.02 * (chance.unit() - 0.5);
}
const losses = Array.from({ length: 128 }, (_, p) => (p % 20 === 19 ? 1 : 0)).join('');

let clockMs = 0;
const data: BenchData = {
  manifest: (name) =>
    name === 'iso5_P128.tsv' ? '# reference\ttrace\n\na.wav\ta.txt\tout.wav\t128\n' : null,
  reference: (path) => (path === 'a.wav' ? { sampleRateHz: 44_100, samples: sound } : null),
  trace: (path) => (path === 'a.txt' ? losses : null),
  classOf: () => 'solo',
  nowMs: () => clockMs++,
};
const choice = { traces: ['iso5'], packets: [128] };

test('every method is scored on the same losses: zeros at 0 dB, each forecast far below, two sides below one', () => {
  const report = benchPnbtr(data, choice);
  if (!report.ok) throw new Error(report.message);
  const of = (method: string) => {
    const row = report.value.rows.find((candidate) => candidate.method === method);
    if (row === undefined) throw new Error(`no row of ${method}`);
    return row;
  };
  expect(of('zero')).toMatchObject({ gaps: 6, worstBlockMs: 0, worseThanSilencePercent: 0 });
  expect(of('zero').meanFileDb).toBeCloseTo(0, 9);
  expect(of('burg1024').meanFileDb).toBeLessThan(-3);
  expect(of('pnbtr').meanFileDb).toBeLessThan(-3);
  expect(of('pnbtr-two-sided').meanFileDb).toBeLessThan(of('pnbtr').meanFileDb);
  expect(of('pnbtr').worstBlockMs).toBe(1);
  expect(report.value.byClass.map((row) => row.className)).toEqual(['solo', 'solo', 'solo', 'solo']);
});

test.each([
  ['bench-manifest-missing', data, { ...choice, packets: [64] }],
  ['bench-file-missing', { ...data, reference: () => null }, choice],
  ['bench-file-missing', { ...data, trace: () => null }, choice],
  ['bench-trace-malformed', { ...data, trace: () => '012' }, choice],
] as const)('missing or damaged data is refused with %s', (code, reads, wanted) => {
  expect(benchPnbtr(reads, wanted)).toMatchObject({ ok: false, code });
});
