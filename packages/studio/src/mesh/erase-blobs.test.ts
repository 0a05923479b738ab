import { expect, test } from 'vitest';
import { eraseBlobs } from './erase-blobs.ts';

test('what is held for results of an input is looked at before its bytes go, and only for a while', async () => {
  const told: string[] = [];
  const mesh = {
    lookBeforeErasing: async (keys: readonly string[], until: { nowMs: () => number; untilMs: number }) => {
      told.push(`look at ${keys} for ${until.untilMs - until.nowMs()} ms`);
      return { pending: 0 };
    },
  };
  const store = { forget: async (keys: readonly string[]) => void told.push(`forget ${keys}`) };
  await eraseBlobs(['a', 'b'], { mesh, store, nowMs: () => 5 });
  await eraseBlobs(['c'], { mesh: null, store, nowMs: () => 5 });
  expect(told).toEqual(['look at a,b for 20000 ms', 'forget a,b', 'forget c']);
});
