import { Failure } from '@jamnet/base';
import type { GateVerdict, TierGain } from '@jamnet/groove';
import { runChild } from '../processes/child-program.ts';
import type { JudgeOptions } from './judge-main.ts';

/** Big integers travel as decimal text. */
type AsText<T> = { readonly [K in keyof T]: T[K] extends bigint | null ? string | null : AsText<T[K]> };
type Line =
  | { readonly type: 'judged'; readonly done: number }
  | { readonly type: 'verdict'; readonly verdict: AsText<GateVerdict>; readonly values: readonly string[] };

export interface Judged {
  readonly verdict: GateVerdict;
  /** What each performance that was learnt from adds (see `takeValues`); empty when the gate refused. */
  readonly values: readonly bigint[];
}

/**
 * The gate's verdict on models and performances in files, and what each of those learnt from was worth. Rejects with the judge's
 * failure, `verdict-missing`, or, when the signal ends it, `round-stopped`.
 */
export async function judgeInChild(
  files: JudgeOptions,
  signal: AbortSignal,
  onJudged: (done: number) => void,
): Promise<Judged> {
  if (signal.aborted) stopped();
  let judged: Judged | null = null;
  const child = runChild({
    entry: new URL('./judge-main.ts', import.meta.url),
    options: files,
    onLine: (value) => {
      const line = value as Line; // Our own program prints no others.
      if (line.type === 'judged') onJudged(line.done);
      else judged = { verdict: verdictOf(line.verdict), values: line.values.map(BigInt) };
    },
  });
  const stop = (): void => void child.stop();
  signal.addEventListener('abort', stop, { once: true });
  await child.ended.finally(() => signal.removeEventListener('abort', stop));
  if (signal.aborted) stopped();
  return judged ?? missing();
}

function stopped(): never {
  throw new Failure('round-stopped', 'The studio ended while the round was judged: start the round again.');
}

function verdictOf(text: AsText<GateVerdict>): GateVerdict {
  // Counts, code and reason are no big integers: they came as they are.
  return { ...(text as unknown as GateVerdict), bar: gainOf(text.bar), hit: gainOf(text.hit) };
}

function gainOf({ jointPpm, timingPpm, velocityPpm, lowerPpm }: AsText<TierGain>): TierGain {
  return {
    jointPpm: BigInt(jointPpm ?? 0),
    timingPpm: BigInt(timingPpm ?? 0),
    velocityPpm: BigInt(velocityPpm ?? 0),
    lowerPpm: lowerPpm === null ? null : BigInt(lowerPpm),
  };
}

function missing(): never {
  throw new Failure('verdict-missing', 'The judge ended without a verdict: start the round again.');
}
