import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { closing } from './chromium.ts';

/** A browser as far as its closing goes. */
function browserThat(isConnected: boolean): { readonly browser: Browser; readonly closed: () => number } {
  let closed = 0;
  const browser = {
    isConnected: () => isConnected,
    close: async () => {
      closed++;
    },
  };
  // Nothing else of it is used.
  return { browser: browser as unknown as Browser, closed: () => closed };
}

const page = new Error('Target page, context or browser has been closed');
const fail = () => Promise.reject(page);

test('a browser that ended in the middle is a failure with a name and its cause', async () => {
  const gone = browserThat(false);
  await expect(closing(gone, fail)).rejects.toMatchObject({ code: 'browser-ended', cause: page });
  expect(gone.closed()).toBe(1);
});

test('what fails while the browser runs is told as it is, and the browser is closed', async () => {
  const alive = browserThat(true);
  await expect(closing(alive, fail)).rejects.toBe(page);
  await expect(closing(alive, () => Promise.resolve(7))).resolves.toBe(7);
  expect(alive.closed()).toBe(2);
});
