import { present, toHex } from '@jamnet/base';
import { ROW_ID_BYTES, type RowHead } from '../../core/epoch/epoch-shares.ts';
import { explain, type OwnShare, type PaymentLine } from '../../core/epoch/explain.ts';
import { rowWeights } from '../../core/epoch/settle.ts';
import { HALF } from '../../core/money/share-units.ts';
import { CONTRIBUTION_KINDS } from '../../core/records/kinds.ts';
import type { Tables } from '../context.ts';
import { BlockReader } from './blocks.ts';
import { publicHeadOf } from './read-epoch.ts';

/** A line with the payer behind its row; for the payee and the operator, never public. */
export interface StoredLine extends PaymentLine {
  /** `null` for merit, which many payers share. */
  readonly principal: string | null;
}

/** The lines of one payment of a decided epoch, computed again from what the close kept: they sum to it. */
export async function storedLines(
  tables: Tables,
  epochId: string,
  payee: string,
  microJam: bigint,
): Promise<StoredLine[]> {
  const { public_json } = await tables
    .selectFrom('economy_epoch')
    .select('public_json')
    .where('id', '=', epochId)
    .executeTakeFirstOrThrow();
  const head = publicHeadOf(present(public_json, 'public epoch'));
  const blocks = new BlockReader(tables, epochId);
  const shares = await sharesOf(blocks, payee);
  const principals = new Map(shares.map(({ row, principal }) => [row.rowId, principal]));
  return explain(shares, rowWeights(head), epochId, microJam).map((line) => ({
    ...line,
    principal: principals.get(line.rowId) ?? null,
  }));
}

async function sharesOf(
  blocks: BlockReader,
  payee: string,
): Promise<(OwnShare & { readonly principal: string | null })[]> {
  const place = await blocks.payeePlace(payee);
  if (place < 0) return [];
  const start = await blocks.word('payee-starts', place);
  const end = await blocks.word('payee-starts', place + 1);
  const shares = [];
  for (let at = start; at < end; at++) {
    const row = await rowAt(blocks, await blocks.word('share-rows', at));
    shares.push({
      row,
      contribution: await blocks.name('contributions', await blocks.word('share-contributions', at)),
      weight:
        BigInt(await blocks.word('share-high', at)) * BigInt(HALF) +
        BigInt(await blocks.word('share-low', at)),
      principal: row.principal < 0 ? null : await blocks.name('principals', row.principal),
    });
  }
  return shares;
}

async function rowAt(blocks: BlockReader, row: number): Promise<RowHead> {
  const payerAndKind = await blocks.word('row-payers', row);
  const principal = Math.floor(payerAndKind / CONTRIBUTION_KINDS.length) - 1;
  return {
    rowId: toHex(await blocks.cell('row-ids', row, ROW_ID_BYTES)),
    rule: principal < 0 ? 'merit' : 'use',
    kind: present(CONTRIBUTION_KINDS[payerAndKind % CONTRIBUTION_KINDS.length], 'kind'),
    netMicroCents: await blocks.net(row),
    principal,
  };
}

/** What a payee was paid for one contribution, in all epochs that are decided. */
export async function paidForContribution(
  tables: Tables,
  payee: string,
  contribution: string,
): Promise<bigint> {
  const payments = await tables
    .selectFrom('economy_payment')
    .select(['epoch_id', 'micro_jam'])
    .where('payee', '=', payee)
    .execute();
  let paid = 0n;
  for (const { epoch_id, micro_jam } of payments)
    for (const line of await storedLines(tables, epoch_id, payee, micro_jam))
      if (line.contribution === contribution) paid += line.microJam;
  return paid;
}
