import { expect, test } from 'vitest';
import { joinedRuns } from './joined-runs.ts';

/** Runs that end when told, in the order in which they began. */
function heldRuns() {
  const ends: { readonly well: () => void; readonly badly: (cause: Error) => void }[] = [];
  let atOnce = 0;
  let atOnceMost = 0;
  const ask = joinedRuns(async () => {
    atOnce++;
    atOnceMost = Math.max(atOnceMost, atOnce);
    await new Promise<void>((well, badly) => ends.push({ well, badly })).finally(() => atOnce--);
  });
  return { ask, ends, atOnceMost: () => atOnceMost };
}

test('whoever asks during a run gets the one after it, and all who do share it', async () => {
  const { ask, ends, atOnceMost } = heldRuns();
  const ended: string[] = [];
  const first = ask().then(() => ended.push('first'));
  const later = Array.from({ length: 100 }, () => ask().then(() => ended.push('later')));
  expect(ends).toHaveLength(1);
  ends[0]?.well();
  await first;
  // Nobody who asked while the first run was on is told by its end.
  expect(ended).toEqual(['first']);
  expect(ends).toHaveLength(2);
  ends[1]?.well();
  await Promise.all(later);
  expect(ends).toHaveLength(2);
  expect(atOnceMost()).toBe(1);
});

test('a run that fails is told to those who asked for it alone', async () => {
  const { ask, ends, atOnceMost } = heldRuns();
  const first = ask();
  const second = ask();
  ends[0]?.badly(new Error('the disk is full'));
  await expect(first).rejects.toThrow('the disk is full');
  // Asked between two runs: there is one still, never two.
  const third = ask();
  ends[1]?.well();
  await second;
  for (let told = false; !told; ) {
    ends.at(-1)?.well();
    told = await Promise.race([third.then(() => true), new Promise<false>((go) => setImmediate(go, false))]);
  }
  expect(atOnceMost()).toBe(1);
});
