import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SignsOfLife } from './signs-of-life.ts';

/** Of nodes that are gone after 38 s. */
const HOURS = { staleMs: 12_000, flushMs: 2_500, stallMs: 5_000 };

/** Takes what is due, and has it written; whether there was any. */
function write(signs: SignsOfLife, nowMs: number): boolean {
  const nodes = signs.take(nowMs, []);
  for (const node of nodes) signs.written(node, nowMs);
  return nodes.length > 0;
}

test('a node that beats every ten seconds is written at every second beat', () => {
  const signs = new SignsOfLife(HOURS);
  signs.written('n', 0);
  const writtenAtMs: number[] = [];
  for (let nowMs = 0; nowMs <= 60_000; nowMs += 250) {
    if (nowMs % 10_000 === 0) signs.seen('n', nowMs);
    if (write(signs, nowMs)) writtenAtMs.push(nowMs);
  }
  expect(writtenAtMs).toEqual([20_000, 40_000, 60_000]);
});

test('those who are due are written together, and none who left', () => {
  const signs = new SignsOfLife(HOURS);
  for (const node of ['a', 'b', 'c']) signs.seen(node, 1_000);
  signs.forget('b');
  expect(signs.take(1_000, [])).toEqual(['a', 'c']);
  signs.seen('d', 2_000);
  expect(signs.take(3_499, [])).toEqual([]);
  expect(signs.take(3_500, [])).toEqual(['d']);
});

test('a node whose writing failed is due again at its next word', () => {
  const signs = new SignsOfLife(HOURS);
  signs.seen('n', 0);
  expect(signs.take(0, [])).toEqual(['n']);
  signs.seen('n', 10_000);
  expect(signs.take(10_000, [])).toEqual(['n']);
});

test('after a stall of our own everybody who is connected is taken for alive', () => {
  const signs = new SignsOfLife(HOURS);
  for (const node of ['a', 'b']) signs.written(node, 0);
  for (let nowMs = 0; nowMs < 5_000; nowMs += 250) expect(signs.take(nowMs, ['a', 'b'])).toEqual([]);
  expect(signs.take(9_749, ['a', 'b'])).toEqual([]);
  expect(signs.take(14_749, ['a', 'b'])).toEqual(['a', 'b']);
});

test('whenever nodes beat within ten seconds of each other, the store lacks none of them for 25 seconds', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(gaps, (list) => {
      const signs = new SignsOfLife(HOURS);
      signs.written('n', 0);
      let [nowMs, beatMs, writtenMs] = [0, 0, 0];
      for (const gap of list) {
        beatMs += gap;
        // The clock ticks four times a second; a beat comes before the tick of its instant.
        for (; nowMs <= beatMs; nowMs += 250) {
          if (write(signs, nowMs)) writtenMs = nowMs;
          expect(nowMs - writtenMs).toBeLessThanOrEqual(12_000 + 10_000 + 2_500);
        }
        signs.seen('n', beatMs);
      }
    }),
  );
});
