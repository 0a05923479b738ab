import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../setup/studio-process.ts';

const SECONDS = 2;
const PACKETS = (SECONDS * 48_000) / 64;
/** A stretch that must come through sample for sample: a quarter of a second. */
const EXACT_FRAMES = 12_000;
/** The ring's most: 43 ms wanted by the cushion at its largest, two packets above it, and one being written. */
const RING_MS_MAX = 47;

interface Row {
  readonly path: string;
  readonly link: string;
  readonly absent?: string;
  readonly sent: number;
  readonly returned: number;
  readonly roundTripMs: { readonly p50: number; readonly p99: number; readonly p999: number };
  readonly linkDatagrams: { readonly up: number; readonly dropped: number } | null;
  readonly packetFrames: number;
}

interface Report {
  readonly chromium: string;
  readonly roundTrips: readonly Row[];
  readonly pair: {
    readonly path: string;
    readonly exact: { readonly longestFrames: number };
    readonly transportMs: { readonly p50: number };
  };
  readonly tone: { readonly bestDb: number };
  readonly soak: {
    readonly looks: number;
    readonly memoryBytes: { readonly isWithin: boolean };
    readonly ringMs: { readonly last: number };
  };
}

let report: Report;

beforeAll(async () => {
  const words = ['--seconds', String(SECONDS), '--pair-seconds', '3', '--minutes', '2', '--json'];
  const run = await runCli(['bench', 'browser', ...words]);
  expect(run.code, run.stderr).toBe(0);
  report = JSON.parse(run.stdout) as Report; // our own command's answer
}, 600_000);

describe('jamnet bench browser', () => {
  it('sends every packet over every way, and says why a row is absent', () => {
    expect(report.roundTrips).toHaveLength(9);
    for (const row of report.roundTrips) {
      // Where the system gives no TUN device, TCP has no bad link: the row says so.
      if (row.path === 'websocket' && row.link !== 'loopback' && row.absent !== undefined) {
        expect(row.absent).toMatch(/^a bad link below TCP needs root and a TUN device: ./);
        continue;
      }
      expect(row.absent).toBeUndefined();
      expect(row.sent).toBe(PACKETS);
      expect(row.packetFrames).toBe(64);
      expect(row.roundTripMs.p50).toBeGreaterThan(0);
      expect(row.roundTripMs.p99).toBeGreaterThanOrEqual(row.roundTripMs.p50);
    }
  });

  it('lets no packet round the bad link: none is quicker than it, and it drops its share', () => {
    for (const row of report.roundTrips.filter(
      ({ link, absent }) => link !== 'loopback' && absent === undefined,
    )) {
      expect(row.roundTripMs.p50).toBeGreaterThanOrEqual(20);
      expect(row.linkDatagrams?.up).toBeGreaterThan(0);
      if (row.link === 'delay10jitter2loss1') expect(row.linkDatagrams?.dropped).toBeGreaterThan(0);
      else expect(row.linkDatagrams?.dropped).toBe(0);
    }
  });

  it('hears a microphone in the other page sample for sample, and a tone through the resampler to 90 dB', () => {
    expect(report.pair.path).toBe('webtransport');
    expect(report.pair.exact.longestFrames).toBeGreaterThanOrEqual(EXACT_FRAMES);
    expect(report.pair.transportMs.p50).toBeGreaterThan(0);
    expect(report.tone.bestDb).toBeLessThanOrEqual(-90);
  });

  it('plays on for two minutes without growing', () => {
    expect(report.soak.looks).toBeGreaterThanOrEqual(3);
    expect(report.soak.memoryBytes.isWithin).toBe(true);
    expect(report.soak.ringMs.last).toBeLessThanOrEqual(RING_MS_MAX);
  });
});
