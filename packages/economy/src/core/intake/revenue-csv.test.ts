import { describe, expect, test } from 'vitest';
import { diffPolicies } from '../policy/policy-diff.ts';
import { samplePolicy } from '../policy/sample-policy.ts';
import { type CsvMapping, readRevenueCsv, revenueCsvColumns } from './revenue-csv.ts';

const MAPPING: CsvMapping = {
  id: 'Id',
  principal: 'Customer',
  stream: '=subscription',
  amount: 'Gross',
  currency: 'Ccy',
  receivedAt: 'Date',
  refundOf: 'Refund',
};
const HEADING = 'Id,Customer,Gross,Ccy,Date,Refund,Note';
const time = (text: string): bigint | null => (/^\d+$/.test(text) ? BigInt(text) : null);
const read = (lines: readonly string[], mapping = MAPPING) =>
  readRevenueCsv([HEADING, ...lines].join('\r\n'), mapping, time);

describe('a CSV file of revenue', () => {
  test('becomes receipts by the mapping, refunds off, and its lines may quote what they like', () => {
    const answer = read(['a,ann,"9.99",usd,5,,"a ""b"", c\nd"', 'b,ann,-1.5,USD,6,a,', '']);
    if (!answer.ok) throw new Error(answer.message);
    expect(answer.value.faults).toEqual([]);
    expect(answer.value.sums).toEqual([{ of: 'subscription', currency: 'USD', amountMinor: 849n }]);
    expect(answer.value.receipts).toMatchObject([
      { id: 'a', principal: 'ann', amountMinor: 999n, currency: 'USD', refundOf: null, receivedAtUs: 5n },
      { id: 'b', amountMinor: 150n, refundOf: 'a' },
    ]);
  });

  test('with semicolons and a byte order mark is read the same', () => {
    const text = `\ufeff${HEADING}\na,ann,9.99,USD,5,,`.replaceAll(',', ';');
    expect(readRevenueCsv(text, MAPPING, time)).toMatchObject({
      ok: true,
      value: { receipts: [{ id: 'a', amountMinor: 999n }] },
    });
  });

  test('tells each bad line with its number and keeps the good ones apart', () => {
    const answer = read([
      'a,ann,1.00,USD,5,,',
      'b,ann,1.001,USD,5,,',
      'c,ann,1,USD,yesterday,,',
      'd,ann,1,XAU,5,,',
      'a,ann,1,USD,5,,',
      'e,ann,-1,USD,5,,',
      'f,ann',
      'g,,1,USD,5,,',
    ]);
    if (!answer.ok) throw new Error(answer.message);
    expect(answer.value.receipts.map(({ id }) => id)).toEqual(['a']);
    expect(answer.value.faults.map(({ line, code }) => [line, code])).toEqual([
      [3, 'amount-malformed'],
      [4, 'time-malformed'],
      [5, 'wrong-currency'],
      [6, 'duplicate-receipt'],
      [7, 'amount-malformed'],
      [8, 'csv-malformed'],
      [9, 'receipt-malformed'],
    ]);
  });

  test('is in any known currency, with the decimals that it has, for a product or a stream', () => {
    const { stream: _, ...rest } = MAPPING;
    const answer = read(
      ['a,ann,9.99,EUR,5,,', 'b,ann,1200,JPY,5,,', 'c,ann,1.5,JPY,5,,', 'd,ann,2,EUR,5,a,'],
      { ...rest, product: '=jambox' },
    );
    if (!answer.ok) throw new Error(answer.message);
    expect(answer.value.faults.map(({ line, code }) => [line, code])).toEqual([[4, 'amount-malformed']]);
    expect(answer.value.receipts[0]).toMatchObject({ product: 'jambox', stream: null, amountMinor: 999n });
    expect(answer.value.sums).toEqual([
      { of: 'jambox', currency: 'EUR', amountMinor: 799n },
      { of: 'jambox', currency: 'JPY', amountMinor: 1200n },
    ]);
  });

  test('has its refunds read as refunds though nobody mapped the column that is called so', () => {
    const { stream: _, refundOf: __, ...rest } = MAPPING;
    const heading = 'Id,Customer,Gross,Ccy,Date,refundOf,product';
    const text = [heading, 'a,ann,99,USD,5,,jambox', 'b,ann,9,USD,6,a,jambox'].join('\n');
    expect(readRevenueCsv(text, rest, time)).toMatchObject({
      ok: true,
      value: {
        receipts: [{ refundOf: null }, { refundOf: 'a' }],
        sums: [{ of: 'jambox', amountMinor: 9000n }],
      },
    });
    expect(readRevenueCsv('Id,Customer,Gross,Ccy,Date', rest, time)).toMatchObject({
      code: 'column-missing',
      message: expect.stringContaining('product or stream'),
    });
  });

  test('is refused whole without a mapped column or with a quotation that never ends', () => {
    expect(read([], { ...MAPPING, amount: 'Net' })).toMatchObject({ code: 'column-missing' });
    expect(read(['a,"ann'])).toMatchObject({ code: 'csv-malformed' });
    expect(readRevenueCsv('', MAPPING, time)).toMatchObject({ code: 'csv-malformed' });
  });
});

test('a file has as many lines as its limit, the heading among them; one more is refused, ended or not', () => {
  const text = `${HEADING}\nx\na,ann,1,USD,5,,`;
  const readThree = (more: string) => readRevenueCsv(text + more, MAPPING, time, 3);
  for (const end of ['', '\n'])
    expect(readThree(end)).toMatchObject({ ok: true, value: { receipts: [{ id: 'a' }] } });
  for (const more of ['\nx', '\nx\n'])
    expect(readThree(more)).toMatchObject({ ok: false, code: 'csv-too-large' });
});

test('two policies differ by member, the added and the dropped included', () => {
  const before = samplePolicy({ epochId: 'a' });
  expect(diffPolicies(before, before)).toEqual([]);
  const after = {
    ...before,
    version: 2,
    meters: { ...before.meters, 'music/a~b': { kind: 'music' as const, weight: 3 } },
    documents: { plan: 'aa' },
  };
  expect(diffPolicies(before, after)).toEqual([
    { path: '/documents/plan', before: null, after: '"aa"' },
    { path: '/meters/music~1a~0b/kind', before: null, after: '"music"' },
    { path: '/meters/music~1a~0b/weight', before: null, after: '3' },
    { path: '/version', before: '1', after: '2' },
  ]);
});

test('the columns of a file are known before anybody says which is what', () => {
  expect(revenueCsvColumns('\ufeffId;"Gross; total";Date\r\n1;2;3\r\n')).toEqual({
    ok: true,
    value: ['Id', 'Gross; total', 'Date'],
  });
  expect(revenueCsvColumns('')).toEqual({ ok: true, value: [] });
  expect(revenueCsvColumns('"Id')).toMatchObject({ ok: false, code: 'csv-malformed' });
});
