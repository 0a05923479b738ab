import { assert, canonicalJson, encodeUtf8, Failure, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { ACCOUNTS, type JournalLeg } from '../../core/epoch/journal.ts';
import type { Receipt } from '../../core/records/records.ts';
import type { Books } from '../books.ts';
import type { PayoutRows } from './payout-rows.ts';
import { netOf, type PayoutRow } from './payout-table.ts';
import type { PayoutOptions } from './payouts.ts';

/** Payouts whose entries are posted together. */
const POSTED_AT_ONCE = 500;

/** On its way: debited and not yet known to have arrived. */
export function payingUsd(payee: string): string {
  return `paying:${payee}:USD`;
}

/** Tax kept back from a payee and owed to an authority: its balances are the yearly totals of tax forms. */
export function withheldUsd(payee: string): string {
  return `withheld:${payee}:USD`;
}

/** Debits the gross of each: what will be sent with the fee goes on its way, tax aside. `false` for lack of cash. */
export function postDebits(books: Books, nowUs: bigint, rows: readonly PayoutRow[]): Promise<boolean[]> {
  const debits = rows.map((row) => ({
    key: `payout:${row.id}:debit`,
    kind: 'payout-debit',
    legs: [
      { account: ACCOUNTS.payableUsd(row.payee), amount: -row.usd_cents },
      { account: payingUsd(row.payee), amount: row.usd_cents - row.withheld_cents },
      { account: withheldUsd(row.payee), amount: row.withheld_cents },
    ].filter(({ amount }) => amount !== 0n),
    evidence: termsSha256(row),
  }));
  return books.tryPostAll(nowUs, debits);
}

/** What the debit's entry commits to: amount, tax, fee, rate and the policy that set them. */
function termsSha256(row: PayoutRow): string {
  const terms = {
    schema: 'jamnet/payout-terms/v1',
    payout: row.id,
    grossCents: row.usd_cents.toString(),
    withheldCents: row.withheld_cents.toString(),
    feeCents: row.fee_cents.toString(),
    netCents: netOf(row).toString(),
    rail: row.rail,
    rate: `${row.rate_numerator}/${row.rate_denominator}`,
    policySha256: row.policy_sha256,
  };
  return toHex(sha256(encodeUtf8(canonicalJson(terms))));
}

/** Brings the ledger up to what the states mean; keys derive from the payout, so posting again changes nothing. */
export async function postAll(
  rows: PayoutRows,
  books: Books,
  nowUs: bigint,
  { addReceipt, onStep }: Pick<PayoutOptions, 'addReceipt' | 'onStep'>,
): Promise<void> {
  for (;;) {
    const some = (await rows.unposted()).slice(0, POSTED_AT_ONCE);
    if (some.length === 0) return;
    onStep?.('post');
    await books.post(nowUs, some.flatMap(entriesOf));
    for (const receipt of some.flatMap(feeReceiptsOf)) {
      assert(addReceipt, 'a payout with a fee has somewhere to book it');
      onStep?.('fee');
      const added = await addReceipt(nowUs, receipt);
      if (!added.ok) throw new Failure(added.code, `${receipt.reference}: ${added.message}`);
    }
    onStep?.('posted');
    await rows.transaction(async (inside) => {
      for (const row of some) await inside.markPosted(row);
    });
  }
}

function entriesOf(row: PayoutRow): { key: string; kind: string; legs: JournalLeg[] }[] {
  const sent = row.usd_cents - row.withheld_cents;
  const [paying, payable] = [payingUsd(row.payee), ACCOUNTS.payableUsd(row.payee)];
  const entries: { key: string; kind: string; legs: JournalLeg[] }[] = [];
  if (row.was_settled === 1n) {
    const legs = [
      { account: paying, amount: -sent },
      { account: ACCOUNTS.outsideUsd, amount: sent },
    ];
    entries.push({ key: `payout:${row.id}:settle`, kind: 'payout-settle', legs });
  }
  if (row.state !== 'returned') return entries;
  const legs = [
    { account: row.was_settled === 1n ? ACCOUNTS.outsideUsd : paying, amount: -sent },
    // Nothing was paid, so nothing is owed in tax for it.
    { account: withheldUsd(row.payee), amount: -row.withheld_cents },
    { account: payable, amount: row.usd_cents },
  ].filter(({ amount }) => amount !== 0n);
  return [...entries, { key: `payout:${row.id}:return`, kind: 'payout-return', legs }];
}

/** The fee is revenue once the payout has settled; when the payout comes back after that, so does the fee. */
function feeReceiptsOf(row: PayoutRow): Receipt[] {
  if (row.fee_cents === 0n || row.was_settled !== 1n) return [];
  const fee: Receipt = {
    id: `payout-fee-${row.id}`,
    principal: row.payee,
    stream: 'conversion-fee',
    amountCents: row.fee_cents,
    currency: 'USD',
    reference: `payout-${row.id}`,
    refundOf: null,
    receivedAtUs: row.settled_at_us ?? row.requested_at_us,
  };
  if (row.state !== 'returned') return [fee];
  const receivedAtUs = row.returned_at_us ?? fee.receivedAtUs;
  return [fee, { ...fee, id: `payout-fee-back-${row.id}`, refundOf: fee.id, receivedAtUs }];
}
