/** The ledger's tables as Kysely sees them; integers are bigint on both engines. */
export interface LedgerTables {
  ledger_head: HeadRow;
  ledger_account: AccountRow;
  ledger_leaf: LeafRow;
  ledger_leg: LegRow;
  ledger_hold: HoldRow;
}

/** One row, id 1: the poster's lock and the counters that number leaves and accounts without gaps. */
export interface HeadRow {
  id: bigint;
  size: bigint;
  accounts: bigint;
  last_accepted_at_us: bigint;
}

export interface AccountRow {
  id: bigint;
  code: string;
  owner: string;
  asset: string;
  kind: string;
  floor: bigint | null;
  balance: bigint;
  held: bigint;
  opened_at: bigint;
}

/** The journal: every leaf's canonical bytes, append-only. */
export interface LeafRow {
  leaf_index: bigint;
  key: string | null;
  bytes: Uint8Array;
}

/** What moved a balance, and the balance after it: answers "how much at entry n" by one look-up. */
export interface LegRow {
  account_id: bigint;
  leaf_index: bigint;
  leg_number: bigint;
  amount: bigint;
  balance: bigint;
}

export interface HoldRow {
  leaf_index: bigint;
  expires_at_us: bigint | null;
  settled_by: bigint | null;
}
