import { seededChance } from '@jamnet/base';
import { burstLoss, type GilbertElliott, generateTrace, randomLoss } from '../gilbert-elliott.ts';
import type { ImpairmentDelay } from '../impairment.ts';

/** What a row must reach with 64 frames, median phase. */
export interface Goal {
  readonly delayMs: number;
  readonly badBlockPercent: number;
}

/** One row of the bench: what the network does, what the peers are set to. */
export interface BenchRow {
  readonly impairment: string;
  readonly loss: GilbertElliott | null;
  readonly delay: ImpairmentDelay | null;
  /** Which earlier packets each datagram repeats, packed losslessly. */
  readonly offsets: readonly number[];
  /** Longest delay from sample to ear that the row should use with 64 frames; with others in proportion. */
  readonly delayMs64: number;
  /** What must have arrived before the ear needs it, ms: the row's own delay, or copies that come later. */
  readonly neededMs: number;
  readonly goal: Goal;
}

function jitter(jitterMs: number, distribution: ImpairmentDelay['distribution']): ImpairmentDelay {
  return { fixedMs: 0, jitterMs, distribution };
}

const PACKET_MS = 64 / 48;

export const BENCH_ROWS: readonly BenchRow[] = [
  {
    impairment: 'none',
    loss: null,
    delay: null,
    offsets: [],
    delayMs64: 2.67,
    neededMs: 0,
    goal: { delayMs: 2.67, badBlockPercent: 0.05 },
  },
  {
    impairment: 'loss1',
    loss: randomLoss(0.01),
    delay: null,
    offsets: [1],
    delayMs64: 4,
    neededMs: PACKET_MS,
    goal: { delayMs: 4, badBlockPercent: 0.05 },
  },
  {
    impairment: 'loss5',
    loss: randomLoss(0.05),
    delay: null,
    offsets: [1],
    delayMs64: 4,
    neededMs: PACKET_MS,
    goal: { delayMs: 4, badBlockPercent: 0.3 },
  },
  {
    impairment: 'burst2x4',
    loss: burstLoss(0.02, 4),
    delay: null,
    offsets: [1],
    delayMs64: 4,
    neededMs: PACKET_MS,
    goal: { delayMs: 4, badBlockPercent: 1.35 },
  },
  {
    impairment: 'burst2x4-12ms',
    loss: burstLoss(0.02, 4),
    delay: null,
    offsets: [2, 5, 7],
    delayMs64: 12,
    neededMs: 7 * PACKET_MS,
    goal: { delayMs: 12, badBlockPercent: 0.4 },
  },
  {
    impairment: 'jitter3',
    loss: null,
    delay: jitter(3, 'uniform'),
    offsets: [1],
    delayMs64: 5.34,
    neededMs: 3,
    goal: { delayMs: 5.34, badBlockPercent: 0.1 },
  },
  {
    impairment: 'jitter5loss1',
    loss: randomLoss(0.01),
    delay: jitter(5, 'half-normal'),
    offsets: [1, 2, 3, 4],
    delayMs64: 9.34,
    neededMs: 0,
    goal: { delayMs: 9.34, badBlockPercent: 0.5 },
  },
];

export const BENCH_ROW_NAMES: readonly string[] = BENCH_ROWS.map((row) => row.impairment);

/**
 * From the sender's card to the listener's through the proxy: room for three processes that have to be woken. With jitter the packets
 * that come last are few, and have a copy behind them.
 */
const MACHINE_MS = { plain: 0.5, jitter: 0.05 } as const;

/**
 * Packets between a packet's first sample and the period in which it sounds, for a listener whose card ends its periods
 * `phase` of a packet after the sender's: the most that keeps within the row's delay, one more where what the row needs could
 * not have arrived before it is needed.
 */
export function playoutPackets(row: BenchRow, packetFrames: number, phase: number): number {
  const packetMs = packetFrames / 48;
  const scale = packetFrames / 64;
  const within = Math.max(1, Math.floor((row.delayMs64 * scale) / packetMs - phase + 0.01));
  // Copies come packet by packet, so what is needed grows with the packet; jitter does not.
  const neededMs = row.delay === null ? row.neededMs * scale : row.neededMs;
  const slackMs = (within + phase - 1) * packetMs - neededMs;
  return slackMs >= (row.delay === null ? MACHINE_MS.plain : MACHINE_MS.jitter) ? within : within + 1;
}

/** How long after its period's end a packet itself may come with `playoutPackets` of delay, µs; jitter comes on top. */
export function slackUs(playoutPackets: number, packetFrames: number, phase: number): number {
  return ((playoutPackets + phase - 1) * packetFrames * 1000) / 48;
}

export function benchTrace(row: BenchRow, packets: number, seed: string): Uint8Array {
  return row.loss === null
    ? new Uint8Array(0)
    : generateTrace(row.loss, packets, seededChance(`${seed}/${row.impairment}`));
}
