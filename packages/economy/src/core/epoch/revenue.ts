import { ok, present, type Result, refuse } from '@jamnet/base';
import { apportion } from '../money/apportion.ts';
import type { Policy } from '../policy/policy.ts';
import { DAY_US } from '../records/calendar.ts';
import { STREAMS, type Stream } from '../records/kinds.ts';
import { checkReceipt, type Receipt, type RecordCode } from '../records/records.ts';

export type RevenueCode = RecordCode | 'duplicate-receipt' | 'refund-of-other-payer';

/** What each principal paid by stream, net of refunds; only amounts > 0. */
export type PaidByPrincipal = ReadonlyMap<
  string,
  readonly { readonly stream: Stream; readonly cents: bigint }[]
>;

export interface Revenue {
  readonly paid: PaidByPrincipal;
  /** Σ of `paid` by stream. */
  readonly streamCents: Readonly<Record<Stream, bigint>>;
  /** Refunds beyond what the same principals paid in the epoch: charged to the epoch as a whole. */
  readonly shortfallCents: bigint;
  /** R = max(0, Σ streams − shortfall − deficit carried in). */
  readonly revenueCents: bigint;
  /** What R could not bear, charged to the next epoch. */
  readonly deficitCents: bigint;
  readonly countedReceipts: readonly string[];
  /** Received, but their refund window is still open. */
  readonly pendingReceipts: readonly string[];
}

/**
 * Step 1: the receipts that count in an epoch. `receipts` are all that no earlier epoch has counted. A payment counts
 * when its refund window has ended before `endUs`; a refund counts together with its payment or, when that was counted
 * before, at once. Refunds come off the same principal's payments first; what they exceed is charged to everybody.
 */
export function countRevenue(
  policy: Policy,
  epochId: string,
  endUs: bigint,
  receipts: readonly Receipt[],
  deficitInCents: bigint,
): Result<Revenue, RevenueCode> {
  const known = new Map<string, Receipt>();
  for (const receipt of receipts) {
    const checked = checkReceipt(receipt);
    if (!checked.ok) return checked;
    if (known.has(receipt.id)) return refuse('duplicate-receipt', `Receipt ${receipt.id} is there twice.`);
    known.set(receipt.id, receipt);
  }
  const net = new Map<string, Map<Stream, bigint>>();
  const counted: string[] = [];
  const pending: string[] = [];
  for (const receipt of receipts) {
    const original = receipt.refundOf === null ? receipt : known.get(receipt.refundOf);
    if (original && (original.principal !== receipt.principal || original.stream !== receipt.stream)) {
      return refuse(
        'refund-of-other-payer',
        `Refund ${receipt.id} has another principal or stream than ${original.id}.`,
      );
    }
    if (countsAtUs(policy, receipt, original) >= endUs) {
      pending.push(receipt.id);
      continue;
    }
    counted.push(receipt.id);
    addTo(net, receipt);
  }
  return ok({
    ...settle(net, epochId, deficitInCents),
    countedReceipts: counted.sort(),
    pendingReceipts: pending.sort(),
  });
}

/** When a receipt counts. A sample has no windows and takes what is there, so no time of the run decides what is paid. */
function countsAtUs(policy: Policy, receipt: Receipt, original: Receipt | undefined): bigint {
  if (policy.sample) return 0n;
  const windowUs = BigInt(policy.streams[receipt.stream].refundWindowDays) * DAY_US;
  const paymentCountsUs = original ? original.receivedAtUs + windowUs : 0n;
  return paymentCountsUs > receipt.receivedAtUs ? paymentCountsUs : receipt.receivedAtUs;
}

function addTo(net: Map<string, Map<Stream, bigint>>, receipt: Receipt): void {
  const streams = net.get(receipt.principal) ?? new Map<Stream, bigint>();
  const signed = receipt.refundOf === null ? receipt.amountCents : -receipt.amountCents;
  streams.set(receipt.stream, (streams.get(receipt.stream) ?? 0n) + signed);
  net.set(receipt.principal, streams);
}

function settle(
  net: ReadonlyMap<string, ReadonlyMap<Stream, bigint>>,
  epochId: string,
  deficitInCents: bigint,
): Omit<Revenue, 'countedReceipts' | 'pendingReceipts'> {
  const paid = new Map<string, { stream: Stream; cents: bigint }[]>();
  const streamCents = noCents();
  let shortfallCents = 0n;
  let sum = 0n;
  for (const principal of [...net.keys()].sort()) {
    const { amounts, owed } = chargeRefunds(present(net.get(principal), 'principal'), epochId);
    shortfallCents += owed;
    if (amounts.length > 0) paid.set(principal, amounts);
    for (const { stream, cents } of amounts) {
      streamCents[stream] += cents;
      sum += cents;
    }
  }
  const rest = sum - shortfallCents - deficitInCents;
  return {
    paid,
    streamCents,
    shortfallCents,
    revenueCents: rest > 0n ? rest : 0n,
    deficitCents: rest < 0n ? -rest : 0n,
  };
}

/** One principal: a stream that went below zero is charged to his other streams, in proportion to what he paid there. */
function chargeRefunds(
  streams: ReadonlyMap<Stream, bigint>,
  epochId: string,
): { amounts: { stream: Stream; cents: bigint }[]; owed: bigint } {
  const positive = STREAMS.filter((stream) => (streams.get(stream) ?? 0n) > 0n);
  const weights = positive.map((stream) => streams.get(stream) ?? 0n);
  let total = 0n;
  for (const cents of streams.values()) total += cents;
  if (total <= 0n) return { amounts: [], owed: -total };
  const parts = apportion(total, weights, (index) => present(positive[index], 'stream'), epochId);
  const amounts = positive.map((stream, index) => ({ stream, cents: present(parts[index], 'part') }));
  return { amounts: amounts.filter(({ cents }) => cents > 0n), owed: 0n };
}

function noCents(): Record<Stream, bigint> {
  return { hardware: 0n, subscription: 0n, compute: 0n, licence: 0n, storage: 0n, 'conversion-fee': 0n };
}
