import { ok, type Result, refuse } from '@jamnet/base';
import type { Transaction } from 'kysely';
import { PASSKEYS_MAX } from './limits.ts';
import type { AccountKysely, Tables } from './tables.ts';

type PasskeyCode = 'last-passkey' | 'passkey-unknown' | 'passkeys-too-many';

/** How many passkeys a member may have, and which may go. */
export class Passkeys {
  readonly #kysely: AccountKysely;

  constructor(kysely: AccountKysely) {
    this.#kysely = kysely;
  }

  /** Takes one of the member's own passkeys away, unless nothing else lets them in. */
  async remove(memberId: string, id: string): Promise<Result<null, PasskeyCode>> {
    return this.#kysely.transaction().execute(async (transaction) => {
      await lockMember(transaction, memberId);
      const passkeys = await idsOf(transaction, memberId);
      if (!passkeys.includes(id)) return refuse('passkey-unknown', 'You have no such passkey any more.');
      const codes = await transaction
        .selectFrom('account_recovery_code')
        .select('code_hash')
        .where('member_id', '=', memberId)
        .executeTakeFirst();
      if (passkeys.length === 1 && codes === undefined) {
        return refuse('last-passkey', 'This is your only passkey: add another or make recovery codes first.');
      }
      await transaction.deleteFrom('account_passkey').where('id', '=', id).execute();
      return ok(null);
    });
  }

  /** Whether the member may add one more. */
  async hasRoom(memberId: string): Promise<Result<null, PasskeyCode>> {
    if ((await idsOf(this.#kysely, memberId)).length < PASSKEYS_MAX) return ok(null);
    return refuse(
      'passkeys-too-many',
      `You have ${PASSKEYS_MAX} passkeys: remove one that you no longer use.`,
    );
  }
}

/** Of two removals at the same time the second waits here, and counts what the first has left. */
async function lockMember(transaction: Transaction<Tables>, memberId: string): Promise<void> {
  // Both engines lock a row that is written; only one knows FOR UPDATE.
  await transaction
    .updateTable('account_member')
    .set(({ ref }) => ({ role: ref('role') }))
    .where('id', '=', memberId)
    .execute();
}

async function idsOf(kysely: AccountKysely, memberId: string): Promise<string[]> {
  const rows = await kysely
    .selectFrom('account_passkey')
    .select('id')
    .where('userId', '=', memberId)
    .execute();
  return rows.map(({ id }) => id);
}
