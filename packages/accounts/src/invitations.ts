import { createHash, randomBytes } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import { sql } from 'kysely';
import { OPEN_INVITATIONS_MAX } from './limits.ts';
import { readName } from './names.ts';
import { isRole, type Role } from './roles.ts';
import type { AccountKysely } from './tables.ts';

/** Bytes of a link's secret: nobody guesses it, and its hash needs no salt. */
const TOKEN_BYTES = 32;

export type InvitationCode =
  | 'role-unknown'
  | 'invitations-too-many'
  | 'invitation-invalid'
  | 'name-malformed';

/** Whom a link lets in, before a passkey exists. */
export interface Invited {
  readonly memberId: string;
  readonly role: Role;
  /** What the invited person called themselves, once they did. */
  readonly name: string | null;
}

/** Links that make an account: each one works once and for a stated time. Only the hash of its secret is kept. */
export class Invitations {
  readonly #kysely: AccountKysely;
  readonly #nowUs: () => bigint;

  constructor(kysely: AccountKysely, nowUs: () => bigint) {
    this.#kysely = kysely;
    this.#nowUs = nowUs;
  }

  /** The secret of a new link. */
  async make(role: string, lifeUs: bigint): Promise<Result<string, InvitationCode>> {
    if (!isRole(role)) {
      return refuse('role-unknown', 'A role is member, curator, auditor or operator.');
    }
    const nowUs = this.#nowUs();
    await this.#kysely
      .deleteFrom('account_invitation')
      .where('used_at_us', 'is', null)
      .where('expires_at_us', '<=', nowUs)
      .execute();
    if ((await this.#open()) >= OPEN_INVITATIONS_MAX) {
      const message = `${OPEN_INVITATIONS_MAX} invitations are open: wait until some are used or run out.`;
      return refuse('invitations-too-many', message);
    }
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.#kysely
      .insertInto('account_invitation')
      .values({
        token_hash: hashOf(token),
        member_id: `m${randomBytes(16).toString('hex')}`,
        role,
        name: null,
        made_at_us: nowUs,
        expires_at_us: nowUs + lifeUs,
        used_at_us: null,
      })
      .execute();
    return ok(token);
  }

  /** Ends all open links of this role, as before a new one to the same end is made. */
  async withdraw(role: Role): Promise<void> {
    await this.#kysely
      .deleteFrom('account_invitation')
      .where('role', '=', role)
      .where('used_at_us', 'is', null)
      .execute();
  }

  async find(token: string): Promise<Result<Invited, InvitationCode>> {
    const row = await this.#kysely
      .selectFrom('account_invitation')
      .select(['member_id', 'role', 'name'])
      .where('token_hash', '=', hashOf(token))
      .where('used_at_us', 'is', null)
      .where('expires_at_us', '>', this.#nowUs())
      .executeTakeFirst();
    if (row === undefined || !isRole(row.role)) return refuseLink();
    return ok({ memberId: row.member_id, role: row.role, name: row.name });
  }

  /** The invited person says what they want to be called; may be said again until the link is used. */
  async name(token: string, name: string): Promise<Result<null, InvitationCode>> {
    const read = readName(name);
    if (!read.ok) return read;
    const found = await this.find(token);
    if (!found.ok) return found;
    await this.#kysely
      .updateTable('account_invitation')
      .set({ name: read.value })
      .where('token_hash', '=', hashOf(token))
      .execute();
    return ok(null);
  }

  /** Uses the link up and makes its member, both or neither. */
  async accept(token: string): Promise<Result<Invited, InvitationCode>> {
    const nowUs = this.#nowUs();
    return this.#kysely.transaction().execute(async (transaction) => {
      const used = await transaction
        .updateTable('account_invitation')
        .set({ used_at_us: nowUs })
        .where('token_hash', '=', hashOf(token))
        .where('used_at_us', 'is', null)
        .where('expires_at_us', '>', nowUs)
        .returning(['member_id', 'role', 'name'])
        .executeTakeFirst();
      if (used === undefined || used.name === null || !isRole(used.role)) return refuseLink();
      const madeAt = new Date(Number(nowUs / 1000n)).toISOString();
      await transaction
        .insertInto('account_member')
        .values({
          id: used.member_id,
          name: used.name,
          // better-auth wants one of each member; none is asked for, and this name leads nowhere (RFC 2606).
          email: `${used.member_id}@members.invalid`,
          emailVerified: sql<boolean>`FALSE`,
          createdAt: madeAt,
          updatedAt: madeAt,
          role: used.role,
          // A pseudonym as the economy writes them; nobody learns the member from it.
          payee: `p${randomBytes(16).toString('hex')}`,
        })
        .execute();
      return ok({ memberId: used.member_id, role: used.role, name: used.name });
    });
  }

  async #open(): Promise<number> {
    const row = await this.#kysely
      .selectFrom('account_invitation')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('used_at_us', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }
}

function refuseLink(): Result<never, 'invitation-invalid'> {
  return refuse(
    'invitation-invalid',
    'This link was used or has run out: ask the operator for another, or sign in if the account is yours.',
  );
}

function hashOf(token: string): string {
  return createHash('sha256').update('jamnet/invitation/v1\0').update(token).digest('hex');
}
