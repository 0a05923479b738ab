import { ok, present, type Result, refuse } from '@jamnet/base';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import {
  type EscrowAmounts,
  type EscrowedPayment,
  escrowExpiresAtUs,
  expiredEscrow,
} from '../../core/escrow/expired-escrow.ts';
import { isPayee } from '../../core/records/payee-id.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext, Tables } from '../context.ts';
import { ownerGroupOf } from '../payees.ts';
import { policyByHash } from '../policies.ts';

export interface EscrowHandOver {
  /** Pseudonym that was paid, e.g. of a git identity that nobody had claimed. */
  readonly from: string;
  /** Registered payee who has proven to be behind it. */
  readonly to: string;
  /** Hash of the proof. */
  readonly evidenceSha256: string;
}

export type MovedEscrow = EscrowAmounts;

export interface ExpiredEscrow extends EscrowAmounts {
  readonly payee: string;
}

/** Gives all that waits under `from` to `to`. Nothing waits: nothing is posted, so repeating it is harmless. */
export async function handOverEscrow(
  { tables, books }: StoreContext,
  nowUs: bigint,
  { from, to, evidenceSha256 }: EscrowHandOver,
): Promise<Result<MovedEscrow, EconomyCode>> {
  if (!isPayee(from) || !isPayee(to) || from === to)
    return refuse('payee-malformed', 'Name two payees, each p and 32 lower-case hex digits.');
  if (!/^[0-9a-f]{64}$/.test(evidenceSha256))
    return refuse('payee-malformed', 'evidenceSha256 is a hex SHA-256.');
  if ((await ownerGroupOf(tables, to)) === null)
    return refuse('payee-unverified', `${to} is not registered: register this payee first.`);
  const held = await escrowOf(books, from);
  const legs = [
    ...move(ACCOUNTS.escrowJam(from), ACCOUNTS.payeeJam(to), held.microJam),
    ...move(ACCOUNTS.escrowUsd(from), ACCOUNTS.payableUsd(to), held.cents),
  ];
  if (legs.length === 0) return ok(held);
  const number = (await escrowedPayments(tables, from)).length;
  const key = `escrow-hand-over:${from}:${to}:${number}:${held.microJam}:${held.cents}`;
  await books.post(nowUs, [{ key, kind: 'escrow-hand-over', legs, evidence: evidenceSha256 }]);
  return ok(held);
}

/** Returns what has expired, one entry a payee. A stop half-way leaves the others for the next run. */
export async function expireEscrow(context: StoreContext, nowUs: bigint): Promise<ExpiredEscrow[]> {
  const { tables, books } = context;
  const returned: ExpiredEscrow[] = [];
  for (const payee of await unverifiedPayees(tables)) {
    const payments = await escrowedPayments(tables, payee);
    const { microJam, cents } = expiredEscrow(payments, await escrowOf(books, payee), nowUs);
    const legs = [
      ...move(ACCOUNTS.escrowJam(payee), ACCOUNTS.poolJam, microJam),
      ...move(ACCOUNTS.escrowUsd(payee), ACCOUNTS.reserveUsd, cents),
    ];
    if (legs.length === 0) continue;
    const key = `escrow-expiry:${payee}:${payments.length}:${microJam}:${cents}`;
    await books.post(nowUs, [{ key, kind: 'escrow-expiry', legs }]);
    returned.push({ payee, microJam, cents });
  }
  return returned;
}

async function escrowOf(books: StoreContext['books'], payee: string): Promise<EscrowAmounts> {
  return {
    microJam: await books.balance(ACCOUNTS.escrowJam(payee)),
    cents: await books.balance(ACCOUNTS.escrowUsd(payee)),
  };
}

function move(from: string, to: string, amount: bigint) {
  return amount === 0n
    ? []
    : [
        { account: from, amount: -amount },
        { account: to, amount },
      ];
}

/** Paid into escrow at some time and not registered since. */
async function unverifiedPayees(tables: Tables): Promise<string[]> {
  const rows = await tables
    .selectFrom('economy_payment')
    .leftJoin('economy_payee', 'economy_payee.payee', 'economy_payment.payee')
    .select('economy_payment.payee as payee')
    .distinct()
    .where('escrowed', '=', 1n)
    .where('economy_payee.payee', 'is', null)
    .orderBy('economy_payment.payee')
    .execute();
  return rows.map(({ payee }) => payee);
}

async function escrowedPayments(tables: Tables, payee: string): Promise<EscrowedPayment[]> {
  const rows = await tables
    .selectFrom('economy_payment')
    .innerJoin('economy_epoch', 'economy_epoch.id', 'economy_payment.epoch_id')
    .select(['micro_jam', 'cents', 'end_us', 'policy_sha256'])
    .where('payee', '=', payee)
    .where('escrowed', '=', 1n)
    .where('state', '=', 'closed')
    .execute();
  const policies = new Map<string, EscrowPolicy>();
  for (const sha256 of new Set(rows.map((row) => row.policy_sha256)))
    policies.set(sha256, (await policyByHash(tables, sha256)).policy);
  return rows.map(({ micro_jam, cents, end_us, policy_sha256 }) => ({
    microJam: micro_jam,
    cents,
    expiresAtUs: escrowExpiresAtUs(present(policies.get(policy_sha256), 'policy of an epoch'), end_us),
  }));
}

type EscrowPolicy = Parameters<typeof escrowExpiresAtUs>[0];
