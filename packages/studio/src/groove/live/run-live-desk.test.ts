import { afterEach, expect, test, vi } from 'vitest';
import { runLiveDesk } from './run-live-desk.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a call that fails is told, and the time of rounds goes on', async () => {
  vi.useFakeTimers();
  const failures: unknown[] = [];
  let [advanced, looked] = [0, 0];
  const desk = {
    advance: (): number => {
      advanced++;
      throw new Error('advance');
    },
    look: async (): Promise<void> => {
      looked++;
      throw new Error('look');
    },
  };
  const stop = runLiveDesk(
    desk,
    () => 0n,
    (error) => failures.push(error),
  );
  await vi.advanceTimersByTimeAsync(2_000);
  stop();
  const told = [advanced, looked];
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told).toEqual([9, 2]);
  expect([advanced, looked]).toEqual(told);
  expect(failures).toHaveLength(11);
});
