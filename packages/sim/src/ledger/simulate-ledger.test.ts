import { expect, test } from 'vitest';
import { LedgerBroken } from './ledger-broken.ts';
import { type PlantedBug, simulateLedger } from './simulate-ledger.ts';

const SEEDS = 50;

test(`${SEEDS} seeds of crashes, repeats, reordering and clock steps leave the ledger whole`, async () => {
  const runs = [];
  for (let seed = 0; seed < SEEDS; seed++) runs.push(await simulateLedger(`ledger ${seed}`));
  // The faults really happened.
  expect(runs.reduce((sum, { crashes }) => sum + crashes, 0)).toBeGreaterThan(SEEDS * 5);
  expect(runs.reduce((sum, { checkpoints }) => sum + checkpoints, 0)).toBeGreaterThan(SEEDS * 10);
  expect(runs.reduce((sum, { leaves }) => sum + leaves, 0n)).toBeGreaterThan(BigInt(SEEDS * 40));
});

test('the same seed runs the same way twice', async () => {
  expect(await simulateLedger('twice')).toEqual(await simulateLedger('twice'));
});

const BUGS: readonly [PlantedBug, string][] = [
  ['checkpoint-first', 'a checkpoint was published over a log that fails'],
  ['no-flush', 'log'],
  ['torn-write', 'log'],
  ['lost-update', 'sum to'],
  ['flipped-leaf', ''],
  ['forgotten-keys', ''],
  ['forgotten-holds', 'model'],
];

test.each(BUGS)('the planted bug %s is caught', async (bug, says) => {
  const found: unknown[] = [];
  for (let seed = 0; seed < 40 && found.length === 0; seed++) {
    await simulateLedger(`bug ${seed}`, bug).catch((cause) => found.push(cause));
  }
  expect(found[0]).toBeInstanceOf(LedgerBroken);
  expect(String(found[0])).toContain(says);
});
