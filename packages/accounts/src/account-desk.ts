import { ok, type Result, refuse } from '@jamnet/base';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import { type InvitationCode, Invitations } from './invitations.ts';
import { AUTH_PATH, type Auth, type AuthSettings, makeAuth } from './make-auth.ts';
import { MIGRATIONS } from './migrations.ts';
import { RecoveryCodes } from './recovery-codes.ts';
import { isRole, type Role } from './roles.ts';
import type { AccountKysely, Tables } from './tables.ts';

/** How long a link to an account works. */
export const INVITATION_LIFE_US = 7n * 86_400_000_000n;

/** Everything better-auth may be asked from outside; its other endpoints do not exist here. */
const OPEN_PATHS: ReadonlySet<string> = new Set(
  [
    'GET /get-session',
    'POST /sign-out',
    'GET /list-sessions',
    'POST /revoke-session',
    'POST /revoke-other-sessions',
    'GET /passkey/generate-register-options',
    'POST /passkey/verify-registration',
    'GET /passkey/generate-authenticate-options',
    'POST /passkey/verify-authentication',
    'GET /passkey/list-user-passkeys',
    'POST /passkey/update-passkey',
    'POST /passkey/delete-passkey',
    'POST /recovery/make',
    'POST /recovery/sign-in',
  ].map((path) => path.replace(' ', ` ${AUTH_PATH}`)),
);

/** Who sends a request, by its session. */
export interface SignedIn {
  readonly memberId: string;
  readonly name: string;
  readonly role: Role;
  /** Whom the economy pays for what this member earns. */
  readonly payee: string;
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
  readonly #auth: Auth;

  private constructor(database: Database, settings: AuthSettings, nowUs: () => bigint) {
    this.#kysely = tablesOf<Tables>(database);
    this.#invitations = new Invitations(this.#kysely, nowUs);
    this.#recovery = new RecoveryCodes(this.#kysely);
    this.#auth = makeAuth(
      { database, kysely: this.#kysely, invitations: this.#invitations, recovery: this.#recovery },
      settings,
    );
  }

  /** Creates its tables when they are missing. */
  static async open(database: Database, settings: AuthSettings, nowUs: () => bigint): Promise<AccountDesk> {
    await migrate(database, 'account', MIGRATIONS);
    const desk = new AccountDesk(database, settings, nowUs);
    // better-auth looks at the tables once: before the first request, and before anybody may close the database.
    await desk.#auth.$context;
    return desk;
  }

  /** Answers a request below {@link AUTH_PATH}; null when there is nothing at its path. */
  async answer(request: Request): Promise<Response | null> {
    const { pathname } = new URL(request.url);
    if (!OPEN_PATHS.has(`${request.method} ${pathname}`)) return null;
    if (pathname.endsWith('/delete-passkey') && (await this.#isOnlyWayIn(request.headers))) {
      const message = 'This is your only passkey: add another or make recovery codes first.';
      return Response.json({ code: 'last-passkey', message }, { status: 422 });
    }
    return this.#auth.handler(request);
  }

  /** Null when the cookies hold no session that is still good. */
  async signedIn(headers: Headers): Promise<SignedIn | null> {
    const session = await this.#auth.api.getSession({ headers });
    if (session === null || !isRole(session.user.role)) return null;
    const { id, name, role, payee } = session.user;
    return { memberId: id, name, role, payee };
  }

  invite(role: string): Promise<Result<string, AccountCode>> {
    return this.#invitations.make(role, INVITATION_LIFE_US);
  }

  /** Secret of a link that makes the first operator; null when there is one. Links made so before end. */
  async inviteFirstOperator(): Promise<string | null> {
    if ((await this.#operators()) > 0) return null;
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

  /** Takes hold at the member's next request: roles are read with each session. */
  async setRole(memberId: string, role: string): Promise<Result<null, AccountCode>> {
    if (!isRole(role)) return refuse('role-unknown', 'A role is member, curator, auditor or operator.');
    const member = await this.#member(memberId);
    if (member === null) return refuseMember(memberId);
    if (member.role === 'operator' && role !== 'operator' && (await this.#operators()) === 1) {
      return refuseLastOperator();
    }
    await this.#kysely.updateTable('account_member').set({ role }).where('id', '=', memberId).execute();
    return ok(null);
  }

  /** Ends an account: its sessions, passkeys and codes go with it. What it earned belongs to its payee and stays. */
  async remove(memberId: string): Promise<Result<null, AccountCode>> {
    const member = await this.#member(memberId);
    if (member === null) return refuseMember(memberId);
    if (member.role === 'operator' && (await this.#operators()) === 1) return refuseLastOperator();
    await this.#kysely.deleteFrom('account_member').where('id', '=', memberId).execute();
    return ok(null);
  }

  recoveryCodesLeft(memberId: string): Promise<number> {
    return this.#recovery.left(memberId);
  }

  #member(memberId: string): Promise<{ role: string } | null> {
    return this.#kysely
      .selectFrom('account_member')
      .select('role')
      .where('id', '=', memberId)
      .executeTakeFirst()
      .then((row) => row ?? null);
  }

  async #operators(): Promise<number> {
    const row = await this.#kysely
      .selectFrom('account_member')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('role', '=', 'operator')
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async #isOnlyWayIn(headers: Headers): Promise<boolean> {
    const asker = await this.signedIn(headers);
    if (asker === null) return false;
    const rows = await this.#kysely
      .selectFrom('account_passkey')
      .select('id')
      .where('userId', '=', asker.memberId)
      .execute();
    return rows.length <= 1 && (await this.#recovery.left(asker.memberId)) === 0;
  }
}

function refuseMember(memberId: string): Result<never, 'member-unknown'> {
  return refuse('member-unknown', `There is no member ${memberId.slice(0, 64)}.`);
}

function refuseLastOperator(): Result<never, 'last-operator'> {
  return refuse('last-operator', 'This is the only operator: make another member operator first.');
}
