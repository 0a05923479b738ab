import { expect, test } from 'vitest';
import { BLOCK_FRAMES, badBlockPercent } from './bad-blocks.ts';
import { latePercent, playBareChain } from './bare-chain.ts';
import { benchRelay } from './bench-relay.ts';
import { benchToast } from './bench-toast.ts';
import { boundPercent } from './erasure-bound.ts';

const LINK = { from: 'speaker', to: 'listener' };

test('a block is bad when its residual exceeds −40 dB: silence is, a whisper of noise is not', () => {
  const sent = Float32Array.from({ length: BLOCK_FRAMES * 10 }, (_, i) => Math.sin(i / 5) / 2);
  const heard = sent.map((sample, i) => (i < BLOCK_FRAMES ? 0 : sample + (i % 2 === 0 ? 0.001 : -0.001)));
  expect(badBlockPercent(sent, sent)).toBe(0);
  expect(badBlockPercent(heard, sent)).toBe(10);
  expect(badBlockPercent(heard.subarray(0, BLOCK_FRAMES * 5), sent)).toBe(60);
});

test('the bound counts packets whose every copy is dropped or too slow for the delay', () => {
  const stream = { packets: 1000, packetMs: 1, offsets: [1] };
  const slow = {
    trace: new Uint8Array(0),
    seed: 'a',
    delay: { fixedMs: 2, jitterMs: 0, distribution: 'uniform' } as const,
  };
  expect(boundPercent(slow, LINK, stream, 2.9)).toBe(100);
  expect(boundPercent(slow, LINK, stream, 3)).toBe(0);
  const everyOther = { trace: Uint8Array.of(1, 0), seed: 'a' };
  expect(boundPercent(everyOther, LINK, stream, 1.9)).toBe(50);
  expect(boundPercent(everyOther, LINK, stream, 2)).toBe(0);
});

test('a short row runs in real time, and never conceals less than the bound', async () => {
  const relayEntry = new URL('../../../../studio/src/relay/main.ts', import.meta.url);
  const settings = {
    relayEntry,
    secondsPerRow: 0.5,
    repeats: 1,
    packetFrames: [128],
    phases: [0.5],
    seed: '7',
    mayUseRealtime: false,
  } as const;
  const { runs } = await benchToast({ ...settings, impairments: ['burst2x4'] });
  expect(runs).toHaveLength(1);
  const run = runs[0];
  expect(run?.concealedPercent).toBeGreaterThanOrEqual(run?.boundPercent ?? Number.NaN);
  expect(run?.lostPercent).toBeCloseTo((run?.recoveredPercent ?? 0) + (run?.concealedPercent ?? 0), 9);
  expect((run?.neverCamePercent ?? 0) + (run?.latePercent ?? 0)).toBeCloseTo(run?.concealedPercent ?? -1, 9);
  for (const share of [run?.lateAtSpeakerPercent, run?.lateAtProxyPercent]) {
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(100);
  }
  expect(run?.delayMsP50).toBeGreaterThan(6.6);
  expect(run?.bandwidthRatio).toBeLessThanOrEqual(4.2);
  expect(run?.datagramsPerPacket).toBeCloseTo(1, 2);
  expect(run?.machinePercent).toBeGreaterThanOrEqual(0);
  expect(run?.machinePercent).toBeLessThanOrEqual(100);
});

test('the bare chain carries every datagram, none before its period has ended', async () => {
  const lateUs = await playBareChain(200, 2000);
  expect(lateUs).toHaveLength(200);
  expect(Math.min(...lateUs)).toBeGreaterThan(0);
  expect(latePercent([1, 2, 3, 4], 2)).toBe(50);
});

test('a small load passes the relay whole, by either kind of system calls', async () => {
  const relayEntry = new URL('../../../../studio/src/relay/main.ts', import.meta.url);
  const kinds = process.platform === 'linux' ? (['dgram', 'mmsg'] as const) : (['dgram'] as const);
  const loads = kinds.map((udp) => ({ rooms: 1, players: 3, processes: 1, udp }));
  for (const run of await benchRelay({ relayEntry, seconds: 1, repeats: 1, loads })) {
    expect(run.players).toBe(3);
    expect(run.deliveredPercent).toBe(100);
    expect(run.packetsPerSecondOut).toBeGreaterThan(0);
    expect(run.floor.deliveredPercent).toBe(100);
    expect(run.cpuUsPerPacket).toBeGreaterThan(0);
  }
});
