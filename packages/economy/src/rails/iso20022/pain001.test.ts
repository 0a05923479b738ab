import { describe, expect, test } from 'vitest';
import { batch, madeUpIban, order, usOrder } from '../../testing/bank/bank-samples.ts';
import { haveSchemas, haveXmllint, xmllint } from '../../testing/xmllint.ts';
import type { PaymentBatch } from '../payment.ts';
import { checkPain001 } from './check-pain001.ts';
import { isIban, isRoutingNumber } from './iban.ts';
import { ORDERS_PER_FILE_MAX, type Pain001Version, pain001Pieces, sepaFault } from './pain001.ts';

const fileOf = (of: PaymentBatch, version: Pain001Version = '09'): string =>
  [...pain001Pieces(of, version)].join('');
const ADDRESSES = [
  undefined,
  {
    country: 'FR',
    townName: 'Lyon',
    postCode: '69001',
    streetName: 'Rue de la République',
    buildingNumber: '5 bis',
  },
  { country: 'ES', townName: 'Cádiz', lines: ['Calle Ancha 3', 'Piso 2 & portal <B>'] },
];
const TEN_THOUSAND = batch(
  Array.from({ length: 10_000 }, (_, n) => {
    const address = ADDRESSES[n % 3];
    const to = {
      name: `Zoë & Šimon ${n}`,
      account: { kind: 'iban' as const, iban: madeUpIban(n), ...(n % 2 ? { bic: 'INGDDEFFXXX' } : {}) },
    };
    return order(n, { to: address ? { ...to, address } : to });
  }),
);
const canValidate = haveSchemas && haveXmllint;
const VALIDATION = canValidate ? '' : ' (skipped: needs ../shared/schemas and xmllint, Debian libxml2-utils)';

describe('a SEPA credit transfer file', () => {
  test.skipIf(!canValidate)(
    `of 10,000 payees satisfies the ISO and the EPC guideline schema${VALIDATION}`,
    () => {
      const file = fileOf(TEN_THOUSAND);
      expect(sepaFault(TEN_THOUSAND)).toBeNull();
      expect(xmllint('iso20022/pain.001.001.09.xsd', file)).toBe('');
      expect(xmllint('iso20022/pain.001.001.09.EPC132-08-C2PSP.xsd', file)).toBe('');
    },
  );

  test.skipIf(!canValidate)(`in the old version satisfies the old schema${VALIDATION}`, () => {
    const file = fileOf({ ...TEN_THOUSAND, orders: TEN_THOUSAND.orders.slice(0, 30) }, '03');
    expect(xmllint('iso20022/pain.001.001.03.xsd', file)).toBe('');
    expect(xmllint('iso20022/pain.001.001.03.xsd', file.replace('<PmtMtd>TRF', '<PmtMtd>CASH'))).not.toBe('');
  });

  test('passes the business check, and names every payee once with a name of the SEPA set', () => {
    const file = fileOf({ ...TEN_THOUSAND, orders: TEN_THOUSAND.orders.slice(0, 99) });
    expect(checkPain001(file)).toEqual({ ok: true, value: [] });
    expect(file).toContain('<Nm>Zoe . Simon 7</Nm>');
    expect(file).toContain(
      '<TwnNm>Cadiz</TwnNm><Ctry>ES</Ctry><AdrLine>Calle Ancha 3</AdrLine><AdrLine>Piso 2 . portal .B.</AdrLine>',
    );
    expect(file.match(/<CdtTrfTxInf>/g)).toHaveLength(99);
  });

  const good = fileOf(batch([order(1), order(2)]));
  const bad: readonly [string, string, string][] = [
    ['wrong-control-sum', '<CtrlSum>2.03</CtrlSum>', '<CtrlSum>2.04</CtrlSum>'],
    ['wrong-count', '<NbOfTxs>2</NbOfTxs>', '<NbOfTxs>3</NbOfTxs>'],
    ['wrong-currency', 'Ccy="EUR"', 'Ccy="USD"'],
    ['iban-checksum', madeUpIban(2), madeUpIban(2).replace(/..$/, '98')],
    ['duplicate-end-to-end-id', order(2).payoutId, order(1).payoutId],
    ['amount-malformed', '>1.01<', '>1.013<'],
    ['not-a-credit-transfer', 'CstmrCdtTrfInitn', 'CstmrDrctDbtInitn'],
  ];
  test.each(bad)('with %s is caught by the business check', (code, from, to) => {
    const file = good.replaceAll(from, to);
    expect(file).not.toBe(good);
    const checked = checkPain001(file);
    expect(checked.ok && checked.value.map((fault) => fault.code)).toContain(code);
  });

  test.skipIf(!canValidate)(
    `with these five faults satisfies the ISO schema, so the check is needed${VALIDATION}`,
    () => {
      for (const [, from, to] of bad.slice(0, 5))
        expect(xmllint('iso20022/pain.001.001.09.xsd', good.replaceAll(from, to))).toBe('');
    },
  );

  test('is refused where SEPA cannot pay', () => {
    const rows: readonly [string, PaymentBatch][] = [
      ['wrong-currency', batch([order(1)], { currency: 'USD' })],
      ['batch-malformed', batch([])],
      ['account-unfit', batch([usOrder(1)])],
      [
        'account-unfit',
        batch([order(1, { to: { name: 'A', account: { kind: 'iban', iban: 'DE00500105170000000001' } } })]),
      ],
      ['batch-malformed', batch([order(1, { amountCents: 0n })])],
      ['batch-malformed', batch([order(1)], { batchId: 'a batch' })],
      ['batch-too-large', batch(Array(ORDERS_PER_FILE_MAX + 1).fill(order(1)))],
    ];
    expect(sepaFault(batch(Array(ORDERS_PER_FILE_MAX).fill(order(1))))).toBeNull();
    for (const [code, of] of rows) expect(sepaFault(of)).toMatchObject({ code });
  });

  test('is not read with a document type, which is how entities attack', () => {
    expect(checkPain001(`<!DOCTYPE a [<!ENTITY b "c">]>${good}`)).toMatchObject({ code: 'xml-with-doctype' });
    expect(checkPain001(good.slice(0, -20))).toMatchObject({ code: 'xml-malformed' });
  });
});

test('check digits of account numbers are the published ones', () => {
  expect(['DE89370400440532013000', 'FR1420041010050500013M02606', 'NL91ABNA0417164300'].map(isIban)).toEqual(
    [true, true, true],
  );
  expect(
    [
      'DE88370400440532013000',
      'DE8937040044053201300',
      'de89370400440532013000',
      'US64SVBKUS6S3300958879',
    ].map(isIban),
  ).toEqual([false, false, false, false]);
  expect(['021000021', '021000022', '02100002'].map(isRoutingNumber)).toEqual([true, false, false]);
});
