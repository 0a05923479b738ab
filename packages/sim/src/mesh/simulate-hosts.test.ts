import { TRUST_POLICY } from '@jamnet/mesh';
import { expect, test } from 'vitest';
import { STRATEGIES } from './host-strategies.ts';
import { COST_PERMILLES, earnedPerUnit, falseShare, hostTable, rerunShare } from './host-table.ts';
import { type HostSimulation, type StrategyRow, simulateHosts } from './simulate-hosts.ts';

/** 2,000 tasks each, as in the table of the documentation, with fewer hosts. */
const SMALL = { seed: '92', tasksPerHost: 2000, honestHosts: 20, hostsPerStrategy: 1 } as const;

const measured: HostSimulation = simulateHosts(SMALL);
const rowOf = (name: string, { rows } = measured): StrategyRow => {
  const row = rows.find(({ strategy }) => strategy === name);
  if (!row) throw new Error(`no row ${name}`);
  return row;
};
const cheats = measured.rows.filter((row) => row.cheats).map((row) => row.strategy);

test('an honest host earns its pay less its cost, and is never refused or banned', () => {
  const honest = rowOf('honest');
  for (const cost of COST_PERMILLES) expect(earnedPerUnit(honest, cost)).toBeCloseTo(1 - cost / 1000, 9);
  expect(honest.account).toMatchObject({ proven: 0, bans: 0, takenBack: 0, acceptedFalse: 0 });
});

test('re-running the work of honest hosts costs at most 6 % of it', () => {
  expect(rerunShare(rowOf('honest'))).toBeLessThan(0.06);
  expect(rerunShare(rowOf('honest'))).toBeGreaterThan(0.025); // A quarter of the chunks: they are looked at in truth.
});

test('at most 0.1 % of all that was accepted is false for good, where every third host lies', () => {
  expect(falseShare(measured.rows)).toBeLessThan(0.001);
});

test.each(cheats)('%s: earns less than honesty at every cost of work', (name) => {
  for (const cost of COST_PERMILLES)
    expect(earnedPerUnit(rowOf(name), cost)).toBeLessThan(earnedPerUnit(rowOf('honest'), cost));
});

test('knows every way of cheating that the table names', () => {
  expect(cheats).toEqual([
    'cheats always',
    'cheats 20 %',
    'cheats 5 %',
    'cheats 1 %',
    'sleeper 25',
    'sleeper 150',
    'sleeper 1500',
    'one chunk of 8',
    'one chunk, 5 %',
    'lies when dear',
    'sybil swarm',
    'colluding pair',
    'turns to fp16',
  ]);
});

test.each(cheats.filter((name) => name !== 'turns to fp16'))('%s: is proven and banned', (name) => {
  expect(rowOf(name).account.bans).toBeGreaterThan(0);
});

test('a host in half precision is not blamed, and is paid for integers alone', () => {
  for (const name of ['fp16 host', 'turns to fp16']) {
    const { account } = rowOf(name);
    expect(account).toMatchObject({ proven: 0, bans: 0, acceptedFalse: 0 });
  }
});

test('a host that lets one task in ten go by is not blamed, and is paid for the others', () => {
  const { account } = rowOf('vanishes 10 %');
  expect(account).toMatchObject({ proven: 0, bans: 0 });
  expect(account.earnedUnits).toBe(account.computedUnits);
  expect(account.earnedUnits / account.leasedUnits).toBeCloseTo(0.9, 1);
});

test('gives the same table for the same seed and another for another', () => {
  const few = { ...SMALL, honestHosts: 2, tasksPerHost: 200 };
  expect(simulateHosts(few)).toEqual(simulateHosts(few));
  expect(simulateHosts({ ...few, seed: '93' }).checksum).not.toBe(simulateHosts(few).checksum);
});

const only = (name: string) => STRATEGIES.filter((each) => each.name === 'honest' || each.name === name);

test('notices a policy without held pay: cheating would pay', () => {
  const policy = {
    ...TRUST_POLICY,
    checkYoungPermille: 50,
    probationTasks: 0,
    stakeTasks: 1n,
    holdTasks: 0,
    releaseTasks: 1,
    settleChecks: 0,
    fakesUntilBan: 1_000_000,
  };
  const careless = simulateHosts({ ...SMALL, honestHosts: 1, policy, strategies: only('cheats 20 %') });
  expect(earnedPerUnit(rowOf('cheats 20 %', careless), 900)).toBeGreaterThan(
    earnedPerUnit(rowOf('honest', careless), 900),
  );
});

test('notices a policy that lets results go early: false ones would stay', () => {
  const policy = {
    ...TRUST_POLICY,
    checkYoungPermille: 50,
    holdTasks: 100,
    releaseTasks: 100,
    settleChecks: 0,
  };
  const early = simulateHosts({
    ...SMALL,
    policy,
    strategies: only('cheats 1 %'),
    honestHosts: 1,
    hostsPerStrategy: 5,
  });
  expect(falseShare([rowOf('cheats 1 %', early)])).toBeGreaterThan(0.002);
});

test('prints a row for each strategy, and what is false of all', () => {
  const table = hostTable(measured);
  for (const { strategy } of measured.rows) expect(table).toContain(`| ${strategy} | `);
  expect(table).toMatch(/All: 0\.0\d\d % of what was accepted is false for good\./);
});
