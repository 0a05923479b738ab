import { createHash } from 'node:crypto';
import {
  type CanonicalValue,
  canonicalJson,
  Failure,
  ok,
  oneAfterAnother,
  present,
  type Result,
  refuse,
} from '@jamnet/base';
import type { Contribution, Economy } from '@jamnet/economy';
import { encodeWav } from '@jamnet/jdat';
import type { Database } from '@jamnet/sql';
import { newContribution } from '../contributions/new-contribution.ts';
import { approvedClips } from '../curation/listening-test.ts';
import type { TrialDesk } from '../training/trial/trial-desk.ts';
import type { Clip, ClipShelf, ClipVersion } from './clips.ts';
import { type CountedVote, creditMilliVotes, opinionsOf, type Standing, standingOf } from './credit.ts';
import { type Candidate, type DrawnPair, drawPair, ROUND_PAIRS, TRIAL_FORMS } from './draw-pair.ts';
import { type CountedPair, formOf, ListeningBook } from './listening-book.ts';
import type { CreditRow, PairForm, PairRow } from './listening-tables.ts';
import { renderSide, trimmedSamples } from './render-side.ts';

/** Answers of one curator in a day: two hours of attentive listening. */
export const ANSWERS_PER_DAY_MAX = 300;
const DAY_US = 86_400_000_000n;

export interface ListeningParts {
  readonly database: Database;
  readonly clips: ClipShelf;
  /** Candidates that wait to be heard before they are released. */
  readonly trials?: readonly Hearing[];
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

/** A candidate's clips, and what is done with answers about them. */
export type Hearing = Pick<TrialDesk, 'clipsFor' | 'find' | 'versions' | 'pairsMax' | 'settle'>;

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
  /** Of rounds that have ended: within one nothing tells which answers were right. */
  readonly standing: Standing & {
    readonly rounds: number;
    /** Thousandths of a vote that are written down as contributions. */
    readonly creditMilliVotes: bigint;
  };
  /** Of all curators: clips there are, and those whose repair two owner groups approve. */
  readonly clips: { readonly offered: number; readonly approved: number };
}

export type Side = 'a' | 'b' | 'x';
export type ListeningCode = 'pair-unknown' | 'pair-answered' | 'answers-today-too-many' | 'clip-gone';

interface OpenPair {
  readonly row: PairRow;
  readonly clip: Pick<Clip, 'frames' | 'sampleRateHz'>;
}

/** Blind listening by curators: asks, keeps the answers, and files what they are worth. */
export class ListeningDesk {
  readonly #parts: ListeningParts;
  readonly #book: ListeningBook;
  readonly #inTurn = oneAfterAnother();

  static async open(parts: ListeningParts): Promise<ListeningDesk> {
    return new ListeningDesk(parts, await ListeningBook.open(parts.database));
  }

  private constructor(parts: ListeningParts, book: ListeningBook) {
    this.#parts = parts;
    this.#book = book;
  }

  /** Where a curator is: the pair that is asked is drawn now if none is open. */
  look(payee: string): Promise<Result<ListeningView, ListeningCode>> {
    return this.#inTurn(() => this.#look(payee));
  }

  /** One side of a curator's own pair as a WAV file. */
  async sound(payee: string, id: string, side: Side): Promise<Result<Uint8Array, ListeningCode>> {
    const row = await this.#book.pair(payee, id);
    if (row === null || (side === 'x' && row.x === '')) return UNKNOWN;
    const found = this.#soundOf(row, side);
    if (found === null) return refuse('clip-gone', 'The take of this pair is gone: ask for the next one.');
    const { sampleRateHz } = found;
    const samples = renderSide(found.samples, {
      secret: this.#parts.drawSecret,
      pair: id,
      side,
      sampleRateHz,
    });
    return ok(encodeWav({ sampleRateHz, channels: [samples] }, { bitsPerSample: 16 }));
  }

  /** What one side of a pair is made of; `null`: its clip is gone. */
  #soundOf(
    row: PairRow,
    side: Side,
  ): { readonly samples: Float32Array; readonly sampleRateHz: number } | null {
    const { clips, trials = [] } = this.#parts;
    if (!isTrial(row)) {
      const clip = clips.find(row.clip);
      return clip && { samples: clips.sound(clip)[versionOn(row, side)], sampleRateHz: clip.sampleRateHz };
    }
    for (const trial of trials) {
      const clip = trial.find(row.clip);
      if (clip === null) continue;
      const versions = trial.versions(clip);
      return {
        samples: side === row.side ? versions.inQuestion : versions.other,
        sampleRateHz: clip.sampleRateHz,
      };
    }
    return null;
  }

  /** Decides on candidates what can be decided by now; called after rounds, and from time to time for the deadlines. */
  async settleTrials(): Promise<void> {
    for (const trial of this.#parts.trials ?? [])
      await trial.settle(async (clips) =>
        (await this.#book.countedOfTrial(clips)).map(({ row: { payee }, vote }) => ({ ...vote, payee })),
      );
  }

  /** Takes an answer, once: the side preferred, or the side that X is. What a round is worth is filed at its end. */
  answer(payee: string, id: string, chosen: 'a' | 'b'): Promise<Result<ListeningView, ListeningCode>> {
    return this.#inTurn(async () => {
      const row = await this.#book.pair(payee, id);
      if (row === null) return UNKNOWN;
      // A repeat of the same answer may be one whose reply was lost.
      if (row.chosen !== null && row.chosen !== chosen)
        return refuse('pair-answered', 'You have answered this pair: an answer stands.');
      if (row.chosen === null) {
        const { nowUs, answersPerDayMax = ANSWERS_PER_DAY_MAX } = this.#parts;
        if ((await this.#book.answersSince(payee, nowUs() - DAY_US)) >= answersPerDayMax)
          return refuse(
            'answers-today-too-many',
            `${answersPerDayMax} answers in a day are enough: rest your ears and come back tomorrow.`,
          );
        await this.#book.answer(id, chosen, nowUs());
        if (Number(row.place) === ROUND_PAIRS - 1) await this.#endRound(payee);
      }
      return this.#look(payee);
    });
  }

  async #look(payee: string): Promise<Result<ListeningView, ListeningCode>> {
    const clips = this.#parts.clips.list();
    const pair = await this.#openPair(payee, clips);
    const { answered } = await this.#book.asked(payee);
    // A round that cannot be filled ends here.
    if (pair === null && answered % ROUND_PAIRS !== 0) await this.#endRound(payee);
    const all = await this.#book.counted();
    const group = await this.#groupOf(payee);
    const standing = standingOf(votesOf(all, payee), group, opinionsOf(all.map(({ vote }) => vote)));
    const { total } = await this.#book.lastCredit(payee);
    return ok({
      answered: answered % ROUND_PAIRS,
      of: ROUND_PAIRS,
      pair: pair && viewOf(pair),
      standing: {
        ...standing,
        rounds: Math.floor(answered / ROUND_PAIRS),
        creditMilliVotes: total,
      },
      clips: {
        offered: clips.length,
        approved: approvedCount(all.filter(({ row }) => !isTrial(row)).map(({ vote }) => vote)),
      },
    });
  }

  /** The pair that was asked and not answered, or the next one; a pair whose take is gone is asked no more. */
  async #openPair(payee: string, clips: readonly Clip[]): Promise<OpenPair | null> {
    const byId = new Map(clips.map((clip) => [clip.id, clip]));
    const open = await this.#book.openPair(payee);
    const clipOf = (id: string): OpenPair['clip'] | null =>
      byId.get(id) ??
      this.#parts.trials?.map((trial) => trial.find(id)).find((clip) => clip !== null) ??
      null;
    const clipOfOpen = open && clipOf(open.clip);
    if (open && clipOfOpen) return { row: open, clip: clipOfOpen };
    if (open) await this.#book.remove(open.id);
    const row = await this.#draw(payee, clips);
    if (row === null) return null;
    await this.#book.add(row);
    return { row, clip: present(clipOf(row.clip), 'the clip just drawn') };
  }

  async #draw(payee: string, clips: readonly Clip[]): Promise<PairRow | null> {
    const { drawSecret, newId } = this.#parts;
    const group = await this.#groupOf(payee);
    const { forms, answered } = await this.#book.asked(payee);
    const at = { payee, round: Math.floor(answered / ROUND_PAIRS), place: answered % ROUND_PAIRS };
    const drawn =
      (await this.#drawTrial(at, group, forms)) ??
      drawPair(drawSecret, at, await this.#candidates(clips, group, forms));
    if (drawn === null) return null;
    const place = { round: BigInt(at.round), place: BigInt(at.place) };
    const open = { chosen: null, voted_at_us: null, counted: 0n };
    return { id: newId(), payee, owner_group: group, ...place, ...drawn, ...open };
  }

  /** Candidates come first: others wait for a model, and nobody for the next repaired excerpt. */
  async #drawTrial(
    at: Parameters<typeof drawPair>[1],
    group: string,
    forms: ReadonlyMap<string, ReadonlySet<PairForm>>,
  ): Promise<DrawnPair | null> {
    for (const trial of this.#parts.trials ?? []) {
      const clips = await trial.clipsFor(group);
      if (clips.filter(({ id }) => forms.has(id)).length >= trial.pairsMax) continue;
      const candidates = clips.map(({ id, isPlant }) => ({
        clip: id,
        only: isPlant ? ('trial-plant' as const) : ('trial' as const),
        asked: forms.get(id) ?? new Set<PairForm>(),
        answers: 0,
      }));
      const drawn = drawPair(this.#parts.drawSecret, at, candidates, TRIAL_FORMS);
      if (drawn !== null) return drawn;
    }
    return null;
  }

  /** Clips that this curator may judge: nobody of the same owner group has played, or worked on, them. */
  async #candidates(
    clips: readonly Clip[],
    group: string,
    forms: ReadonlyMap<string, ReadonlySet<PairForm>>,
  ): Promise<Candidate[]> {
    const subjects = new Set(clips.flatMap((clip) => clip.subjects));
    const groups = await this.#parts.economy.ownerGroupsOf([...subjects]);
    const isOwn = (clip: Clip) => clip.subjects.some((subject) => groups.get(subject)?.has(group));
    const answers = await this.#book.answersByClip();
    return clips
      .filter((clip) => !isOwn(clip))
      .map(({ id }) => ({ clip: id, asked: forms.get(id) ?? new Set(), answers: answers.get(id) ?? 0 }));
  }

  /** Writes down what has become certain for every curator: an answer may settle what others said long ago. */
  async #endRound(ended: string): Promise<void> {
    await this.#book.endRound(ended);
    const all = await this.#book.counted();
    const opinions = opinionsOf(all.map(({ vote }) => vote));
    for (const payee of new Set(all.map(({ row }) => row.payee))) {
      const group = await this.#groupOf(payee);
      const standing = standingOf(votesOf(all, payee), group, opinions);
      const total = creditMilliVotes(standing);
      const before = await this.#book.lastCredit(payee);
      if (total <= before.total) continue;
      const own = all.filter(({ row }) => row.payee === payee);
      const evidence = canonicalJson(evidenceOf(own, standing));
      await this.#book.addCredit({
        payee,
        number: before.number + 1n,
        owner_group: group,
        total,
        merit: total - before.total,
        subject: createHash('sha256').update(evidence).digest('hex'),
        evidence,
        at_us: this.#parts.nowUs(),
        filed: 0n,
      });
    }
    await this.#fileCredits();
    // The answers are kept: what could not be decided now is tried again from time to time.
    await this.settleTrials().catch((error: unknown) => {
      process.stderr.write(`listening: a candidate was not decided: ${String(error)}\n`);
    });
  }

  /** What was written down and not filed, for a crash or a refusal came between, is filed with what is new. */
  async #fileCredits(): Promise<void> {
    const waiting = await this.#book.unfiledCredits();
    if (waiting.length === 0) return;
    try {
      await this.#parts.addContributions(waiting.map((credit) => this.#contributionOf(credit)));
    } catch (error) {
      // No answer is lost because the books take nothing just now.
      if (!(error instanceof Failure)) throw error;
      process.stderr.write(`listening: credit waits to be filed: ${error.message}\n`);
      return;
    }
    for (const credit of waiting) await this.#book.markFiled(credit);
  }

  #contributionOf({ payee, merit, subject, owner_group, evidence, at_us }: CreditRow): Contribution {
    return newContribution({
      kind: 'curation',
      meter: 'curation/votes',
      payees: [{ payee, weight: 1n }],
      merit,
      subject,
      ownerGroup: owner_group,
      // Written by #endRound.
      evidence: JSON.parse(evidence) as CanonicalValue,
      evidenceSecret: this.#parts.evidenceSecret,
      acceptedAtUs: at_us,
    });
  }

  async #groupOf(payee: string): Promise<string> {
    return (await this.#parts.economy.ownerGroupOf(payee)) ?? payee;
  }
}

function isTrial({ form }: PairRow): boolean {
  return form === 'trial' || form === 'trial-plant';
}

const UNKNOWN = refuse('pair-unknown', 'There is no such pair of yours: ask for the next one.');

function viewOf({ row, clip }: OpenPair): PairView {
  return {
    id: row.id,
    form: row.x === '' ? 'ab' : 'abx',
    seconds: (clip.frames - trimmedSamples(clip.sampleRateHz)) / clip.sampleRateHz,
  };
}

/** What a curator hears on a side. */
function versionOn(row: PairRow, side: Side): ClipVersion {
  const form = formOf(row.form);
  const inQuestion = side === 'x' ? row.x === row.side : side === row.side;
  if (form === 'open') return inQuestion ? 'repaired' : 'heard';
  if (form === 'abx-open') return inQuestion ? 'sent' : 'repaired';
  return inQuestion ? 'sent' : 'unrepaired';
}

function votesOf(all: readonly CountedPair[], payee: string): CountedVote[] {
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

function evidenceOf(own: readonly CountedPair[], { settled, agreeing }: Standing): CanonicalValue {
  return {
    rule: 'blind listening: agreement above chance, 95 % bound',
    settled,
    agreeing,
    answers: own.map(({ row: { id, clip, form }, vote: { isFor } }) => ({ id, clip, form, isFor })),
  };
}
