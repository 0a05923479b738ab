import { ok, type Result, refuse } from '@jamnet/base';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Transaction } from 'kysely';
import { type ApiTokenCode, type ApiTokenRow, ApiTokens, type ApiTokenTerms } from './api-tokens.ts';
import { AUTH_PATH, AUTH_ROUTES } from './auth-routes.ts';
import { FRESH_S } from './fresh-sign-in.ts';
import { type InvitationCode, Invitations } from './invitations.ts';
import { type Auth, type AuthSettings, makeAuth } from './make-auth.ts';
import { MIGRATIONS } from './migrations.ts';
import { RecoveryCodes } from './recovery-codes.ts';
import { isRole, type Role } from './roles.ts';
import type { AccountKysely, Tables } from './tables.ts';

/** How long a link to an account works. */
export const INVITATION_LIFE_US = 7n * 86_400_000_000n;

const OPEN_PATHS: ReadonlySet<string> = new Set(
  AUTH_ROUTES.map(({ method, path }) => `${method} ${AUTH_PATH}${path}`),
);

/** Who sends a request, by its session. */
export interface SignedIn {
  readonly memberId: string;
  readonly name: string;
  readonly role: Role;
  /** Whom the economy pays for what this member earns. */
  readonly payee: string;
}

/** Who sends a request, by a session of a browser. */
export interface Session extends SignedIn {
  /** Has signed in so lately that ways to stay in may be changed. */
  readonly isFresh: boolean;
}

export interface MemberRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly passkeys: number;
}

export type AccountCode = InvitationCode | 'member-unknown' | 'last-operator';

/** Members, their roles and how they sign in. */
export class AccountDesk {
  readonly #kysely: AccountKysely;
  readonly #invitations: Invitations;
  readonly #recovery: RecoveryCodes;
  readonly #tokens: ApiTokens;
  readonly #auth: Auth;

  private constructor(database: Database, settings: AuthSettings, nowUs: () => bigint) {
    this.#kysely = tablesOf<Tables>(database);
    this.#invitations = new Invitations(this.#kysely, nowUs);
    this.#recovery = new RecoveryCodes(this.#kysely);
    this.#tokens = new ApiTokens(this.#kysely, nowUs);
    this.#auth = makeAuth(
      { database, kysely: this.#kysely, invitations: this.#invitations, recovery: this.#recovery },
      settings,
    );
  }

  /** Creates its tables when they are missing. */
  static async open(database: Database, settings: AuthSettings, nowUs: () => bigint): Promise<AccountDesk> {
    await migrate(database, 'account', MIGRATIONS);
    const desk = new AccountDesk(database, settings, nowUs);
    // better-auth sets itself up in the background: before the first request, and before anybody may close the database.
    await desk.#auth.$context;
    return desk;
  }

  /** Answers a request below {@link AUTH_PATH}; null when there is nothing at its path. */
  async answer(request: Request): Promise<Response | null> {
    const { pathname } = new URL(request.url);
    if (!OPEN_PATHS.has(`${request.method} ${pathname}`)) return null;
    return this.#auth.handler(request);
  }

  /** Null when the cookies hold no session that is still good. */
  async signedIn(headers: Headers): Promise<Session | null> {
    const session = await this.#auth.api.getSession({ headers });
    if (session === null || !isRole(session.user.role)) return null;
    const { id, name, role, payee } = session.user;
    const isFresh = Date.now() - new Date(session.session.createdAt).getTime() < FRESH_S * 1000;
    return { memberId: id, name, role, payee, isFresh };
  }

  invite(role: string): Promise<Result<string, AccountCode>> {
    return this.#invitations.make(role, INVITATION_LIFE_US);
  }

  /** Secret of a link that makes the first operator; null when there is one. Links made so before end. */
  async inviteFirstOperator(): Promise<string | null> {
    if ((await operatorsIn(this.#kysely)) > 0) return null;
    await this.#invitations.withdraw('operator');
    const made = await this.invite('operator');
    return made.ok ? made.value : null;
  }

  nameInvited(token: string, name: string): Promise<Result<null, AccountCode>> {
    return this.#invitations.name(token, name);
  }

  async members(): Promise<MemberRow[]> {
    const rows = await this.#kysely
      .selectFrom('account_member')
      .leftJoin('account_passkey', 'account_passkey.userId', 'account_member.id')
      .select(({ fn }) => [
        'account_member.id as id',
        'account_member.name as name',
        'account_member.role as role',
        fn.count<bigint>('account_passkey.id').as('passkeys'),
      ])
      .groupBy(['account_member.id', 'account_member.name', 'account_member.role'])
      .orderBy('account_member.name')
      .orderBy('account_member.id')
      .execute();
    return rows.flatMap(({ id, name, role, passkeys }) =>
      isRole(role) ? [{ id, name, role, passkeys: Number(passkeys) }] : [],
    );
  }

  /** Null when there is no such member. */
  async member(memberId: string): Promise<SignedIn | null> {
    const row = await this.#kysely
      .selectFrom('account_member')
      .select(['name', 'role', 'payee'])
      .where('id', '=', memberId)
      .executeTakeFirst();
    return row !== undefined && isRole(row.role)
      ? { memberId, name: row.name, role: row.role, payee: row.payee }
      : null;
  }

  /** Takes hold at the member's next request: roles are read with each session. */
  async setRole(memberId: string, role: string): Promise<Result<null, AccountCode>> {
    if (!isRole(role)) return refuse('role-unknown', 'A role is member, curator, auditor or operator.');
    return this.#changeMember(memberId, role === 'operator', (transaction) =>
      transaction.updateTable('account_member').set({ role }).where('id', '=', memberId).execute(),
    );
  }

  /** Ends an account: its sessions, passkeys and codes go with it. What it earned belongs to its payee and stays. */
  remove(memberId: string): Promise<Result<null, AccountCode>> {
    return this.#changeMember(memberId, false, async (transaction) => {
      // The link that brought the member in has the name that was written there.
      await transaction.deleteFrom('account_invitation').where('member_id', '=', memberId).execute();
      await transaction.deleteFrom('account_member').where('id', '=', memberId).execute();
    });
  }

  /** Whether the studio would be left without an operator. */
  async isLastOperator(memberId: string): Promise<boolean> {
    const role = (await this.member(memberId))?.role;
    return role === 'operator' && (await operatorsIn(this.#kysely)) === 1;
  }

  recoveryCodesLeft(memberId: string): Promise<number> {
    return this.#recovery.left(memberId);
  }

  makeApiToken(
    memberId: string,
    terms: ApiTokenTerms,
  ): Promise<Result<{ readonly secret: string; readonly row: ApiTokenRow }, ApiTokenCode>> {
    return this.#tokens.make(memberId, terms);
  }

  apiTokens(memberId: string): Promise<ApiTokenRow[]> {
    return this.#tokens.list(memberId);
  }

  revokeApiToken(memberId: string, id: string): Promise<Result<null, ApiTokenCode>> {
    return this.#tokens.revoke(memberId, id);
  }

  /** Whose program asks, with the role that its member has now, and what it may do; null when the token is nobody's. */
  async byApiToken(secret: string): Promise<(SignedIn & { readonly scopes: readonly string[] }) | null> {
    const used = await this.#tokens.use(secret);
    const member = used === null ? null : await this.member(used.memberId);
    return used === null || member === null ? null : { ...member, scopes: used.scopes };
  }

  /** Changes a member unless no operator would be left. */
  #changeMember(
    memberId: string,
    staysOperator: boolean,
    change: (transaction: Transaction<Tables>) => Promise<unknown>,
  ): Promise<Result<null, AccountCode>> {
    return this.#kysely.transaction().execute(async (transaction) => {
      await lockOperators(transaction);
      const member = await transaction
        .selectFrom('account_member')
        .select('role')
        .where('id', '=', memberId)
        .executeTakeFirst();
      if (member === undefined) return refuseMember(memberId);
      const isLast = member.role === 'operator' && (await operatorsIn(transaction)) === 1;
      if (isLast && !staysOperator) return refuseLastOperator();
      await change(transaction);
      return ok(null);
    });
  }
}

/** Of two changes at the same time the second waits here, and counts the operators that the first has left. */
async function lockOperators(transaction: Transaction<Tables>): Promise<void> {
  // Both engines lock rows that are written; only one knows FOR UPDATE.
  await transaction
    .updateTable('account_member')
    .set(({ ref }) => ({ role: ref('role') }))
    .where('role', '=', 'operator')
    .execute();
}

async function operatorsIn(kysely: AccountKysely): Promise<number> {
  const row = await kysely
    .selectFrom('account_member')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('role', '=', 'operator')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

function refuseMember(memberId: string): Result<never, 'member-unknown'> {
  return refuse('member-unknown', `There is no member ${memberId.slice(0, 64)}.`);
}

function refuseLastOperator(): Result<never, 'last-operator'> {
  return refuse('last-operator', 'This is the only operator: make another member operator first.');
}
