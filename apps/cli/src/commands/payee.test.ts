import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '@jamnet/studio';
import { openStudioIn } from '@jamnet/studio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../exit-codes.ts';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-cash-'));
const data = join(root, 'data');
const PAYEE = `p${'5'.repeat(32)}`;
const ann = join(root, 'ann.json');
const IBAN = 'FR1420041010050500013M02606';

beforeAll(async () => {
  await (await openStudioIn(data)).close();
  const tax = { form: 'W-8BEN', country: 'FR', taxId: '1234567890123', signedOn: '2026-11-01' };
  const destination = { name: 'Ann Example', account: { kind: 'iban', iban: IBAN } };
  const address = { country: 'FR', townName: 'Lyon' };
  writeFileSync(
    ann,
    JSON.stringify({ legalName: 'Ann Example', birthDate: '1990-02-03', address, destination, tax }),
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs `jamnet …` in this process; answers its stdout. */
async function jamnet(...words: string[]): Promise<string> {
  return (await runJamnet(data, words)).out;
}

const refusal = (...words: string[]) => refusalOf(jamnet(...words));

describe.each(['stopped', 'running'])('payees and payouts of a %s studio', (state) => {
  let studio: Studio | null = null;
  beforeAll(async () => {
    if (state === 'running') {
      studio = await openStudioIn(data, false);
      await studio.listen();
    }
  });
  afterAll(() => studio?.close());

  test('a payee is set, checked, held, released, exported and erased; personal data is shown by export only', async () => {
    const set = await jamnet('payee', 'set', PAYEE, ann);
    expect(set).toContain('bank       submitted');
    expect(set).not.toContain(IBAN);
    for (const check of ['identity', 'taxForm', 'bank'])
      await jamnet(
        'payee',
        'check',
        PAYEE,
        check,
        'verified',
        ...(check === 'bank' ? ['--name-check', 'match'] : []),
      );
    expect(await jamnet('payee', 'show', PAYEE)).toContain(
      'No cash goes now: The sanctions check is missing.',
    );
    await jamnet('payee', 'check', PAYEE, 'sanctions', 'verified', '--evidence', 'a'.repeat(64));
    await jamnet('payee', 'hold', PAYEE, 'dispute-1', 'A charge-back is open.');
    expect(await jamnet('payee', 'show', PAYEE)).toContain('held: dispute-1: A charge-back is open.');
    expect(JSON.parse(await jamnet('payee', 'release', PAYEE, 'dispute-1', '--json'))).toMatchObject({
      holds: [],
      nameCheck: 'match',
      mayBePaid: false,
      why: 'The bank details changed less than 3 days ago.',
    });
    expect(JSON.parse(await jamnet('payee', 'export', PAYEE))).toMatchObject({
      personal: { legalName: 'Ann Example', destination: { account: { iban: IBAN } } },
    });
    await jamnet('payee', 'erase', PAYEE);
    expect(await jamnet('payee', 'export', PAYEE)).not.toContain('Ann');
    for (const file of ['jamnet.sqlite', 'jamnet.sqlite-wal']) {
      const bytes = readIfThere(join(data, file));
      expect(bytes.includes('Ann Example') || bytes.includes(IBAN)).toBe(false);
    }
  });

  test('payouts are refused until rails are set up, then planned, sent, asked about and read', async () => {
    rmSync(join(data, 'payouts.json'), { force: true });
    expect(await refusal('payout', 'prepare')).toEqual({
      code: 'payouts-not-set-up',
      exitCode: EXIT.refused,
    });
    writeFileSync(join(data, 'payouts.json'), '{"pain.001":{"rate":{}}}');
    expect(await refusal('payout', 'prepare')).toEqual({
      code: 'payout-settings-wrong',
      exitCode: EXIT.refused,
    });
    const from = { name: 'JAMNet Studio', account: { kind: 'iban', iban: 'DE89370400440532013000' } };
    writeFileSync(
      join(data, 'payouts.json'),
      JSON.stringify({ 'pain.001': { from, rate: { numerator: '9', denominator: '10' } } }),
    );
    expect(await jamnet('payout', 'prepare')).toContain('Nothing new is to be sent.');
    expect(await jamnet('payout', 'send')).toContain('Nothing was handed over.');
    expect(await jamnet('payout', 'retry-ask')).toContain('There are no payouts yet.');
    expect(JSON.parse(await jamnet('payout', 'status', '--state', 'unknown', '--json'))).toEqual({
      totals: [],
      payouts: [],
    });
    const answer = join(root, 'answer.xml');
    const group = '<OrgnlGrpInfAndSts><OrgnlMsgId>none</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts>';
    const payment =
      '<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>x</OrgnlEndToEndId></TxInfAndSts></OrgnlPmtInfAndSts>';
    writeFileSync(answer, `<Document><CstmrPmtStsRpt>${group}</CstmrPmtStsRpt></Document>`);
    expect(await jamnet('payout', 'read', answer)).toContain('pain.002: 0 payouts');
    writeFileSync(answer, `<Document><CstmrPmtStsRpt>${group}${payment}</CstmrPmtStsRpt></Document>`);
    expect(await refusal('payout', 'read', answer)).toEqual({ code: 'answer-odd', exitCode: EXIT.refused });
  });

  test.each([
    ['payee-malformed or request-invalid', ['payee', 'show', 'nobody'], EXIT.refused],
    ['option-invalid', ['payee', 'check', PAYEE, 'mood', 'verified'], EXIT.usage],
    ['option-invalid', ['payee', 'check', PAYEE, 'bank', 'fine'], EXIT.usage],
    ['option-invalid', ['payout', 'status', '--state', 'lost'], EXIT.usage],
    ['file-unreadable', ['payee', 'set', PAYEE, '/nowhere/ann.json'], EXIT.usage],
    [
      'nothing-submitted',
      ['payee', 'check', PAYEE, 'identity', 'verified', '--evidence', 'b'.repeat(64)],
      EXIT.refused,
    ],
    ['unknown-hold', ['payee', 'release', PAYEE, 'none'], EXIT.refused],
  ] as const)('what is wrong is refused: %s', async (code, words, exitCode) => {
    const refused = await refusal(...words);
    expect(code).toContain(refused.code);
    expect(refused.exitCode).toBe(exitCode);
  });
});

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
