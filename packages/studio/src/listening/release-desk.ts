import { createHash } from 'node:crypto';
import { canonicalJson, Failure, ok, oneAfterAnother, type Result, refuse } from '@jamnet/base';
import type { SignedRelease } from '@jamnet/groove';
import type { Ledger } from '@jamnet/ledger';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { LISTENING_MIGRATIONS, type ListeningTables, type ReleaseVoteRow } from './listening-tables.ts';

export const RELEASE_REASON_LENGTH_MAX = 1000;
/** Owner groups that must be of one mind. */
const GROUPS_MIN = 2;
/** Releases shown, the newest first. */
export const RELEASES_SHOWN_MAX = 100;

export interface ReleaseParts {
  readonly database: Database;
  readonly ledger: Pick<Ledger, 'post'>;
  readonly releases: () => readonly SignedRelease[];
  /** Puts the model before the current one back; rejects or throws a `Failure` where there is none. */
  readonly rollback: () => void;
  readonly ownerGroupOf: (payee: string) => Promise<string | null>;
  readonly publishBooks: () => Promise<void>;
  readonly nowUs: () => bigint;
}

export type ReleaseVerdict = 'approved' | 'objected';

export interface ReleaseView {
  readonly version: number;
  readonly kind: 'first' | 'release' | 'rollback';
  readonly model: string;
  readonly modelSha256: string;
  /** Measured on performances that were held out: parts in a million better than the model before, and the least of it at 95 %. */
  readonly gainPpm: bigint | null;
  readonly gainLowerPpm: bigint | null;
  readonly releasedAtUs: bigint;
  readonly isCurrent: boolean;
  /** Two owner groups of one mind, and more than of the other. */
  readonly state: 'waiting' | ReleaseVerdict;
  readonly approvingGroups: number;
  readonly objectingGroups: number;
  readonly own: { readonly verdict: ReleaseVerdict; readonly reason: string } | null;
  readonly reasons: readonly { readonly verdict: ReleaseVerdict; readonly reason: string }[];
}

export type ReleaseCode = 'release-unknown' | 'release-not-judged' | 'release-decided' | 'release-malformed';

/**
 * Curators on released models: the measurement releases, two owner groups approve, or object and thereby put the model before
 * it back. Each verdict is in the public log before it counts.
 * Whose takes a model learnt from is not known by owner group (players of archived takes are names, not accounts), so nobody is
 * refused here for own work.
 */
export class ReleaseDesk {
  readonly #parts: ReleaseParts;
  readonly #tables: Kysely<ListeningTables>;
  readonly #inTurn = oneAfterAnother();

  static async open(parts: ReleaseParts): Promise<ReleaseDesk> {
    await migrate(parts.database, 'listening', LISTENING_MIGRATIONS);
    return new ReleaseDesk(parts);
  }

  private constructor(parts: ReleaseParts) {
    this.#parts = parts;
    this.#tables = tablesOf<ListeningTables>(parts.database);
  }

  /** The newest first, as this curator sees them; `payee` null: without own verdicts. */
  async list(payee: string | null): Promise<readonly ReleaseView[]> {
    const releases = this.#parts.releases().slice(-RELEASES_SHOWN_MAX);
    const votes = await this.#tables
      .selectFrom('listening_release_vote')
      .selectAll()
      .where('version', '>=', BigInt(releases[0]?.version ?? 0))
      .orderBy('at_us')
      .execute();
    const current = releases.at(-1)?.version;
    return releases
      .map((release) =>
        viewOf(
          release,
          votes.filter(
            (vote) => vote.model_sha256 === release.modelSha256 && Number(vote.version) === release.version,
          ),
          payee,
          release.version === current,
        ),
      )
      .reverse();
  }

  decide(decision: {
    readonly version: number;
    readonly verdict: ReleaseVerdict;
    readonly reason: string;
    readonly payee: string;
  }): Promise<Result<ReleaseView, ReleaseCode>> {
    return this.#inTurn(() => this.#decide(decision));
  }

  async #decide({
    version,
    verdict,
    reason,
    payee,
  }: Parameters<ReleaseDesk['decide']>[0]): Promise<Result<ReleaseView, ReleaseCode>> {
    const { ledger, nowUs, ownerGroupOf, publishBooks } = this.#parts;
    const told = reason.trim();
    if (told === '' || told.length > RELEASE_REASON_LENGTH_MAX)
      return refuse(
        'release-malformed',
        `Give a reason of 1 to ${RELEASE_REASON_LENGTH_MAX} characters: others read it.`,
      );
    const known = (await this.list(payee)).find((release) => release.version === version);
    if (known === undefined) return refuse('release-unknown', `There is no release ${version}.`);
    if (known.kind !== 'release')
      return refuse('release-not-judged', 'Only a model that was trained and measured is judged.');
    if (known.own !== null && known.own.verdict !== verdict)
      return refuse('release-decided', 'You have judged this release: a verdict stands.');
    if (known.own === null) {
      const { modelSha256 } = known;
      const act = {
        schema: 'jamnet/release-verdict/v1',
        version,
        modelSha256,
        verdict,
        reason: told,
        curator: payee,
      };
      const sha256 = createHash('sha256').update(canonicalJson(act)).digest('hex');
      const key = `model-release:${version}:${payee}`;
      const [logged] = await ledger.post(nowUs(), [{ key, record: { kind: `model-${verdict}`, sha256 } }]);
      if (logged?.ok !== true)
        return refuse(
          'release-decided',
          'The log holds another verdict of yours on this release: it stands.',
        );
      await this.#tables
        .insertInto('listening_release_vote')
        .values({
          model_sha256: modelSha256,
          version: BigInt(version),
          payee,
          owner_group: (await ownerGroupOf(payee)) ?? payee,
          verdict,
          reason: told,
          at_us: nowUs(),
        })
        .execute();
      await publishBooks();
    }
    const judged = (await this.list(payee)).find((release) => release.version === version) ?? known;
    if (judged.state === 'objected' && judged.isCurrent) this.#putBack();
    return ok((await this.list(payee)).find((release) => release.version === version) ?? judged);
  }

  #putBack(): void {
    try {
      this.#parts.rollback();
    } catch (error) {
      // The verdict stands; the operator has the command.
      if (!(error instanceof Failure)) throw error;
      process.stderr.write(`model releases: two owner groups object, but ${error.message}\n`);
    }
  }
}

function viewOf(
  release: SignedRelease,
  votes: readonly ReleaseVoteRow[],
  payee: string | null,
  isCurrent: boolean,
): ReleaseView {
  const leans = new Map<string, number>();
  for (const { owner_group, verdict } of votes)
    leans.set(owner_group, (leans.get(owner_group) ?? 0) + (verdict === 'approved' ? 1 : -1));
  const approvingGroups = [...leans.values()].filter((lean) => lean > 0).length;
  const objectingGroups = [...leans.values()].filter((lean) => lean < 0).length;
  const reasons = votes.map((vote) => ({
    verdict: verdictOf(vote.verdict),
    reason: vote.reason,
    payee: vote.payee,
  }));
  const own = reasons.find((vote) => vote.payee === payee);
  const { version, kind, model, modelSha256, gainPpm, gainLowerPpm, releasedAtUs } = release;
  return {
    version,
    kind,
    model,
    modelSha256,
    gainPpm,
    gainLowerPpm,
    releasedAtUs,
    isCurrent,
    state: stateOf(approvingGroups, objectingGroups),
    approvingGroups,
    objectingGroups,
    own: own === undefined ? null : { verdict: own.verdict, reason: own.reason },
    reasons: reasons.map(({ verdict, reason }) => ({ verdict, reason })),
  };
}

function stateOf(approving: number, objecting: number): ReleaseView['state'] {
  if (approving >= GROUPS_MIN && approving > objecting) return 'approved';
  return objecting >= GROUPS_MIN && objecting > approving ? 'objected' : 'waiting';
}

function verdictOf(text: string): ReleaseVerdict {
  return text === 'approved' ? 'approved' : 'objected';
}
