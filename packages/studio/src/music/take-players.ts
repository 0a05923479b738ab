import { ok, type Result, refuse } from '@jamnet/base';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { WORTH_MIGRATIONS, type WorthTables } from './worth-tables.ts';

/** Players of takes whose payee is known: as many as an archive has takes. */
export const TAKE_PLAYERS_MAX = 100_000;

export interface TakePlayer {
  readonly take: string;
  readonly player: string;
  readonly payee: string;
}

export type TakePlayerCode = 'player-known' | 'players-too-many';

/** Who the players of archived takes are: a take names them only as they were called in their room. */
export class TakePlayers {
  readonly #tables: Kysely<WorthTables>;
  readonly #max: number;

  static async open(database: Database, max = TAKE_PLAYERS_MAX): Promise<TakePlayers> {
    await migrate(database, 'worth', WORTH_MIGRATIONS);
    return new TakePlayers(tablesOf<WorthTables>(database), max);
  }

  private constructor(tables: Kysely<WorthTables>, max: number) {
    this.#tables = tables;
    this.#max = max;
  }

  /** Said once for good: what a take earned cannot go to somebody else later. The same again changes nothing. */
  async name(
    { take, player, payee }: TakePlayer,
    nowUs: bigint,
  ): Promise<Result<TakePlayer, TakePlayerCode>> {
    const named = { take, player, payee };
    const known = await this.payeeOf(take, player);
    if (known === payee) return ok(named);
    if (known !== null)
      return refuse('player-known', `${player} of this take is ${known}: that was said before.`);
    const { count } = await this.#tables
      .selectFrom('worth_player')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    if (Number(count) >= this.#max)
      return refuse('players-too-many', `Of ${this.#max} players is known who they are, and of no more.`);
    await this.#tables
      .insertInto('worth_player')
      .values({ ...named, at_us: nowUs })
      .execute();
    return ok(named);
  }

  /** Whose playing is not credited yet, those named first coming first. */
  async uncredited(): Promise<readonly TakePlayer[]> {
    return await this.#tables
      .selectFrom('worth_player')
      .leftJoin('worth_played', (join) =>
        join
          .onRef('worth_played.take', '=', 'worth_player.take')
          .onRef('worth_played.player', '=', 'worth_player.player'),
      )
      .where('worth_played.take', 'is', null)
      .select(['worth_player.take', 'worth_player.player', 'worth_player.payee'])
      .orderBy('worth_player.at_us')
      .orderBy('worth_player.take')
      .orderBy('worth_player.player')
      .execute();
  }

  async credited({ take, player }: TakePlayer, nowUs: bigint): Promise<void> {
    await this.#tables
      .insertInto('worth_played')
      .values({ take, player, at_us: nowUs })
      .onConflict((conflict) => conflict.columns(['take', 'player']).doNothing())
      .execute();
  }

  /** Where somebody is known to play, the take named first coming first. */
  async ofPayee(payee: string): Promise<readonly TakePlayer[]> {
    return await this.#tables
      .selectFrom('worth_player')
      .select(['take', 'player', 'payee'])
      .where('payee', '=', payee)
      .orderBy('at_us')
      .orderBy('take')
      .orderBy('player')
      .execute();
  }

  async payeeOf(take: string, player: string): Promise<string | null> {
    const row = await this.#tables
      .selectFrom('worth_player')
      .select('payee')
      .where('take', '=', take)
      .where('player', '=', player)
      .executeTakeFirst();
    return row?.payee ?? null;
  }
}
