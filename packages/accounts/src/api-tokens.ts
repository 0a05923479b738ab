import { createHash, randomBytes } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import { API_TOKENS_MAX, TOKEN_DAYS_MAX, TOKEN_SCOPES_MAX } from './limits.ts';
import { readName } from './names.ts';
import type { AccountKysely } from './tables.ts';

/** What tokens begin with, so that people and scanners of leaked secrets know one. */
export const TOKEN_PREFIX = 'jamnet_';
const TOKEN_BYTES = 32;
const DAY_US = 86_400_000_000n;
/** When a token was used last is written down this exactly: a script that asks all the time writes little. */
const LAST_USE_US = 60_000_000n;

export type ApiTokenCode =
  | 'name-malformed'
  | 'token-terms'
  | 'tokens-too-many'
  | 'token-unknown'
  | 'member-unknown';

export interface ApiTokenTerms {
  readonly name: string;
  /** What it may do; the studio knows which there are. */
  readonly scopes: readonly string[];
  /** 1 to {@link TOKEN_DAYS_MAX}. */
  readonly days: number;
}

export interface ApiTokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly madeAtUs: bigint;
  readonly expiresAtUs: bigint;
  /** Null while it was never used; exact to a minute. */
  readonly lastUsedAtUs: bigint | null;
}

/** Tokens by which a member's programs ask the studio. Only hashes are kept; the secret is told once. */
export class ApiTokens {
  readonly #kysely: AccountKysely;
  readonly #nowUs: () => bigint;

  constructor(kysely: AccountKysely, nowUs: () => bigint) {
    this.#kysely = kysely;
    this.#nowUs = nowUs;
  }

  async make(
    memberId: string,
    { name, scopes, days }: ApiTokenTerms,
  ): Promise<Result<{ readonly secret: string; readonly row: ApiTokenRow }, ApiTokenCode>> {
    const named = readName(name);
    if (!named.ok) return named;
    if (!Number.isInteger(days) || days < 1 || days > TOKEN_DAYS_MAX)
      return refuse('token-terms', `A token lasts 1 to ${TOKEN_DAYS_MAX} days.`);
    const wanted = [...new Set(scopes)].sort();
    if (wanted.length === 0 || wanted.length > TOKEN_SCOPES_MAX)
      return refuse('token-terms', 'Say what the token may do: at least one scope, each once.');
    const nowUs = this.#nowUs();
    const secret = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
    const row: ApiTokenRow = {
      id: `t${randomBytes(8).toString('hex')}`,
      name: named.value,
      scopes: wanted,
      madeAtUs: nowUs,
      expiresAtUs: nowUs + BigInt(days) * DAY_US,
      lastUsedAtUs: null,
    };
    return this.#kysely.transaction().execute(async (transaction) => {
      // Both engines lock rows that are written: of two at the same time the second counts what the first has made.
      const { numUpdatedRows } = await transaction
        .updateTable('account_member')
        .set(({ ref }) => ({ role: ref('role') }))
        .where('id', '=', memberId)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return refuse('member-unknown', 'There is no such member.');
      const tokens = transaction.deleteFrom('account_api_token').where('member_id', '=', memberId);
      await tokens.where('expires_at_us', '<=', nowUs).execute();
      const { count } = await transaction
        .selectFrom('account_api_token')
        .select(({ fn }) => fn.countAll<bigint>().as('count'))
        .where('member_id', '=', memberId)
        .executeTakeFirstOrThrow();
      if (Number(count) >= API_TOKENS_MAX)
        return refuse(
          'tokens-too-many',
          `You have ${API_TOKENS_MAX} tokens: revoke one that is no longer used.`,
        );
      await transaction
        .insertInto('account_api_token')
        .values({
          id: row.id,
          member_id: memberId,
          token_hash: hashOf(secret),
          name: row.name,
          scopes: row.scopes.join(' '),
          made_at_us: row.madeAtUs,
          expires_at_us: row.expiresAtUs,
          last_used_at_us: null,
        })
        .execute();
      return ok({ secret, row });
    });
  }

  /** Those that still work, the newest first. */
  async list(memberId: string): Promise<ApiTokenRow[]> {
    const rows = await this.#kysely
      .selectFrom('account_api_token')
      .selectAll()
      .where('member_id', '=', memberId)
      .where('expires_at_us', '>', this.#nowUs())
      .orderBy('made_at_us', 'desc')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      scopes: row.scopes.split(' '),
      madeAtUs: BigInt(row.made_at_us),
      expiresAtUs: BigInt(row.expires_at_us),
      lastUsedAtUs: row.last_used_at_us === null ? null : BigInt(row.last_used_at_us),
    }));
  }

  /** Ends a token of this member at once. */
  async revoke(memberId: string, id: string): Promise<Result<null, ApiTokenCode>> {
    const gone = await this.#kysely
      .deleteFrom('account_api_token')
      .where('member_id', '=', memberId)
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    return gone === undefined ? refuse('token-unknown', 'You have no such token.') : ok(null);
  }

  /** Whose token this is and what it may do; null when it is nobody's, or has run out. */
  async use(
    secret: string,
  ): Promise<{ readonly memberId: string; readonly scopes: readonly string[] } | null> {
    const nowUs = this.#nowUs();
    const token_hash = hashOf(secret);
    const row = await this.#kysely
      .selectFrom('account_api_token')
      .select(['member_id', 'scopes', 'last_used_at_us'])
      .where('token_hash', '=', token_hash)
      .where('expires_at_us', '>', nowUs)
      .executeTakeFirst();
    if (row === undefined) return null;
    if (row.last_used_at_us === null || BigInt(row.last_used_at_us) <= nowUs - LAST_USE_US) {
      const used = this.#kysely.updateTable('account_api_token').set({ last_used_at_us: nowUs });
      await used.where('token_hash', '=', token_hash).execute();
    }
    return { memberId: row.member_id, scopes: row.scopes.split(' ') };
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update('jamnet/api-token/v1\0').update(secret).digest('hex');
}
