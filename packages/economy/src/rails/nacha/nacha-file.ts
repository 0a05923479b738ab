import { assert, type Refusal, refuse } from '@jamnet/base';
import { isRoutingNumber } from '../iso20022/iban.ts';
import type { BatchCode } from '../iso20022/pain001.ts';
import { isoTime, type PaymentBatch, type PaymentOrder } from '../payment.ts';

/** The originator as its bank (ODFI) knows it. */
export interface NachaOrigin {
  /** Routing number of the bank that takes the file. */
  readonly immediateDestination: string;
  readonly immediateDestinationName: string;
  /** Ten characters that the bank gave, often 1 and the tax number. */
  readonly companyId: string;
  readonly companyName: string;
  /** A to Z, 0 to 9: tells apart files of one day. */
  readonly fileIdModifier: string;
}

/** Characters of a record, records of a block: Nacha Operating Rules, Appendix Three. */
const RECORD = 94;
const BLOCK = 10;
/** An entry's amount has ten digits. */
const CENTS_MAX = 9_999_999_999n;
export const NACHA_ORDERS_MAX = 9_999_999;
/** Digits of the payout id that an entry's identification number can hold. */
export const NACHA_ID_LENGTH = 15;

/** Why a batch cannot be written as a PPD credit file, or `null`. */
export function nachaFault(
  { currency, orders }: PaymentBatch,
  origin: NachaOrigin,
): Refusal<BatchCode> | null {
  if (currency !== 'USD') return refuse('wrong-currency', `ACH moves USD, not ${currency}.`);
  if (orders.length < 1) return refuse('batch-malformed', 'A batch has at least one payment.');
  if (orders.length > NACHA_ORDERS_MAX)
    return refuse('batch-too-large', `A file has at most ${NACHA_ORDERS_MAX} payments.`);
  if (
    !isRoutingNumber(origin.immediateDestination) ||
    origin.companyId.length !== 10 ||
    !/^[A-Z0-9]$/.test(origin.fileIdModifier)
  )
    return refuse(
      'batch-malformed',
      'The origin needs a routing number, a company id of 10 characters and a modifier A to Z or 0 to 9.',
    );
  for (const order of orders) {
    const fault = nachaOrderFault(order);
    if (fault) return fault;
  }
  return null;
}

/** Why ACH cannot carry one payment, or `null`. */
export function nachaOrderFault({
  payoutId,
  to,
  amountCents,
}: Pick<PaymentOrder, 'to' | 'amountCents' | 'payoutId'>): Refusal<BatchCode> | null {
  if (
    to.account.kind !== 'us' ||
    !isRoutingNumber(to.account.routingNumber) ||
    !/^[A-Za-z0-9-]{1,17}$/.test(to.account.accountNumber)
  )
    return refuse(
      'account-unfit',
      `${payoutId}: ACH needs a routing number with the right check digit and an account number.`,
    );
  if (amountCents <= 0n || amountCents > CENTS_MAX)
    return refuse('batch-malformed', `${payoutId}: ACH pays from 0.01 to 99,999,999.99 USD.`);
  return null;
}

/** One file with one batch of PPD credits; lines of 94 characters, blocks of ten. */
export function nachaFile(batch: PaymentBatch, origin: NachaOrigin): string {
  assert(nachaFault(batch, origin) === null, 'a checked batch');
  const odfi = origin.immediateDestination.slice(0, 8);
  const stamp = isoTime(batch.createdAtUs);
  const day = stamp.slice(2, 10).replaceAll('-', '');
  const credits = batch.orders.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const hash = batch.orders.reduce(
    (sum, { to }) => sum + (to.account.kind === 'us' ? BigInt(to.account.routingNumber.slice(0, 8)) : 0n),
    0n,
  );
  const entryHash = (hash % 10_000_000_000n).toString().padStart(10, '0');
  const totals = `${numeric(batch.orders.length, 6)}${entryHash}${'0'.repeat(12)}${numeric(credits, 12)}`;
  const records = [
    `101${` ${origin.immediateDestination}`}${origin.companyId}${day}${stamp.slice(11, 16).replace(':', '')}${origin.fileIdModifier}094101` +
      `${alpha(origin.immediateDestinationName, 23)}${alpha(origin.companyName, 23)}${alpha('', 8)}`,
    `5220${alpha(origin.companyName, 16)}${alpha('', 20)}${origin.companyId}PPD${alpha('JAMNET', 10)}${alpha('', 6)}` +
      `${batch.executionDate.slice(2).replaceAll('-', '')}   1${odfi}${numeric(1, 7)}`,
    ...batch.orders.map((order, index) => entry(order, odfi, index + 1)),
    `8220${totals}${origin.companyId}${alpha('', 19)}${alpha('', 6)}${odfi}${numeric(1, 7)}`,
  ];
  const blocks = Math.ceil((records.length + 1) / BLOCK);
  records.push(
    `9${numeric(1, 6)}${numeric(blocks, 6)}${numeric(batch.orders.length, 8)}${entryHash}${'0'.repeat(12)}${numeric(credits, 12)}${alpha('', 39)}`,
  );
  while (records.length % BLOCK !== 0) records.push('9'.repeat(RECORD));
  for (const record of records) assert(record.length === RECORD, 'a record has 94 characters');
  return `${records.join('\n')}\n`;
}

function entry({ payoutId, to, amountCents }: PaymentOrder, odfi: string, sequence: number): string {
  assert(to.account.kind === 'us', 'a checked order');
  const { routingNumber, accountNumber, type } = to.account;
  return (
    `6${type === 'checking' ? '22' : '32'}${routingNumber}${alpha(accountNumber, 17)}${numeric(amountCents, 10)}` +
    `${alpha(payoutId.slice(0, NACHA_ID_LENGTH), 15)}${alpha(to.name, 22)}  0${odfi}${numeric(sequence, 7)}`
  );
}

function numeric(value: bigint | number, length: number): string {
  const digits = value.toString().padStart(length, '0');
  assert(digits.length === length, 'a number fits its field');
  return digits;
}

/** Left-aligned, upper case, ASCII. */
function alpha(text: string, length: number): string {
  const plain = text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\x20-\x7e]/g, ' ')
    .toUpperCase();
  return plain.slice(0, length).padEnd(length, ' ');
}
