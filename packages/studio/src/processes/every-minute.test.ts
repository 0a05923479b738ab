import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { everyMinute } from './every-minute.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('work is done at once, and again a minute after it was done', async () => {
  let done = 0;
  const stop = everyMinute(
    async () => done++,
    (error) => expect.unreachable(String(error)),
  );
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toBe(1);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(done).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toBe(2);
  await stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(done).toBe(2);
});

test('what fails is tried again, and told once until it works', async () => {
  const told: string[] = [];
  const results = ['away', 'away', '', 'away'];
  const stop = everyMinute(
    async () => {
      const result = results.shift() ?? '';
      if (result !== '') throw new Error(result);
    },
    (error) => told.push(String(error)),
  );
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual(['Error: away']);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(told).toEqual(['Error: away', 'Error: away']);
  await stop();
});

test('who stops it waits for the work that is under way, not for the minute', async () => {
  let finish = (): void => undefined;
  const under = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const stop = everyMinute(
    () => under,
    (error) => expect.unreachable(String(error)),
  );
  let isOver = false;
  const stopped = stop().then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(isOver).toBe(false);
  finish();
  await stopped;
  expect(isOver).toBe(true);
});
