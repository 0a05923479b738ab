import { faultText } from './fault-plan.ts';
import { ScaleBroken } from './scale-broken.ts';
import type { ScaleSize } from './scale-size.ts';
import { faultsOf, type ScaleRun, simulateScale } from './simulate-scale.ts';

export interface SeedsOptions {
  /** First and last seed, both run. */
  readonly from: number;
  readonly to: number;
  readonly size: ScaleSize;
  /** Where databases lie while they run; default: the system's folder for temporary files. */
  readonly directory?: string;
  readonly onSeed?: (done: number, of: number, failed: number) => void;
  readonly onDay?: (seed: number, day: number, days: number) => void;
}

export interface BrokenSeed {
  readonly seed: number;
  readonly checker: string;
  readonly message: string;
  /** What went wrong in it on purpose, in order. */
  readonly faults: readonly string[];
}

export interface SeedsReport {
  readonly size: ScaleSize;
  readonly seeds: number;
  readonly broken: readonly BrokenSeed[];
  /** Of all seeds that held. */
  readonly faults: Readonly<Record<string, number>>;
  readonly totals: Readonly<Record<string, string>>;
  /** The only seed's run, or the first one's: to compare its trace between machines. */
  readonly first: ScaleRun | null;
  /** Of this process, for all seeds. */
  readonly processorSeconds: number;
}

/** Figures that are summed over seeds. */
const SUMMED = [
  'events',
  'starts',
  'tasks',
  'accepted',
  'givenUp',
  'released',
  'falseReleased',
  'banned',
  'contributions',
  'receipts',
  'payouts',
  'returned',
  'leaves',
  'revenueCents',
  'issuedMicroJam',
  'redeemedCents',
  'sentCents',
] as const satisfies readonly (keyof ScaleRun)[];

/** Runs seeds one after the other; a seed that breaks a promise is told with its faults, and the next one runs. */
export async function runScaleSeeds(options: SeedsOptions): Promise<SeedsReport> {
  const { from, to, size } = options;
  const before = process.cpuUsage();
  const broken: BrokenSeed[] = [];
  const faults: Record<string, number> = {};
  const sums = new Map<string, bigint>(SUMMED.map((name) => [name, 0n]));
  let first: ScaleRun | null = null;
  for (let seed = from; seed <= to; seed++) {
    const run = await oneSeed(seed, options);
    if ('checker' in run) broken.push(run);
    else {
      first ??= run;
      for (const [kind, count] of Object.entries(run.faults)) faults[kind] = (faults[kind] ?? 0) + count;
      for (const name of SUMMED) sums.set(name, (sums.get(name) ?? 0n) + BigInt(run[name]));
    }
    options.onSeed?.(seed - from + 1, to - from + 1, broken.length);
  }
  const used = process.cpuUsage(before);
  return {
    size,
    seeds: to - from + 1,
    broken,
    faults,
    totals: Object.fromEntries([...sums].map(([name, sum]) => [name, sum.toString()])),
    first,
    processorSeconds: Math.round((used.user + used.system) / 1e5) / 10,
  };
}

async function oneSeed(
  seed: number,
  { size, directory, onDay }: SeedsOptions,
): Promise<ScaleRun | BrokenSeed> {
  try {
    return await simulateScale({
      seed: `${seed}`,
      size,
      ...(directory === undefined ? {} : { directory }),
      ...(onDay === undefined ? {} : { onDay: (day: number, days: number) => onDay(seed, day, days) }),
    });
  } catch (cause) {
    const checker = cause instanceof ScaleBroken ? cause.checker : 'errors';
    const message = cause instanceof Error ? cause.message : String(cause);
    return { seed, checker, message, faults: faultsOf(`${seed}`, size).map(faultText) };
  }
}
