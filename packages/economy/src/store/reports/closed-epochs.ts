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

/** Figures of a closed epoch never change: this many stay in memory. */
const REMEMBERED_MAX = 48;

/** Closed epochs, read once. */
export class ClosedEpochs {
  readonly #context: ReportContext;
  readonly #known = new Map<string, ReportedEpoch>();

  constructor(context: ReportContext) {
    this.#context = context;
  }

  /** Ids of closed epochs, the newest first, at most `limit`. */
  async ids(limit: number): Promise<string[]> {
    const rows = await this.#context.tables
      .selectFrom('economy_epoch')
      .select('id')
      .where('state', '=', 'closed')
      .orderBy('sequence', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }

  async epoch(epochId: string): Promise<ReportedEpoch | null> {
    const known = this.#known.get(epochId);
    if (known) return known;
    const read = await this.#read(epochId);
    if (!read) return null;
    if (this.#known.size >= REMEMBERED_MAX) {
      const oldest = this.#known.keys().next();
      if (!oldest.done) this.#known.delete(oldest.value);
    }
    this.#known.set(epochId, read);
    return read;
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
