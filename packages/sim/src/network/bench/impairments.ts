import { seededChance } from '@jamnet/base';
import { burstLoss, type GilbertElliott, generateTrace, randomLoss } from '../gilbert-elliott.ts';
import type { ImpairmentDelay } from '../impairment.ts';

/** One row of the bench: what the network does, what the peers are set to. */
export interface BenchRow {
  readonly impairment: string;
  readonly loss: GilbertElliott | null;
  readonly delay: ImpairmentDelay | null;
  /** Which earlier packets each datagram repeats. */
  readonly offsets: readonly number[];
  /** Longest delay from sample to ear that the row may use with 64 frames; with others in proportion. */
  readonly delayMs64: number;
}

function jitter(jitterMs: number, distribution: ImpairmentDelay['distribution']): ImpairmentDelay {
  return { fixedMs: 0, jitterMs, distribution };
}

/** At most three blocks of 64 frames stay within 4.2 times the payload's bandwidth. */
export const BENCH_ROWS: readonly BenchRow[] = [
  { impairment: 'none', loss: null, delay: null, offsets: [], delayMs64: 2.67 },
  { impairment: 'loss1', loss: randomLoss(0.01), delay: null, offsets: [1], delayMs64: 4 },
  { impairment: 'loss5', loss: randomLoss(0.05), delay: null, offsets: [1], delayMs64: 4 },
  { impairment: 'burst2x4', loss: burstLoss(0.02, 4), delay: null, offsets: [1], delayMs64: 4 },
  { impairment: 'burst2x4-12ms', loss: burstLoss(0.02, 4), delay: null, offsets: [4, 7], delayMs64: 12 },
  { impairment: 'jitter3', loss: null, delay: jitter(3, 'uniform'), offsets: [1], delayMs64: 5.34 },
  {
    impairment: 'jitter5loss1',
    loss: randomLoss(0.01),
    delay: jitter(5, 'half-normal'),
    offsets: [1, 2],
    delayMs64: 9.34,
  },
];

export function benchTrace(row: BenchRow, packets: number, seed: string): Uint8Array {
  return row.loss === null
    ? new Uint8Array(0)
    : generateTrace(row.loss, packets, seededChance(`${seed}/${row.impairment}`));
}
