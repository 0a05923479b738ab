import { Failure } from '@jamnet/base';
import { closeEpoch } from '../core/close-epoch.ts';
import { type EpochSize, madeUpEpoch } from './made-up-epoch.ts';

export interface EpochBench extends EpochSize {
  /** Wall clock of the close alone, without making the input up. */
  readonly seconds: number;
  /** Processor time of the close: what to compare on a busy machine. */
  readonly cpuSeconds: number;
  /** Largest resident memory of the process so far, the made-up input included. */
  readonly maxRssMb: number;
  /** Payments sum to the issued amount, and their lines to each of them. */
  readonly sumExact: boolean;
  readonly payees: number;
  /** Of the statement: two runs of one seed agree. */
  readonly checksum: string;
  readonly phases: Readonly<Record<'makeUp' | 'close' | 'check', number>>;
}

/** Closes a made-up epoch of the given size and measures it. */
export function benchEpoch(size: EpochSize, seed = 'bench'): EpochBench {
  const started = performance.now();
  const input = madeUpEpoch(size, seed);
  const madeUp = performance.now();
  const before = process.cpuUsage();
  const closed = closeEpoch(input);
  const used = process.cpuUsage(before);
  const finished = performance.now();
  if (!closed.ok) throw new Failure('bench-refused', `${closed.code}: ${closed.message}`);
  const { payments, publicEpoch, sha256 } = closed.value;
  let paid = 0n;
  let sumExact = true;
  for (const { microJam, lines } of payments) {
    paid += microJam;
    let explained = 0n;
    for (const line of lines) explained += line.microJam;
    if (explained !== microJam) sumExact = false;
  }
  if (paid !== publicEpoch.issuedMicroJam) sumExact = false;
  const checked = performance.now();
  return {
    ...size,
    seconds: (finished - madeUp) / 1000,
    cpuSeconds: (used.user + used.system) / 1_000_000,
    maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    sumExact,
    payees: payments.length,
    checksum: sha256,
    phases: {
      makeUp: (madeUp - started) / 1000,
      close: (finished - madeUp) / 1000,
      check: (checked - finished) / 1000,
    },
  };
}
