import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DelayQueue } from './delay-queue.ts';

test('datagrams go on in the order in which they are due, each once, and none early', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 200 }), fc.nat(1000), (dues, untilUs) => {
      const queue = new DelayQueue();
      dues.forEach((dueUs, i) => {
        queue.put(dueUs, Uint8Array.of(i), 'there');
      });
      const taken: number[] = [];
      for (let next = queue.take(untilUs); next !== null; next = queue.take(untilUs)) taken.push(next.dueUs);
      const sorted = dues.toSorted((a, b) => a - b);
      expect(taken).toEqual(sorted.filter((due) => due <= untilUs));
      expect(queue.nextUs).toBe(sorted.find((due) => due > untilUs) ?? Number.POSITIVE_INFINITY);
    }),
  );
});

test('keeps a copy, and refuses what comes beyond its bound', () => {
  const queue = new DelayQueue();
  const bytes = Uint8Array.of(1);
  expect(queue.put(5, bytes, 'there')).toBe(true);
  bytes[0] = 2;
  for (let i = 1; i < 4096; i++) expect(queue.put(9, bytes, 'there')).toBe(true);
  expect(queue.put(9, bytes, 'there')).toBe(false);
  expect(queue.take(5)?.bytes).toEqual(Uint8Array.of(1));
});
