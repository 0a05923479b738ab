import { createHash } from 'node:crypto';
import { Failure } from '@jamnet/base';
import { closeColumns } from '../core/epoch/close-columns.ts';
import { EpochColumns } from '../core/epoch/epoch-columns.ts';
import { type EpochSize, type MadeUpEpoch, madeUpEpoch } from './made-up-epoch.ts';

type Phase = 'intake' | 'revenue' | 'rows' | 'settle' | 'hash' | 'lines';

export interface EpochBench extends EpochSize {
  /** Wall clock of all phases: taking records in (they are made up on the way), closing, explaining every payment. */
  readonly seconds: number;
  /** Processor time of the same: what to compare on a busy machine. */
  readonly cpuSeconds: number;
  /** Largest resident memory of the process so far. */
  readonly maxRssMb: number;
  /** Payments sum to the issued amount, and their lines to each of them. */
  readonly sumExact: boolean;
  readonly payees: number;
  readonly lines: number;
  /** Of the statement: two runs of one seed agree. */
  readonly checksum: string;
  /** Seconds of each. */
  readonly phases: Readonly<Record<Phase, number>>;
}

/** Closes a made-up epoch of the given size and measures it; `onPhase` hears of each phase as it ends. */
export function benchEpoch(
  size: EpochSize,
  seed = 'bench',
  onPhase: (phase: Phase, seconds: number) => void = () => undefined,
): EpochBench {
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const phases = { intake: 0, revenue: 0, rows: 0, settle: 0, hash: 0, lines: 0 };
  let before = started;
  const end = (phase: Phase): void => {
    const now = performance.now();
    phases[phase] = (now - before) / 1000;
    before = now;
    onPhase(phase, phases[phase]);
  };
  const made = madeUpEpoch(size, seed);
  const terms = { ...made.terms, newSha256: () => createHash('sha256') };
  const columns = takeIn(made);
  end('intake');
  const closed = closeColumns(terms, columns, end);
  if (!closed.ok) throw new Failure('bench-refused', `${closed.code}: ${closed.message}`);
  const { payments, head, sha256, linesOf } = closed.value;
  let [paid, lines, sumExact] = [0n, 0, true];
  for (const payment of payments) {
    paid += payment.microJam;
    let explained = 0n;
    for (const { microJam } of linesOf(payment)) {
      explained += microJam;
      lines++;
    }
    if (explained !== payment.microJam) sumExact = false;
  }
  end('lines');
  const used = process.cpuUsage(cpuBefore);
  return {
    ...size,
    seconds: (before - started) / 1000,
    cpuSeconds: (used.user + used.system) / 1_000_000,
    maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    sumExact: sumExact && paid === head.issuedMicroJam,
    payees: payments.length,
    lines,
    checksum: sha256,
    phases,
  };
}

function takeIn(made: MadeUpEpoch): EpochColumns {
  const columns = new EpochColumns(made.terms);
  const taken = (refused: ReturnType<EpochColumns['addUse']>): void => {
    if (refused) throw new Failure('bench-refused', `${refused.code}: ${refused.message}`);
  };
  for (const contribution of made.contributions()) taken(columns.addContribution(contribution));
  for (const use of made.uses()) taken(columns.addUse(use));
  return columns;
}
