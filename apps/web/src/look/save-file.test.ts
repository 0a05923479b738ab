import { resolveObjectURL } from 'node:buffer';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { saveFile } from './save-file.ts';

const clicked: { href: string; download: string }[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  clicked.length = 0;
  vi.stubGlobal('document', {
    createElement: () => {
      const link = { href: '', download: '', click: () => clicked.push(link) };
      return link;
    },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a saved file can be read from its address for a minute, and no longer', async () => {
  saveFile(new Blob(['code one'], { type: 'text/plain' }), 'claim-codes.txt');
  const [{ href, download } = { href: '', download: '' }] = clicked;
  expect(download).toBe('claim-codes.txt');
  vi.advanceTimersByTime(59_999);
  expect(await resolveObjectURL(href)?.text()).toBe('code one');
  vi.advanceTimersByTime(1);
  expect(resolveObjectURL(href)).toBeUndefined();
});
