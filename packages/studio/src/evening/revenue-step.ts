import { createHash } from 'node:crypto';
import { Failure } from '@jamnet/base';
import type { Receipt } from '@jamnet/economy';
import { SAMPLE_SALES } from './customers.ts';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { EveningResults, RevenueResult } from './results.ts';

/** $20 M for ten million fully diluted units, the contributor pool of one million included: $2 a unit. */
const VALUE_CENTS = 2_000_000_000n;
const FULLY_DILUTED_UNITS = 10_000_000n;

/** Four customers pay, and the board's valuation is posted. */
export function revenueStep(context: EveningContext): EveningStep<EveningResults> {
  return { name: 'revenue', title: 'Revenue comes in', run: (_done, progress) => revenue(context, progress) };
}

async function revenue(context: EveningContext, progress: StepProgress): Promise<RevenueResult> {
  const { economy, nowUs } = context.parts;
  const known = await knownReceiptTime(context);
  const receipts = SAMPLE_SALES.map(
    (sale): Receipt => ({ ...sale, currency: 'USD', refundOf: null, receivedAtUs: known }),
  );
  const added = await economy.addReceipts(nowUs(), receipts);
  if (!added.ok) throw new Failure(added.code, added.message);
  await postValuation(context, 'sample-valuation-1', known);
  await context.parts.publishBooks();
  progress.report(1, `${receipts.length} receipts, one valuation`);
  return { receipts: receipts.length, valuationCents: VALUE_CENTS.toString() };
}

/** A valuation of the sample's board, dated `datedAtUs`. */
export async function postValuation(context: EveningContext, id: string, datedAtUs: bigint): Promise<void> {
  const { economy, nowUs } = context.parts;
  const documentSha256 = createHash('sha256').update(`sample board resolution ${id}`).digest('hex');
  const valued = await economy.addValuation(nowUs(), {
    id,
    valueCents: VALUE_CENTS,
    fullyDilutedUnits: FULLY_DILUTED_UNITS,
    datedAtUs,
    approvedBy: 'sample board',
    documentSha256,
  });
  if (!valued.ok) throw new Failure(valued.code, valued.message);
}

/** Dated at the evening's opening, so that a repeat after a crash brings the very same records. */
async function knownReceiptTime(context: EveningContext): Promise<bigint> {
  const policy = await context.parts.economy.policy();
  if (!policy) throw new Failure('no-policy', 'the evening has not been opened');
  return policy.publishedAtUs;
}
