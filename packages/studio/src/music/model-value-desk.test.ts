import { setImmediate } from 'node:timers/promises';
import { Failure } from '@jamnet/base';
import { type Contribution, type Policy, templatePolicy } from '@jamnet/economy';
import { type Database, openSqlite, tablesOf } from '@jamnet/sql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelValueDesk, POT_DAYS } from './model-value-desk.ts';
import { TakePlayers } from './take-players.ts';
import type { WorthTables } from './worth-tables.ts';

const ADA = `p${'a'.repeat(32)}`;
const DAY_US = 86_400_000_000n;
const TAKE = { take: 'a'.repeat(64), player: 'ada', performanceSha256: 'b'.repeat(64) };
const release = (version: number, value = 3_000_000_000n) => ({
  model: `groove-${version}`,
  modelSha256: `${version}`.padStart(64, '0'),
  takes: [{ ...TAKE, value }],
  others: [1_000_000_000n],
});

let database: Database;
beforeEach(() => {
  database = openSqlite({ file: ':memory:' });
});
afterEach(() => database.close());

/** Books in which a minute was played at each of these moments. */
async function openDesk(playedAtUs: readonly bigint[], policy: Policy = templatePolicy()) {
  const house = {
    ...{ nowUs: 0n, isShut: false, refusedModel: 'none', filed: [] as Contribution[] },
    /** When the books take what they are given. */
    open: async () => {},
  };
  const desk: ModelValueDesk = await ModelValueDesk.open({
    database,
    economy: {
      policy: async () => ({ policy, sha256: '', sequence: 1, publishedAtUs: 0n }),
      meritOf: async ({ afterUs, untilUs }) =>
        60_000n * BigInt(playedAtUs.filter((at) => at > afterUs && at <= untilUs).length),
      ownerGroupOf: async () => 'house of ada',
    },
    addContributions: async (contributions) => {
      if (house.isShut) throw new Failure('no-policy', 'Publish a policy first.');
      if (contributions.some(({ subject }) => subject.includes(house.refusedModel)))
        throw new Failure('contribution-malformed', 'These contributions are not as they must be.');
      await house.open();
      house.filed.push(...contributions);
      if (house.filed.length > 10) throw new Error('the same is filed again and again');
      await desk.fileWaiting(); // As a studio does, for whatever adds contributions.
    },
    evidenceSecret: new Uint8Array(32),
    nowUs: () => house.nowUs,
  });
  await desk.players.name({ ...TAKE, payee: ADA }, 0n);
  return { desk, house };
}

test('a take gets its share of a tenth of what was played, and the wallet can say why', async () => {
  const { desk, house } = await openDesk([5n]);
  house.nowUs = 10n;
  expect(await desk.pay(release(2))).toBe(
    'Its takes were paid: 4500 of 6000 ms of the pot to 1 owner groups.',
  );
  expect(house.filed).toMatchObject([
    {
      kind: 'music',
      meter: 'music/model-value',
      merit: 4500n,
      ownerGroup: 'house of ada',
      acceptedAtUs: 10n,
    },
  ]);
  const [id = ''] = house.filed.map((contribution) => contribution.id);
  expect((await desk.reasons([id, 'another'])).get(id)).toBe(
    'a take that model groove-2 learnt from foretell 75.0 % of what all it learnt from does of playing that was held out; they get as much of the pot, which is 10.0 % of 60 s of verified playing',
  );
});

test('each minute of playing is in one pot, each model pays once, and what is older than a month is in none', async () => {
  const { desk, house } = await openDesk([5n, 40n * DAY_US, 41n * DAY_US]);
  house.nowUs = 40n * DAY_US;
  await desk.pay(release(2));
  expect(await desk.pay(release(2))).toBe('Its takes were paid when it was released first.');
  house.nowUs = 41n * DAY_US;
  await desk.pay(release(3));
  expect(await desk.pay(release(4))).toMatch(/^No verified playing/);
  expect(POT_DAYS).toBeLessThan(40n);
  expect(house.filed.map(({ merit }) => merit)).toEqual([4500n, 4500n]);
});

test('what the books do not take is filed once they do, as it was decided', async () => {
  const { desk, house } = await openDesk([5n]);
  house.nowUs = 10n;
  house.isShut = true;
  expect(await desk.pay(release(2))).toMatch(/^Its takes are paid later/);
  expect(house.filed).toEqual([]);
  house.isShut = false;
  house.nowUs = 20n;
  const again = await openDesk([5n]);
  await again.desk.fileWaiting();
  expect(again.house.filed).toMatchObject([{ merit: 4500n, acceptedAtUs: 10n, payees: [{ payee: ADA }] }]);
  await again.desk.fileWaiting();
  expect(again.house.filed).toHaveLength(1);
});

test('filing ends and files once, though whoever adds contributions asks for what waits in turn', async () => {
  const { desk, house } = await openDesk([5n]);
  house.nowUs = 10n;
  expect(await desk.pay(release(2))).toMatch(/^Its takes were paid:/);
  expect(house.filed).toHaveLength(1);
});

test('a release that the books refuse holds no later one up, and is filed once they take it', async () => {
  const { desk, house } = await openDesk([5n, 15n]);
  house.refusedModel = release(2).modelSha256;
  house.nowUs = 10n;
  expect(await desk.pay(release(2))).toMatch(/^Its takes are paid later/);
  house.nowUs = 20n;
  expect(await desk.pay(release(3))).toMatch(/^Its takes were paid:/);
  expect(house.filed).toMatchObject([{ acceptedAtUs: 20n }]);
  house.refusedModel = 'none';
  await desk.fileWaiting();
  expect(house.filed).toMatchObject([{ acceptedAtUs: 20n }, { acceptedAtUs: 10n }]);
});

test('a release that is decided while another is filed is filed right after it, each once', async () => {
  const { desk, house } = await openDesk([5n, 15n]);
  house.nowUs = 10n;
  house.isShut = true;
  await desk.pay(release(2));
  house.isShut = false;
  house.nowUs = 20n;
  house.open = async () => {
    for (let decided = 0; decided < 2; await setImmediate())
      decided = (await tablesOf<WorthTables>(database).selectFrom('worth_release').selectAll().execute())
        .length;
  };
  const [, answer] = await Promise.all([desk.fileWaiting(), desk.pay(release(3))]);
  expect(answer).toMatch(/^Its takes were paid:/);
  expect(house.filed).toMatchObject([{ acceptedAtUs: 10n }, { acceptedAtUs: 20n }]);
});

test('a policy that says nothing of it pays nothing, and nothing is used up', async () => {
  const { music: _, ...before } = templatePolicy();
  const silent = await openDesk([5n], before);
  silent.house.nowUs = 10n;
  expect(await silent.desk.pay(release(2))).toBe('The policy pays nothing for the worth of takes to models.');
  const { desk, house } = await openDesk([5n]);
  house.nowUs = 10n;
  await desk.pay(release(2));
  expect(house.filed).toHaveLength(1);
});

test('takes that mislead are paid nothing, and the pot waits for others', async () => {
  const { desk, house } = await openDesk([5n]);
  house.nowUs = 10n;
  expect(await desk.pay(release(2, -1n))).toMatch(/the pot waits/);
  await desk.pay(release(3));
  expect(house.filed).toMatchObject([{ merit: 4500n }]);
});

test('who a player is, is said once; a full memory says so and keeps what it has', async () => {
  const players = await TakePlayers.open(database, 1);
  const named = { take: 'a', player: 'ada', payee: ADA };
  expect(await players.name(named, 1n)).toEqual({ ok: true, value: named });
  expect(await players.name(named, 2n)).toMatchObject({ ok: true });
  expect(await players.name({ ...named, payee: `p${'b'.repeat(32)}` }, 2n)).toMatchObject({
    code: 'player-known',
  });
  expect(await players.name({ ...named, player: 'bob' }, 2n)).toMatchObject({ code: 'players-too-many' });
  expect([await players.payeeOf('a', 'ada'), await players.payeeOf('a', 'bob')]).toEqual([ADA, null]);
});
