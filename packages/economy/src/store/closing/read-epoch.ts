import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { assert, present } from '@jamnet/base';
import type { Database } from '@jamnet/sql';
import { EPOCH_LIMITS, EpochColumns } from '../../core/epoch/epoch-columns.ts';
import type { EpochTerms } from '../../core/epoch/epoch-terms.ts';
import { parsePublicEpoch } from '../../core/public/parse-public-epoch.ts';
import type { PublicEpoch } from '../../core/public/public-epoch.ts';
import { byKind } from '../../core/records/kinds.ts';
import { chunksOf, type Tables } from '../context.ts';
import { policyByHash } from '../policies.ts';
import { receiptOf, valuationOf } from '../rows-of.ts';
import type { EpochRow } from '../tables.ts';
import { recordReader } from './record-reader.ts';

/** What a close computes from. */
export interface EpochRecords {
  readonly terms: EpochTerms;
  readonly columns: EpochColumns;
  /** Uses that wait: their contribution was accepted after the epoch, or its meter is not in this policy. */
  readonly waitingUses: number;
}

/** What of a close is drawn or read outside its transaction. */
export interface CloseGiven {
  readonly poolMicroJam: bigint;
  readonly rowKey: Uint8Array;
}

/**
 * Open records of known meters, accepted before the epoch's end; late ones wait for the next. They go from the database
 * straight into columns. They were checked when they came in, and their meters when they were added.
 */
export async function readEpoch(
  database: Database,
  tables: Tables,
  epoch: EpochRow,
  given: CloseGiven,
): Promise<EpochRecords> {
  const { policy } = await policyByHash(tables, epoch.policy_sha256);
  const window = { id: epoch.id, startUs: epoch.start_us, endUs: epoch.end_us };
  const columns = new EpochColumns({ policy, window });
  const reader = recordReader(database, tables);
  await reader.contributions(epoch.end_us, (id, meter, payees, merit, ownerGroup) => {
    const number = columns.meterNumber(meter);
    if (number < 0) return;
    assert(
      columns.contributions.size < EPOCH_LIMITS.contributions,
      'an epoch of more contributions than fit',
    );
    columns.takeContribution({
      id,
      meter: number,
      merit,
      payees: payeesOf(payees),
      ownerGroup,
      earlier: false,
    });
  });
  const waitingUses = await readUses(tables, columns, reader);
  const payees = await tables.selectFrom('economy_payee').select(['payee', 'owner_group']).execute();
  const receipts = await tables
    .selectFrom('economy_receipt')
    .selectAll()
    .where('epoch_id', 'is', null)
    .execute();
  const terms: EpochTerms = {
    policy,
    window,
    receipts: receipts.map(receiptOf),
    valuation: await lastValuation(tables, epoch.end_us),
    verifiedPayees: new Set(payees.map(({ payee }) => payee)),
    payeeGroups: new Map(payees.map(({ payee, owner_group }) => [payee, owner_group])),
    ...(await carriedFrom(tables, epoch)),
    ...given,
    newSha256: () => createHash('sha256'),
    hmacOf: nativeHmac,
  };
  return { terms, columns, waitingUses };
}

/** Uses of contributions that are not of this epoch are kept aside until it is known which of them were taken before. */
async function readUses(
  tables: Tables,
  columns: EpochColumns,
  reader: ReturnType<typeof recordReader>,
): Promise<number> {
  const aside: { contribution: string; meter: number; quantity: number; principal: string }[] = [];
  let waiting = 0;
  await reader.uses((contribution, meterName, quantity, principal) => {
    const meter = columns.meterNumber(meterName);
    const used = columns.contributions.find(contribution);
    assert(columns.uses < EPOCH_LIMITS.uses, 'an epoch of more uses than fit');
    if (meter < 0) waiting++;
    else if (used < 0) aside.push({ contribution, meter, quantity, principal });
    else columns.takeUse(used, meter, quantity, principal);
  });
  for (const ids of chunksOf([...new Set(aside.map(({ contribution }) => contribution))])) {
    const rows = await tables
      .selectFrom('economy_contribution')
      .select(['id', 'meter', 'payees', 'merit', 'owner_group'])
      .where('id', 'in', [...ids])
      .where('epoch_id', 'is not', null)
      .execute();
    for (const { id, meter, payees, merit, owner_group: ownerGroup } of rows) {
      const number = columns.meterNumber(meter);
      if (number < 0) continue;
      const amounts = { merit: Number(merit), payees: payeesOf(payees) };
      columns.takeContribution({ id, meter: number, ...amounts, ownerGroup, earlier: true });
    }
  }
  for (const { contribution, meter, quantity, principal } of aside) {
    const used = columns.contributions.find(contribution);
    if (used < 0) waiting++;
    else columns.takeUse(used, meter, quantity, principal);
  }
  return waiting;
}

/** `p…=weight` separated by spaces, as `contributionColumns` writes it. */
function payeesOf(text: string): { payee: string; weight: number }[] {
  return text.split(' ').map((part) => {
    const at = part.indexOf('=');
    return { payee: part.slice(0, at), weight: Number(part.slice(at + 1)) };
  });
}

async function lastValuation(tables: Tables, beforeUs: bigint) {
  const row = await tables
    .selectFrom('economy_valuation')
    .selectAll()
    .where('dated_at_us', '<', beforeUs)
    .orderBy('dated_at_us', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? valuationOf(row) : null;
}

async function carriedFrom(
  tables: Tables,
  epoch: EpochRow,
): Promise<Pick<EpochTerms, 'deficitInCents' | 'carriedInCents'>> {
  const before = await tables
    .selectFrom('economy_epoch')
    .select('public_json')
    .where('sequence', '<', epoch.sequence)
    .where('state', '=', 'closed')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!before) return { deficitInCents: 0n, carriedInCents: byKind(() => 0n) };
  const { deficitOutCents, carriedOutCents } = publicHeadOf(present(before.public_json, 'public epoch'));
  return { deficitInCents: deficitOutCents, carriedInCents: carriedOutCents };
}

/** The public epoch as `economy_epoch` keeps it: its rows are in blocks. */
export function publicHeadOf(json: string): PublicEpoch {
  const parsed = parsePublicEpoch(JSON.parse(json));
  assert(parsed.ok, 'the store holds valid public epochs');
  return parsed.value;
}

/** HMAC-SHA256 by the platform. */
function nativeHmac(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const secret = createSecretKey(key);
  return (message) => createHmac('sha256', secret).update(message).digest();
}
