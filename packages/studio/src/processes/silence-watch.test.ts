import { expect, test } from 'vitest';
import { watchSilence } from './silence-watch.ts';

/** A watch whose looks are taken by hand. */
function watched() {
  const seen = { hangs: 0, isOver: false, look: (): void => undefined };
  const watch = watchSilence(
    () => seen.hangs++,
    (task) => {
      seen.look = () => {
        if (!seen.isOver) task();
      };
      return () => {
        seen.isOver = true;
      };
    },
  );
  return { seen, watch };
}

test('who says nothing for three looks hangs, and is told so once', () => {
  const { seen } = watched();
  for (const hangs of [0, 0, 1, 1, 1]) {
    seen.look();
    expect(seen.hangs).toBe(hangs);
  }
});

test('a word at every third look is enough, for ever', () => {
  const { seen, watch } = watched();
  for (let i = 0; i < 100; i++) {
    seen.look();
    seen.look();
    watch.heard();
  }
  expect(seen.hangs).toBe(0);
});

test('who ended is not waited for', () => {
  const { seen, watch } = watched();
  watch.end();
  for (let i = 0; i < 5; i++) seen.look();
  expect(seen.hangs).toBe(0);
});
