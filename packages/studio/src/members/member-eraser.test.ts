import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserOfMember } from '@jamnet/accounts/testing';
import { toHex } from '@jamnet/base';
import { openEconomy, samplePolicy } from '@jamnet/economy';
import { nodeKeyFromSeed, pairStatement } from '@jamnet/jamnode';
import { openLedger } from '@jamnet/ledger';
import { openDatabase, tablesOf } from '@jamnet/sql';
import pg from 'pg';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { openStudioWithMembers, type StudioWithMembers } from '../http/testing/studio-with-members.ts';
import { TakePlayers } from '../music/take-players.ts';
import { fillBooks, PAYEES } from '../testing/lived-books.ts';

const [PAYEE = ''] = PAYEES;
const NAME = 'Wilhelmina';
const IBAN = 'FR1420041010050500013M02606';
const DAY_US = 86_400_000_000n;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function newPostgres(): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  cleanups.push(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`));
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

interface Erasing extends StudioWithMembers {
  /** Signed in; earns as a payee to whom $1.30 is payable. */
  readonly member: BrowserOfMember;
  readonly memberId: string;
  erase(): ReturnType<BrowserOfMember['send']>;
  /** Says who plays in a take. */
  name(take: string, player: string, payee: string): Promise<unknown>;
  /** A table's rows, asked of the database itself. */
  rows(table: string, column: string, value: string): Promise<readonly object[]>;
}

/** A studio that pays by bank files, and a member of it to whom money is owed. */
async function open(databaseUrl: string | undefined): Promise<Erasing> {
  const house = await openStudioWithMembers({
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    prepare: async (directory) => {
      const nowUs = BigInt(Date.now()) * 1000n;
      await fillBooks(directory, nowUs, databaseUrl);
      await payByFile(directory, nowUs, databaseUrl);
    },
  });
  cleanups.push(() => house.close());
  const member = await house.memberWith('member');
  const database = openDatabase({ directory: house.directory, databaseUrl });
  cleanups.push(() => database.close());
  const tables = tablesOf<Record<string, Record<string, unknown>>>(database);
  await tables.updateTable('account_member').set({ payee: PAYEE, name: NAME }).execute();
  const [own] = await house.studio.services.accounts.members();
  return {
    ...house,
    member,
    memberId: own?.id ?? '',
    erase: async () => {
      const { body } = await member.send('GET', '/api/account/erasure');
      const { balanceMicroJam, payableCents } = body;
      return member.send('POST', '/api/account/erase', { name: NAME, balanceMicroJam, payableCents });
    },
    name: async (take, player, payee) => {
      const players = await TakePlayers.open(database);
      return players.name({ take, player, payee }, 1n);
    },
    rows: (table, column, value) => tables.selectFrom(table).selectAll().where(column, '=', value).execute(),
  };
}

async function payByFile(directory: string, nowUs: bigint, databaseUrl: string | undefined): Promise<void> {
  const from = { name: 'JAMNet Studio', account: { kind: 'iban', iban: 'DE89370400440532013000' } };
  const settings = { 'pain.001': { from, rate: { numerator: '9', denominator: '10' } } };
  writeFileSync(join(directory, 'payouts.json'), JSON.stringify(settings));
  const database = openDatabase({ directory, databaseUrl });
  const economy = await openEconomy(database, await openLedger(database));
  const payouts = { rails: ['pain.001'], bankDetailRestDays: 0, withoutTaxForm: 'withhold' };
  const conversionFee = { ppm: 10_000, centsMin: '1', centsMax: '10000' };
  const policy = { ...samplePolicy({ epochId: 'paid' }), payouts: { ...payouts, conversionFee } };
  expect(await economy.publishPolicy(nowUs, policy)).toMatchObject({ ok: true });
  expect(await economy.openEpoch(nowUs)).toMatchObject({ ok: true });
  await database.close();
}

/** Hands in all that a payment needs, and has it found in order. */
async function mayBePaid({ studio }: StudioWithMembers): Promise<void> {
  const { payees } = studio.services.cash;
  const where = { country: 'FR', townName: 'Lyon', streetName: 'Rue de la Paix', buildingNumber: '1' };
  const handed = await payees.set(PAYEE, {
    legalName: NAME,
    birthDate: '1990-02-03',
    address: where,
    destination: { name: NAME, account: { kind: 'iban', iban: IBAN }, address: where },
    tax: { form: 'W-8BEN', country: 'FR', taxId: '1234567890123', signedOn: '2026-11-01' },
  });
  expect(handed).toMatchObject({ ok: true });
  for (const check of ['identity', 'taxForm', 'bank', 'sanctions'] as const) {
    const evidence = check === 'sanctions' ? { evidence: 'e'.repeat(64) } : {};
    const nameCheck = check === 'bank' ? { nameCheck: 'match' as const } : {};
    const judged = await payees.check(PAYEE, { check, verdict: 'verified', ...evidence, ...nameCheck });
    expect(judged).toMatchObject({ ok: true });
  }
}

const ENGINES: readonly (readonly [name: string, newUrl: () => Promise<string | undefined>])[] = [
  ['sqlite', async () => undefined],
  ['postgres', newPostgres],
];

describe.each(ENGINES)('erasing oneself on %s', (_engine, newUrl) => {
  test('waits while a payment is under way, and goes through once the bank has answered', async () => {
    const house = await open(await newUrl());
    const { payouts } = house.studio.services.cash;
    await mayBePaid(house);
    const sent = await payouts.send();
    expect(sent).toMatchObject({ ok: true, value: { requested: 1 } });
    expect(await house.member.send('GET', '/api/account/erasure')).toMatchObject({
      body: { inTheWay: ['payout-under-way'] },
    });
    expect(await house.erase()).toMatchObject({ status: 409, body: { code: 'payout-under-way' } });
    expect(await house.member.send('GET', '/api/account/payee')).toMatchObject({
      body: { account: { ending: '2606' } },
    });
    const status = await payouts.status({ payee: PAYEE }, { after: null, limit: 1 });
    if (!status.ok) throw new Error(status.message);
    // As the contract of the route has it.
    const [payment] = (status.value as { payouts: { id: string; amountCents: bigint }[] }).payouts;
    if (payment === undefined) throw new Error('nothing was sent');
    const { id, amountCents } = payment;
    expect(await payouts.read(camt054(id, amountCents))).toMatchObject({ ok: true, value: { odd: [] } });
    expect(await house.erase()).toMatchObject({ status: 200 });
  });

  test('is one step with looking whether somebody is paid: who sends while it looks finds nobody to pay', async () => {
    const house = await open(await newUrl());
    const { eraser, cash, accounts } = house.studio.services;
    await mayBePaid(house);
    const own = await accounts.member(house.memberId);
    if (own === null) throw new Error('the member is not there');
    const { balanceMicroJam, payableCents } = await eraser.look(own);
    // The last question of each look: it was seen by now that nothing is under way.
    const sends: Promise<unknown>[] = [];
    let looks = 0;
    const isLastOperator = accounts.isLastOperator.bind(accounts);
    vi.spyOn(accounts, 'isLastOperator').mockImplementation(async (id) => {
      looks++;
      if (looks === 2) sends.push(cash.payouts.send());
      return isLastOperator(id);
    });
    const erased = await eraser.erase(own, { name: NAME, balanceMicroJam, payableCents });
    expect(erased).toEqual({ ok: true, value: null });
    expect(await Promise.all(sends)).toMatchObject([{ ok: true, value: { requested: 0, batches: [] } }]);
    expect(await house.rows('economy_payout', 'payee', PAYEE)).toEqual([]);
  });

  test('is refused with nothing lost when a payment came between looking and asking', async () => {
    const house = await open(await newUrl());
    await mayBePaid(house);
    const seen = (await house.member.send('GET', '/api/account/erasure')).body;
    expect(seen).toMatchObject({ inTheWay: [] });
    expect(await house.studio.services.cash.payouts.send()).toMatchObject({ value: { requested: 1 } });
    const { balanceMicroJam, payableCents } = seen;
    const said = { name: NAME, balanceMicroJam, payableCents };
    expect(await house.member.send('POST', '/api/account/erase', said)).toMatchObject({ status: 409 });
    expect(await house.member.send('GET', '/api/account/payee')).toMatchObject({
      body: { account: { ending: '2606' } },
    });
  });

  test('takes answers that were kept for the member along, and nobody else’s', async () => {
    const house = await open(await newUrl());
    const other = await house.memberWith('curator');
    for (const browser of [house.member, other]) {
      const headers = browser.headers;
      headers.set('content-type', 'application/json');
      headers.set('idempotency-key', 'one');
      const body = JSON.stringify({ name: `${NAME} at home`, scopes: ['wallet:read'], days: 1 });
      const made = await fetch(`${house.origin}/api/account/tokens`, { method: 'POST', headers, body });
      expect(made.status).toBe(200);
    }
    const asker = `member:${house.memberId}`;
    expect(await house.rows('http_keyed_answer', 'asker', asker)).toHaveLength(1);
    expect(await house.erase()).toMatchObject({ status: 200 });
    expect(await house.rows('http_keyed_answer', 'asker', asker)).toEqual([]);
    expect(await house.rows('http_keyed_answer', 'state', 'answered')).toHaveLength(1);
  });

  test('lets go of machines and codes: none works under that name any more, and each is told why', async () => {
    const house = await open(await newUrl());
    const { pairing, accounts } = house.studio.services;
    // In these books the payee of the other is somebody's already.
    const curator = await house.memberWith('curator');
    const id = (await accounts.members()).find(({ name }) => name === 'curator')?.id ?? '';
    const owner = { ownerGroup: id, payee: (await accounts.member(id))?.payee ?? '' };
    const key = nodeKeyFromSeed('7'.repeat(64));
    const signed = (code: string) => ({
      code,
      publicKey: key.publicKey,
      signature: toHex(key.sign(pairStatement(code, key.publicKey))),
    });
    const [used, unused] = [
      await pairing.newCode({ ...owner, nodes: 1, hours: 1 }),
      await pairing.newCode({ ...owner, nodes: 1, hours: 1 }),
    ];
    if (!used.ok || !unused.ok) throw new Error('no code was made');
    expect(await pairing.pair(signed(used.value.code))).toMatchObject({ ok: true });
    const claim = { ...owner, name: 'n', publicKey: key.publicKey };
    expect(await pairing.admit(claim)).toEqual({ ok: true, value: null });
    const nothing = { name: 'curator', balanceMicroJam: '0', payableCents: '0' };
    expect(await curator.send('POST', '/api/account/erase', nothing)).toMatchObject({ status: 200 });
    expect(await pairing.admit(claim)).toMatchObject({
      code: 'owner-not-paired',
      message: expect.stringContaining('has erased their account'),
    });
    expect(await pairing.pair(signed(unused.value.code))).toMatchObject({ code: 'code-unknown' });
    expect(await house.rows('mesh_pair_node', 'payee', owner.payee)).toEqual([]);
  });

  test('takes the consent of the takes back in which the member is known to play, and of nobody else in them', async () => {
    const house = await open(await newUrl());
    const { training } = house.studio.services;
    const [take, other] = ['a'.repeat(64), 'b'.repeat(64)];
    for (const [id, player, payee] of [
      [take, 'wil', PAYEE],
      [take, 'xan', PAYEES[1] ?? ''],
      [other, 'wil', PAYEE],
    ] as const)
      await house.name(id, player, payee);
    const wrong = { name: 'somebody', balanceMicroJam: '0', payableCents: '0' };
    expect(await house.member.send('POST', '/api/account/erase', wrong)).toMatchObject({ status: 409 });
    expect(training.restore(take, 'wil')).toMatchObject({ code: 'not-revoked' });
    expect(await house.erase()).toMatchObject({ status: 200 });
    expect(training.restore(take, 'wil')).toMatchObject({ ok: true });
    expect(training.restore(other, 'wil')).toMatchObject({ ok: true });
    expect(training.restore(take, 'xan')).toMatchObject({ code: 'not-revoked' });
  });

  test('leaves what was said about proposals, without the name it was said under', async () => {
    const house = await open(await newUrl());
    const { governance, reading } = house.studio.services;
    await reading.agreeToName(PAYEE, 'Queen of Quavers');
    const operator = { payee: null, readsHidden: true };
    const nowUs = BigInt(Date.now()) * 1000n;
    const opened = await governance.open(
      {
        ...{ title: 'More for code', text: 'Why.', policy: samplePolicy({ epochId: 'proposed' }) },
        ...{ opensAtUs: null, closesAtUs: nowUs + 15n * DAY_US },
      },
      operator,
    );
    if (!opened.ok) throw new Error(opened.message);
    const { id } = opened.value;
    expect(await governance.comment(id, PAYEE, 'Code earns too little.')).toMatchObject({
      value: { said: [{ name: 'Queen of Quavers' }] },
    });
    expect(await house.erase()).toMatchObject({ status: 200 });
    expect(await governance.show(id, operator)).toMatchObject({
      value: { said: [{ name: null, text: 'Code earns too little.' }] },
    });
  });
});

function camt054(id: string, cents: bigint): string {
  const amount = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
  return (
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.12"><BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry><Amt Ccy="EUR">${amount}</Amt>` +
    `<CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>` +
    '</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>'
  );
}
