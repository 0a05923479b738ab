import { toHex } from '@jamnet/base';
import { openEconomy } from '@jamnet/economy';
import { farmStatement, nodeKeyFromSeed, pairStatement } from '@jamnet/jamnode';
import { openLedger } from '@jamnet/ledger';
import type { NodeRow } from '@jamnet/mesh';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { NODES_PER_CODE_MAX, OPEN_CODES_PER_OWNER_MAX, PairingDesk } from './pairing-desk.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const PAYEE = `p${'1'.repeat(32)}`;
const TERMS = { ownerGroup: 'our-house', payee: PAYEE, nodes: 2, hours: 1 };
const HOUR_US = 3_600_000_000n;

async function openDesk() {
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const world = { nowUs: 1_000_000_000_000n, known: null as { ownerGroup: string; payee: string } | null };
  const economy = await openEconomy(database, await openLedger(database));
  const desk = await PairingDesk.open({
    database,
    nowUs: () => world.nowUs,
    nodeOf: async () => world.known as NodeRow | null, // The desk looks at owner and payee alone.
    farmOf: async (owner, keys) => ({
      ...owner,
      computeMicroJam: String(keys.length),
      centsPerJam: null,
      nodes: [],
    }),
    registerPayee: (owner, evidenceSha256) =>
      economy.registerPayee(world.nowUs, { ...owner, evidenceSha256 }),
  });
  return { desk, world, economy };
}

function machine(number: number) {
  return nodeKeyFromSeed(number.toString(16).padStart(64, '0'));
}

type Machine = ReturnType<typeof machine>;

function request(code: string, key: Machine, signer: Machine = key) {
  const { publicKey } = key;
  return { code, publicKey, signature: toHex(signer.sign(pairStatement(code, publicKey))) };
}

function question(key: Machine, atUs: bigint) {
  const { publicKey } = key;
  const signature = toHex(key.sign(farmStatement(publicKey, Number(atUs))));
  return { publicKey, atUs: Number(atUs), signature };
}

function claim(key: Machine, ownerGroup = 'our-house', payee = PAYEE) {
  return { publicKey: key.publicKey, name: 'n', ownerGroup, payee };
}

async function codeOf(desk: PairingDesk, terms: Partial<typeof TERMS> = {}): Promise<string> {
  const made = await desk.newCode({ ...TERMS, ...terms });
  if (!made.ok) throw new Error(made.message);
  return made.value.code;
}

test('a code binds as many machines as it was made for; one that asks twice is one', async () => {
  const { desk } = await openDesk();
  const code = await codeOf(desk);
  const owner = { ok: true, value: { ownerGroup: 'our-house', payee: PAYEE } };
  for (const number of [1, 1, 2, 1]) expect(await desk.pair(request(code, machine(number)))).toEqual(owner);
  expect(await desk.pair(request(code, machine(3)))).toMatchObject({ ok: false, code: 'code-used-up' });
});

test.each([
  ['claim-code-malformed', (code: string) => request(`${code}2`, machine(1))],
  ['signature-invalid', (code: string) => request(code, machine(1), machine(2))],
  ['signature-invalid', (code: string) => ({ ...request(code, machine(1)), signature: '00' })],
  ['code-unknown', () => request('2222-2222-2222-2224', machine(1))],
])('refuses with %s', async (expected, make) => {
  const { desk } = await openDesk();
  const answer = await desk.pair(make(await codeOf(desk)));
  // A code that was not drawn may also fail its check character.
  expect([expected, 'claim-code-malformed']).toContain(answer.ok ? 'ok' : answer.code);
});

test('a code is over after its hours', async () => {
  const { desk, world } = await openDesk();
  const code = await codeOf(desk);
  world.nowUs += HOUR_US;
  expect(await desk.pair(request(code, machine(1)))).toMatchObject({ ok: false, code: 'code-unknown' });
});

test('a machine that works for somebody does not change hands', async () => {
  const { desk, world } = await openDesk();
  world.known = { ownerGroup: 'attic', payee: PAYEE };
  const code = await codeOf(desk);
  expect(await desk.pair(request(code, machine(1)))).toMatchObject({ code: 'node-belongs-elsewhere' });
  world.known = null;
  await desk.pair(request(code, machine(1)));
  const other = await codeOf(desk, { ownerGroup: 'cellar' });
  expect(await desk.pair(request(other, machine(1)))).toMatchObject({ code: 'node-belongs-elsewhere' });
});

test("an owner's name belongs to the paired machines; a name without codes is free", async () => {
  const { desk, world } = await openDesk();
  const code = await codeOf(desk);
  await desk.pair(request(code, machine(1)));
  expect((await desk.admit(claim(machine(1)))).ok).toBe(true);
  expect((await desk.admit(claim(machine(2), 'nobody-yet'))).ok).toBe(true);
  world.nowUs += 2n * HOUR_US; // The code is over; the name stays taken.
  for (const stranger of [claim(machine(2)), claim(machine(1), 'our-house', `p${'2'.repeat(32)}`)])
    expect(await desk.admit(stranger)).toMatchObject({ ok: false, code: 'owner-not-paired' });
});

test('a paired machine sees all of its owner, and nobody else does', async () => {
  const { desk, world } = await openDesk();
  const code = await codeOf(desk);
  for (const number of [1, 2]) await desk.pair(request(code, machine(number)));
  expect(await desk.farm(question(machine(1), world.nowUs))).toMatchObject({
    value: { computeMicroJam: '2' },
  });
  expect(await desk.farm(question(machine(3), world.nowUs))).toMatchObject({ code: 'node-not-paired' });
  const forged = { ...question(machine(3), world.nowUs), publicKey: machine(1).publicKey };
  expect(await desk.farm(forged)).toMatchObject({ code: 'signature-invalid' });
});

test('a clock that is a day off is named as the reason', async () => {
  const { desk, world } = await openDesk();
  await desk.pair(request(await codeOf(desk), machine(1)));
  for (const offUs of [24n * HOUR_US, -24n * HOUR_US]) {
    const answer = await desk.farm(question(machine(1), world.nowUs + offUs));
    expect(answer).toMatchObject({ ok: false, code: 'question-stale' });
  }
});

test.each([{ nodes: 0 }, { nodes: NODES_PER_CODE_MAX + 1 }, { hours: 0 }, { hours: 721 }])(
  'a code on terms out of range is refused: %j',
  async (terms) => {
    const { desk } = await openDesk();
    expect(await desk.newCode({ ...TERMS, ...terms })).toMatchObject({ code: 'code-terms-out-of-range' });
  },
);

test('a thousand codes may be open, a few of each owner; when they are over there is room again', async () => {
  const { desk, world } = await openDesk();
  for (let n = 0; n < 1000; n++) {
    const ownerGroup = `owner-${Math.floor(n / OPEN_CODES_PER_OWNER_MAX)}`;
    await codeOf(desk, { ownerGroup });
    if (n === OPEN_CODES_PER_OWNER_MAX - 1)
      expect(await desk.newCode({ ...TERMS, ownerGroup })).toMatchObject({ code: 'codes-full' });
  }
  expect(await desk.newCode(TERMS)).toMatchObject({ ok: false, code: 'codes-full' });
  world.nowUs += HOUR_US;
  expect((await desk.newCode(TERMS)).ok).toBe(true);
});

test("pairing a machine registers its owner's payee once, by what the machine signed", async () => {
  const { desk, economy, world } = await openDesk();
  const other = { payee: PAYEE, ownerGroup: 'attic', evidenceSha256: '11'.repeat(32) };
  const code = await codeOf(desk);
  const forged = await desk.pair(request(code, machine(1), machine(2)));
  expect(forged).toMatchObject({ code: 'signature-invalid' });
  for (const number of [1, 1, 2])
    expect(await desk.pair(request(code, machine(number)))).toMatchObject({ ok: true });
  // It is registered, as of this owner.
  expect(await economy.registerPayee(world.nowUs, other)).toMatchObject({ code: 'payee-differs' });
});

test('a code for a payee who belongs to another owner binds nothing and is not used up', async () => {
  const { desk, economy, world } = await openDesk();
  const other = { payee: PAYEE, ownerGroup: 'attic', evidenceSha256: '11'.repeat(32) };
  expect((await economy.registerPayee(world.nowUs, other)).ok).toBe(true);
  const code = await codeOf(desk, { nodes: 1 });
  expect(await desk.pair(request(code, machine(1)))).toMatchObject({ code: 'payee-differs' });
  expect(await desk.admit(claim(machine(1)))).toMatchObject({ code: 'owner-not-paired' });
  const own = await codeOf(desk, { ownerGroup: 'attic', nodes: 1 });
  expect(await desk.pair(request(own, machine(1)))).toMatchObject({ ok: true });
});

test('nobody registers a payee by a guessed, used or expired code', async () => {
  const { desk, economy, world } = await openDesk();
  const code = await codeOf(desk, { nodes: 1 });
  world.nowUs += HOUR_US;
  expect(await desk.pair(request(code, machine(1)))).toMatchObject({ code: 'code-unknown' });
  const other = { payee: PAYEE, ownerGroup: 'attic', evidenceSha256: '11'.repeat(32) };
  expect((await economy.registerPayee(world.nowUs, other)).ok).toBe(true);
});
