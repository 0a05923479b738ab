import type { Database, MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

/** Forward only; fields are added, never changed. What better-auth keeps has the columns that it wants. */
export const MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-accounts': async (kysely, engine) => {
    for (const statement of statements(TYPES[engine])) await sql.raw(statement).execute(kysely);
  },
  '002-api-tokens': async (kysely) => {
    await sql`CREATE TABLE account_api_token (
      id TEXT PRIMARY KEY, member_id TEXT NOT NULL REFERENCES account_member (id) ON DELETE CASCADE,
      token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, made_at_us BIGINT NOT NULL,
      expires_at_us BIGINT NOT NULL, last_used_at_us BIGINT)`.execute(kysely);
    await sql`CREATE INDEX account_api_token_member ON account_api_token (member_id)`.execute(kysely);
  },
};

interface ColumnTypes {
  readonly moment: string;
  readonly truth: string;
}

/** As better-auth writes moments and truths on each engine: ISO 8601 text and 0/1 where there is no better. */
const TYPES: Readonly<Record<Database['engine'], ColumnTypes>> = {
  sqlite: { moment: 'DATE', truth: 'INTEGER' },
  postgres: { moment: 'TIMESTAMPTZ', truth: 'BOOLEAN' },
};

function statements({ moment, truth }: ColumnTypes): string[] {
  const member = 'TEXT NOT NULL REFERENCES account_member (id) ON DELETE CASCADE';
  return [
    `CREATE TABLE account_member (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, "emailVerified" ${truth} NOT NULL, image TEXT,
      "createdAt" ${moment} NOT NULL, "updatedAt" ${moment} NOT NULL, role TEXT NOT NULL, payee TEXT NOT NULL UNIQUE)`,
    `CREATE TABLE account_session (
      id TEXT PRIMARY KEY, "expiresAt" ${moment} NOT NULL, token TEXT NOT NULL UNIQUE, "createdAt" ${moment} NOT NULL,
      "updatedAt" ${moment} NOT NULL, "ipAddress" TEXT, "userAgent" TEXT, "userId" ${member})`,
    'CREATE INDEX account_session_member ON account_session ("userId")',
    // Passwords and other sites' accounts would stand here: no way in writes any, but better-auth joins the table.
    `CREATE TABLE account_credential (
      id TEXT PRIMARY KEY, "accountId" TEXT NOT NULL, "providerId" TEXT NOT NULL, "userId" ${member}, "accessToken" TEXT,
      "refreshToken" TEXT, "idToken" TEXT, "accessTokenExpiresAt" ${moment}, "refreshTokenExpiresAt" ${moment}, scope TEXT,
      password TEXT, "createdAt" ${moment} NOT NULL, "updatedAt" ${moment} NOT NULL)`,
    'CREATE INDEX account_credential_member ON account_credential ("userId")',
    `CREATE TABLE account_verification (
      id TEXT PRIMARY KEY, identifier TEXT NOT NULL, value TEXT NOT NULL, "expiresAt" ${moment} NOT NULL,
      "createdAt" ${moment} NOT NULL, "updatedAt" ${moment} NOT NULL)`,
    'CREATE INDEX account_verification_identifier ON account_verification (identifier)',
    `CREATE TABLE account_passkey (
      id TEXT PRIMARY KEY, name TEXT, "publicKey" TEXT NOT NULL, "userId" ${member}, "credentialID" TEXT NOT NULL UNIQUE,
      counter INTEGER NOT NULL, "deviceType" TEXT NOT NULL, "backedUp" ${truth} NOT NULL, transports TEXT,
      "createdAt" ${moment}, aaguid TEXT)`,
    'CREATE INDEX account_passkey_member ON account_passkey ("userId")',
    `CREATE TABLE account_invitation (
      token_hash TEXT PRIMARY KEY, member_id TEXT NOT NULL UNIQUE, role TEXT NOT NULL, name TEXT, made_at_us BIGINT NOT NULL,
      expires_at_us BIGINT NOT NULL, used_at_us BIGINT)`,
    `CREATE TABLE account_recovery_code (code_hash TEXT PRIMARY KEY, member_id ${member})`,
    'CREATE INDEX account_recovery_code_member ON account_recovery_code (member_id)',
  ];
}
