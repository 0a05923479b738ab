import { formatAmount } from '@jamnet/base';

/** The desk's answers as they come over the wire: amounts in cents as decimal text. */
interface BatchView {
  readonly rail: string;
  readonly currency: string;
}
export interface PlanView {
  readonly batches: readonly (BatchView & {
    readonly payees: number;
    readonly grossCents: string;
    readonly withheldCents: string;
    readonly feeCents: string;
    readonly amountCents: string;
  })[];
  readonly payouts: readonly HeldView[];
  readonly reserved: readonly unknown[];
}
interface HeldView {
  readonly payee: string;
  readonly payableCents: string;
  readonly held: { readonly code: string; readonly reason: string } | null;
}
export interface SentView {
  readonly requested: number;
  readonly refused: readonly { readonly payee: string; readonly reason: string }[];
  readonly batches: readonly (BatchView & {
    readonly batchId: string;
    readonly payouts: number;
    readonly totalCents: string;
    readonly file: string | null;
  })[];
  readonly waiting: readonly { readonly payee: string; readonly reason: string }[];
  readonly held: readonly HeldView[];
}
export interface AppliedView {
  readonly kind: string;
  readonly applied: readonly {
    readonly payoutId: string;
    readonly outcome: string;
    readonly reason: string | null;
  }[];
  readonly odd: readonly { readonly id: string; readonly code: string }[];
  readonly changes: readonly { readonly payee: string; readonly meaning: string }[];
}
export interface StatusView {
  readonly totals: readonly {
    readonly state: string;
    readonly rail: string;
    readonly payouts: number;
    readonly usdCents: string;
  }[];
  readonly payouts: readonly {
    readonly id: string;
    readonly payee: string;
    readonly usdCents: string;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

/** Cents of any currency with two decimals. */
function money(cents: string): string {
  return formatAmount(BigInt(cents), 'USD');
}

export function planText({ batches, payouts, reserved }: PlanView): string {
  const held = payouts.filter((line) => line.held !== null);
  return [
    ...batches.map(
      (batch) =>
        `${batch.rail}: ${batch.payees} payees, ${money(batch.amountCents)} ${batch.currency} to send ` +
        `(${money(batch.grossCents)} USD, of which ${money(batch.withheldCents)} tax and ${money(batch.feeCents)} fee)`,
    ),
    ...(batches.length === 0 ? ['Nothing new is to be sent.'] : []),
    ...(reserved.length === 0 ? [] : [`${reserved.length} payouts are reserved already and wait to go.`]),
    ...held.map(heldText),
  ].join('\n');
}

export function sentText({ batches, refused, waiting, held }: SentView): string {
  return [
    ...batches.map(
      ({ rail, payouts, totalCents, currency, file, batchId }) =>
        `${rail}: ${payouts} payouts, ${money(totalCents)} ${currency}, batch ${batchId}` +
        (file === null ? '' : `\n  carry this file to the bank: ${file}`),
    ),
    ...(batches.length === 0 ? ['Nothing was handed over.'] : []),
    ...[...refused, ...waiting].map(({ payee, reason }) => `${payee} waits: ${reason}`),
    ...held.map(heldText),
  ].join('\n');
}

function heldText({ payee, payableCents, held }: HeldView): string {
  return `${payee} is held with ${money(payableCents)} USD payable: ${held?.reason ?? ''}`;
}

export function appliedText({ kind, applied, odd, changes }: AppliedView): string {
  return [
    `${kind}: ${applied.length} payouts`,
    ...applied.map(
      ({ payoutId, outcome, reason }) => `${payoutId} ${outcome}${reason === null ? '' : ` (${reason})`}`,
    ),
    ...changes.map(({ payee, meaning }) => `${payee} is on hold: the bank says ${meaning}`),
    ...odd.map(({ id, code }) => `${id}: ${code}`),
  ].join('\n');
}

export function statusText({ totals, payouts }: StatusView): string {
  const rows = payouts.map(
    ({ id, payee, usdCents, state, reason }) =>
      `${id} ${payee} ${money(usdCents)} USD ${state}${reason === null ? '' : ` (${reason})`}`,
  );
  return [totalsText({ totals }), ...rows].join('\n');
}

export function totalsText({ totals }: Pick<StatusView, 'totals'>): string {
  if (totals.length === 0) return 'There are no payouts yet.';
  return totals
    .map(({ rail, state, payouts, usdCents }) => `${rail}: ${payouts} ${state}, ${money(usdCents)} USD`)
    .join('\n');
}
