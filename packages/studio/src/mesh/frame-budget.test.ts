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

test('a long message has its place from its first block on, and where there is none its sender waits, first come first read', () => {
  const budget = new FrameBudget(100);
  const [first, second, third] = [new Tap(), new Tap(), new Tap()];
  budget.begin(80, first);
  budget.begin(40, second);
  budget.begin(10, third);
  expect([first, second, third].map((tap) => tap.isOpen)).toEqual([true, false, true]);
  const fourth = new Tap();
  budget.begin(60, fourth);
  budget.whole(first);
  expect(budget.bytes).toBe(90);
  budget.give(80);
  expect([second.isOpen, fourth.isOpen, budget.bytes]).toEqual([true, false, 50]);
});

test('a node that begins a message and never ends it holds others up for two ticks, and its place is free once it is gone', () => {
  const budget = new FrameBudget(100);
  const [stalled, honest] = [new Tap(), new Tap()];
  budget.begin(100, stalled);
  budget.begin(50, honest);
  budget.tick();
  expect(honest.isOpen).toBe(false);
  budget.tick();
  expect([honest.isOpen, budget.bytes]).toEqual([true, 150]);
  budget.forget(stalled);
  budget.whole(honest);
  budget.give(50);
  expect(budget.bytes).toBe(0);
});

test('a connection that ends while it waits for a place leaves nothing behind', () => {
  const budget = new FrameBudget(100);
  const [first, second] = [new Tap(), new Tap()];
  budget.begin(100, first);
  budget.begin(50, second);
  budget.forget(second);
  budget.whole(first);
  budget.give(100);
  expect([budget.bytes, second.isOpen]).toEqual([0, false]);
});

test('whatever is sent, no more is held than the limit and a short message of each, and in the end everybody is read', () => {
  const short = fc.tuple(fc.constant('short' as const), fc.nat({ max: 4 }), fc.integer({ min: 1, max: 40 }));
  const long = fc.tuple(fc.constant('long' as const), fc.nat({ max: 4 }), fc.integer({ min: 41, max: 100 }));
  fc.assert(
    fc.property(fc.array(fc.oneof(short, long), { maxLength: 60 }), (frames) => {
      const budget = new FrameBudget(100);
      const taps = Array.from({ length: 5 }, () => new Tap());
      /** Whole, or allowed to come; in the order in which they began. */
      const begun: { tap: Tap; bytes: number; isLong: boolean }[] = [];
      const handleFirst = (): void => {
        const index = begun.findIndex(({ tap, isLong }) => !isLong || tap.isOpen);
        const [one] = begun.splice(index, 1);
        if (one?.isLong) budget.whole(one.tap);
        if (one) budget.give(one.bytes);
      };
      for (const [kind, from, bytes] of frames) {
        const tap = taps[from];
        if (!tap?.isOpen || begun.some((one) => one.tap === tap && one.isLong)) {
          handleFirst();
          continue;
        }
        if (kind === 'long') budget.begin(bytes, tap);
        else budget.take(bytes, tap);
        begun.push({ tap, bytes, isLong: kind === 'long' });
        expect(budget.bytes).toBeLessThanOrEqual(100 + 5 * 40);
      }
      while (begun.length > 0) handleFirst();
      expect([budget.bytes, taps.every((tap) => tap.isOpen)]).toEqual([0, true]);
    }),
  );
});
