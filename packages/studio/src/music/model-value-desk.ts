import { bigintAsText, Failure } from '@jamnet/base';
import { type Contribution, type Economy, hashOf } from '@jamnet/economy';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { newContribution } from '../contributions/new-contribution.ts';
import { divideModelValue, type GroupValue, potMs, type ValuedTake } from './model-value.ts';
import { TakePlayers } from './take-players.ts';
import { WORTH_MIGRATIONS, type WorthTables } from './worth-tables.ts';

/** Playing longer ago than this is in no pot any more: a model that comes late does not outweigh a month of playing. */
export const POT_DAYS = 31n;
const DAY_US = 86_400_000_000n;

export interface ModelValueParts {
  readonly database: Database;
  readonly economy: Pick<Economy, 'policy' | 'meritOf' | 'ownerGroupOf'>;
  /** Files contributions, a repeat changes nothing; rejects when the economy refuses them. May call `fileWaiting` in turn. */
  readonly addContributions: (contributions: readonly Contribution[]) => Promise<void>;
  readonly evidenceSecret: Uint8Array;
  /** UTC µs. */
  readonly nowUs: () => bigint;
}

/** A released model and what all that it learnt from was worth to it (see `takeValues`). */
export interface WorthOfRelease {
  readonly model: string;
  readonly modelSha256: string;
  readonly takes: readonly Omit<ValuedTake, 'owner'>[];
  /** Of performances from files. */
  readonly others: readonly bigint[];
}

interface Paid {
  readonly contributions: readonly Contribution[];
  readonly reasons: readonly { readonly contribution: string; readonly reason: string }[];
}

interface Pot {
  readonly meter: string;
  readonly ms: bigint;
  readonly playedMs: bigint;
  readonly sharePpm: number;
}

/** Pays takes by their worth to released models, each model once. */
export class ModelValueDesk {
  readonly players: TakePlayers;
  readonly #parts: ModelValueParts;
  readonly #tables: Kysely<WorthTables>;
  #filing: Promise<void> | null = null;

  static async open(parts: ModelValueParts): Promise<ModelValueDesk> {
    await migrate(parts.database, 'worth', WORTH_MIGRATIONS);
    return new ModelValueDesk(parts, await TakePlayers.open(parts.database));
  }

  private constructor(parts: ModelValueParts, players: TakePlayers) {
    this.#parts = parts;
    this.players = players;
    this.#tables = tablesOf<WorthTables>(parts.database);
  }

  /**
   * Decides what a release brings, writes it down and files it; answers in a sentence. What could not be filed is filed with the
   * next release, or by {@link fileWaiting}.
   */
  async pay(release: WorthOfRelease): Promise<string> {
    const { modelSha256 } = release;
    const known = await this.#tables
      .selectFrom('worth_release')
      .select('model_sha256')
      .where('model_sha256', '=', modelSha256)
      .executeTakeFirst();
    if (known) return 'Its takes were paid when it was released first.';
    const nowUs = this.#parts.nowUs();
    const pot = await this.#pot(nowUs);
    if (pot === null) return 'The policy pays nothing for the worth of takes to models.';
    if (pot.ms === 0n) return 'No verified playing since the last release that paid: there is no pot.';
    const takes = await Promise.all(release.takes.map((take) => this.#owned(take)));
    const { groups, totalValue } = divideModelValue(pot.ms, takes, release.others);
    if (groups.length === 0) return 'Nobody known plays in the takes that help it: the pot waits.';
    const paid = groups.map((group) => this.#contribution(release, group, { pot, totalValue, nowUs }));
    await this.#decide(modelSha256, nowUs, {
      contributions: paid.map(({ contribution }) => contribution),
      reasons: paid.map(({ contribution, reason }) => ({ contribution: contribution.id, reason })),
    });
    const merit = groups.reduce((sum, group) => sum + group.merit, 0n);
    const of = `${merit} of ${pot.ms} ms of the pot to ${groups.length} owner groups`;
    // Who files already may have looked before this was decided.
    while (this.#filing) await this.#filing;
    await this.fileWaiting();
    const waits = (await this.#waiting()).some((row) => row.model_sha256 === modelSha256);
    return waits ? `Its takes are paid later: ${of}.` : `Its takes were paid: ${of}.`;
  }

  /**
   * Files what was decided and not yet taken; what is refused waits on and holds nothing else up. Returns at once while another call
   * files: filing adds contributions, and who adds contributions calls this.
   */
  async fileWaiting(): Promise<void> {
    if (this.#filing) return;
    this.#filing = this.#file();
    try {
      await this.#filing;
    } finally {
      this.#filing = null;
    }
  }

  async #file(): Promise<void> {
    for (const { model_sha256, body } of await this.#waiting()) {
      try {
        await this.#parts.addContributions(contributionsIn(body));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        process.stderr.write(`worth of takes: waits to be filed: ${error.message}\n`);
        continue;
      }
      await this.#tables
        .updateTable('worth_release')
        .set({ filed: 1n })
        .where('model_sha256', '=', model_sha256)
        .execute();
    }
  }

  #waiting(): Promise<{ model_sha256: string; body: string }[]> {
    return this.#tables
      .selectFrom('worth_release')
      .select(['model_sha256', 'body'])
      .where('filed', '=', 0n)
      .orderBy('counted_to_us')
      .execute();
  }

  /** Of those contributions that have one. */
  async reasons(contributions: readonly string[]): Promise<Map<string, string>> {
    if (contributions.length === 0) return new Map();
    const rows = await this.#tables
      .selectFrom('worth_reason')
      .selectAll()
      .where('contribution', 'in', [...contributions])
      .execute();
    return new Map(rows.map(({ contribution, reason }) => [contribution, reason]));
  }

  /** `null`: the policy knows no such pay. Each millisecond of playing is in one pot at most. */
  async #pot(nowUs: bigint): Promise<Pot | null> {
    const published = await this.#parts.economy.policy();
    const rule = published?.policy.music?.modelValue;
    if (!rule) return null;
    const { counted } = await this.#tables
      .selectFrom('worth_release')
      .select(({ fn }) => fn.max('counted_to_us').as('counted'))
      .executeTakeFirstOrThrow();
    const monthAgoUs = nowUs - POT_DAYS * DAY_US;
    const countedUs = BigInt(counted ?? 0);
    const playedMs = await this.#parts.economy.meritOf({
      meter: rule.playedMeter,
      afterUs: countedUs > monthAgoUs ? countedUs : monthAgoUs,
      untilUs: nowUs,
    });
    const { meter, sharePpm } = rule;
    return { meter, ms: potMs(playedMs, sharePpm), playedMs, sharePpm };
  }

  async #owned(take: Omit<ValuedTake, 'owner'>): Promise<ValuedTake> {
    const payee = await this.players.payeeOf(take.take, take.player);
    if (payee === null) return { ...take, owner: null };
    const ownerGroup = (await this.#parts.economy.ownerGroupOf(payee)) ?? payee;
    return { ...take, owner: { payee, ownerGroup } };
  }

  #contribution(
    { model, modelSha256 }: WorthOfRelease,
    { ownerGroup, payees, takes, value, merit }: GroupValue,
    { pot, totalValue, nowUs }: { readonly pot: Pot; readonly totalValue: bigint; readonly nowUs: bigint },
  ): { readonly contribution: Contribution; readonly reason: string } {
    const learnt = takes.map((take) => ({
      performanceSha256: take.performanceSha256,
      value: `${take.value}`,
    }));
    const contribution = newContribution({
      kind: 'music',
      meter: pot.meter,
      payees,
      merit,
      subject: `model ${modelSha256} ${hashOf(learnt).slice(0, 16)}`,
      ownerGroup,
      evidence: { modelSha256, takes: learnt, totalValue: `${totalValue}`, potMs: `${pot.ms}` },
      evidenceSecret: this.#parts.evidenceSecret,
      acceptedAtUs: nowUs,
    });
    const count = takes.length === 1 ? 'a take' : `${takes.length} takes`;
    const share = percentOf(value, totalValue);
    const part = percentOf(BigInt(pot.sharePpm), 1_000_000n);
    const reason = `${count} that model ${model} learnt from foretell ${share} of what all it learnt from does of playing that was held out; they get as much of the pot, which is ${part} of ${pot.playedMs / 1000n} s of verified playing`;
    return { contribution, reason };
  }

  #decide(modelSha256: string, nowUs: bigint, { contributions, reasons }: Paid): Promise<void> {
    const body = JSON.stringify(contributions, bigintAsText);
    return this.#tables.transaction().execute(async (tables) => {
      await tables
        .insertInto('worth_release')
        .values({ model_sha256: modelSha256, counted_to_us: nowUs, body, filed: 0n })
        .execute();
      for (const reason of reasons) await tables.insertInto('worth_reason').values(reason).execute();
    });
  }
}

function contributionsIn(body: string): Contribution[] {
  // Written by #decide, with integers as text.
  return (JSON.parse(body) as Contribution[]).map((contribution) => ({
    ...contribution,
    merit: BigInt(contribution.merit),
    acceptedAtUs: BigInt(contribution.acceptedAtUs),
    payees: contribution.payees.map(({ payee, weight }) => ({ payee, weight: BigInt(weight) })),
  }));
}

/** With one decimal, rounded down. */
function percentOf(part: bigint, whole: bigint): string {
  const permille = (1000n * part) / whole;
  return `${permille / 10n}.${permille % 10n} %`;
}
