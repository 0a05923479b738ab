import { assert } from '@jamnet/base';
import { CONTRIBUTION_KINDS, type ContributionKind, STREAMS, type Stream } from '../core/records/kinds.ts';
import type { Contribution, PayeeWeight, Receipt, Valuation } from '../core/records/records.ts';
import type { Redemption, RedemptionState } from '../core/redemption/redemption-state.ts';
import type { ContributionRow, ReceiptRow, RedemptionRow, ValuationRow } from './tables.ts';

export function receiptOf(row: ReceiptRow): Receipt {
  return {
    id: row.id,
    principal: row.principal,
    stream: streamOf(row.stream),
    amountCents: row.amount_cents,
    currency: row.currency,
    reference: row.reference,
    refundOf: row.refund_of,
    receivedAtUs: row.received_at_us,
  };
}

export function receiptColumns(receipt: Receipt): ReceiptRow {
  return {
    id: receipt.id,
    principal: receipt.principal,
    stream: receipt.stream,
    amount_cents: receipt.amountCents,
    currency: receipt.currency,
    reference: receipt.reference,
    refund_of: receipt.refundOf,
    received_at_us: receipt.receivedAtUs,
    posted: 0n,
    epoch_id: null,
  };
}

export function valuationOf(row: ValuationRow): Valuation {
  return {
    id: row.id,
    valueCents: row.value_cents,
    fullyDilutedUnits: row.fully_diluted_units,
    datedAtUs: row.dated_at_us,
    approvedBy: row.approved_by,
    documentSha256: row.document_sha256,
  };
}

export function valuationColumns(valuation: Valuation): ValuationRow {
  return {
    id: valuation.id,
    value_cents: valuation.valueCents,
    fully_diluted_units: valuation.fullyDilutedUnits,
    dated_at_us: valuation.datedAtUs,
    approved_by: valuation.approvedBy,
    document_sha256: valuation.documentSha256,
  };
}

export function contributionOf(row: ContributionRow): Contribution {
  return {
    id: row.id,
    schema: 'jamnet/contribution/v1',
    kind: kindOf(row.kind),
    meter: row.meter,
    payees: payeesOf(row.payees),
    merit: row.merit,
    subject: row.subject,
    acceptedAtUs: row.accepted_at_us,
    evidence: row.evidence,
    ownerGroup: row.owner_group,
  };
}

export function contributionColumns(contribution: Contribution): ContributionRow {
  return {
    id: contribution.id,
    kind: contribution.kind,
    meter: contribution.meter,
    payees: contribution.payees.map(({ payee, weight }) => `${payee}=${weight}`).join(' '),
    merit: contribution.merit,
    subject: contribution.subject,
    accepted_at_us: contribution.acceptedAtUs,
    evidence: contribution.evidence,
    owner_group: contribution.ownerGroup,
    epoch_id: null,
  };
}

/** `p…=weight` separated by spaces, as {@link contributionColumns} writes it. */
function payeesOf(text: string): PayeeWeight[] {
  return text.split(' ').map((part) => {
    const [payee = '', weight = '0'] = part.split('=');
    return { payee, weight: BigInt(weight) };
  });
}

export function redemptionOf(row: RedemptionRow): Redemption {
  return {
    id: row.id,
    payee: row.payee,
    askedMicroJam: row.asked_micro_jam,
    paidMicroJam: row.paid_micro_jam,
    paidCents: row.paid_cents,
    requestedAtUs: row.requested_at_us,
    cutoffUs: row.cutoff_us,
    // Only `advance` writes this column.
    state: row.state as RedemptionState,
  };
}

export function kindOf(text: string): ContributionKind {
  const kind = CONTRIBUTION_KINDS.find((known) => known === text);
  assert(kind, `the store holds known kinds, not ${text}`);
  return kind;
}

function streamOf(text: string): Stream {
  const stream = STREAMS.find((known) => known === text);
  assert(stream, `the store holds known streams, not ${text}`);
  return stream;
}
