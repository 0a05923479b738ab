import { ok, type Result } from '@jamnet/base';
import type { PublicEpoch } from '../public/public-epoch.ts';
import type { Contribution, Use } from '../records/records.ts';
import { closeColumns, termsFault } from './close-columns.ts';
import { EpochColumns } from './epoch-columns.ts';
import type { EpochCode, EpochTerms } from './epoch-terms.ts';
import type { ExplainedPayment } from './explain.ts';

export interface EpochInput extends EpochTerms {
  /** Accepted in this epoch. */
  readonly contributions: readonly Contribution[];
  /** Of earlier epochs, as far as uses name them: they earn by use, not by merit. */
  readonly earlierContributions?: readonly Contribution[];
  readonly uses: readonly Use[];
}

export interface EpochStatement {
  readonly epochId: string;
  /** Hash of the public epoch's canonical JSON: the evidence of every entry that pays. */
  readonly sha256: string;
  readonly publicEpoch: PublicEpoch;
  /** Sorted by payee, each with the lines that sum to it. */
  readonly payments: readonly ExplainedPayment[];
  readonly countedReceipts: readonly string[];
  readonly pendingReceipts: readonly string[];
  /** Which receipts stand behind a use row: for its payees and the operator, never public. */
  readonly rowReceipts: ReadonlyMap<string, readonly string[]>;
}

/**
 * One formula for everything that pays: DESIGN §5, steps 1 to 5. Pure; the order of its inputs does not matter. The
 * whole statement as objects: for an epoch of millions of records see {@link closeColumns}, which this wraps.
 */
export function closeEpoch(input: EpochInput): Result<EpochStatement, EpochCode> {
  const fault = termsFault(input);
  if (fault) return fault;
  const columns = new EpochColumns(input);
  for (const contribution of input.contributions) {
    const refused = columns.addContribution(contribution);
    if (refused) return refused;
  }
  for (const contribution of input.earlierContributions ?? []) {
    const refused = columns.addContribution(contribution, true);
    if (refused) return refused;
  }
  for (const use of input.uses) {
    const refused = columns.addUse(use);
    if (refused) return refused;
  }
  const closed = closeColumns(input, columns);
  if (!closed.ok) return closed;
  const { epochId, sha256, head, countedReceipts, pendingReceipts } = closed.value;
  return ok({
    epochId,
    sha256,
    publicEpoch: { ...head, rows: [...closed.value.shares.publicRows()] },
    payments: closed.value.payments.map((payment) => ({ ...payment, lines: closed.value.linesOf(payment) })),
    countedReceipts,
    pendingReceipts,
    rowReceipts: new Map(closed.value.rowReceipts()),
  });
}
