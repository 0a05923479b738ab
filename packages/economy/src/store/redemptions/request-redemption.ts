import { encodeUtf8, ok, present, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { worthCents } from '../../core/money/unit-price.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { isPayee } from '../../core/records/payee-id.ts';
import { redemptionPrice } from '../../core/redemption/redemption-price.ts';
import { cutoffOf, type Redemption } from '../../core/redemption/redemption-state.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext, Tables } from '../context.ts';
import { valuations } from '../intake/valuations.ts';
import { latestPolicy } from '../policies.ts';
import { redemptionOf } from '../rows-of.ts';
import type { RedemptionRow } from '../tables.ts';
import { redemptionRow, saveRedemption } from './redemption-rows.ts';
import { type RedemptionView, viewOf } from './redemption-views.ts';

export interface RedemptionRequest {
  readonly payee: string;
  readonly amountMicroJam: bigint;
  /** The caller's idempotency key: the same key asks once. */
  readonly key: string;
}

/** Open redemptions of one payee. */
const OPEN_PER_PAYEE_MAX = 16;

/** Sets units aside for redemption. Forward pricing: nobody knows the price yet. */
export async function requestRedemption(
  context: StoreContext,
  nowUs: bigint,
  request: RedemptionRequest,
): Promise<Result<RedemptionView, EconomyCode>> {
  const { tables } = context;
  const published = await latestPolicy(tables);
  if (!published) return refuse('no-policy', 'Publish a policy first.');
  const fault = requestFault(request);
  if (fault) return fault;
  const id = redemptionId(request);
  const known = await redemptionRow(tables, id);
  if (known && known.asked_micro_jam !== request.amountMicroJam) {
    return refuse('redemption-key-reused', 'This key was used for another amount; use a new one.');
  }
  if (!known) {
    const limit = await limitFault(tables, published.policy, nowUs, request);
    if (limit) return limit;
    await insert(tables, id, request, nowUs, cutoffOf(published.policy.sample, nowUs));
  }
  await reserve(context, nowUs, redemptionOf(present(await redemptionRow(tables, id), 'redemption')));
  const view = await viewOf(tables, id, nowUs);
  if (view.state === 'refused') return refuse('not-enough-jam', view.sentence);
  return ok(view);
}

function requestFault({ payee, amountMicroJam, key }: RedemptionRequest) {
  if (!isPayee(payee))
    return refuse<EconomyCode>('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
  if (key.length < 1 || key.length > 128)
    return refuse<EconomyCode>('redemption-malformed', 'The key has 1 to 128 characters.');
  if (amountMicroJam > 0n && amountMicroJam < 1n << 62n) return null;
  return refuse<EconomyCode>('redemption-malformed', 'Ask for more than 0 JAM.');
}

async function limitFault(
  tables: Tables,
  policy: Policy,
  nowUs: bigint,
  { payee, amountMicroJam }: RedemptionRequest,
) {
  const open = await tables
    .selectFrom('economy_redemption')
    .select('id')
    .where('payee', '=', payee)
    .where('state', '=', 'open')
    .execute();
  if (open.length >= OPEN_PER_PAYEE_MAX) {
    return refuse<EconomyCode>(
      'too-many-redemptions',
      `${OPEN_PER_PAYEE_MAX} redemptions are open already: wait or cancel one.`,
    );
  }
  const latest = redemptionPrice(policy, (await valuations(tables)).slice(0, 1), -1n, nowUs);
  if (!latest || worthCents(amountMicroJam, latest.price) > 0n) return null;
  return refuse<EconomyCode>('redemption-too-small', 'This is worth less than a cent.');
}

/** Content decides the id: the same payee and key is the same request. */
function redemptionId({ payee, key }: RedemptionRequest): string {
  return toHex(sha256(encodeUtf8(`jamnet/redemption/v1\0${payee}\0${key}`))).slice(0, 32);
}

async function insert(
  tables: Tables,
  id: string,
  request: RedemptionRequest,
  nowUs: bigint,
  cutoffUs: bigint,
): Promise<void> {
  const row: RedemptionRow = {
    id,
    payee: request.payee,
    asked_micro_jam: request.amountMicroJam,
    paid_micro_jam: 0n,
    paid_cents: 0n,
    requested_at_us: nowUs,
    cutoff_us: cutoffUs,
    state: 'reserving',
    returned: 0n,
  };
  await tables
    .insertInto('economy_redemption')
    .values(row)
    .onConflict((c) => c.column('id').doNothing())
    .execute();
}

export async function reserve(
  { tables, books }: StoreContext,
  nowUs: bigint,
  redemption: Redemption,
): Promise<void> {
  if (redemption.state !== 'reserving') return;
  const { id, payee, askedMicroJam } = redemption;
  const legs = [
    { account: ACCOUNTS.payeeJam(payee), amount: -askedMicroJam },
    { account: ACCOUNTS.redeemingJam(payee), amount: askedMicroJam },
  ];
  const held = await books.tryPost(nowUs, { key: `redeem:${id}:hold`, kind: 'redemption-hold', legs });
  await saveRedemption(tables, redemption, { type: held ? 'reserved' : 'refused' });
}
