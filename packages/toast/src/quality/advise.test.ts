import { expect, test } from 'vitest';
import { advise } from './advise.ts';
import type { LinkReport } from './room-report.ts';

const FINE: LinkReport = {
  from: 'ada',
  to: 'ben',
  inputUs: 1333,
  packetUs: 1333,
  networkUs: 8000,
  bufferUs: 2000,
  outputUs: 1333,
  lossShare: 0,
  burstDatagrams: 1,
  lateUsP50: 100,
  lateUsP99: 900,
  lateUsP999: 1500,
  recoveredShare: 0,
  concealedShare: 0,
  lateShare: 0,
  clockErrorUs: 400,
  driftPpm: 12,
};
const link = (from: string, to: string, changes: Partial<LinkReport> = {}): LinkReport => ({
  ...FINE,
  from,
  to,
  ...changes,
});
const codes = (links: LinkReport[]): string[] =>
  advise({ links }).map((each) => `${each.code} ${each.player}`);

test('where all is well nobody is told anything', () => {
  expect(codes([link('ada', 'ben'), link('ben', 'ada'), link('cyd', 'ada')])).toEqual([]);
});

test.each([
  ['a slow input', [link('ada', 'ben', { inputUs: 20_000 })], ['driver-slow ada']],
  ['a slow output', [link('ada', 'ben', { outputUs: 20_000 })], ['driver-slow ben']],
  [
    'all hear ada with loss: her line up',
    [
      link('ada', 'ben', { lossShare: 0.02 }),
      link('ada', 'cyd', { lossShare: 0.03 }),
      link('ben', 'cyd'),
      link('cyd', 'ben'),
    ],
    ['line-up-loses ada'],
  ],
  [
    'ben hears all with loss: his line down',
    [
      link('ada', 'ben', { lossShare: 0.02 }),
      link('cyd', 'ben', { lossShare: 0.03 }),
      link('ada', 'cyd'),
      link('cyd', 'ada'),
    ],
    ['line-down-loses ben'],
  ],
  [
    'jitter at one place',
    [
      link('ada', 'ben', { lateUsP99: 9000 }),
      link('ben', 'ada', { lateUsP99: 8000 }),
      link('ada', 'cyd'),
      link('cyd', 'ada'),
      link('ben', 'cyd', { lateUsP99: 7000 }),
    ],
    ['wireless-or-busy-line ben'],
  ],
  [
    'a buffer that is too short',
    [link('ada', 'ben', { concealedShare: 0.02, lateShare: 0.02, lateUsP999: 9000 })],
    ['buffer-too-short ben'],
  ],
  [
    'a buffer that was too short and has followed since',
    [link('ada', 'ben', { concealedShare: 0.02, lateShare: 0.02, lateUsP999: 9_000, bufferUs: 9_900 })],
    [],
  ],
  [
    'a buffer that few datagrams hold up, by more than anybody plays with',
    [link('ada', 'ben', { concealedShare: 0.003, lateShare: 0.003, lateUsP999: 23_900, bufferUs: 45_200 })],
    ['buffer-held-up ben'],
  ],
  [
    'a buffer that most datagrams need',
    [link('ada', 'ben', { concealedShare: 0.003, lateUsP50: 12_500, lateUsP99: 14_500, bufferUs: 18_000 })],
    [],
  ],
  ['a buffer that is too long', [link('ada', 'ben', { bufferUs: 30_000 })], ['buffer-too-long ben']],
  ['distance', [link('ada', 'ben', { networkUs: 45_000 })], ['far-apart ben']],
  ['a card at 44,100 Hz or so', [link('ada', 'ben', { driftPpm: -800 })], ['card-off-rate ben']],
])('%s', (_, links, expected) => {
  expect(codes(links)).toEqual(expected);
});

test('the sentence names player and figure', () => {
  expect(advise({ links: [link('ada', 'ben', { inputUs: 20_000 })] })[0]?.sentence).toMatch(/ada.*20\.0 ms/);
});

test('the buffer that is proposed is longer than the one that was too short, whatever the figures', () => {
  for (const bufferUs of [0, 1_999, 2_000, 2_001, 20_000, 200_000])
    for (const lateUsP999 of [0, 1_500, 1_750, 1_751, 19_900, 150_000]) {
      const sentences = advise({
        links: [link('ada', 'ben', { concealedShare: 0.02, lateShare: 0.02, lateUsP999, bufferUs })],
      }).filter((each) => each.code === 'buffer-too-short');
      expect(sentences.length).toBe(lateUsP999 + 250 > bufferUs ? 1 : 0);
      for (const { sentence } of sentences) {
        const [, wanted = '0', present = '0'] = /([\d.]+) ms instead of ([\d.]+) ms/.exec(sentence) ?? [];
        expect(Number(wanted)).toBeGreaterThanOrEqual(Number(present));
      }
    }
});

test('a machine that comes late to its card is told of, by the share that people hear and no less', () => {
  const of = (stalledPeriods: number, periods = 4_000): string[] =>
    advise({ links: [], machine: { player: 'ada', periods, stalledPeriods } }).map(
      ({ sentence }) => sentence,
    );
  expect(of(29)).toEqual([expect.stringMatching(/^ada's machine came over 3\.0 ms late to 0\.7 % /)]);
  expect(of(8)).toEqual([]);
  expect(of(0, 0)).toEqual([]);
});
