import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameBudget } from './frame-budget.ts';

class Tap {
  isOpen = true;
  pause(): void {
    this.isOpen = false;
  }
  resume(): void {
    this.isOpen = true;
  }
}

test('who sends beyond the limit is read again once half of what waited is done', () => {
  const budget = new FrameBudget(100);
  const [first, second] = [new Tap(), new Tap()];
  budget.take(100, first);
  expect(first.isOpen).toBe(true);
  budget.take(1, second);
  expect([first.isOpen, second.isOpen]).toEqual([true, false]);
  budget.give(50);
  expect(second.isOpen).toBe(false);
  budget.give(1);
  expect([budget.bytes, second.isOpen]).toEqual([50, true]);
});

test('a connection that is over is not read from again', () => {
  const budget = new FrameBudget(10);
  const tap = new Tap();
  budget.take(11, tap);
  budget.forget(tap);
  budget.give(11);
  expect(tap.isOpen).toBe(false);
});

test('whatever is sent, no more waits than the limit and a message of each, and in the end everybody is read', () => {
  const sizes = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.integer({ min: 1, max: 40 })), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, (frames) => {
      const budget = new FrameBudget(100);
      const taps = Array.from({ length: 5 }, () => new Tap());
      const waiting: number[] = [];
      for (const [from, bytes] of frames) {
        const tap = taps[from];
        if (!tap?.isOpen) budget.give(waiting.shift() ?? 0);
        if (!tap?.isOpen) continue;
        budget.take(bytes, tap);
        waiting.push(bytes);
        expect(budget.bytes).toBeLessThanOrEqual(100 + 5 * 40);
      }
      for (const bytes of waiting) budget.give(bytes);
      expect([budget.bytes, taps.every((tap) => tap.isOpen)]).toEqual([0, true]);
    }),
  );
});
