import { present } from '@jamnet/base';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import type { CountedVote } from './credit.ts';
import { isAbx, TRIAL_FORMS } from './draw-pair.ts';
import {
  type CreditRow,
  LISTENING_MIGRATIONS,
  type ListeningTables,
  type PairForm,
  type PairRow,
} from './listening-tables.ts';

/** An answer that counts, with the pair it is an answer to. */
export interface CountedPair {
  readonly row: PairRow;
  readonly vote: CountedVote;
}

/** Pairs, answers and credits in the studio's database. */
export class ListeningBook {
  readonly #tables: Kysely<ListeningTables>;

  static async open(database: Database): Promise<ListeningBook> {
    await migrate(database, 'listening', LISTENING_MIGRATIONS);
    return new ListeningBook(tablesOf<ListeningTables>(database));
  }

  private constructor(tables: Kysely<ListeningTables>) {
    this.#tables = tables;
  }

  /** A curator's own pair; `null` for anything else. */
  async pair(payee: string, id: string): Promise<PairRow | null> {
    const row = await this.#pairs().where('id', '=', id).where('payee', '=', payee).executeTakeFirst();
    return row ?? null;
  }

  /** The pair that was asked and not answered. */
  async openPair(payee: string): Promise<PairRow | null> {
    const row = await this.#pairs().where('payee', '=', payee).where('chosen', 'is', null).executeTakeFirst();
    return row ?? null;
  }

  async add(row: PairRow): Promise<void> {
    await this.#tables.insertInto('listening_pair').values(row).execute();
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('listening_pair').where('id', '=', id).execute();
  }

  async answer(id: string, chosen: 'a' | 'b', nowUs: bigint): Promise<void> {
    await this.#tables
      .updateTable('listening_pair')
      .set({ chosen, voted_at_us: nowUs })
      .where('id', '=', id)
      .execute();
  }

  /** From now on all that this curator has answered counts. */
  async endRound(payee: string): Promise<void> {
    await this.#tables
      .updateTable('listening_pair')
      .set({ counted: 1n })
      .where('payee', '=', payee)
      .where('chosen', 'is not', null)
      .execute();
  }

  /** In which forms a curator was asked about which clips, and how much was answered. */
  async asked(
    payee: string,
  ): Promise<{ readonly forms: Map<string, Set<PairForm>>; readonly answered: number }> {
    const rows = await this.#tables
      .selectFrom('listening_pair')
      .select(['clip', 'form', 'chosen'])
      .where('payee', '=', payee)
      .execute();
    const forms = new Map<string, Set<PairForm>>();
    for (const { clip, form } of rows)
      forms.set(clip, (forms.get(clip) ?? new Set<PairForm>()).add(formOf(form)));
    return { forms, answered: rows.filter(({ chosen }) => chosen !== null).length };
  }

  /** Answers of all curators to the open question, by clip. */
  async answersByClip(): Promise<Map<string, number>> {
    const rows = await this.#tables
      .selectFrom('listening_pair')
      .select(({ fn }) => ['clip', fn.countAll<bigint>().as('answers')])
      .where('form', '=', 'open')
      .where('chosen', 'is not', null)
      .groupBy('clip')
      .execute();
    return new Map(rows.map(({ clip, answers }) => [clip, Number(answers)]));
  }

  async answersSince(payee: string, sinceUs: bigint): Promise<number> {
    const { answers } = await this.#tables
      .selectFrom('listening_pair')
      .select(({ fn }) => fn.countAll<bigint>().as('answers'))
      .where('payee', '=', payee)
      .where('voted_at_us', '>', sinceUs)
      .executeTakeFirstOrThrow();
    return Number(answers);
  }

  /**
   * Answers of rounds that have ended, of all curators: within one nobody is told what was right. Which of the sent and the
   * repaired sound X is shows what can be heard, and counts for nobody.
   */
  async counted(): Promise<readonly CountedPair[]> {
    const rows = await this.#pairs()
      .where('counted', '=', 1n)
      .where('form', '!=', 'abx-open')
      .orderBy('payee')
      .orderBy('round')
      .orderBy('place')
      .execute();
    return rows.map((row) => ({ row, vote: voteOf(row) }));
  }

  /** Of {@link counted}, what was answered about these clips of candidates. */
  async countedOfTrial(clips: ReadonlySet<string>): Promise<readonly CountedPair[]> {
    if (clips.size === 0) return [];
    const rows = await this.#pairs()
      .where('clip', 'in', [...clips])
      .where('form', 'in', [...new Set(TRIAL_FORMS)])
      .where('counted', '=', 1n)
      .orderBy('payee')
      .orderBy('round')
      .orderBy('place')
      .execute();
    return rows.map((row) => ({ row, vote: voteOf(row) }));
  }

  async addCredit(credit: CreditRow): Promise<void> {
    await this.#tables.insertInto('listening_credit').values(credit).execute();
  }

  async lastCredit(payee: string): Promise<Pick<CreditRow, 'total' | 'number'>> {
    const row = await this.#tables
      .selectFrom('listening_credit')
      .select(['total', 'number'])
      .where('payee', '=', payee)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ?? { total: 0n, number: 0n };
  }

  /** Written down, and not in the economy as far as we know. */
  unfiledCredits(): Promise<readonly CreditRow[]> {
    return this.#tables
      .selectFrom('listening_credit')
      .selectAll()
      .where('filed', '=', 0n)
      .orderBy('payee')
      .orderBy('number')
      .execute();
  }

  async markFiled({ payee, number }: CreditRow): Promise<void> {
    await this.#tables
      .updateTable('listening_credit')
      .set({ filed: 1n })
      .where('payee', '=', payee)
      .where('number', '=', number)
      .execute();
  }

  #pairs() {
    return this.#tables.selectFrom('listening_pair').selectAll();
  }
}

const FORMS: readonly PairForm[] = ['open', 'plant', 'abx-plant', 'abx-open', 'trial', 'trial-plant'];

export function formOf(text: string): PairForm {
  return present(
    FORMS.find((form) => form === text),
    'a form that this program wrote',
  );
}

function voteOf(row: PairRow): CountedVote {
  const form = formOf(row.form);
  return {
    clip: row.clip,
    ownerGroup: row.owner_group,
    isPlanted: form !== 'open' && form !== 'trial',
    isFor: row.chosen === (isAbx(form) ? row.x : row.side),
  };
}
