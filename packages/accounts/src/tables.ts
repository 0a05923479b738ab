import type { Kysely } from 'kysely';

/** The tables that we read and write ourselves; better-auth keeps sessions, passkeys and challenges. Moments are UTC µs. */
export interface Tables {
  readonly account_member: {
    id: string;
    name: string;
    email: string;
    emailVerified: boolean | number;
    createdAt: string | Date;
    updatedAt: string | Date;
    role: string;
    payee: string;
  };
  readonly account_session: { id: string; userId: string; createdAt: string | Date };
  readonly account_passkey: { id: string; userId: string };
  readonly account_invitation: {
    token_hash: string;
    member_id: string;
    role: string;
    name: string | null;
    made_at_us: bigint;
    expires_at_us: bigint;
    used_at_us: bigint | null;
  };
  readonly account_api_token: {
    id: string;
    member_id: string;
    token_hash: string;
    name: string;
    /** With spaces between them. */
    scopes: string;
    made_at_us: bigint;
    expires_at_us: bigint;
    last_used_at_us: bigint | null;
  };
  readonly account_recovery_code: { code_hash: string; member_id: string };
}

export type AccountKysely = Kysely<Tables>;
