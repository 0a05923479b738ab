import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contribution, checkPain001, openEconomy, SAMPLE_METERS, samplePolicy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { afterEach, expect, test } from 'vitest';
import { cashDesk } from './cash-desk.ts';

const FIRST_PAGE = { after: null, limit: 50 };

const DAY_US = 86_400_000_000n;
const START_US = 1_795_348_800_000_000n;
const [ANN, BEN, CLEO] = ['a', 'b', 'c'].map((letter) => `p${letter.repeat(32)}`) as [string, string, string];
const KINDS = ['music', 'code', 'compute', 'curation'] as const;
const METERS = Object.keys(SAMPLE_METERS);
const EVIDENCE = 'e'.repeat(64);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function contributionOf(payee: string, kind: (typeof KINDS)[number], n: number): Contribution {
  return {
    id: `${n}`.repeat(32),
    schema: 'jamnet/contribution/v1',
    kind,
    meter: METERS.find((meter) => SAMPLE_METERS[meter]?.kind === kind) ?? '',
    payees: [{ payee, weight: 1n }],
    merit: 100n,
    subject: `subject ${n}`,
    acceptedAtUs: START_US,
    evidence: EVIDENCE,
    ownerGroup: `group-${payee}`,
  };
}

const personal = (name: string, iban: string) => ({
  legalName: name,
  birthDate: '1990-02-03',
  address: { country: 'FR', townName: 'Lyon', streetName: 'Rue de la Paix', buildingNumber: '1' },
  destination: {
    name,
    account: { kind: 'iban', iban },
    address: { country: 'FR', townName: 'Lyon', lines: ['Rue de la Paix 1'] },
  },
});
const W8 = { form: 'W-8BEN', country: 'FR', taxId: '1234567890123', signedOn: '2026-11-01' };

function pain002(
  batchId: string,
  payments: readonly { id: string; status: string; reason?: string }[],
): string {
  const rows = payments.map(
    ({ id, status, reason }) =>
      `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${status}</TxSts>` +
      `${reason ? `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>` : ''}</TxInfAndSts>`,
  );
  return (
    `<Document Xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>a</MsgId></GrpHdr>` +
    `<OrgnlGrpInfAndSts><OrgnlMsgId>${batchId}</OrgnlMsgId></OrgnlGrpInfAndSts>` +
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${batchId}</OrgnlPmtInfId>${rows.join('')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`
  );
}

function camt054(id: string, cents: bigint): string {
  const amount = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
  return (
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.12"><BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry><Amt Ccy="EUR">${amount}</Amt>` +
    `<CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>` +
    '</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>'
  );
}

describeOnEveryEngine('cash out, from a contribution to the bank', (openFresh) => {
  async function open() {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'jamnet-cash-'));
    folders.push(dataDirectory);
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger);
    let nowUs = START_US;
    const policy = {
      ...samplePolicy({ epochId: 'sample-1' }),
      payouts: {
        rails: ['pain.001'],
        bankDetailRestDays: 3,
        withoutTaxForm: 'withhold',
        conversionFee: { ppm: 10_000, centsMin: '1', centsMax: '10000' },
      },
    };
    const must = async <T>(
      answer: Promise<{ ok: true; value: T } | { ok: false; code: string; message: string }>,
    ) => {
      const got = await answer;
      if (!got.ok) throw new Error(`${got.code}: ${got.message}`);
      return got.value;
    };
    const valuation = (id: string, datedAtUs: bigint) =>
      must(
        economy.addValuation(nowUs, {
          id,
          valueCents: 2_400_000_000n,
          fullyDilutedUnits: 12_000_000n,
          datedAtUs,
          approvedBy: 'board',
          documentSha256: EVIDENCE,
        }),
      );
    await must(economy.publishPolicy(nowUs, policy));
    await must(economy.openEpoch(nowUs));
    await valuation('valuation-1', nowUs);
    for (const payee of [ANN, BEN, CLEO])
      await must(
        economy.registerPayee(nowUs, { payee, ownerGroup: `group-${payee}`, evidenceSha256: EVIDENCE }),
      );
    await must(
      economy.addReceipt(nowUs, {
        id: 'receipt-1',
        principal: 'payer-1',
        stream: 'subscription',
        amountCents: 100_000n,
        currency: 'USD',
        reference: 'invoice-1',
        refundOf: null,
        receivedAtUs: nowUs,
      }),
    );
    await must(
      economy.addContributions(nowUs, [
        contributionOf(ANN, 'music', 1),
        contributionOf(BEN, 'code', 2),
        contributionOf(CLEO, 'compute', 3),
        contributionOf(CLEO, 'curation', 4),
      ]),
    );
    await must(economy.close(nowUs, 'sample-1'));
    for (const payee of [ANN, BEN, CLEO])
      await must(economy.requestRedemption(nowUs, { payee, amountMicroJam: 20_000_000n, key: 'first' }));
    nowUs += 10n;
    await valuation('valuation-2', nowUs);
    await must(economy.processRedemptions(nowUs));
    const iban = 'DE89370400440532013000';
    writeFileSync(
      join(dataDirectory, 'payouts.json'),
      JSON.stringify({
        'pain.001': {
          from: { name: 'JAMNet Studio', account: { kind: 'iban', iban } },
          rate: { numerator: '9', denominator: '10' },
        },
      }),
    );
    const desk = cashDesk({
      dataDirectory,
      database,
      ledger,
      economy,
      nowUs: () => nowUs,
      publishBooks: async () => undefined,
      payeeKey: new Uint8Array(32).fill(5),
    });
    const ask = async <T>(
      question: Promise<{ ok: true; value: unknown } | { ok: false; code: string; message: string }>,
    ) => (await must(question)) as T;
    return {
      desk,
      ask,
      ledger,
      wait: (days: bigint) => {
        nowUs += days * DAY_US;
      },
      balance: async (code: string) => (await ledger.balance(code)) ?? 0n,
      check: async (payee: string, checks: readonly string[]) => {
        for (const check of checks)
          await must(
            desk.payees.check(payee, {
              check: check as 'bank',
              verdict: 'verified',
              ...(check === 'bank' ? { nameCheck: 'match' as const } : {}),
              ...(check === 'sanctions' ? { evidence: EVIDENCE } : {}),
            }),
          );
      },
    };
  }

  interface Plan {
    batches: unknown[];
    payouts: {
      payee: string;
      payableCents: bigint;
      held: { code: string } | null;
      amountCents: bigint | null;
    }[];
  }
  interface Sent {
    batches: { batchId: string; payouts: number; totalCents: bigint; file: string }[];
    held: { payee: string; held: { code: string } }[];
  }
  interface Status {
    payouts: { id: string; payee: string; state: string; amountCents: bigint }[];
    next: string | null;
  }

  test('a contribution becomes a payment in a file, the bank’s answers settle one and return one, and the journal says so', async () => {
    const { desk, ask, wait, balance, check } = await open();
    const bare = await ask<Plan>(desk.payouts.prepare());
    expect(bare.payouts.map(({ payableCents, held }) => [payableCents, held?.code])).toEqual([
      [4_000n, 'payee-incomplete'],
      [4_000n, 'payee-incomplete'],
      [4_000n, 'payee-incomplete'],
    ]);
    await ask(desk.payees.set(ANN, { ...personal('Ann Example', 'FR1420041010050500013M02606'), tax: W8 }));
    await ask(desk.payees.set(BEN, personal('Ben Example', 'NL91ABNA0417164300')));
    await ask(desk.payees.set(CLEO, { ...personal('Cleo Example', 'DE89370400440532013000'), tax: W8 }));
    await check(ANN, ['identity', 'taxForm', 'bank', 'sanctions']);
    await check(BEN, ['identity', 'bank', 'sanctions']);
    await check(CLEO, ['identity', 'taxForm', 'bank', 'sanctions']);
    await ask(desk.payees.hold(CLEO, { id: 'dispute-1', reason: 'A charge-back is open.' }));
    const fresh = await ask<Plan>(desk.payouts.prepare());
    expect(fresh.payouts.map(({ held }) => held?.code)).toEqual([
      'bank-detail-too-new',
      'bank-detail-too-new',
      'payee-held',
    ]);
    wait(3n);
    for (const payee of [ANN, BEN, CLEO]) await check(payee, ['sanctions']);
    const plan = await ask<Plan>(desk.payouts.prepare());
    // Ann 40.00 less 1 % fee; Ben 40.00 less 30 % tax and 1 % fee; a dollar is 0.90 euros.
    expect(plan.payouts.map(({ amountCents }) => amountCents)).toEqual([3_564n, 2_484n, null]);
    expect(plan.batches).toEqual([
      {
        rail: 'pain.001',
        currency: 'EUR',
        payees: 2,
        grossCents: 8_000n,
        withheldCents: 1_200n,
        feeCents: 80n,
        amountCents: 6_048n,
      },
    ]);
    const income = await balance('studio:income:USD');
    const outside = await balance('outside:USD');
    const sent = await ask<Sent>(desk.payouts.send());
    expect(sent).toMatchObject({ batches: [{ payouts: 2, totalCents: 6_048n }], held: [{ payee: CLEO }] });
    const [batch] = sent.batches;
    const xml = readFileSync(batch?.file ?? '', 'utf8');
    expect(checkPain001(xml)).toEqual({ ok: true, value: [] });
    expect(xml).toContain('<CtrlSum>60.48</CtrlSum>');
    expect((await ask<Sent>(desk.payouts.send())).batches).toEqual([]);
    const { payouts } = await ask<Status>(desk.payouts.status({}, FIRST_PAGE));
    const one = await ask<Status>(desk.payouts.status({}, { after: null, limit: 1 }));
    const two = await ask<Status>(desk.payouts.status({}, { after: one.next, limit: 1 }));
    expect([...one.payouts, ...two.payouts]).toEqual(payouts);
    expect(two.next).toBeNull();
    expect(await desk.payouts.status({}, { after: 'x', limit: 1 })).toMatchObject({
      code: 'cursor-malformed',
    });
    const of = (payee: string) => payouts.find((payout) => payout.payee === payee)?.id ?? '';
    const accepted = [ANN, BEN].map((payee) => ({ id: of(payee), status: 'ACSP' }));
    await ask(desk.payouts.read(pain002(batch?.batchId ?? '', accepted)));
    for (let times = 0; times < 2; times++) {
      expect(await ask(desk.payouts.read(camt054(of(ANN), 3_564n)))).toMatchObject({
        applied: [{ payoutId: of(ANN), outcome: 'settled' }],
        odd: [],
      });
      const rejected = pain002(batch?.batchId ?? '', [{ id: of(BEN), status: 'RJCT', reason: 'AC04' }]);
      expect(await ask(desk.payouts.read(rejected))).toMatchObject({
        applied: [{ payoutId: of(BEN), outcome: 'rejected', reason: 'AC04' }],
      });
    }
    const books = async (payee: string) => [
      await balance(`payable:${payee}:USD`),
      await balance(`paying:${payee}:USD`),
      await balance(`withheld:${payee}:USD`),
    ];
    expect([await books(ANN), await books(BEN), await books(CLEO)]).toEqual([
      [0n, 0n, 0n],
      [4_000n, 0n, 0n],
      [4_000n, 0n, 0n],
    ]);
    // Ann's 40.00 went out, 0.40 of it came back as the fee: revenue of its stream.
    expect((await balance('outside:USD')) - outside).toBe(4_000n - 40n);
    expect((await balance('studio:income:USD')) - income).toBe(40n);
    expect(await ask<Status>(desk.payouts.status({ state: 'settled' }, FIRST_PAGE))).toMatchObject({
      payouts: [{ payee: ANN, usdCents: 4_000n, feeCents: 40n }],
    });
  });

  test('what the operator gets wrong is refused with a sentence, and nothing is written', async () => {
    const { desk, ledger } = await open();
    const size = await ledger.size();
    expect(await desk.payouts.read('<Document/>')).toMatchObject({ ok: false, code: 'report-unknown' });
    expect(await desk.payouts.read('not XML at all')).toMatchObject({ ok: false, code: 'xml-malformed' });
    expect(await desk.payouts.event(new Uint8Array(3), 't=1,v1=00')).toMatchObject({
      code: 'webhook-not-set-up',
    });
    expect(await desk.payees.set(ANN, { iban: 'x' })).toMatchObject({ code: 'personal-data-malformed' });
    expect(await desk.payees.check(ANN, { check: 'bank', verdict: 'verified' })).toMatchObject({ ok: false });
    expect(await desk.payees.show('nobody')).toMatchObject({ ok: false });
    expect(await ledger.size()).toBe(size);
  });
});
