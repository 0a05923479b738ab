import type { PaymentBatch, PaymentOrder } from '../../rails/payment.ts';

/** A made-up German IBAN with right check digits (ISO 7064 mod 97-10). */
export function madeUpIban(n: number): string {
  const account = `50010517${n.toString().padStart(10, '0')}`;
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${check.toString().padStart(2, '0')}${account}`;
}

export function order(n: number, fields: Partial<PaymentOrder> = {}): PaymentOrder {
  return {
    payoutId: n.toString(16).padStart(32, '0'),
    to: { name: `Payee ${n}`, account: { kind: 'iban', iban: madeUpIban(n) } },
    amountCents: BigInt(100 + n),
    remittance: `JAMNet payout ${n}`,
    ...fields,
  };
}

export function usOrder(n: number, fields: Partial<PaymentOrder> = {}): PaymentOrder {
  const account = {
    kind: 'us',
    routingNumber: '021000021',
    accountNumber: `${10_000 + n}`,
    type: 'checking',
  } as const;
  const payoutId = `${n.toString(16).padStart(15, '0')}${'0'.repeat(17)}`;
  return order(n, { payoutId, to: { name: `Payee ${n}`, account }, ...fields });
}

/** 2026-11-22T12:00:00Z. */
export const BATCH_TIME_US = 1_795_348_800_000_000n;

export function batch(orders: readonly PaymentOrder[], fields: Partial<PaymentBatch> = {}): PaymentBatch {
  return {
    batchId: 'batch-1',
    createdAtUs: BATCH_TIME_US,
    executionDate: '2026-11-24',
    currency: 'EUR',
    from: {
      name: 'JAMNet Studio',
      account: { kind: 'iban', iban: madeUpIban(999_999) },
      address: {
        country: 'DE',
        townName: 'Berlin',
        postCode: '10115',
        streetName: 'Invalidenstr.',
        buildingNumber: '1',
      },
    },
    orders,
    ...fields,
  };
}

export const ORIGIN = {
  immediateDestination: '021000021',
  immediateDestinationName: 'First Bank',
  companyId: '1234567890',
  companyName: 'JAMNet Studio',
  fileIdModifier: 'A',
} as const;

/** A bank's answer on single payments: pain.002.001.10. */
export function pain002(
  batchId: string,
  statuses: readonly { id: string; status: string; reason?: string }[],
): string {
  const payments = statuses.map(({ id, status, reason }) => {
    const why = reason === undefined ? '' : `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>`;
    return `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${status}</TxSts>${why}</TxInfAndSts>`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>' +
    '<GrpHdr><MsgId>answer-1</MsgId><CreDtTm>2026-11-22T12:00:01Z</CreDtTm></GrpHdr>' +
    `<OrgnlGrpInfAndSts><OrgnlMsgId>${batchId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>` +
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${batchId}</OrgnlPmtInfId>${payments.join('')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`
  );
}

/** What was booked on the account: camt.054.001.12. */
export function camt054(
  entries: readonly { id: string; cents: string; returned?: string; booked?: boolean }[],
): string {
  const rows = entries.map(({ id, cents, returned, booked = true }) => {
    const sign = returned === undefined ? 'DBIT' : 'CRDT';
    const why = returned === undefined ? '' : `<RtrInf><Rsn><Cd>${returned}</Cd></Rsn></RtrInf>`;
    return (
      `<Ntry><Amt Ccy="EUR">${cents}</Amt><CdtDbtInd>${sign}</CdtDbtInd><Sts><Cd>${booked ? 'BOOK' : 'PDNG'}</Cd></Sts>` +
      '<BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd>' +
      `<NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs><Amt Ccy="EUR">${cents}</Amt><CdtDbtInd>${sign}</CdtDbtInd>${why}</TxDtls></NtryDtls></Ntry>`
    );
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.12"><BkToCstmrDbtCdtNtfctn>' +
    '<GrpHdr><MsgId>note-1</MsgId><CreDtTm>2026-11-24T12:00:00Z</CreDtTm></GrpHdr><Ntfctn><Id>note-1</Id>' +
    `<Acct><Id><IBAN>${madeUpIban(999_999)}</IBAN></Id></Acct>${rows.join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`
  );
}

/** What an ACH operator sends back: one batch of returned credits (or, with a code `C…`, of notifications of change). */
export function nachaReturns(entries: readonly { id: string; code: string; cents: bigint }[]): string {
  const pad = (text: string, length: number) => text.padEnd(length).slice(0, length);
  const zeros = (value: bigint | number, length: number) => value.toString().padStart(length, '0');
  const lines = [
    pad('101 1234567890 0210000212611241200A094101FIRST BANK             JAMNET STUDIO', 94),
    pad('5220JAMNET STUDIO                       1234567890PPDJAMNET          261124   1021000020000001', 94),
  ];
  for (const [index, { id, code, cents }] of entries.entries()) {
    const trace = `02100002${zeros(index + 1, 7)}`;
    const type = code.startsWith('R') ? '99' : '98';
    lines.push(
      `621021000021${pad('10001', 17)}${zeros(code.startsWith('R') ? cents : 0, 10)}${pad(id.toUpperCase(), 15)}${pad('PAYEE', 22)}  1${trace}`,
      pad(`7${type}${code}${trace}      02100002`, 79) + trace,
    );
  }
  const count = 2 * entries.length;
  lines.push(
    pad(`8220${zeros(count, 6)}${zeros(2_100_002n * BigInt(entries.length), 10)}`, 94),
    pad(`9000001000001${zeros(count, 8)}${zeros(2_100_002n * BigInt(entries.length), 10)}`, 94),
  );
  return `${lines.join('\n')}\n`;
}
