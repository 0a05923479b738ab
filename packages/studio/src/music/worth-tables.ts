import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

/** Whose playing a player's tracks in a take of the archive are. */
export interface TakePlayerRow {
  take: string;
  player: string;
  payee: string;
  at_us: bigint;
}

/** Of a player in a take, that the playing time is credited. */
export interface TakePlayedRow {
  take: string;
  player: string;
  at_us: bigint;
}

/** A released model whose takes were paid, once. */
export interface ReleaseWorthRow {
  model_sha256: string;
  /** Playing accepted up to then has gone into its pot. */
  counted_to_us: bigint;
  /** Contributions with their reasons, JSON, integers as text. */
  body: string;
  /** 1 once they are in the economy. */
  filed: bigint;
}

export interface WorthReasonRow {
  contribution: string;
  reason: string;
}

export interface WorthTables {
  worth_player: TakePlayerRow;
  worth_played: TakePlayedRow;
  worth_release: ReleaseWorthRow;
  worth_reason: WorthReasonRow;
}

/** Forward only; fields are added, never changed. */
export const WORTH_MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-worth': async (kysely) => {
    for (const statement of [
      `CREATE TABLE worth_player (take TEXT NOT NULL, player TEXT NOT NULL, payee TEXT NOT NULL, at_us BIGINT NOT NULL,
        PRIMARY KEY (take, player))`,
      `CREATE TABLE worth_release (model_sha256 TEXT PRIMARY KEY, counted_to_us BIGINT NOT NULL, body TEXT NOT NULL,
        filed BIGINT NOT NULL)`,
      'CREATE TABLE worth_reason (contribution TEXT PRIMARY KEY, reason TEXT NOT NULL)',
    ])
      await sql.raw(statement).execute(kysely);
  },
  '002-played': async (kysely) => {
    await sql
      .raw(
        'CREATE TABLE worth_played (take TEXT NOT NULL, player TEXT NOT NULL, at_us BIGINT NOT NULL, PRIMARY KEY (take, player))',
      )
      .execute(kysely);
  },
};
