import { ok, type Result } from '@jamnet/base';
import type { Database } from '@jamnet/sql';
import { closeColumns } from '../../core/epoch/close-columns.ts';
import type { Payment } from '../../core/epoch/settle.ts';
import type { PublicHead } from '../../core/public/public-epoch.ts';
import type { EconomyCode } from '../codes.ts';
import type { Tables } from '../context.ts';
import type { EpochRow } from '../tables.ts';
import { type Block, blocksOf } from './blocks.ts';
import { type CloseGiven, readEpoch } from './read-epoch.ts';

/** What a close decided, before anything of it is written. Plain values: it may come from another thread. */
export interface DecidedEpoch {
  readonly sha256: string;
  readonly head: PublicHead;
  readonly payments: readonly (Payment & { readonly escrowed: boolean })[];
  readonly countedReceipts: readonly string[];
  readonly blocks: readonly Block[];
  /** Numbers of uses that stay open. */
  readonly waitingUses: readonly bigint[];
}

export type ClosePhase = 'reading' | 'revenue' | 'rows' | 'settle' | 'hash' | 'blocks';

/** Reads an epoch's records and computes its statement; changes nothing. */
export async function decideEpoch(
  database: Database,
  tables: Tables,
  epoch: EpochRow,
  given: CloseGiven,
  onPhase: (phase: ClosePhase) => void = () => undefined,
): Promise<Result<DecidedEpoch, EconomyCode>> {
  const { terms, columns, waitingUses } = await readEpoch(database, tables, epoch, given);
  onPhase('reading');
  const closed = closeColumns(terms, columns, onPhase);
  if (!closed.ok) return closed;
  const { sha256, head, payments, countedReceipts, shares } = closed.value;
  const blocks = blocksOf(shares, columns);
  onPhase('blocks');
  return ok({ sha256, head, payments, countedReceipts, blocks, waitingUses });
}
