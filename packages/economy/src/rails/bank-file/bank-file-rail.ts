import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, Failure, ok } from '@jamnet/base';
import { readBankAnswer, reportsOf } from '../answers.ts';
import { checkPain001 } from '../iso20022/check-pain001.ts';
import {
  ORDERS_PER_FILE_MAX,
  type Pain001Version,
  pain001Pieces,
  sepaFault,
  sepaOrderFault,
} from '../iso20022/pain001.ts';
import {
  NACHA_ID_LENGTH,
  NACHA_ORDERS_MAX,
  type NachaOrigin,
  nachaFault,
  nachaFile,
  nachaOrderFault,
} from '../nacha/nacha-file.ts';
import type { PaymentBatch } from '../payment.ts';
import type { Rail, RailReport } from '../rail.ts';
import { filesIn, type HandedOver, handedOverIn } from './handed-over.ts';

export type BankFileFormat =
  | { readonly kind: 'pain.001'; readonly version?: Pain001Version }
  | { readonly kind: 'nacha'; readonly origin: NachaOrigin };

export interface BankFileOptions {
  /** Files for the bank; whoever carries them over leaves them here or moves them to `sent/` inside. */
  readonly outbox: string;
  /** The bank's answers: pain.002, camt.054 and NACHA returns, in any order, any number of times. */
  readonly inbox: string;
  readonly format: BankFileFormat;
}

/**
 * ACH tells only what came back, by the second banking day after the due date (Nacha Operating Rules, 3.8); six days hold
 * two banking days over any holiday. A return that comes later still outweighs this.
 */
const NACHA_SETTLED_AFTER_US = 6n * 86_400_000_000n;

/**
 * Batches as files. A file appears whole, under a name made from its batch, so that handing a batch over twice leaves one
 * file. What no file in the outbox names was never handed over; what one names is accepted until the bank says more.
 */
export function bankFileRail({ outbox, inbox, format }: BankFileOptions): Rail {
  const isNacha = format.kind === 'nacha';
  const folders = [outbox, join(outbox, 'sent')];
  const nameOf = (payoutId: string): string => (isNacha ? payoutId.slice(0, NACHA_ID_LENGTH) : payoutId);
  const placeOf = (batchId: string): string => join(outbox, isNacha ? `${batchId}.ach` : `${batchId}.xml`);
  return {
    name: format.kind,
    currency: isNacha ? 'USD' : 'EUR',
    ordersMax: isNacha ? NACHA_ORDERS_MAX : ORDERS_PER_FILE_MAX,
    // What comes back late is in a file that somebody reads in.
    asksAgainUs: 0n,
    placeOf,
    async mayPay(to, amountCents) {
      const order = { payoutId: 'payout', to, amountCents };
      return (isNacha ? nachaOrderFault(order) : sepaOrderFault(order)) ?? ok(null);
    },
    async submit(batch) {
      await mkdir(join(outbox, 'sent'), { recursive: true, mode: 0o700 });
      const known = await handedOverIn(folders, format);
      const orders = batch.orders.filter(({ payoutId }) => !known.has(nameOf(payoutId)));
      if (orders.length > 0) await writeWhole(placeOf(batch.batchId), fileOf({ ...batch, orders }, format));
      return batch.orders.map(({ payoutId }) => ({ payoutId, outcome: 'accepted', reason: null }));
    },
    async ask(payoutIds, nowUs) {
      const known = await handedOverIn(folders, format);
      const told = await reportsIn(inbox, payoutIds, nameOf, known);
      return payoutIds.map((payoutId): RailReport => {
        const here = known.get(nameOf(payoutId));
        if (!here) return { payoutId, outcome: 'never-seen', reason: null };
        const report = told.get(payoutId);
        if (report) return report;
        const isDue = here.dueUs !== null && nowUs >= here.dueUs + NACHA_SETTLED_AFTER_US;
        return isDue
          ? { payoutId, outcome: 'settled', reason: 'no-return' }
          : { payoutId, outcome: 'accepted', reason: null };
      });
    },
  };
}

/** The file's text, checked as the bank would; a fault here is ours or the caller's and nothing is written. */
function fileOf(batch: PaymentBatch, format: BankFileFormat): string {
  const fault = format.kind === 'nacha' ? nachaFault(batch, format.origin) : sepaFault(batch);
  if (fault) throw new Failure(fault.code, fault.message);
  if (format.kind === 'nacha') return nachaFile(batch, format.origin);
  const text = [...pain001Pieces(batch, format.version)].join('');
  const checked = checkPain001(text);
  assert(checked.ok && checked.value.length === 0, 'a written file passes the business check');
  return text;
}

/** On the disk before it has its name: a file that can be seen is whole. It names people and accounts: its owner reads it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, path);
}

async function reportsIn(
  inbox: string,
  payoutIds: readonly string[],
  nameOf: (payoutId: string) => string,
  known: ReadonlyMap<string, HandedOver>,
): Promise<Map<string, RailReport>> {
  const byName = new Map(payoutIds.map((payoutId) => [nameOf(payoutId), payoutId]));
  const payouts = {
    named: (name: string) => byName.get(name.toLowerCase()) ?? null,
    inBatch: (batchId: string) => payoutIds.filter((id) => known.get(nameOf(id))?.batchId === batchId),
  };
  const told = new Map<string, RailReport>();
  for (const ending of ['.xml', '.ach'])
    for await (const { text } of filesIn(inbox, ending)) {
      const answer = readBankAnswer(text);
      for (const report of answer.ok ? reportsOf(answer.value, payouts) : []) {
        const before = told.get(report.payoutId);
        if (!before || RANK[report.outcome] > RANK[before.outcome]) told.set(report.payoutId, report);
      }
    }
  return told;
}

/** What outweighs what, whatever came first. */
const RANK: Readonly<Record<RailReport['outcome'], number>> = {
  'never-seen': 0,
  accepted: 1,
  rejected: 2,
  settled: 3,
  returned: 4,
};
