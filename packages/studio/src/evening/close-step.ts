import { Failure } from '@jamnet/base';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { CloseResult, EveningResults } from './results.ts';

/** The epoch closes: half of the revenue becomes JAMBucks. */
export function closeStep(context: EveningContext): EveningStep<EveningResults> {
  return { name: 'close', title: 'The epoch closes', run: (_done, progress) => close(context, progress) };
}

async function close(context: EveningContext, progress: StepProgress): Promise<CloseResult> {
  const { economy, nowUs } = context.parts;
  const closed = await economy.close(nowUs(), context.epochId);
  if (!closed.ok) throw new Failure(closed.code, closed.message);
  await context.parts.publishBooks();
  const { revenueCents, contributorShareCents, issuedMicroJam, contributors } = closed.value;
  progress.report(1, `${contributors} contributors share ${contributorShareCents} cents`);
  return {
    revenueCents: revenueCents.toString(),
    contributorShareCents: contributorShareCents.toString(),
    issuedMicroJam: issuedMicroJam.toString(),
    contributors,
  };
}
