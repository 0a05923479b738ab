import { type Refusal, refuse } from '@jamnet/base';
import {
  amountText,
  type Destination,
  isoTime,
  type PaymentBatch,
  type PaymentOrder,
  type PostalAddress,
} from '../payment.ts';
import { isIban } from './iban.ts';

/** `09` is the default of the EPC guidelines since 2023; `03` for banks that have not moved. */
export type Pain001Version = '09' | '03';
export type BatchCode = 'batch-malformed' | 'batch-too-large' | 'wrong-currency' | 'account-unfit';

export const ORDERS_PER_FILE_MAX = 100_000;
/** SEPA character set (EPC217-08); what is outside becomes a full stop. */
const OUTSIDE_SEPA = /[^A-Za-z0-9/?:().,'+ -]/g;

/** ISO 20022 customer credit transfer, one batch a file, in pieces that no memory has to hold together. */
export function* pain001Pieces(batch: PaymentBatch, version: Pain001Version = '09'): Generator<string> {
  const sum = amountText(batch.orders.reduce((total, { amountCents }) => total + amountCents, 0n));
  const count = batch.orders.length;
  const bic = version === '09' ? 'BICFI' : 'BIC';
  const date = version === '09' ? `<Dt>${batch.executionDate}</Dt>` : batch.executionDate;
  const debtor = batch.from.account.kind === 'iban' ? batch.from.account : null;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.${version}"><CstmrCdtTrfInitn>` +
    `<GrpHdr><MsgId>${text(batch.batchId, 35)}</MsgId><CreDtTm>${isoTime(batch.createdAtUs)}</CreDtTm><NbOfTxs>${count}</NbOfTxs>` +
    `<CtrlSum>${sum}</CtrlSum><InitgPty><Nm>${text(batch.from.name, 70)}</Nm></InitgPty></GrpHdr>` +
    `<PmtInf><PmtInfId>${text(batch.batchId, 35)}</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>${count}</NbOfTxs><CtrlSum>${sum}</CtrlSum>` +
    `<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt>${date}</ReqdExctnDt>` +
    `<Dbtr>${party(batch.from, version)}</Dbtr><DbtrAcct><Id><IBAN>${debtor?.iban ?? ''}</IBAN></Id></DbtrAcct>` +
    `<DbtrAgt>${agent(debtor?.bic, bic)}</DbtrAgt><ChrgBr>SLEV</ChrgBr>`;
  for (const order of batch.orders) yield transaction(order, batch.currency, version, bic);
  yield '</PmtInf></CstmrCdtTrfInitn></Document>\n';
}

/** Why a batch cannot be written for SEPA, or `null`. The written file is checked once more by `checkPain001`. */
export function sepaFault(batch: PaymentBatch): Refusal<BatchCode> | null {
  if (batch.currency !== 'EUR') return refuse('wrong-currency', `SEPA moves EUR, not ${batch.currency}.`);
  if (batch.orders.length < 1) return refuse('batch-malformed', 'A batch has at least one payment.');
  if (batch.orders.length > ORDERS_PER_FILE_MAX)
    return refuse('batch-too-large', `A file has at most ${ORDERS_PER_FILE_MAX} payments.`);
  if (!/^[A-Za-z0-9+-]{1,35}$/.test(batch.batchId) || !/^\d{4}-\d{2}-\d{2}$/.test(batch.executionDate))
    return refuse('batch-malformed', 'batchId has 1 to 35 letters, digits, + or -; the date is YYYY-MM-DD.');
  for (const order of [...batch.orders, { to: batch.from, amountCents: 1n, payoutId: 'debtor' }]) {
    const fault = sepaOrderFault(order);
    if (fault) return fault;
  }
  return null;
}

/** Why SEPA cannot carry one payment, or `null`. */
export function sepaOrderFault({
  to,
  amountCents,
  payoutId,
}: Pick<PaymentOrder, 'to' | 'amountCents' | 'payoutId'>): Refusal<BatchCode> | null {
  if (to.account.kind !== 'iban' || !isIban(to.account.iban))
    return refuse('account-unfit', `${payoutId}: SEPA needs an IBAN with the right check digits.`);
  if (to.account.bic !== undefined && !/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(to.account.bic))
    return refuse('account-unfit', `${payoutId}: the BIC has 8 or 11 letters and digits.`);
  if (amountCents <= 0n || amountCents > 99_999_999_999n)
    return refuse('batch-malformed', `${payoutId}: SEPA pays from 0.01 to 999999999.99 EUR.`);
  if (to.address && !addressFits(to.address))
    return refuse(
      'batch-malformed',
      `${payoutId}: an address names town and country and has at most two lines.`,
    );
  return null;
}

function addressFits({ country, townName, lines = [] }: PostalAddress): boolean {
  return /^[A-Z]{2}$/.test(country) && townName.trim() !== '' && lines.length <= 2;
}

function transaction(
  { payoutId, to, amountCents, remittance }: PaymentOrder,
  currency: string,
  version: Pain001Version,
  bic: string,
): string {
  const iban = to.account.kind === 'iban' ? to.account : null;
  const creditorAgent = iban?.bic === undefined ? '' : `<CdtrAgt>${agent(iban.bic, bic)}</CdtrAgt>`;
  const purpose = remittance === '' ? '' : `<RmtInf><Ustrd>${text(remittance, 140)}</Ustrd></RmtInf>`;
  return (
    `<CdtTrfTxInf><PmtId><EndToEndId>${text(payoutId, 35)}</EndToEndId></PmtId>` +
    `<Amt><InstdAmt Ccy="${currency}">${amountText(amountCents)}</InstdAmt></Amt>${creditorAgent}` +
    `<Cdtr>${party(to, version)}</Cdtr><CdtrAcct><Id><IBAN>${iban?.iban ?? ''}</IBAN></Id></CdtrAcct>${purpose}</CdtTrfTxInf>`
  );
}

function party({ name, address }: Destination, version: Pain001Version): string {
  return `<Nm>${text(name, 70)}</Nm>${address ? postal(address, version) : ''}`;
}

/** Structured, or hybrid when lines are given: the order of members is the schema's. */
function postal(address: PostalAddress, version: Pain001Version): string {
  const member = (tag: string, value: string | undefined, charactersMax: number): string =>
    value === undefined || value === '' ? '' : `<${tag}>${text(value, charactersMax)}</${tag}>`;
  const lines = (address.lines ?? []).map((line) => member('AdrLine', line, 70)).join('');
  // The old guideline knows country and lines only.
  if (version === '03') {
    const street = [address.streetName, address.buildingNumber].filter(Boolean).join(' ');
    const town = [address.postCode, address.townName].filter(Boolean).join(' ');
    const old = [...(address.lines ?? []), street, town].filter((line) => line !== '').slice(0, 2);
    return `<PstlAdr>${member('Ctry', address.country, 2)}${old.map((line) => member('AdrLine', line, 70)).join('')}</PstlAdr>`;
  }
  return (
    `<PstlAdr>${member('StrtNm', address.streetName, 70)}${member('BldgNb', address.buildingNumber, 16)}` +
    `${member('PstCd', address.postCode, 16)}${member('TwnNm', address.townName, 35)}${member('Ctry', address.country, 2)}${lines}</PstlAdr>`
  );
}

function agent(bic: string | undefined, tag: string): string {
  const id = bic === undefined ? '<Othr><Id>NOTPROVIDED</Id></Othr>' : `<${tag}>${bic}</${tag}>`;
  return `<FinInstnId>${id}</FinInstnId>`;
}

/** Accents are taken off where that gives a letter of the set; the quote is the only letter of it that XML would mind in an attribute, and there are none. */
function text(value: string, charactersMax: number): string {
  const plain = value
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ß/g, 'ss')
    .replace(OUTSIDE_SEPA, '.');
  return plain.trim().slice(0, charactersMax).trim() || '.';
}
