import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, Failure } from '@jamnet/base';
import { checkPain001 } from '../iso20022/check-pain001.ts';
import { ORDERS_PER_FILE_MAX, type Pain001Version, pain001Pieces, sepaFault } from '../iso20022/pain001.ts';
import { outcomeOf, readCamt054, readPain002 } from '../iso20022/reports.ts';
import {
  NACHA_ID_LENGTH,
  NACHA_ORDERS_MAX,
  type NachaOrigin,
  nachaFault,
  nachaFile,
} from '../nacha/nacha-file.ts';
import type { PaymentBatch } from '../payment.ts';
import type { Rail, RailReport } from '../rail.ts';

export type BankFileFormat =
  | { readonly kind: 'pain.001'; readonly version?: Pain001Version }
  | { readonly kind: 'nacha'; readonly origin: NachaOrigin };

export interface BankFileOptions {
  /** Files for the bank; whoever carries them over leaves them here or moves them to `sent/` inside. */
  readonly outbox: string;
  /** The bank's answers: pain.002 and camt.054, in any order, any number of times. */
  readonly inbox: string;
  readonly format: BankFileFormat;
}

/**
 * Batches as files. A file appears whole, under a name made from its batch, so that handing a batch over twice leaves one
 * file. What no file in the outbox names was never handed over; what one names is accepted until the bank says more.
 */
export function bankFileRail({ outbox, inbox, format }: BankFileOptions): Rail {
  const sent = join(outbox, 'sent');
  const idLength = format.kind === 'nacha' ? NACHA_ID_LENGTH : 32;
  return {
    name: format.kind,
    currency: format.kind === 'nacha' ? 'USD' : 'EUR',
    ordersMax: format.kind === 'nacha' ? NACHA_ORDERS_MAX : ORDERS_PER_FILE_MAX,
    async submit(batch) {
      await mkdir(sent, { recursive: true });
      const known = await idsIn(outbox, sent, format);
      const orders = batch.orders.filter(
        ({ payoutId }) => !known.has(payoutId.slice(0, idLength).toLowerCase()),
      );
      if (orders.length > 0)
        await writeWhole(join(outbox, fileName(batch, format)), fileOf({ ...batch, orders }, format));
    },
    async ask(payoutIds) {
      const known = await idsIn(outbox, sent, format);
      const told = await reportsIn(
        inbox,
        payoutIds,
        (id) => known.get(id.slice(0, idLength)) ?? null,
        idLength,
      );
      return payoutIds.map((payoutId): RailReport => {
        if (!known.has(payoutId.slice(0, idLength))) return { payoutId, outcome: 'never-seen', reason: null };
        return told.get(payoutId) ?? { payoutId, outcome: 'accepted', reason: null };
      });
    },
  };
}

function fileName({ batchId }: PaymentBatch, { kind }: BankFileFormat): string {
  return kind === 'nacha' ? `${batchId}.ach` : `${batchId}.xml`;
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

/** On the disk before it has its name: a file that can be seen is whole. */
async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, path);
}

/** Ids in the files handed over, each with its batch. */
async function idsIn(
  outbox: string,
  sent: string,
  format: BankFileFormat,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const folder of [outbox, sent])
    for (const { name, text } of await filesIn(folder, format.kind === 'nacha' ? '.ach' : '.xml'))
      for (const id of idsOf(text, format)) ids.set(id, name.slice(0, -4));
  return ids;
}

function idsOf(text: string, { kind }: BankFileFormat): string[] {
  if (kind === 'nacha')
    return text
      .split('\n')
      .filter((line) => line.startsWith('6'))
      .map((line) =>
        line
          .slice(39, 39 + NACHA_ID_LENGTH)
          .trim()
          .toLowerCase(),
      );
  return [...text.matchAll(/<EndToEndId>([^<]+)<\/EndToEndId>/g)].map(([, id = '']) => id);
}

async function reportsIn(
  inbox: string,
  payoutIds: readonly string[],
  batchOf: (payoutId: string) => string | null,
  idLength: number,
): Promise<Map<string, RailReport>> {
  const told = new Map<string, RailReport>();
  const tell = (report: RailReport): void => {
    const before = told.get(report.payoutId);
    if (!before || RANK[report.outcome] > RANK[before.outcome]) told.set(report.payoutId, report);
  };
  for (const { text } of await filesIn(inbox, '.xml')) {
    const status = readPain002(text);
    const entries = status.ok ? null : readCamt054(text);
    for (const payoutId of payoutIds) {
      const named = payoutId.slice(0, idLength);
      const whole = status.ok && status.value.originalMessageId === batchOf(payoutId);
      if (status.ok && (whole || text.includes(`>${named}<`))) {
        const { outcome, reasons } = outcomeOf(status.value, named);
        const reason = reasons[0]?.code ?? null;
        // DU01: the bank has this file already and refuses to take it twice, which says nothing of the first.
        if (reason === 'DU01') continue;
        if (outcome === 'rejected') tell({ payoutId, outcome: 'returned', reason });
        else if (outcome === 'settled') tell({ payoutId, outcome: 'settled', reason });
      }
      for (const entry of entries?.ok ? entries.value : [])
        if (entry.endToEndId === named && entry.booked)
          tell({ payoutId, outcome: entry.isReturn ? 'returned' : 'settled', reason: entry.reason });
    }
  }
  return told;
}

/** What outweighs what, whatever came first. */
const RANK: Readonly<Record<RailReport['outcome'], number>> = {
  'never-seen': 0,
  accepted: 1,
  settled: 2,
  returned: 3,
};

async function filesIn(folder: string, ending: string): Promise<{ name: string; text: string }[]> {
  const names = await readdir(folder).catch(() => []);
  const wanted = names.filter((name) => name.endsWith(ending)).sort();
  return Promise.all(
    wanted.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
}
