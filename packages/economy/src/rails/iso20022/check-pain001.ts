import { ok, type Result } from '@jamnet/base';
import { centsOf } from '../payment.ts';
import { isIban } from './iban.ts';
import { all, attributeOf, type Element, parseXml, textAt, type XmlCode } from './xml.ts';

export type PaymentFileCode =
  | 'not-a-credit-transfer'
  | 'wrong-control-sum'
  | 'wrong-count'
  | 'wrong-currency'
  | 'iban-checksum'
  | 'duplicate-end-to-end-id'
  | 'amount-malformed';

export interface PaymentFileFault {
  readonly code: PaymentFileCode;
  readonly where: string;
  readonly message: string;
}

/** Faults told of one file; the rest would say the same. */
const FAULTS_MAX = 100;

/**
 * What a schema cannot see in a SEPA credit transfer file: sums, counts, currency, check digits, doubled ids. An empty
 * list means that it may go to the bank. Run on every file just before it is handed over, however it was made.
 */
export function checkPain001(xml: string): Result<readonly PaymentFileFault[], XmlCode> {
  const parsed = parseXml(xml);
  if (!parsed.ok) return parsed;
  const [message] = all(parsed.value, 'Document', 'CstmrCdtTrfInitn');
  if (!message)
    return ok([
      { code: 'not-a-credit-transfer', where: 'Document', message: 'The file holds no CstmrCdtTrfInitn.' },
    ]);
  const faults: PaymentFileFault[] = [];
  const tell = (code: PaymentFileCode, where: string, text: string): void => {
    if (faults.length < FAULTS_MAX) faults.push({ code, where, message: text });
  };
  const seen = new Set<string>();
  let [sum, count] = [0n, 0];
  for (const block of all(message, 'PmtInf')) {
    const name = textAt(block, 'PmtInfId') ?? '?';
    ibanFault(textAt(block, 'DbtrAcct', 'Id', 'IBAN'), name, tell);
    const transactions = all(block, 'CdtTrfTxInf');
    let blockSum = 0n;
    for (const transaction of transactions) blockSum += transactionCents(transaction, seen, tell);
    totalsFault(block, name, blockSum, transactions.length, tell);
    sum += blockSum;
    count += transactions.length;
  }
  const header = all(message, 'GrpHdr')[0] ?? {};
  totalsFault(header, 'GrpHdr', sum, count, tell);
  if (textAt(header, 'NbOfTxs') === null) tell('wrong-count', 'GrpHdr', 'NbOfTxs is missing.');
  return ok(faults);
}

type Tell = (code: PaymentFileCode, where: string, message: string) => void;

function transactionCents(transaction: Element, seen: Set<string>, tell: Tell): bigint {
  const id = textAt(transaction, 'PmtId', 'EndToEndId') ?? '?';
  if (seen.has(id)) tell('duplicate-end-to-end-id', id, `EndToEndId ${id} is there twice.`);
  seen.add(id);
  ibanFault(textAt(transaction, 'CdtrAcct', 'Id', 'IBAN'), id, tell);
  const amount = all(transaction, 'Amt', 'InstdAmt')[0];
  const currency = amount ? attributeOf(amount, 'Ccy') : null;
  if (currency !== 'EUR') tell('wrong-currency', id, `SEPA moves EUR, not ${currency ?? 'nothing'}.`);
  const cents = centsOf(textAt(transaction, 'Amt', 'InstdAmt') ?? '');
  if (cents === null || cents <= 0n)
    tell('amount-malformed', id, 'The amount is above 0 and has whole cents.');
  return cents ?? 0n;
}

function ibanFault(iban: string | null, where: string, tell: Tell): void {
  if (iban === null || !isIban(iban))
    tell('iban-checksum', where, `${iban ?? 'nothing'} is no IBAN: its check digits or length are wrong.`);
}

function totalsFault(element: Element, where: string, sum: bigint, count: number, tell: Tell): void {
  const [told, counted] = [textAt(element, 'CtrlSum'), textAt(element, 'NbOfTxs')];
  if (told !== null && centsOf(told) !== sum)
    tell('wrong-control-sum', where, `CtrlSum is ${told}, the payments sum to ${sum} cents.`);
  if (counted !== null && counted !== String(count))
    tell('wrong-count', where, `NbOfTxs is ${counted}, there are ${count} payments.`);
}
