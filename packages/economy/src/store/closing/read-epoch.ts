import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { assert, present } from '@jamnet/base';
import type { Database } from '@jamnet/sql';
import { EpochColumns } from '../../core/epoch/epoch-columns.ts';
import type { EpochTerms } from '../../core/epoch/epoch-terms.ts';
import { parsePublicEpoch } from '../../core/public/parse-public-epoch.ts';
import type { PublicEpoch } from '../../core/public/public-epoch.ts';
import { byKind } from '../../core/records/kinds.ts';
import type { Tables } from '../context.ts';
import { policyByHash } from '../policies.ts';
import { receiptOf, valuationOf } from '../rows-of.ts';
import type { EpochRow } from '../tables.ts';
import { readContributions } from './read-contributions.ts';
import { readUses } from './read-uses.ts';
import { recordReader } from './record-reader.ts';

/** What a close computes from. */
export interface EpochRecords {
  readonly terms: EpochTerms;
  readonly columns: EpochColumns;
  /** Numbers of uses that wait: their contribution was accepted after the epoch, or its meter is not in this policy. */
  readonly waitingUses: readonly bigint[];
}

/** What of a close is drawn or read outside its transaction. */
export interface CloseGiven {
  readonly poolMicroJam: bigint;
  readonly rowKey: Uint8Array;
  /** The last use that may be of the epoch. */
  readonly usesThrough: bigint;
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
  const contributions = await readContributions(columns, reader, epoch.end_us);
  const waitingUses = await readUses(tables, columns, contributions, reader, given.usesThrough);
  const payees = await tables.selectFrom('economy_payee').select(['payee', 'owner_group']).execute();
  const terms: EpochTerms = {
    policy,
    window,
    ...(await readRevenue(tables, epoch)),
    verifiedPayees: new Set(payees.map(({ payee }) => payee)),
    payeeGroups: new Map(payees.map(({ payee, owner_group }) => [payee, owner_group])),
    poolMicroJam: given.poolMicroJam,
    rowKey: given.rowKey,
    newSha256: () => createHash('sha256'),
    hmacOf: nativeHmac,
  };
  return { terms, columns, waitingUses };
}

/** What decides an epoch's revenue and its price: of all its records the receipts alone. */
export async function readRevenue(
  tables: Tables,
  epoch: EpochRow,
): Promise<Pick<EpochTerms, 'receipts' | 'valuation' | 'deficitInCents' | 'carriedInCents'>> {
  const receipts = await tables
    .selectFrom('economy_receipt')
    .selectAll()
    .where('epoch_id', 'is', null)
    .execute();
  return {
    receipts: receipts.map(receiptOf),
    valuation: await lastValuation(tables, epoch.end_us),
    ...(await carriedFrom(tables, epoch)),
  };
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
