import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, type Chance, seededChance } from '@jamnet/base';
import type { Request } from '../core/requests.ts';
import { nativeSigner } from '../log/native-signer.ts';
import { openLog } from '../log/open-log.ts';
import type { Ledger } from '../store/ledger.ts';
import { openBooks } from '../store/open-books.ts';

const ORIGIN = 'drill.invalid/log';
const BATCH = 10_000;
const DAY_US = 86_400_000_000n;
const START_US = 1_790_000_000_000_000n;
/** Smallest units that each member starts with, so that moves between members are covered. */
const START_MICRO_JAM = 1_000_000_000n;

export interface FillOptions {
  /** Becomes a data directory: `jamnet.sqlite`, `public/log`, `public/log.vkey`. Must be new. */
  readonly directory: string;
  /** An empty PostgreSQL database instead of `jamnet.sqlite`. */
  readonly databaseUrl?: string | undefined;
  readonly entries: number;
  readonly accounts: number;
}

/** Fills new books with made-up entries, the same in every run: issues, moves, receipts, holds and their ends. */
export async function fillBooks({ directory, databaseUrl, entries, accounts }: FillOptions): Promise<void> {
  const logDirectory = join(directory, 'public', 'log');
  mkdirSync(logDirectory, { recursive: true });
  const { ledger, close } = await openBooks({ directory, databaseUrl });
  try {
    const signer = nativeSigner(ORIGIN, new Uint8Array(32).fill(1));
    const members = await openAccounts(ledger, accounts);
    const log = await openLog({ directory: logDirectory, ledger, origin: ORIGIN, signer });
    writeFileSync(join(directory, 'public', 'log.vkey'), `${log.vkey}\n`);
    const source = new Entries(members);
    for (let at = 0; at < entries; at += BATCH) {
      const nowUs = START_US + (BigInt(at) / BigInt(BATCH)) * DAY_US;
      const batch = source.take(Math.min(BATCH, entries - at));
      for (const answer of await ledger.post(nowUs, batch))
        assert(answer.ok, 'each entry of the drill is good');
      await log.publish(nowUs);
    }
  } finally {
    await close();
  }
}

async function openAccounts(ledger: Ledger, count: number): Promise<readonly string[]> {
  const members = Array.from({ length: count }, (_, i) => `payee:p${String(i).padStart(8, '0')}:JAM`);
  const outside = { owner: 'drill', kind: 'external', floor: null } as const;
  const inside = { owner: 'drill', kind: 'person', floor: 0n } as const;
  await ledger.openAccounts(START_US, [
    { code: 'studio:authorised:JAM', asset: 'JAM', ...outside },
    { code: 'outside:USD', asset: 'USD', ...outside },
    { code: 'reserve:USD', asset: 'USD', ...inside },
    { code: 'redeeming:JAM', asset: 'JAM', ...inside },
  ]);
  for (let at = 0; at < count; at += BATCH) {
    const codes = members.slice(at, at + BATCH);
    await ledger.openAccounts(
      START_US,
      codes.map((code) => ({ code, asset: 'JAM', ...inside })),
    );
    await ledger.post(
      START_US,
      codes.map((code) =>
        transfer(`start:${code}`, 'drill.start', 'studio:authorised:JAM', code, START_MICRO_JAM),
      ),
    );
  }
  return members;
}

/** Draws entries; a hold is always followed by its end. */
class Entries {
  readonly #members: readonly string[];
  readonly #chance: Chance = seededChance('drill');
  #serial = 0;

  constructor(members: readonly string[]) {
    this.#members = members;
  }

  take(count: number): Request[] {
    const batch: Request[] = [];
    while (batch.length < count) {
      const key = `drill:${this.#serial++}`;
      const amount = BigInt(1 + this.#chance.below(1_000));
      const draw = this.#chance.below(10);
      if (draw < 6) batch.push(transfer(key, 'epoch.issue', 'studio:authorised:JAM', this.#member(), amount));
      else if (draw < 8) batch.push(transfer(key, 'member.move', this.#member(), this.#member(), amount));
      else if (draw < 9 || batch.length + 1 === count)
        batch.push(transfer(key, 'revenue.receipt', 'outside:USD', 'reserve:USD', amount));
      else this.#hold(batch, key, amount);
    }
    return batch;
  }

  #hold(batch: Request[], key: string, amount: bigint): void {
    const hold = transfer(key, 'redemption', this.#member(), 'redeeming:JAM', amount);
    batch.push({ ...hold, state: 'pending' });
    batch.push({ key: `${key}:end`, settle: key, as: this.#chance.below(4) === 0 ? 'voided' : 'posted' });
  }

  #member(): string {
    return this.#members[this.#chance.below(this.#members.length)] ?? '';
  }
}

function transfer(key: string, kind: string, from: string, to: string, amount: bigint) {
  return {
    key,
    kind,
    legs: [
      { account: from, amount: -amount },
      { account: to, amount },
    ],
  };
}
