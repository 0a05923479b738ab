import { assert, present } from '@jamnet/base';
import { type EpochFigures, epochFigures } from '../../core/reports/epoch-figures.ts';
import { publicEpochOf } from '../closing/public-files.ts';
import { epochInfo } from '../policies.ts';
import type { ReportContext } from './report-reader.ts';

/** A closed epoch's figures with where their proof lies. */
export interface ReportedEpoch extends EpochFigures {
  readonly startUs: bigint;
  readonly endUs: bigint;
  /** Hash of the public file. */
  readonly sha256: string;
  /** Leaf of the log that fixed the hash. */
  readonly statementLeaf: bigint;
  readonly closedAtUs: bigint;
}

/**
 * Figures of a closed epoch never change. So many payees' parts stay in memory, about 100 MB; epochs beyond, the longest
 * unasked first, are read again.
 */
const PAYEES_REMEMBERED_MAX = 400_000;

/** Closed epochs, read once. */
export class ClosedEpochs {
  readonly #context: ReportContext;
  readonly #payeesMax: number;
  readonly #known = new Map<string, ReportedEpoch>();

  constructor(context: ReportContext, payeesMax = PAYEES_REMEMBERED_MAX) {
    this.#context = context;
    this.#payeesMax = payeesMax;
  }

  /** Those closed before the epoch `after` opened, the newest first, at most `limit`. */
  async before(after: string | null, limit: number): Promise<readonly ReportedEpoch[]> {
    const found: ReportedEpoch[] = [];
    for (const id of await this.#idsBefore(after, limit)) {
      const epoch = await this.epoch(id);
      if (epoch) found.push(epoch);
    }
    return found;
  }

  async epoch(epochId: string): Promise<ReportedEpoch | null> {
    const known = this.#known.get(epochId);
    const epoch = known ?? (await this.#read(epochId));
    if (epoch) this.#remember(epoch);
    return epoch;
  }

  /** As the one asked for last. */
  #remember(epoch: ReportedEpoch): void {
    this.#known.delete(epoch.epochId);
    this.#known.set(epoch.epochId, epoch);
    let payees = [...this.#known.values()].reduce((sum, { paid }) => sum + paid.length, 0);
    for (const [id, { paid }] of this.#known) {
      if (payees <= this.#payeesMax || id === epoch.epochId) break;
      this.#known.delete(id);
      payees -= paid.length;
    }
  }

  async #idsBefore(after: string | null, limit: number): Promise<string[]> {
    const closed = this.#context.tables
      .selectFrom('economy_epoch')
      .select('id')
      .where('state', '=', 'closed')
      .orderBy('sequence', 'desc')
      .limit(limit);
    const rows =
      after === null
        ? await closed.execute()
        : await closed
            .where('sequence', '<', ({ selectFrom }) =>
              selectFrom('economy_epoch').select('sequence').where('id', '=', after),
            )
            .execute();
    return rows.map(({ id }) => id);
  }

  async #read(epochId: string): Promise<ReportedEpoch | null> {
    const { tables, ledger } = this.#context;
    const info = await epochInfo(tables, epochId);
    if (info?.state !== 'closed') return null;
    const row = await tables
      .selectFrom('economy_epoch')
      .select('statement_sha256')
      .where('id', '=', epochId)
      .executeTakeFirstOrThrow();
    const leaf = present(await ledger.entryByKey(`epoch:${epochId}:statement`), 'leaf of a closed epoch');
    const figures = epochFigures(await publicEpochOf(tables, epochId));
    assert(figures.ok, 'a closed epoch has a price');
    return {
      ...figures.value,
      startUs: info.startUs,
      endUs: info.endUs,
      sha256: present(row.statement_sha256, 'statement'),
      statementLeaf: leaf.index,
      closedAtUs: leaf.leaf.acceptedAtUs,
    };
  }
}
