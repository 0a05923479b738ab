import { createHash, randomBytes } from 'node:crypto';
import { RECOVERY_CODES } from './limits.ts';
import type { AccountKysely } from './tables.ts';

/** 80 bits: beyond guessing even without the limit of tries, and still typed in a minute. */
const CODE_BYTES = 10;

/** Crockford's base 32: no letter is taken for a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP_LENGTH = 4;

/** Codes for a member who has lost every passkey; each works once. Only hashes are kept. */
export class RecoveryCodes {
  readonly #kysely: AccountKysely;

  constructor(kysely: AccountKysely) {
    this.#kysely = kysely;
  }

  /** New codes in place of all that the member had; told this once. */
  async replace(memberId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => codeOf(randomBytes(CODE_BYTES)));
    await this.#kysely.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('account_recovery_code').where('member_id', '=', memberId).execute();
      const rows = codes.map((code) => ({ code_hash: hashOf(code), member_id: memberId }));
      await transaction.insertInto('account_recovery_code').values(rows).execute();
    });
    return codes;
  }

  async left(memberId: string): Promise<number> {
    const row = await this.#kysely
      .selectFrom('account_recovery_code')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('member_id', '=', memberId)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  /** Whose code this is; it is used up. Null when nobody's. */
  async use(typed: string): Promise<string | null> {
    const used = await this.#kysely
      .deleteFrom('account_recovery_code')
      .where('code_hash', '=', hashOf(typed))
      .returning('member_id')
      .executeTakeFirst();
    return used?.member_id ?? null;
  }
}

/** Sixteen letters in groups of four. */
function codeOf(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let place = (CODE_BYTES * 8) / 5 - 1; place >= 0; place--) {
    text += ALPHABET[Number((bits >> BigInt(place * 5)) & 31n)];
    if (place > 0 && place % GROUP_LENGTH === 0) text += '-';
  }
  return text;
}

/** Spaces, dashes, small letters and the letters that Crockford reads as digits do not matter. */
function hashOf(typed: string): string {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return createHash('sha256').update('jamnet/recovery-code/v1\0').update(plain).digest('hex');
}
