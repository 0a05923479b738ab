import { createHash } from 'node:crypto';
import { type CanonicalValue, canonicalJson, Failure, ok, present, type Result, refuse } from '@jamnet/base';
import type { Contribution, Economy } from '@jamnet/economy';
import { encodeWav } from '@jamnet/jdat';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { newContribution } from '../contributions/new-contribution.ts';
import { approvedClips } from '../curation/listening-test.ts';
import type { Clip, ClipShelf, ClipVersion } from './clips.ts';
import { type CountedVote, creditMilliVotes, opinionsOf, type Standing, standingOf } from './credit.ts';
import { type Candidate, drawPair, isAbx, ROUND_PAIRS } from './draw-pair.ts';
import {
  LISTENING_MIGRATIONS,
  type ListeningTables,
  type PairForm,
  type PairRow,
} from './listening-tables.ts';

/** Answers of one curator in a day: two hours of attentive listening. */
export const ANSWERS_PER_DAY_MAX = 300;
const DAY_US = 86_400_000_000n;

export interface ListeningParts {
  readonly database: Database;
  readonly clips: ClipShelf;
  readonly economy: Pick<Economy, 'ownerGroupOf' | 'ownerGroupsOf'>;
  /** Files contributions, a repeat changes nothing; rejects when the economy takes none. */
  readonly addContributions: (contributions: readonly Contribution[]) => Promise<void>;
  readonly evidenceSecret: Uint8Array;
  /** Draws pairs, forms and sides: curators must not foresee them. */
  readonly drawSecret: Uint8Array;
  /** 32 hex digits of chance. */
  readonly newId: () => string;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  readonly answersPerDayMax?: number;
}

/** A pair as its curator sees it: nothing tells what is on which side, or whether the answer is known. */
export interface PairView {
  readonly id: string;
  readonly form: 'ab' | 'abx';
  readonly seconds: number;
}

export interface ListeningView {
  /** Answered in this round, and pairs of a whole one. */
  readonly answered: number;
  readonly of: number;
  /** What is asked now; `null`: nothing is left to judge, for now. */
  readonly pair: PairView | null;
  readonly standing: Standing & {
    readonly rounds: number;
    /** Thousandths of a vote that are filed as contributions. */
    readonly creditMilliVotes: bigint;
  };
  /** Of all curators: clips there are, and those whose repair two owner groups approve. */
  readonly clips: { readonly offered: number; readonly approved: number };
}

export type Side = 'a' | 'b' | 'x';
export type ListeningCode = 'pair-unknown' | 'pair-answered' | 'answers-today-too-many' | 'clip-gone';

/** Blind listening by curators: asks, keeps the answers, and files what they are worth. */
export class ListeningDesk {
  readonly #parts: ListeningParts;
  readonly #tables: Kysely<ListeningTables>;
  #last: Promise<unknown> = Promise.resolve();

  static async open(parts: ListeningParts): Promise<ListeningDesk> {
    await migrate(parts.database, 'listening', LISTENING_MIGRATIONS);
    return new ListeningDesk(parts);
  }

  private constructor(parts: ListeningParts) {
    this.#parts = parts;
    this.#tables = tablesOf<ListeningTables>(parts.database);
  }

  /** Where a curator is: the pair that is asked is drawn now if none is open. */
  look(payee: string): Promise<Result<ListeningView, ListeningCode>> {
    return this.#inTurn(() => this.#look(payee));
  }

  /** One side of a curator's own pair as a WAV file. */
  async sound(payee: string, id: string, side: Side): Promise<Result<Uint8Array, ListeningCode>> {
    const row = await this.#pairOf(payee, id);
    if (row === null || (side === 'x' && row.x === '')) return UNKNOWN;
    const clip = this.#parts.clips.find(row.clip);
    if (clip === null) return CLIP_GONE;
    const samples = this.#parts.clips.sound(clip)[versionOn(row, side)];
    return ok(encodeWav({ sampleRateHz: clip.sampleRateHz, channels: [samples] }, { bitsPerSample: 16 }));
  }

  /** Takes an answer, once: the side preferred, or the side that X is. What a whole round is worth is filed at its end. */
  answer(payee: string, id: string, chosen: 'a' | 'b'): Promise<Result<ListeningView, ListeningCode>> {
    return this.#inTurn(async () => {
      const row = await this.#pairOf(payee, id);
      if (row === null) return UNKNOWN;
      // A repeat of the same answer may be one whose reply was lost.
      if (row.chosen !== null && row.chosen !== chosen)
        return refuse('pair-answered', 'You have answered this pair: an answer stands.');
      if (row.chosen === null) {
        const { nowUs, answersPerDayMax = ANSWERS_PER_DAY_MAX } = this.#parts;
        if ((await this.#answersSince(payee, nowUs() - DAY_US)) >= answersPerDayMax)
          return refuse(
            'answers-today-too-many',
            `${answersPerDayMax} answers in a day are enough: rest your ears and come back tomorrow.`,
          );
        await this.#tables
          .updateTable('listening_pair')
          .set({ chosen, voted_at_us: nowUs() })
          .where('id', '=', id)
          .execute();
        if (Number(row.place) === ROUND_PAIRS - 1) await this.#settleAll();
      }
      return this.#look(payee);
    });
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#last.then(step);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #look(payee: string): Promise<Result<ListeningView, ListeningCode>> {
    const clips = this.#parts.clips.list();
    const pair = await this.#openPair(payee, clips);
    const own = await this.#tables
      .selectFrom('listening_pair')
      .selectAll()
      .where('payee', '=', payee)
      .orderBy('round')
      .orderBy('place')
      .execute();
    const answered = own.filter(({ chosen }) => chosen !== null);
    // What is left of a round that cannot be filled counts now.
    if (pair === null && answered.length % ROUND_PAIRS !== 0) await this.#settleAll();
    const all = await this.#counted();
    const group = await this.#groupOf(payee);
    const standing = standingOf(votesOf(all, payee), group, opinionsOf(all.map(({ vote }) => vote)));
    return ok({
      answered: answered.length % ROUND_PAIRS,
      of: ROUND_PAIRS,
      pair:
        pair === null
          ? null
          : {
              id: pair.row.id,
              form: pair.row.x === '' ? 'ab' : 'abx',
              seconds: pair.clip.frames / pair.clip.sampleRateHz,
            },
      standing: {
        ...standing,
        rounds: Math.floor(answered.length / ROUND_PAIRS),
        creditMilliVotes: (await this.#lastCredit(payee))?.total ?? 0n,
      },
      clips: { offered: clips.length, approved: approvedCount(all.map(({ vote }) => vote)) },
    });
  }

  /** The pair that was asked and not answered, or the next one; a pair whose take is gone is asked no more. */
  async #openPair(
    payee: string,
    clips: readonly Clip[],
  ): Promise<{ readonly row: PairRow; readonly clip: Clip } | null> {
    const byId = new Map(clips.map((clip) => [clip.id, clip]));
    const open = await this.#tables
      .selectFrom('listening_pair')
      .selectAll()
      .where('payee', '=', payee)
      .where('chosen', 'is', null)
      .executeTakeFirst();
    const clipOfOpen = open && byId.get(open.clip);
    if (open && clipOfOpen) return { row: open, clip: clipOfOpen };
    if (open) await this.#tables.deleteFrom('listening_pair').where('id', '=', open.id).execute();
    const row = await this.#draw(payee, clips);
    if (row === null) return null;
    await this.#tables.insertInto('listening_pair').values(row).execute();
    return { row, clip: present(byId.get(row.clip), 'the clip just drawn') };
  }

  async #draw(payee: string, clips: readonly Clip[]): Promise<PairRow | null> {
    const { drawSecret, newId } = this.#parts;
    const group = await this.#groupOf(payee);
    const asked = await this.#tables
      .selectFrom('listening_pair')
      .select(['clip', 'form'])
      .where('payee', '=', payee)
      .execute();
    const done = asked.length;
    const at = { payee, round: Math.floor(done / ROUND_PAIRS), place: done % ROUND_PAIRS };
    const drawn = drawPair(drawSecret, at, await this.#candidates(clips, group, asked));
    if (drawn === null) return null;
    return {
      id: newId(),
      payee,
      owner_group: group,
      round: BigInt(at.round),
      place: BigInt(at.place),
      ...drawn,
      chosen: null,
      voted_at_us: null,
    };
  }

  /** Clips that this curator may judge: nobody of the same owner group has played, or worked on, them. */
  async #candidates(
    clips: readonly Clip[],
    group: string,
    asked: readonly { readonly clip: string; readonly form: string }[],
  ): Promise<Candidate[]> {
    const subjects = new Set(clips.flatMap((clip) => clip.subjects));
    const groups = await this.#parts.economy.ownerGroupsOf([...subjects]);
    const isOwn = (clip: Clip) => clip.subjects.some((subject) => groups.get(subject)?.has(group));
    const answers = new Map<string, number>();
    for (const row of await this.#tables
      .selectFrom('listening_pair')
      .select(({ fn }) => ['clip', fn.countAll<bigint>().as('answers')])
      .where('form', '=', 'open')
      .where('chosen', 'is not', null)
      .groupBy('clip')
      .execute())
      answers.set(row.clip, Number(row.answers));
    const forms = new Map<string, Set<PairForm>>();
    for (const { clip, form } of asked) {
      const known = forms.get(clip) ?? new Set<PairForm>();
      forms.set(clip, known.add(formOf(form)));
    }
    return clips
      .filter((clip) => !isOwn(clip))
      .map(({ id }) => ({ clip: id, asked: forms.get(id) ?? new Set(), answers: answers.get(id) ?? 0 }));
  }

  /** Files what has become certain for every curator: an answer may settle what others said long ago. */
  async #settleAll(): Promise<void> {
    const all = await this.#counted();
    const opinions = opinionsOf(all.map(({ vote }) => vote));
    for (const payee of new Set(all.map(({ row }) => row.payee))) {
      const group = await this.#groupOf(payee);
      const standing = standingOf(votesOf(all, payee), group, opinions);
      const total = creditMilliVotes(standing);
      const before = await this.#lastCredit(payee);
      const merit = total - (before?.total ?? 0n);
      if (merit <= 0n) continue;
      const own = all.filter(({ row }) => row.payee === payee);
      const evidence = canonicalJson(evidenceOf(own, standing));
      await this.#tables
        .insertInto('listening_credit')
        .values({
          payee,
          number: (before?.number ?? 0n) + 1n,
          owner_group: group,
          total,
          merit,
          subject: createHash('sha256').update(evidence).digest('hex'),
          evidence,
          at_us: this.#parts.nowUs(),
          filed: 0n,
        })
        .execute();
    }
    try {
      await this.#fileCredits();
    } catch (error) {
      // Written down, and filed with the next: no answer is lost because the books take nothing just now.
      if (!(error instanceof Failure)) throw error;
      process.stderr.write(`listening: credit waits to be filed: ${error.message}\n`);
    }
  }

  /** What was written down and not filed, for a crash or a refusal came between, is filed with what is new. */
  async #fileCredits(): Promise<void> {
    const waiting = await this.#tables
      .selectFrom('listening_credit')
      .selectAll()
      .where('filed', '=', 0n)
      .orderBy('payee')
      .orderBy('number')
      .execute();
    if (waiting.length === 0) return;
    await this.#parts.addContributions(
      waiting.map((credit) =>
        newContribution({
          kind: 'curation',
          meter: 'curation/votes',
          payees: [{ payee: credit.payee, weight: 1n }],
          merit: credit.merit,
          subject: credit.subject,
          ownerGroup: credit.owner_group,
          // Written by #settleAll.
          evidence: JSON.parse(credit.evidence) as CanonicalValue,
          evidenceSecret: this.#parts.evidenceSecret,
          acceptedAtUs: credit.at_us,
        }),
      ),
    );
    for (const { payee, number } of waiting)
      await this.#tables
        .updateTable('listening_credit')
        .set({ filed: 1n })
        .where('payee', '=', payee)
        .where('number', '=', number)
        .execute();
  }

  /** Answers that count, of all curators: those by which X is told from the sent sound show what can be heard, and earn nothing. */
  async #counted(): Promise<readonly { readonly row: PairRow; readonly vote: CountedVote }[]> {
    const rows = await this.#tables
      .selectFrom('listening_pair')
      .selectAll()
      .where('chosen', 'is not', null)
      .where('form', '!=', 'abx-open')
      .orderBy('payee')
      .orderBy('round')
      .orderBy('place')
      .execute();
    return rows.map((row) => ({ row, vote: countedVote(row) }));
  }

  async #pairOf(payee: string, id: string): Promise<PairRow | null> {
    const row = await this.#tables
      .selectFrom('listening_pair')
      .selectAll()
      .where('id', '=', id)
      .where('payee', '=', payee)
      .executeTakeFirst();
    return row ?? null;
  }

  async #answersSince(payee: string, sinceUs: bigint): Promise<number> {
    const { answers } = await this.#tables
      .selectFrom('listening_pair')
      .select(({ fn }) => fn.countAll<bigint>().as('answers'))
      .where('payee', '=', payee)
      .where('voted_at_us', '>', sinceUs)
      .executeTakeFirstOrThrow();
    return Number(answers);
  }

  #lastCredit(payee: string) {
    return this.#tables
      .selectFrom('listening_credit')
      .select(['total', 'number'])
      .where('payee', '=', payee)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  async #groupOf(payee: string): Promise<string> {
    return (await this.#parts.economy.ownerGroupOf(payee)) ?? payee;
  }
}

const UNKNOWN = refuse('pair-unknown', 'There is no such pair of yours: ask for the next one.');
const CLIP_GONE = refuse('clip-gone', 'The take of this pair is gone: ask for the next one.');

const FORMS: readonly PairForm[] = ['open', 'plant', 'abx-plant', 'abx-open'];

function formOf(text: string): PairForm {
  return present(
    FORMS.find((form) => form === text),
    'a form that this program wrote',
  );
}

/** What a curator hears on a side. */
function versionOn(row: PairRow, side: Side): ClipVersion {
  const form = formOf(row.form);
  const inQuestion = side === 'x' ? row.x === row.side : side === row.side;
  if (form === 'open') return inQuestion ? 'repaired' : 'heard';
  if (form === 'abx-open') return inQuestion ? 'sent' : 'repaired';
  return inQuestion ? 'sent' : 'unrepaired';
}

function countedVote(row: PairRow): CountedVote {
  const form = formOf(row.form);
  return {
    clip: row.clip,
    ownerGroup: row.owner_group,
    isPlanted: form !== 'open',
    isFor: row.chosen === (isAbx(form) ? row.x : row.side),
  };
}

function votesOf(
  all: readonly { readonly row: PairRow; readonly vote: CountedVote }[],
  payee: string,
): CountedVote[] {
  return all.filter(({ row }) => row.payee === payee).map(({ vote }) => vote);
}

function approvedCount(votes: readonly CountedVote[]): number {
  return approvedClips(
    votes.map(({ clip, ownerGroup, isPlanted, isFor }) => ({
      ownerGroup,
      votes: [{ clip, chosen: isFor ? 'repaired' : 'unrepaired', planted: isPlanted }],
    })),
  ).length;
}

function evidenceOf(
  own: readonly { readonly row: PairRow; readonly vote: CountedVote }[],
  { settled, agreeing }: Standing,
): CanonicalValue {
  return {
    rule: 'blind listening: agreement above chance, 95 % bound',
    settled,
    agreeing,
    answers: own.map(({ row: { id, clip, form }, vote: { isFor } }) => ({ id, clip, form, isFor })),
  };
}
