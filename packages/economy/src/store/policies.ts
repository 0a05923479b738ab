import { assert, canonicalJson, ok, type Result, refuse } from '@jamnet/base';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import { type Policy, parsePolicy, policySha256 } from '../core/policy/policy.ts';
import { openedKey } from '../core/public/audit-epoch.ts';
import { END_OF_TIME_US, type EpochWindow, monthOf } from '../core/records/calendar.ts';
import type { EconomyCode } from './codes.ts';
import type { StoreContext, Tables } from './context.ts';
import type { EconomyTables, EpochState } from './tables.ts';

export interface PublishedPolicy {
  readonly sha256: string;
  readonly policy: Policy;
  readonly publishedAtUs: bigint;
}

export interface EpochInfo {
  readonly id: string;
  readonly state: EpochState;
  readonly policySha256: string;
  readonly startUs: bigint;
  readonly endUs: bigint;
}

/** Checks a policy, fixes its hash in the ledger, keeps it. Publishing the same document again changes nothing. */
export async function publishPolicy(
  { tables, books }: StoreContext,
  nowUs: bigint,
  document: unknown,
): Promise<Result<PublishedPolicy, EconomyCode>> {
  const read = typeof document === 'string' ? readJson(document) : ok(document);
  if (!read.ok) return read;
  const parsed = parsePolicy(read.value);
  if (!parsed.ok) return parsed;
  const policy = parsed.value;
  const sha256 = policySha256(policy);
  const begun = policy.epochs.kind === 'sample' ? await epochInfo(tables, policy.epochs.id) : null;
  if (begun && begun.policySha256 !== sha256)
    return refuse(
      'policy-after-epoch-began',
      `Epoch ${begun.id} has begun under another policy: name a new epoch.`,
    );
  const [record] = await books.post(nowUs, [{ key: `policy:${sha256}`, record: { kind: 'policy', sha256 } }]);
  assert(record, 'one answer for one record');
  const row = {
    sha256,
    document: canonicalJson(policy),
    sample: policy.sample ? 1n : 0n,
    published_at_us: record.acceptedAtUs,
    sequence: record.index,
  };
  await tables
    .insertInto('economy_policy')
    .values(row)
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
  return ok({ sha256, policy, publishedAtUs: record.acceptedAtUs });
}

function readJson(text: string): Result<unknown, EconomyCode> {
  try {
    return ok(JSON.parse(text));
  } catch (cause) {
    return refuse(
      'policy-unreadable',
      `The policy is no JSON: ${cause instanceof Error ? cause.message : 'unreadable'}.`,
    );
  }
}

/** The policy published last. */
export async function latestPolicy(tables: Tables): Promise<PublishedPolicy | null> {
  return (await publishedPolicies(tables, 1))[0] ?? null;
}

/** Published policies, the newest first. */
export async function publishedPolicies(tables: Tables, limit: number): Promise<readonly PublishedPolicy[]> {
  const rows = await tables
    .selectFrom('economy_policy')
    .selectAll()
    .orderBy('sequence', 'desc')
    .limit(limit)
    .execute();
  return rows.map(policyOf);
}

export async function policyByHash(tables: Tables, sha256: string): Promise<PublishedPolicy> {
  const found = await publishedPolicy(tables, sha256);
  assert(found, 'what names a policy was written after the policy');
  return found;
}

/** Null when no policy of this hash was published. */
export async function publishedPolicy(tables: Tables, sha256: string): Promise<PublishedPolicy | null> {
  const row = await tables
    .selectFrom('economy_policy')
    .selectAll()
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  return row ? policyOf(row) : null;
}

function policyOf(row: EconomyTables['economy_policy']): PublishedPolicy {
  const parsed = parsePolicy(JSON.parse(row.document));
  assert(parsed.ok, 'a published policy stays valid');
  return { sha256: row.sha256, policy: parsed.value, publishedAtUs: row.published_at_us };
}

/**
 * Opens the epoch that the policy in force governs: the sample's own, or the calendar month of `nowUs` under the last
 * policy published before that month began. Opening again changes nothing.
 */
export async function openEpoch(
  context: StoreContext,
  nowUs: bigint,
): Promise<Result<EpochInfo, EconomyCode>> {
  const { tables, books } = context;
  const governing = await governingPolicy(tables, nowUs);
  if (!governing.ok) return governing;
  const { window, published } = governing.value;
  const known = await epochInfo(tables, window.id);
  if (known) return ok(known);
  const authorised = await authorisePool(context, nowUs, window, published);
  if (!authorised.ok) return authorised;
  const record = { kind: 'epoch-opened', sha256: published.sha256 };
  const [opened] = await books.post(nowUs, [{ key: openedKey(window.id), record }]);
  assert(opened, 'one answer for one record');
  const row = {
    id: window.id,
    sequence: opened.index,
    state: 'open',
    policy_sha256: published.sha256,
    start_us: window.startUs,
    end_us: window.endUs,
    statement_sha256: null,
    public_json: null,
  };
  await tables
    .insertInto('economy_epoch')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return ok({
    id: window.id,
    state: 'open',
    policySha256: published.sha256,
    startUs: window.startUs,
    endUs: window.endUs,
  });
}

export async function epochInfo(tables: Tables, id: string): Promise<EpochInfo | null> {
  const row = await tables.selectFrom('economy_epoch').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? infoOf(row) : null;
}

/** Years of months that nobody closed. */
const UNCLOSED_MAX = 100;

/** Epochs that are open or settling, the oldest first. */
export async function unclosedEpochs(tables: Tables): Promise<readonly EpochInfo[]> {
  const rows = await tables
    .selectFrom('economy_epoch')
    .selectAll()
    .where('state', '!=', 'closed')
    .orderBy('sequence')
    .limit(UNCLOSED_MAX)
    .execute();
  return rows.map(infoOf);
}

function infoOf(row: EconomyTables['economy_epoch']): EpochInfo {
  // Only this package writes the column.
  const state = row.state as EpochState;
  return { id: row.id, state, policySha256: row.policy_sha256, startUs: row.start_us, endUs: row.end_us };
}

async function governingPolicy(
  tables: Tables,
  nowUs: bigint,
): Promise<Result<{ window: EpochWindow; published: PublishedPolicy }, EconomyCode>> {
  const latest = await latestPolicy(tables);
  if (!latest) return refuse('no-policy', 'Publish a policy first.');
  if (latest.policy.epochs.kind === 'sample') {
    return ok({
      window: { id: latest.policy.epochs.id, startUs: 0n, endUs: END_OF_TIME_US },
      published: latest,
    });
  }
  const window = monthOf(nowUs);
  const row = await tables
    .selectFrom('economy_policy')
    .selectAll()
    .where('sample', '=', 0n)
    .where('published_at_us', '<', window.startUs)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row) return ok({ window, published: policyOf(row) });
  return refuse(
    'policy-after-epoch-began',
    `No policy was published before ${window.id} began: the first epoch is the month after.`,
  );
}

/** Brings the pool to what the policy authorises. A top-up waits for a whole epoch's notice and needs a new valuation then. */
async function authorisePool(
  { tables, books }: StoreContext,
  nowUs: bigint,
  window: EpochWindow,
  { policy, sha256, publishedAtUs }: PublishedPolicy,
): Promise<Result<null, EconomyCode>> {
  const before = -(await books.balance(ACCOUNTS.authorisedJam));
  const added = BigInt(policy.pool.authorisedMicroJam) - before;
  if (added === 0n) return ok(null);
  if (added < 0n)
    return refuse('pool-below-authorised', `${before} µJAM are authorised already; a pool never shrinks.`);
  if (before > 0n) {
    if (policy.sample)
      return refuse('top-up-needs-notice', 'A sample ends before any notice could: keep its pool as it was.');
    const announcedAtUs = await poolAnnouncedAtUs(tables, policy, publishedAtUs);
    // The epoch opens all the same, with the pool as it was: what waits for the notice is the top-up, not the month.
    if (announcedAtUs >= monthOf(window.startUs - 1n).startUs) return ok(null);
    const valuation = await tables
      .selectFrom('economy_valuation')
      .select('id')
      .where('dated_at_us', '>', announcedAtUs)
      .limit(1)
      .executeTakeFirst();
    if (!valuation)
      return refuse(
        'top-up-needs-valuation',
        'A larger pool needs a valuation dated after its policy: add one, then open the epoch.',
      );
  }
  const legs = [
    { account: ACCOUNTS.authorisedJam, amount: -added },
    { account: ACCOUNTS.poolJam, amount: added },
  ];
  await books.post(nowUs, [{ key: `pool:${sha256}`, kind: 'pool-authorised', legs, evidence: sha256 }]);
  return ok(null);
}

/** When this pool was first announced: policies that repeat or enlarge it do not start the notice anew. */
async function poolAnnouncedAtUs(tables: Tables, policy: Policy, publishedAtUs: bigint): Promise<bigint> {
  const rows = await tables
    .selectFrom('economy_policy')
    .selectAll()
    .where('published_at_us', '<=', publishedAtUs)
    .orderBy('published_at_us', 'desc')
    .orderBy('sequence', 'desc')
    .execute();
  let announcedAtUs = publishedAtUs;
  for (const row of rows) {
    const before = policyOf(row);
    if (BigInt(before.policy.pool.authorisedMicroJam) < BigInt(policy.pool.authorisedMicroJam)) break;
    announcedAtUs = before.publishedAtUs;
  }
  return announcedAtUs;
}
