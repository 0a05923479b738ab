import type { LiveMetrics } from '@jamnet/jambox';
import { expect, test } from 'vitest';
import { LiveView } from './live-view.ts';

const ANN: LiveMetrics['heard'][number] = {
  from: 'ann',
  packets: 1000,
  lost: 12,
  recovered: 10,
  concealed: 2,
  late: 1,
  bufferMs: 2.67,
  transitMs: 4,
  delayMsP50: 9.34,
  delayMsP99: 11,
  driftPpm: -41.2,
  forged: 0,
  foretold: 0,
  path: 'direct',
  directTripMs: 8.25,
  relayTripMs: null,
};

const METRICS: LiveMetrics = {
  type: 'live',
  player: 'ben',
  phase: 'playing',
  atSeconds: 12.3,
  sentPackets: 4000,
  roundTripMs: 8,
  clockErrorMs: 0.4,
  redundancy: { plan: 'copies 1,3', changes: 1, bandwidthRatio: 3.24 },
  cardStumbles: 0,
  position: { bar: 3, beat: 1.7, beatsPerBar: 4, tempoBpm: 92.5 },
  band: null,
  heard: [ANN],
};

function shown(isTTY: boolean, all: readonly LiveMetrics[], isBeatNeeded = false): string {
  let text = '';
  const view = new LiveView({ isTTY, columns: 200, write: (part) => (text += part) }, isBeatNeeded);
  for (const metrics of all) view.show(metrics);
  view.end();
  return text;
}

test('a terminal sees the room and each player in one line, with path, delay, buffer, losses, drift and beat', () => {
  const text = shown(true, [METRICS]);
  expect(text.split('\n')).toHaveLength(3);
  for (const part of [
    'bar 4 beat 2 of 4, 92.5 a minute',
    'copies 1,3 (3.2×)',
    'ann: direct, round trip 8.3 ms',
    'delay 9.3 ms (buffer 2.7)',
    'lost 12 = 10 recovered + 2 concealed, 1 late',
    'drift -41 ppm',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('FORGED');
});

test('a click that follows the band says where it is, or that nobody leads it, and foretold hits are counted', () => {
  const band = { offsetMs: -12.4, tempoBpm: 119.26, isLed: true };
  const text = shown(true, [{ ...METRICS, band, heard: [{ ...ANN, foretold: 3 }] }]);
  expect(text).toContain('click with the band (-12 ms, 119.3 a minute)');
  expect(text).toContain('3 drum hits foretold');
  expect(shown(true, [{ ...METRICS, band: { ...band, isLed: false } }])).toContain('nobody plays on it');
  expect(shown(true, [METRICS])).not.toContain('click');
});

test('the lines are drawn in place, and those of players who left go away', () => {
  const text = shown(true, [{ ...METRICS, heard: [ANN, { ...ANN, from: 'cyd', forged: 2 }] }, METRICS]);
  expect(text).toContain('cyd: ');
  expect(text).toContain('FORGED 2');
  expect(text).toContain('\u001b[2A');
  expect(text.endsWith('\u001b[J\n')).toBe(true);
});

test.each([true, false])(
  'a room that stays without a beat is said to, where one is needed, and how to set it (terminal: %s)',
  (isTTY) => {
    const [at2, at3, at4] = [2, 3, 4].map((atSeconds) => ({ ...METRICS, atSeconds, position: null }));
    if (!at2 || !at3 || !at4) throw new Error('three looks');
    expect(shown(isTTY, [at3, at4], true)).toContain('--tempo 120');
    expect(shown(isTTY, [at2], true)).not.toContain('--tempo');
    expect(shown(isTTY, [at3, at4], false)).not.toContain('--tempo');
    expect(shown(isTTY, [{ ...METRICS, atSeconds: 4 }], true)).not.toContain('--tempo');
  },
);

test('a log says once that there is no beat', () => {
  const without = { ...METRICS, atSeconds: 9, position: null };
  expect(shown(false, [without, without, without], true).match(/--tempo/g)).toHaveLength(1);
});

test('a log gets one line for each phase, so that who waits is told so', () => {
  const seated = { ...METRICS, phase: 'seated' } as const;
  expect(shown(false, [seated, seated, METRICS, METRICS])).toBe('seated, waiting for the others\nplaying\n');
});
