import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REPLAY_WINDOW_BITS } from './limits.ts';
import { ReplayWindow } from './replay-window.ts';

test('agrees with a set that forgets what lies behind the window', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(300), fc.nat(3 * REPLAY_WINDOW_BITS), fc.constant(2 ** 40)), {
        maxLength: 200,
      }),
      (numbers) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        let newest = -1;
        for (const number of numbers) {
          const isFresh = number > newest - REPLAY_WINDOW_BITS && !seen.has(number);
          expect(window.isFresh(number)).toBe(isFresh);
          if (isFresh) window.accept(number);
          if (isFresh) seen.add(number);
          newest = Math.max(newest, isFresh ? number : -1);
        }
      },
    ),
  );
});
