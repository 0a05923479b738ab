import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { camt054, pain002 } from '../../testing/bank/bank-samples.ts';
import { haveSchemas, haveXmllint, schemaPath, xmllint } from '../../testing/xmllint.ts';
import { readCamt054 } from './camt054.ts';
import { outcomesOf, readPain002 } from './pain002.ts';

const SAMPLES: Readonly<
  Record<
    string,
    readonly [group: string | null, block: string | null, payments: readonly string[], reason: string | null]
  >
> = {
  cross_river_pain_002_batch_rejected: ['RJCT', null, [], 'NARR'],
  cross_river_pain_002_credit_accepted: ['ACTC', 'ACTC', ['ACSP'], null],
  cross_river_pain_002_transaction_rejected: ['ACTC', 'RJCT', ['RJCT', 'RJCT', 'RJCT'], 'NARR'],
  goldman_sachs_pain_002_v3_accepted: [null, null, ['ACCP'], 'NARR'],
  goldman_sachs_pain_002_v3_group_accepted: ['ACTC', null, [], null],
  goldman_sachs_pain_002_v3_payment_accepted: [null, 'ACCP', [], 'NARR'],
  nordea_pain_002_v3_group_reject: ['RJCT', null, [], 'DU01'],
  nordea_pain_002_v3_payment_reject: [null, 'RJCT', [], 'NARR'],
  nordea_pain_002_v3_txn_reject: [null, 'RJCT', ['RJCT', 'RJCT'], 'NARR'],
};

describe('a payment status report', () => {
  const folder = schemaPath('pain002-samples');
  const names = Object.keys(SAMPLES);
  test.skipIf(!haveSchemas)(
    `of each of nine banks’ published samples is read with its state${haveSchemas ? '' : ' (skipped: ../shared/schemas is not there)'}`,
    () => {
      expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.xml`));
      let misspelt = 0;
      for (const name of names) {
        const text = readFileSync(join(folder, `${name}.xml`), 'utf8');
        if (text.includes(' Xmlns=')) misspelt++;
        const read = readPain002(text);
        if (!read.ok) throw new Error(`${name}: ${read.message}`);
        const { group, blocks, schema } = read.value;
        const payments = blocks.flatMap((block) => block.payments);
        const reasons = [group, ...blocks, ...payments].flatMap((part) =>
          part.reasons.map(({ code }) => code),
        );
        const found = [
          group.status,
          blocks[0]?.status ?? null,
          payments.map(({ status }) => status),
          reasons.find((code) => code !== null) ?? null,
        ];
        expect([name, schema, ...found]).toEqual([name, 'pain.002.001.03', ...(SAMPLES[name] ?? [])]);
      }
      expect(misspelt).toBe(3);
    },
  );

  test('of today’s version tells each payment apart, and says unknown where the bank says nothing', () => {
    const read = readPain002(
      pain002('batch-1', [
        { id: 'a', status: 'ACSC' },
        { id: 'b', status: 'RJCT', reason: 'AC04' },
        { id: 'c', status: 'WHAT' },
      ]),
    );
    if (!read.ok) throw new Error(read.message);
    expect(read.value).toMatchObject({ schema: 'pain.002.001.10', originalMessageId: 'batch-1' });
    expect(['a', 'b', 'c', 'd'].map((id) => outcomesOf(read.value)(id).outcome)).toEqual([
      'settled',
      'rejected',
      'unknown',
      'unknown',
    ]);
    expect(outcomesOf(read.value)('b').reasons).toEqual([{ code: 'AC04', text: '' }]);
  });

  test('of a rejected group rejects each payment of it', () => {
    const report = pain002('batch-1', []).replace('</OrgnlMsgNmId>', '</OrgnlMsgNmId><GrpSts>RJCT</GrpSts>');
    const read = readPain002(report);
    expect(read.ok && outcomesOf(read.value)('a').outcome).toBe('rejected');
  });

  test.each([
    ['report-unknown', '<Document><Other/></Document>'],
    ['report-malformed', '<Document><CstmrPmtStsRpt><GrpHdr/></CstmrPmtStsRpt></Document>'],
    ['xml-malformed', '<Document>'],
    ['xml-malformed', ''],
    ['xml-with-doctype', '<!DOCTYPE x><Document/>'],
  ])('that is none is refused: %s', (code, text) => {
    expect(readPain002(text)).toMatchObject({ ok: false, code });
  });
});

describe('a debit and credit notification', () => {
  const text = camt054([
    { id: 'a', cents: '12.34' },
    { id: 'b', cents: '5.00', returned: 'AC04' },
    { id: 'c', cents: '1.00', booked: false },
  ]);
  const skipped = haveSchemas && haveXmllint ? '' : ' (skipped: needs ../shared/schemas and xmllint)';
  test.skipIf(skipped !== '')(`as the tests write it satisfies the ISO schema${skipped}`, () => {
    expect(xmllint('iso20022/camt.054.001.12.xsd', text)).toBe('');
  });

  test('tells debits, returns and what is not booked yet', () => {
    const read = readCamt054(text);
    expect(
      read.ok &&
        read.value.map(({ endToEndId, cents, direction, booked, isReturn, reason }) => [
          endToEndId,
          cents,
          direction,
          booked,
          isReturn,
          reason,
        ]),
    ).toEqual([
      ['a', 1_234n, 'debit', true, false, null],
      ['b', 500n, 'credit', true, true, 'AC04'],
      ['c', 100n, 'debit', false, false, null],
    ]);
  });

  test('is refused when it is another document or has no amount', () => {
    expect(readCamt054(pain002('a', []))).toMatchObject({ code: 'report-unknown' });
    expect(readCamt054(text.replaceAll('>12.34<', '>?<'))).toMatchObject({ code: 'report-malformed' });
  });
});
