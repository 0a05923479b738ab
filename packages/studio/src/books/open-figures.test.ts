import { ok } from '@jamnet/base';
import type { OpenFigures } from '@jamnet/economy';
import { expect, test } from 'vitest';
import { OpenFiguresReader, REST_MS_MIN, REST_PER_READING } from './open-figures.ts';

function figures(revenueCents: bigint): OpenFigures {
  return { revenueCents, contributorShareCents: revenueCents / 2n, valuation: null };
}

/** A reader over a clock and readings that are moved by hand. */
function atHand() {
  const told: (bigint | undefined)[] = [];
  const reads: ((revenueCents: bigint) => Promise<void>)[] = [];
  const failures: unknown[] = [];
  const at = { ms: 0 };
  let rest: { readonly work: () => void; readonly delayMs: number } | null = null;
  let failsNext = false;
  const reader = new OpenFiguresReader({
    economy: {
      openFigures: () => {
        if (failsNext) {
          failsNext = false;
          return Promise.reject(new Error('the database is away'));
        }
        return new Promise((resolve) =>
          reads.push(async (cents) => {
            resolve(ok(figures(cents)));
            await settled();
          }),
        );
      },
    },
    nowUs: () => BigInt(at.ms) * 1_000n,
    monotonicMs: () => at.ms,
    later: (work, delayMs) => {
      rest = { work, delayMs };
      return () => {
        rest = null;
      };
    },
    onFigures: (known) => told.push(known.figures?.revenueCents),
    onFailure: (error) => failures.push(error),
  });
  return {
    ...{ reader, told, reads, failures, at },
    fail: () => {
      failsNext = true;
    },
    restMs: () => rest?.delayMs ?? null,
    endRest: () => {
      const ended = rest;
      rest = null;
      ended?.work();
    },
  };
}

/** All that is due without waiting for anything has been done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('only the first figures of an epoch are waited for; later ones come while the old ones are shown', async () => {
  const { reader, reads, told, endRest, at } = atHand();
  const first = reader.changed('e1');
  await settled();
  await reads[0]?.(100n);
  expect(await first).toMatchObject({ figures: { revenueCents: 100n }, asOfUs: 0n });
  at.ms = 5_000;
  endRest();
  expect(await reader.changed('e1')).toMatchObject({ figures: { revenueCents: 100n }, asOfUs: 0n });
  await reads[1]?.(200n);
  expect(told).toEqual([100n, 200n]);
  expect(reader.known('e1')).toMatchObject({ figures: { revenueCents: 200n }, asOfUs: 5_000_000n });
});

test('a thousand changes cost one reading after the rest, and the rest grows with what a reading cost', async () => {
  const { reader, reads, restMs, endRest, at } = atHand();
  const first = reader.changed('e1');
  await settled();
  at.ms += 10;
  await reads[0]?.(1n);
  await first;
  expect(restMs()).toBe(REST_MS_MIN);
  for (let n = 0; n < 1_000; n++) await reader.changed('e1');
  expect(reads).toHaveLength(1);
  endRest();
  at.ms += 400;
  await reads[1]?.(2n);
  expect(reads).toHaveLength(2);
  expect(restMs()).toBe(REST_PER_READING * 400);
  endRest();
  // Nothing has changed since.
  expect(reads).toHaveLength(2);
});

test('a reading that failed is told and made again after the rest', async () => {
  const { reader, reads, failures, fail, endRest, told } = atHand();
  fail();
  expect(await reader.changed('e1')).toBeNull();
  expect(failures).toHaveLength(1);
  endRest();
  await reads[0]?.(7n);
  expect(told).toEqual([7n]);
});

test('a new epoch does not show the one before, and a closed reader tells nothing any more', async () => {
  const { reader, reads, told, restMs } = atHand();
  const first = reader.changed('e1');
  await settled();
  await reads[0]?.(1n);
  await first;
  const second = reader.changed('e2');
  await settled();
  const closing = reader.close();
  await reads[1]?.(2n);
  await closing;
  await second;
  expect(told).toEqual([1n]);
  expect(restMs()).toBeNull();
});
