import { assert } from '@jamnet/base';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { decodeLeaf } from '../core/decode-leaf.ts';
import type { Leaf } from '../core/leaf.ts';
import type { AccountKind, AccountRequest, Answer, AssetCode, Request } from '../core/requests.ts';
import { explorerQueries, type MovePlace } from './explorer-queries.ts';
import { Poster } from './poster.ts';
import { postgresJournal } from './postgres-journal.ts';
import { sqliteJournal } from './sqlite-journal.ts';
import type { AccountRow, LedgerTables } from './tables.ts';

/** Rows that one read returns at most. */
export const PAGE_MAX = 10_000;

/** An account as it stands after the last commit. */
export interface Account {
  readonly code: string;
  readonly owner: string;
  readonly asset: AssetCode;
  readonly kind: AccountKind;
  readonly floor: bigint | null;
  readonly balance: bigint;
  /** Sum of the debits that open holds reserve; `balance − held` can be spent down to the floor. */
  readonly held: bigint;
}

export interface JournalEntry {
  readonly index: bigint;
  readonly leaf: Leaf;
  /** The canonical bytes that the log publishes. */
  readonly bytes: Uint8Array;
}

/** What one leg of an entry did to an account. */
export interface Move extends MovePlace {
  readonly amount: bigint;
  /** Of the account, after it. */
  readonly balance: bigint;
}

/** Above every move: the largest integer of both engines. */
const NEWEST: MovePlace = { entryIndex: 2n ** 63n - 1n, legNumber: 0n };

/** The books over one database. Do not call it inside another package's transaction: it makes its own. */
export interface Ledger {
  /** Opens accounts; one answer each. The same account again is answered as the first time. */
  openAccounts(nowUs: bigint, requests: readonly AccountRequest[]): Promise<readonly Answer[]>;
  /** Posts at most 10,000 requests in one durable transaction; one answer each, in order. */
  post(nowUs: bigint, batch: readonly Request[]): Promise<readonly Answer[]>;
  account(code: string): Promise<Account | null>;
  /** Balance in smallest units, `null` for an account that is not open. */
  balance(code: string): Promise<bigint | null>;
  /** Accounts whose code begins with `prefix`, by code, at most `limit` (≤ 10,000); go on with `after` the last code. */
  balances(prefix: string, after?: string, limit?: number): Promise<readonly Account[]>;
  /**
   * What moved an account, the newest first, at most `limit` (≤ 10,000); go on with `before` the last move.
   * `null` for an account that is not open.
   */
  moves(code: string, before: MovePlace | null, limit: number): Promise<readonly Move[] | null>;
  /** Balance after the leaf with this index; `null` where the account was not open yet. */
  balanceAt(code: string, entryIndex: bigint): Promise<bigint | null>;
  /** Leaves from `from` on, at most `limit` (≤ 10,000). */
  entries(from: bigint, limit: number): Promise<readonly JournalEntry[]>;
  /** The entry posted under an idempotency key. */
  entryByKey(key: string): Promise<JournalEntry | null>;
  /** Leaves in the journal. */
  size(): Promise<bigint>;
}

/** Brings the ledger's tables up to date and opens the books. */
export async function openLedger(database: Database): Promise<Ledger> {
  const engine = database.engine === 'sqlite' ? sqliteJournal(database) : postgresJournal(database);
  await migrate(database, 'ledger', engine.steps);
  return new SqlLedger(tablesOf<LedgerTables>(database), new Poster(engine));
}

class SqlLedger implements Ledger {
  readonly #tables: Kysely<LedgerTables>;
  readonly #poster: Poster;

  constructor(tables: Kysely<LedgerTables>, poster: Poster) {
    this.#tables = tables;
    this.#poster = poster;
  }

  openAccounts(nowUs: bigint, requests: readonly AccountRequest[]): Promise<readonly Answer[]> {
    return requests.length === 0 ? Promise.resolve([]) : this.#poster.submit(nowUs, [], requests);
  }

  post(nowUs: bigint, batch: readonly Request[]): Promise<readonly Answer[]> {
    return this.#poster.submit(nowUs, batch, []);
  }

  async account(code: string): Promise<Account | null> {
    const row = await explorerQueries.account(this.#tables, code).executeTakeFirst();
    return row ? accountOf(row) : null;
  }

  async balance(code: string): Promise<bigint | null> {
    return (await this.account(code))?.balance ?? null;
  }

  async balances(prefix: string, after = '', limit = PAGE_MAX): Promise<readonly Account[]> {
    const page = Math.min(limit, PAGE_MAX);
    const rows = await explorerQueries.accounts(this.#tables, prefix, after, page).execute();
    return rows.map(accountOf);
  }

  async moves(code: string, before: MovePlace | null, limit: number): Promise<readonly Move[] | null> {
    const account = await explorerQueries.account(this.#tables, code).executeTakeFirst();
    if (!account) return null;
    const page = Math.min(limit, PAGE_MAX);
    const rows = await explorerQueries.moves(this.#tables, account.id, before ?? NEWEST, page).execute();
    return rows.map((row) => ({
      entryIndex: row.leaf_index,
      legNumber: row.leg_number,
      amount: row.amount,
      balance: row.balance,
    }));
  }

  async balanceAt(code: string, entryIndex: bigint): Promise<bigint | null> {
    const account = await explorerQueries.account(this.#tables, code).executeTakeFirst();
    if (!account || account.opened_at > entryIndex || entryIndex >= (await this.size())) return null;
    const leg = await explorerQueries.balanceAt(this.#tables, account.id, entryIndex).executeTakeFirst();
    return leg?.balance ?? 0n;
  }

  async entries(from: bigint, limit: number): Promise<readonly JournalEntry[]> {
    const rows = await explorerQueries.entries(this.#tables, from, Math.min(limit, PAGE_MAX)).execute();
    return rows.map((row) => entryOf(row.leaf_index, row.bytes));
  }

  async entryByKey(key: string): Promise<JournalEntry | null> {
    const row = await explorerQueries.entryByKey(this.#tables, key).executeTakeFirst();
    return row ? entryOf(row.leaf_index, row.bytes) : null;
  }

  async size(): Promise<bigint> {
    const head = await this.#tables.selectFrom('ledger_head').select('size').executeTakeFirstOrThrow();
    return head.size;
  }
}

/** Leaf decoding happens when `leaf` is first read: publishing needs the bytes only. */
function entryOf(index: bigint, bytes: Uint8Array): JournalEntry {
  let decoded: Leaf | null = null;
  return {
    index,
    bytes,
    get leaf() {
      decoded ??= decode(bytes);
      return decoded;
    },
  };
}

function decode(bytes: Uint8Array): Leaf {
  const leaf = decodeLeaf(bytes);
  assert(leaf.ok, 'the journal holds canonical leaves');
  return leaf.value;
}

function accountOf(row: AccountRow): Account {
  const { code, owner, floor, balance, held } = row;
  // Both columns hold only what the decider wrote.
  return { code, owner, asset: row.asset as AssetCode, kind: row.kind as AccountKind, floor, balance, held };
}
