import { expect, test } from 'vitest';
import { diagnose, type WayFacts } from './diagnose.ts';
import type { MachineFacts } from './machine-facts.ts';
import { probePacing } from './pacing-probe.ts';

const GOOD: MachineFacts = {
  udp: 'mmsg',
  pacing: {
    scheduling: 'fifo',
    timerSlackNs: 1,
    periods: 2250,
    lateUsP50: 29,
    lateUsP99: 75,
    periodsLate: 0,
  },
  soundCards: [{ kind: 'audioinput', label: 'hw:1' }],
  receiveBufferBytesMax: 4 << 20,
  interfaceName: 'eth0',
  isWireless: false,
  cpuGovernor: 'performance',
};
const ATTIC = { id: 'attic', host: '192.0.2.7', port: 8441, roundTripMs: 12 };
const CELLAR = { id: 'cellar', host: '192.0.2.8', port: 8441, roundTripMs: 70 };
const WAY: WayFacts = { relays: [CELLAR, ATTIC], packets: 2000, lost: 0, spreadMs: 1 };

function faults(machine: Partial<MachineFacts>, way: Partial<WayFacts> = {}): string[] {
  return diagnose({ ...GOOD, ...machine }, { ...WAY, ...way })
    .filter((finding) => !finding.isFine)
    .map((finding) => finding.code);
}

test('a good machine on a good line has nothing to change', () => {
  expect(faults({})).toEqual([]);
  expect(diagnose(GOOD, null).every((finding) => finding.isFine)).toBe(true);
});

test.each([
  ['priority', { pacing: { ...GOOD.pacing, scheduling: 'normal' as const } }, {}],
  ['pacing', { pacing: { ...GOOD.pacing, lateUsP99: 2500 } }, {}],
  ['pacing', { pacing: { ...GOOD.pacing, periodsLate: 9 } }, {}],
  ['system-calls', { udp: 'dgram' as const }, {}],
  ['udp-buffer', { receiveBufferBytesMax: 212_992 }, {}],
  ['sound-card', { soundCards: [] }, {}],
  ['wireless', { isWireless: true }, {}],
  ['cpu-clock', { cpuGovernor: 'powersave' }, {}],
  ['way-loses', {}, { lost: 20 }],
  ['way-jitters', {}, { spreadMs: 5 }],
  ['way-is-long', {}, { relays: [CELLAR] }],
  ['relay-silent', {}, { relays: [ATTIC, { ...CELLAR, roundTripMs: null }] }],
])('%s is named when it alone is wrong', (code, machine, way) => {
  expect(faults(machine, way)).toEqual([code]);
});

test('what the system does not tell is not judged', () => {
  expect(
    faults({
      soundCards: null,
      receiveBufferBytesMax: null,
      isWireless: null,
      interfaceName: null,
      cpuGovernor: null,
    }),
  ).toEqual([]);
});

test('the probe waits for every period it was asked for', async () => {
  const probe = await probePacing(0.05);
  expect(probe.periods).toBe(38);
  expect(probe.lateUsP99).toBeGreaterThanOrEqual(probe.lateUsP50);
});

test('every relay is told with its own round trip, and the one that was tried by name', () => {
  const sentence = diagnose(GOOD, WAY).find(({ code }) => code === 'way')?.sentence;
  expect(sentence).toContain('cellar 70.0 ms, attic 12.0 ms');
  expect(sentence).toContain('through attic');
});
