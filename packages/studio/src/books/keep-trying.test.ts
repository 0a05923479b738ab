import { expect, test } from 'vitest';
import { keepTrying, TRY_AGAIN_MS } from './keep-trying.ts';

test('work that fails is told and tried again until it works, once at a time, and who asked is never failed', async () => {
  let failures = 3;
  let tries = 0;
  const told: unknown[] = [];
  const waiting: { readonly work: () => void; readonly delayMs: number }[] = [];
  const kept = keepTrying(
    async () => {
      tries++;
      if (failures-- > 0) throw new Error('the database is away');
    },
    (work, delayMs) => {
      waiting.push({ work, delayMs });
      return () => waiting.pop();
    },
    (error) => told.push(error),
  );
  await Promise.all([kept.start(), kept.start()]);
  expect(waiting).toEqual([{ work: expect.any(Function), delayMs: TRY_AGAIN_MS }]);
  waiting.shift()?.work();
  await new Promise((resolve) => setImmediate(resolve));
  waiting.shift()?.work();
  await new Promise((resolve) => setImmediate(resolve));
  expect({ tries, told: told.length, waiting: waiting.length }).toEqual({ tries: 4, told: 3, waiting: 0 });
});

test('nothing is tried again after the end', async () => {
  const waiting: (() => void)[] = [];
  const kept = keepTrying(
    () => Promise.reject(new Error('the database is away')),
    (work) => {
      waiting.push(work);
      return () => waiting.pop();
    },
    () => undefined,
  );
  await kept.start();
  await kept.close();
  expect(waiting).toEqual([]);
});
