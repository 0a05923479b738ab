import { setTimeout } from 'node:timers/promises';
import { Failure } from '@jamnet/base';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { EveningResults, RedeemResult } from './results.ts';
import { postValuation } from './revenue-step.ts';

/** One musician asks for money for half of what was earned; the next valuation prices it. */
export function redeemStep(context: EveningContext): EveningStep<EveningResults> {
  return {
    name: 'redeem',
    title: 'A contributor redeems a part',
    run: (_done, progress) => redeem(context, progress),
  };
}

async function redeem(context: EveningContext, progress: StepProgress): Promise<RedeemResult> {
  const { economy, nowUs } = context.parts;
  const { payee } = context.members.guitar;
  const { earned } = await economy.walletHead(nowUs(), payee);
  const amountMicroJam = earned.reduce((sum, { microJam }) => sum + microJam, 0n) / 2n;
  const key = `sample-redemption-${context.seed}`;
  const asked = await economy.requestRedemption(nowUs(), { payee, amountMicroJam, key });
  if (!asked.ok) throw new Failure(asked.code, asked.message);
  // Dated by the request, which a repeat after a crash finds as it was: the same record again.
  const datedAtUs = asked.value.requestedAtUs + 1n;
  while (nowUs() < datedAtUs) await setTimeout(1);
  await postValuation(context, 'sample-valuation-2', datedAtUs);
  const run = await economy.processRedemptions(nowUs());
  if (!run.ok) throw new Failure(run.code, run.message);
  await context.parts.publishBooks();
  const { redemptions } = await economy.walletHead(nowUs(), payee);
  const status =
    redemptions.find((redemption) => redemption.id === asked.value.id)?.status ?? asked.value.status;
  progress.report(1, `${amountMicroJam} µJAM: ${status}`);
  return { payee, amountMicroJam: amountMicroJam.toString(), status };
}
