import { expect, test } from 'vitest';
import { askOnce } from './ask-once.ts';

type Turn = 'no line' | 'broken body' | { readonly status: number; readonly text: string };

const DONE = { status: 200, text: '{"codes":["JAM-1"]}' };
const RUNNING = { status: 409, text: '{"code":"idempotency-key-running"}' };

/** A studio that answers in turn, the last turn for ever, and a clock that only remembers. */
function studio(...turns: Turn[]) {
  const keys: (string | undefined)[] = [];
  const waitsMs: number[] = [];
  const ask = (key: string | null) =>
    askOnce<{ headers: Readonly<Record<string, string>> }>(
      {
        fetch: async (_url, { headers }) => {
          const turn = turns[Math.min(keys.length, turns.length - 1)] ?? 'no line';
          keys.push(headers['idempotency-key']);
          if (turn === 'no line') throw new Error('refused');
          if (turn !== 'broken body') return { status: turn.status, text: async () => turn.text };
          return { status: 200, text: () => Promise.reject(new Error('terminated')) };
        },
        wait: async (delayMs) => waitsMs.push(delayMs),
      },
      'http://studio.test/api/hardware/orders',
      { headers: {} },
      key,
    );
  return { ask, keys, waitsMs };
}

test.each(['no line', 'broken body'] as const)(
  'with a key it is sent once more after %s, with the same key',
  async (broken) => {
    const once = studio(broken, DONE);
    expect(await once.ask('k-1')).toEqual(DONE);
    expect(once.keys).toEqual(['k-1', 'k-1']);
    const always = studio(broken);
    expect(await always.ask('k-1')).toBeNull();
    expect(always.keys).toHaveLength(2);
    const without = studio(broken, DONE);
    expect(await without.ask(null)).toBeNull();
    expect(without.keys).toEqual([undefined]);
  },
);

test('while the first request is being done it waits and asks again with the same key, for its answer', async () => {
  const { ask, keys, waitsMs } = studio('broken body', RUNNING, RUNNING, DONE);
  expect(await ask('k-1')).toEqual(DONE);
  expect(keys).toEqual(['k-1', 'k-1', 'k-1', 'k-1']);
  expect(waitsMs).toEqual([250, 500]);
});

test('it says that the first request is being done when that lasts for a minute', async () => {
  const { ask, keys, waitsMs } = studio('no line', RUNNING);
  expect(await ask('k-1')).toEqual(RUNNING);
  expect(keys).toHaveLength(20);
  expect(waitsMs.slice(0, 6)).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000]);
  expect(waitsMs.reduce((sum, ms) => sum + ms)).toBe(59_750);
});

test('every other answer is given at once, whatever is written in it', async () => {
  for (const turn of [
    { status: 409, text: 'no JSON' },
    { status: 409, text: 'null' },
    { status: 409, text: '{"code":"idempotency-key-unfinished"}' },
    { status: 500, text: '' },
  ]) {
    const { ask, keys } = studio(turn, DONE);
    expect(await ask('k-1')).toEqual(turn);
    expect(keys).toHaveLength(1);
  }
});
